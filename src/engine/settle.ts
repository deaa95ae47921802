import type { CopiedEntry } from '../ledger/batch.ts'
import type { Entry } from '../ledger/entry.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import { UidSet } from '../model/uid-set.ts'
import type { DestinationFolder } from '../destination/port.ts'
import { readHeader } from '../message/header.ts'
import { arrivalsIn, bareArrivalsIn, type Arrivals } from './arrivals.ts'
import { parseInternalDate } from './dates.ts'
import type { Lane } from './lane.ts'
import type { PassEnv } from './pass-env.ts'

/**
 * Finds out what became of messages that are `sending`: it looks at what arrived in the destination folder since the UIDNEXT
 * that was written down before, leaves out what the ledger already knows, and matches the rest by fingerprint and multiplicity.
 * Returns the entries that certainly did not arrive. Nobody else may write to the folder meanwhile.
 */
export async function settle(
  env: PassEnv,
  lane: Lane,
  destinationName: string,
  folders: readonly FolderEntry[],
): Promise<readonly Entry[]> {
  const open = folders.flatMap((folder) => [...env.ledger.sending(folder.id)])
  if (open.length === 0) return []
  env.watch.phase('settle', destinationName)
  await waitForQuiet(env, lane, destinationName, open)
  // Opened anew: a session that had it open before may not have noticed what came since.
  await lane.dropDestination()
  const folder = await lane.destinationFolder(destinationName)
  const starts = folders.map((one) => one.writeFrom).filter((from) => from !== null)
  const sameFolder = folders.every((one) => one.destinationUidValidity === null || one.destinationUidValidity === folder.status.uidValidity)
  const from = sameFolder && starts.length > 0 ? Math.min(...starts) : 1
  const present = await folder.uids()
  const claimed = claimedUids(env, folders, folder.status.uidValidity, from)
  const arrivals = await arrivalsIn(folder, present.minus(UidSet.ofRanges(from > 1 ? [[1, from - 1]] : [])).minus(claimed))
  const copied: CopiedEntry[] = []
  const unmatched: Entry[] = []
  const take = (entry: Entry, uid: number): void => {
    copied.push({ folderId: entry.folderId, uid: entry.uid, destinationUidValidity: folder.status.uidValidity, destinationUid: uid })
  }
  // Of equal messages that are open only one may have arrived: first each takes what bears its own date.
  const dates = hasTwins(open) ? await instantsOf(folder, arrivals) : new Map<number, number | null>()
  const undated = open.filter((entry) => {
    const uid = arrivals.takeStrict(identityOf(entry), (one) => dates.get(one) === parseInternalDate(entry.internalDate))
    if (uid !== null) take(entry, uid)
    return uid === null
  })
  for (const entry of undated) {
    const uid = arrivals.takeStrict(identityOf(entry))
    if (uid === null) unmatched.push(entry)
    else take(entry, uid)
  }
  const alike = Map.groupBy(unmatched, (entry) => String(entry.loose?.toString('latin1')))
  const unknown: Entry[] = []
  for (const group of alike.values()) {
    const equal = group.every((entry) => sameIdentity(entry, group[0]))
    for (const [at, entry] of group.entries()) {
      const uid = arrivals.takeLoose(entry.loose, equal ? group.length - at : 1)
      if (uid === null) unknown.push(entry)
      else take(entry, uid)
    }
  }
  const missing = unknown.length === 0 ? [] : await lookCloser(lane, folders, folder, arrivals, unknown, take)
  env.ledger.record({ copied })
  env.step('settled')
  return missing
}

function identityOf(entry: Entry): Buffer | null {
  return entry.sentStrict ?? entry.strict
}

function sameIdentity(a: Entry, b: Entry | undefined): boolean {
  const [one, other] = [identityOf(a), b === undefined ? null : identityOf(b)]
  return one !== null && other !== null && one.equals(other)
}

function hasTwins(open: readonly Entry[]): boolean {
  return new Set(open.map((entry) => identityOf(entry)?.toString('latin1'))).size < open.length
}

