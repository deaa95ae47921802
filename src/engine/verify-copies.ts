import type { ArrivedRow } from '../destination/port.ts'
import type { Entry } from '../ledger/entry.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import type { Fingerprint } from '../message/fingerprint.ts'
import { Failure } from '../model/failure.ts'
import { UidSet } from '../model/uid-set.ts'
import { arrivalsIn } from './arrivals.ts'
import type { Lane } from './lane.ts'
import type { PassEnv } from './pass-env.ts'

export type Copy = ArrivedRow & { readonly found: Fingerprint; readonly folder: string }

/** Which UIDs of the destination of a folder the ledger gives to its messages. */
export function claimsOf(env: PassEnv, folder: FolderEntry, uidValidity: string): UidSet {
  const uids: number[] = []
  for (const entry of env.ledger.byDestination(folder.id, 1, 2 ** 32)) {
    if (entry.destinationUid !== null && entry.destinationUidValidity === uidValidity && isHere(entry, folder))
      uids.push(entry.destinationUid)
  }
  return UidSet.of(uids)
}

function isHere(entry: Entry, folder: FolderEntry): boolean {
  return entry.destinationName === null || entry.destinationName === folder.destinationName
}

/** The copies that the ledger names, by the UID of their messages: those in the destination of the folder, and the few that stand elsewhere. */
export async function readCopies(
  lane: Lane,
  folder: FolderEntry,
  name: string | null,
  entries: ReadonlyMap<number, Entry>,
): Promise<ReadonlyMap<number, Copy>> {
  const copies = new Map<number, Copy>()
  if (name === null) return copies
  const elsewhere = Map.groupBy(
    [...entries.values()].filter((entry) => !isHere(entry, folder)),
    (entry) => entry.destinationName ?? '',
  )
  for (const [other, some] of elsewhere) {
    try {
      await readThose(lane, other, some, copies)
    } catch (error) {
      // The folder is gone, and the copies with it.
      if (!(error instanceof Failure) || error.spoils !== 'folder') throw error
    }
  }
  await readThose(
    lane,
    name,
    [...entries.values()].filter((entry) => isHere(entry, folder)),
    copies,
  )
  return copies
}

async function readThose(lane: Lane, name: string, entries: readonly Entry[], copies: Map<number, Copy>): Promise<void> {
  const at = await lane.destinationFolder(name)
  const there = entries.filter((entry) => entry.destinationUidValidity === at.status.uidValidity)
  const wanted = UidSet.of(there.flatMap(({ destinationUid }) => (destinationUid === null ? [] : [destinationUid])))
  if (wanted.size === 0) return
  const rows = new Map<number, ArrivedRow>()
  await at.rows(wanted.ranges[0]?.[0] ?? 1, wanted.max, (row) => {
    if (wanted.has(row.uid)) rows.set(row.uid, row)
  })
  const identities = await arrivalsIn(at, wanted)
  for (const { uid, destinationUid } of there) {
    const row = rows.get(destinationUid ?? 0)
    const found = identities.of(destinationUid ?? 0)
    if (row !== undefined && found !== undefined) copies.set(uid, { ...row, found, folder: name })
  }
}
