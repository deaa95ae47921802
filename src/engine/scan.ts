import type { FolderEntry } from '../ledger/folder-rows.ts'
import type { FolderStatus, ListedFolder } from '../model/folder.ts'
import type { MessageRow } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import type { SourceFolder } from '../source/port.ts'
import { changedFlags, type FlagChange } from './flag-changes.ts'
import type { Lane } from './lane.ts'
import type { PassEnv } from './pass-env.ts'
import { reidentify } from './reidentify.ts'

/** Up to this many messages are listed in one go instead of by windows. */
const LIST_AT_ONCE = 4000

/** What one folder needs in this pass. */
export type FolderScan = {
  readonly status: FolderStatus
  /** Messages at the source that belong to this pass. */
  readonly found: number
  /** To be copied: rows where they were listed already, else only UIDs. */
  readonly rows: readonly MessageRow[]
  readonly uids: UidSet
  readonly vanished: UidSet
  readonly flagChanges: readonly FlagChange[]
  /** Nothing of this folder was known before this pass. */
  readonly fresh: boolean
  /** Of a part of a server's folder: the name of that one. */
  readonly partOf?: string
}

/** True when the listing alone proves that nothing happened: such a folder is not opened at all. */
export function unchanged(listed: ListedFolder, entry: FolderEntry): boolean {
  const { status } = listed
  if (!entry.complete || status === null) return false
  if (entry.uidValidity !== status.uidValidity || entry.messages !== status.messages) return false
  if (status.messages === 0 && entry.found === 0 && status.uidNext > 0 && entry.uidNext === status.uidNext) return true
  return (
    status.uidNext > 0 && entry.uidNext === status.uidNext && status.highestModseq !== null && entry.highestModseq === status.highestModseq
  )
}

/**
 * Finds what happened in a folder since its last complete pass, in O(changes) where the server can tell, else by the cheapest
 * listing. Only messages below the UIDNEXT that is told count: what arrives meanwhile belongs to the next pass.
 * `listed`: from the inventory of this pass; null to ask again.
 */
export async function scanFolder(env: PassEnv, lane: Lane, entry: FolderEntry, listed: FolderStatus | null): Promise<FolderScan> {
  const folder = await (listed === null ? lane.sourceFolder(entry.sourceName) : lane.knownSourceFolder(entry.sourceName, listed))
  const { status } = folder
  if (entry.uidValidity !== null && entry.uidValidity !== status.uidValidity) await reidentify(env, folder, entry)
  // What is still `sending` after settling did not arrive, and what failed for a passing reason is tried again: both count as new.
  const again = env.ledger.unfinishedUids(entry.id).union(uidsToRetry(env, entry))
  const known = env.ledger.knownUids(entry.id, status.uidValidity).minus(again)
  if (known.size === 0)
    return { ...(await scanFresh(folder)), ...(folder.sharesUidsOf === undefined ? {} : { partOf: folder.sharesUidsOf }) }
  if (folder.sharesUidsOf !== undefined) return await scanPart(env, folder, entry, known)
  const quick =
    again.size === 0 && entry.complete && entry.uidValidity === status.uidValidity && entry.uidNext > 0
      ? await scanQuick(env, folder, entry, known)
      : null
  return quick ?? (await scanAll(env, folder, entry, known))
}

async function scanFresh(folder: SourceFolder): Promise<FolderScan> {
  const { status } = folder
  const nothing = { status, found: 0, rows: [], uids: UidSet.empty, vanished: UidSet.empty, flagChanges: [], fresh: true }
  if (status.messages === 0) return nothing
  const upTo = lastUid(status)
  if (status.messages > LIST_AT_ONCE) {
    const uids = (await folder.uids()).minus(above(upTo))
    return { ...nothing, found: uids.size, uids }
  }
  const rows = await rowsOf(folder, 1, upTo)
  if (rows.length >= status.messages) return { ...nothing, found: rows.length, rows }
  // OK does not prove that the listing was whole: what it left out is asked for by itself.
  const uids = (await folder.uids()).minus(above(upTo)).minus(UidSet.of(rows.map((row) => row.uid)))
  return { ...nothing, found: rows.length + uids.size, rows, uids }
}

/** Failed messages worth another try: those the source did not hand out, and with the option all of them. */
export function uidsToRetry(env: PassEnv, entry: FolderEntry): UidSet {
  const failed = env.ledger.retryable(entry.id).filter((one) => env.options.retryFailed || one.code === 'message-unreadable')
  return UidSet.of(failed.map((one) => one.uid))
}