/** INTERNALDATEs of arrivals that nobody took yet. */
async function instantsOf(folder: DestinationFolder, arrivals: Arrivals): Promise<ReadonlyMap<number, number | null>> {
  const left = UidSet.of(arrivals.left())
  const instants = new Map<number, number | null>()
  if (left.size === 0) return instants
  await folder.rows(left.ranges[0]?.[0] ?? 1, left.max, ({ uid, internalDate }) => {
    if (left.has(uid)) instants.set(uid, parseInternalDate(internalDate))
  })
  return instants
}

/**
 * For messages whose header says next to nothing, which servers complete: arrivals of the same INTERNALDATE are read, and compared
 * without what was added. Where the server changed the body as well, the one arrival of that date belongs to the one message of it.
 * Returns those that did not arrive.
 */
async function lookCloser(
  lane: Lane,
  folders: readonly FolderEntry[],
  folder: DestinationFolder,
  arrivals: Arrivals,
  entries: readonly Entry[],
  take: (entry: Entry, uid: number) => void,
): Promise<readonly Entry[]> {
  const wanted = new Set(entries.map((entry) => parseInternalDate(entry.internalDate)))
  const instants = new Map([...(await instantsOf(folder, arrivals))].filter(([, ms]) => ms !== null && wanted.has(ms)))
  const bare = await bareArrivalsIn(folder, [...instants.keys()])
  const unlike = entries.filter((entry) => {
    const uid = bare.takeStrict(identityOf(entry), (one) => instants.get(one) === parseInternalDate(entry.internalDate))
    if (uid === null || !arrivals.takeUid(uid)) return true
    take(entry, uid)
    return false
  })
  const missing: Entry[] = []
  for (const entry of unlike) {
    const ms = parseInternalDate(entry.internalDate)
    const [uid, another] = bare.left().filter((one) => instants.get(one) === ms)
    const single = another === undefined && unlike.every((one) => one === entry || parseInternalDate(one.internalDate) !== ms)
    if (uid !== undefined && single && (await isNameless(lane, folders, entry)) && arrivals.takeUid(uid)) take(entry, uid)
    else missing.push(entry)
  }
  return missing
}

/** No Message-ID and no Date at the source: nothing but its date of arrival tells such a message. */
async function isNameless(lane: Lane, folders: readonly FolderEntry[], entry: Entry): Promise<boolean> {
  const name = folders.find((folder) => folder.id === entry.folderId)?.sourceName
  if (name === undefined) return false
  const source = await lane.sourceFolder(name)
  let nameless = false
  await source.headers(UidSet.of([entry.uid]), (_, header) => {
    const { messageId, date } = readHeader(header)
    nameless = messageId === null && date === null
  })
  return nameless
}

/** UIDs of the destination folder that the ledger already gives to some message. */
export function claimedUids(env: PassEnv, folders: readonly FolderEntry[], uidValidity: string, from: number): UidSet {
  const name = folders[0]?.destinationName ?? ''
  const uids: number[] = [...env.ledger.strays(env.mailboxId, name, uidValidity)]
  for (const folder of folders) {
    for (const entry of env.ledger.byDestination(folder.id, from, 2 ** 32)) {
      const { destinationUid: uid, state, destinationName } = entry
      if (uid !== null && entry.destinationUidValidity === uidValidity && state !== 'sending' && destinationName === null) uids.push(uid)
    }
  }
  return UidSet.of(uids)
}

/**
 * A server goes on working through what it had received when the connection broke. So the folder must have stood still between
 * two looks, and some time must have passed since the last byte left.
 */
async function waitForQuiet(env: PassEnv, lane: Lane, name: string, open: readonly Entry[]): Promise<void> {
  const { clock, signal } = env.ctx
  const { quietMs } = env.options.patience
  // A clock that was set back since must not make us wait for that long.
  const lastSent = Math.min(clock.now(), Math.max(...open.map((entry) => entry.sentAt ?? 0)))
  if (clock.now() - lastSent > 60_000 + quietMs) return
  let before: string | null = null
  for (;;) {
    const session = await lane.destination()
    const status = await session.status(name)
    const now = `${status.uidValidity} ${status.uidNext} ${status.messages}`
    if (now === before && clock.now() - lastSent >= quietMs) return
    before = now
    await clock.sleep(Math.max(quietMs / 2, 1), signal)
  }
}
