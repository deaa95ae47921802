import type { CopiedEntry, NewEntry } from '../ledger/batch.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import type { DestinationFolder } from '../destination/port.ts'
import { readHeader, type HeaderSummary } from '../message/header.ts'
import { canonicalFlags } from '../model/flags.ts'
import type { MessageRow } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import { arrivalsIn, type Arrivals } from './arrivals.ts'
import { flagsFor } from './carried-flags.ts'
import type { Lane } from './lane.ts'
import type { PassEnv } from './pass-env.ts'
import { identitiesOf } from './reidentify.ts'
import { claimedUids } from './settle.ts'

/**
 * A folder that the ledger knows nothing of, with messages at the destination already (a lost ledger, or another tool's work):
 * messages that stand there without doubt (same Message-ID, Date, From and Subject, as often as at the source; one of the first two
 * may be missing at the source) are taken into the ledger as copied instead of being doubled. Those whose fingerprint is in `moving` are our own copies, moved by a run that died before
 * it could write that down: they are left to the search for moves. Returns the UIDs that were adopted; `adopted` remembers them for
 * the case that a connection breaks and all is asked again.
 */
export async function adopt(
  env: PassEnv,
  lane: Lane,
  folder: FolderEntry,
  sharing: readonly FolderEntry[],
  uidValidity: string,
  uids: UidSet,
  moving: ReadonlySet<string>,
  adopted: Set<number>,
): Promise<UidSet> {
  if (uids.size === 0) return UidSet.of(adopted)
  const { limits } = await lane.destination()
  const destination = await lane.destinationFolder(folder.destinationName ?? '')
  const present = destination.status.messages === 0 ? UidSet.empty : await destination.uids()
  const free = present.minus(claimedUids(env, sharing, destination.status.uidValidity, 1))
  if (free.size === 0) return UidSet.of(adopted)
  env.watch.note(`the destination holds ${free.size} messages already: looking for ours among them`)
  const arrivals = await arrivalsIn(destination, free)
  const source = await lane.sourceFolder(folder.sourceName)
  const file = async (window: UidSet, found: ReadonlyMap<number, Found>): Promise<void> => {
    if (found.size === 0) return
    const sending: NewEntry[] = []
    const copied: CopiedEntry[] = []
    const flagged = new Map<number, readonly string[]>()
    await source.rows(window.ranges[0]?.[0] ?? 1, window.max, (row) => {
      const match = found.get(row.uid)
      if (match === undefined) return
      sending.push(adoptedEntry(folder, uidValidity, row, match))
      const { store } = flagsFor(row.flags, limits, false)
      if (store.length > 0) flagged.set(match.destinationUid, store)
      copied.push({
        folderId: folder.id,
        uid: row.uid,
        destinationUidValidity: destination.status.uidValidity,
        destinationUid: match.destinationUid,
      })
    })
    await storeAgain(destination, flagged)
    env.ledger.record({ sending, copied })
    for (const { uid } of sending) adopted.add(uid)
  }
  const open: Open[] = []
  for (const window of uids.windows(2000)) {
    const found = new Map<number, Found>()
    await identitiesOf(source, window, (uid, { strict, loose, thin }, header) => {
      if (thin || adopted.has(uid) || moving.has(strict.toString('latin1'))) return
      const destinationUid = arrivals.takeStrict(strict)
      if (destinationUid !== null) found.set(uid, { strict, loose, destinationUid })
      else if (lacksOne(readHeader(header))) open.push({ uid, strict, loose })
    })
    await file(window, found)
  }
  // Only once all that are told without doubt have theirs.
  const completed = completedOf(open, arrivals)
  for (const window of UidSet.of(completed.keys()).windows(2000)) await file(window, completed)
  return UidSet.of(adopted)
}

type Open = { readonly uid: number; readonly strict: Buffer; readonly loose: Buffer }
type Found = { readonly strict: Buffer; readonly loose: Buffer; readonly destinationUid: number }

/** Servers add what is missing; without both nothing but sender and subject would tell a message. */
export function lacksOne({ messageId, date }: HeaderSummary): boolean {
  return (messageId === null) !== (date === null)
}

/** Messages to which a server may have added Message-ID or Date, where as many like them are there as at the source: then all of them are. */
function completedOf(open: readonly Open[], arrivals: Arrivals): ReadonlyMap<number, Found> {
  const found = new Map<number, Found>()
  for (const alike of Map.groupBy(open, ({ loose }) => loose.toString('latin1')).values()) {
    const [first] = alike
    if (first === undefined || arrivals.looseLeft(first.loose) !== alike.length) continue
    for (const { uid, strict, loose } of alike) {
      const destinationUid = arrivals.takeLoose(loose, alike.length)
      if (destinationUid !== null) found.set(uid, { strict, loose, destinationUid })
    }
  }
  return found
}

/** Who brought the copies may have ended before the STORE that makes a flag last: those that show it get it once more. */
async function storeAgain(destination: DestinationFolder, flagged: ReadonlyMap<number, readonly string[]>): Promise<void> {
  if (flagged.size === 0) return
  const shown = new Map<string, number[]>()
  await destination.flagsOf(UidSet.of(flagged.keys()), (uid, flags) => {
    const again = (flagged.get(uid) ?? []).filter((flag) => flags.includes(flag)).join(' ')
    if (again !== '') shown.set(again, [...(shown.get(again) ?? []), uid])
  })
  for (const [flags, uids] of shown) await destination.store(UidSet.of(uids), flags.split(' '), [])
}

/** The ledger row of a message that we find at the destination instead of sending it. */
export function adoptedEntry(
  folder: FolderEntry,
  uidValidity: string,
  row: MessageRow,
  identity: { readonly strict: Buffer; readonly loose: Buffer },
): NewEntry {
  return {
    folderId: folder.id,
    uidValidity,
    uid: row.uid,
    sizeBytes: row.sizeBytes,
    internalDate: row.internalDate,
    flags: canonicalFlags(row.flags)
      .filter((flag) => flag !== '\\Deleted')
      .join(' '),
    sha256: null,
    strict: identity.strict,
    loose: identity.loose,
    repairs: [],
    sentSha256: null,
    sentBytes: null,
    sentStrict: null,
  }
}