/** By UIDNEXT, mod-sequences and counts; null when the counts do not add up, so that a full look is needed. */
async function scanQuick(env: PassEnv, folder: SourceFolder, entry: FolderEntry, known: UidSet): Promise<FolderScan | null> {
  const { status } = folder
  const upTo = lastUid(status)
  const arrived = status.uidNext === 0 || status.uidNext > entry.uidNext
  if (arrived && status.messages - known.size > LIST_AT_ONCE) return null
  const byModseq = entry.highestModseq !== null && status.highestModseq !== null
  const flagRows: { readonly uid: number; readonly flags: readonly string[] }[] = []
  const [told, rows] = await Promise.all([
    byModseq && entry.highestModseq !== null && entry.highestModseq !== status.highestModseq
      ? folder.changes(entry.highestModseq, (uid, flags) => void flagRows.push({ uid, flags }))
      : null,
    arrived ? rowsOf(folder, entry.uidNext, upTo) : [],
  ])
  const vanished = told === null ? UidSet.empty : known.minus(known.minus(told))
  const fresh = rows.filter((row) => !known.has(row.uid))
  const found = known.size - vanished.size + fresh.length
  if (found !== status.messages) return null
  const flagChanges = byModseq ? changedFlags(env, entry, flagRows) : await allFlagChanges(env, folder, entry, known.minus(vanished))
  return { status, found, rows: fresh, uids: UidSet.empty, vanished, flagChanges, fresh: false }
}

/** Of a part of another folder: messages come and go with any UID, so counts and UIDNEXT prove nothing; what is in it is known at no cost. */
async function scanPart(env: PassEnv, folder: SourceFolder, entry: FolderEntry, known: UidSet): Promise<FolderScan> {
  const { status } = folder
  const present = await folder.uids()
  const uids = present.minus(known)
  const { highestModseq } = entry
  let flagChanges: readonly FlagChange[]
  if (entry.complete && entry.uidValidity === status.uidValidity && highestModseq !== null && status.highestModseq !== null) {
    const rows: { readonly uid: number; readonly flags: readonly string[] }[] = []
    await folder.changes(highestModseq, (uid, flags) => void rows.push({ uid, flags }))
    flagChanges = changedFlags(env, entry, rows)
  } else flagChanges = await allFlagChanges(env, folder, entry, present.minus(uids))
  return {
    status,
    found: present.size,
    rows: [],
    uids,
    vanished: known.minus(present),
    flagChanges,
    fresh: false,
    partOf: folder.sharesUidsOf ?? '',
  }
}

/** By listing every UID and every flag. */
async function scanAll(env: PassEnv, folder: SourceFolder, entry: FolderEntry, known: UidSet): Promise<FolderScan> {
  const { status } = folder
  const present = status.messages === 0 ? UidSet.empty : (await folder.uids()).minus(above(lastUid(status)))
  const vanished = known.minus(present)
  const flagChanges = await allFlagChanges(env, folder, entry, present.minus(present.minus(known)))
  return { status, found: present.size, rows: [], uids: present.minus(known), vanished, flagChanges, fresh: false }
}

async function allFlagChanges(env: PassEnv, folder: SourceFolder, entry: FolderEntry, uids: UidSet): Promise<readonly FlagChange[]> {
  const changes: FlagChange[] = []
  for (const window of uids.windows(LIST_AT_ONCE)) {
    const rows: { readonly uid: number; readonly flags: readonly string[] }[] = []
    await folder.flags(window.ranges[0]?.[0] ?? 1, window.max, (uid, flags) => void rows.push({ uid, flags }))
    changes.push(...changedFlags(env, entry, rows))
  }
  return changes
}

async function rowsOf(folder: SourceFolder, from: number, to: number): Promise<readonly MessageRow[]> {
  const rows = new Map<number, MessageRow>()
  await folder.rows(from, to, (row) => {
    // The same UID twice, or none, is a server's mistake: the first counts.
    if (row.uid > 0 && !rows.has(row.uid)) rows.set(row.uid, row)
  })
  return [...rows.values()]
}

function lastUid(status: FolderStatus): number {
  return status.uidNext > 0 ? status.uidNext - 1 : 2 ** 32 - 1
}

function above(uid: number): UidSet {
  return UidSet.ofRanges([[uid + 1, 2 ** 32]])
}
