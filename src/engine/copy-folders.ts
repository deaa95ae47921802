import type { FolderEntry } from '../ledger/folder-rows.ts'
import type { FolderStatus } from '../model/folder.ts'
import type { MessageRow } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import { adopt } from './adopt.ts'
import { Twins } from './already-there.ts'
import type { Crew } from './crew.ts'
import { Feed } from './feed.ts'
import { finishFolder, isFinished, patiently } from './finish-folder.ts'
import { Flight } from './flight.ts'
import { FolderCopy } from './folder-copy.ts'
import type { Lane } from './lane.ts'
import { MoveFinder, type Move } from './moves.ts'
import type { PassEnv } from './pass-env.ts'
import type { Scanned } from './scan-folders.ts'

/** Below this a second connection costs more than it brings. */
const MESSAGES_PER_LANE = 256
/** Folders that are under way together: each has its books in memory. */
const FOLDERS_AT_ONCE = 512

/**
 * Copies what the scans found, one folder after the other, several lanes in one folder where that pays. Returns the messages that
 * turned out to be moves. Folders are complete, and say so in the ledger, when every message has its place in the books.
 */
export async function copyFolders(env: PassEnv, crew: Crew, scanned: readonly Scanned[]): Promise<readonly Move[]> {
  const lane = crew.first
  const moves =
    env.ledger.vanished(env.mailboxId)[Symbol.iterator]().next().done === true
      ? null
      : new MoveFinder(env, (await lane.source()).rendersAnew)
  env.watch.expect(messagesIn(scanned), sizeOf(scanned))
  const sharers = sharersIn(env)
  const twins = new Twins(env)
  for (let at = 0; at < scanned.length; at += FOLDERS_AT_ONCE)
    await copySome(env, crew, scanned.slice(at, at + FOLDERS_AT_ONCE), { moves, sharers, twins })
  return moves?.found ?? []
}

function messagesIn(scanned: readonly Scanned[]): number {
  return scanned.reduce((sum, { scan }) => sum + scan.rows.length + scan.uids.size, 0)
}

/** Who knows what need not be sent. */
type Known = { readonly moves: MoveFinder | null; readonly sharers: Sharers; readonly twins: Twins }

async function copySome(env: PassEnv, crew: Crew, scanned: readonly Scanned[], known: Known): Promise<void> {
  const lane = crew.first
  const copies: Copying[] = []
  const begins: (Begin | null)[] = []
  for (const one of scanned) begins.push(await begin(env, lane, one, known))
  env.ledger.atomic(() => {
    for (const [at, one] of scanned.entries()) {
      const begun = begins[at] ?? null
      if (begun === null) complete(env, one)
      else {
        env.ledger.updateFolder(one.entry.id, begun.patch)
        copies.push({ copy: begun.copy, one, lanes: 0 })
      }
    }
  })
  env.step('write-from')
  try {
    await crew.run(Math.ceil(messagesIn(scanned) / MESSAGES_PER_LANE), (each, stays) => copyOnLane(env, copies, each, stays))
  } finally {
    for (const { copy } of copies) copy.books.flush()
  }
  const calm = copies.filter(({ copy }) => isFinished(copy))
  env.ledger.atomic(() => {
    for (const { one } of calm) complete(env, one)
  })
  if (calm.length > 0) env.step('folder-complete')
  for (const { copy, one } of copies.filter(({ copy }) => !isFinished(copy))) {
    await finishFolder(env, lane, copy, sharing(env, one.entry))
    complete(env, one)
    env.step('folder-complete')
  }
}

type Copying = {
  readonly copy: FolderCopy
  readonly one: Scanned
  /** Lanes that work on it now. */
  lanes: number
}

/** Folder after folder; what is in flight for one comes to its end while the next is read. */
async function copyOnLane(env: PassEnv, copies: readonly Copying[], lane: Lane, stays: () => boolean): Promise<void> {
  // One more takes messages only when both of its connections stand.
  await Promise.all([lane.source(), lane.destination()])
  const flight = new Flight()
  try {
    while (stays() && flight.fatal.length === 0) {
      const next = nextFolder(copies)
      if (next === undefined) {
        // What is in flight may yet be given back.
        if (flight.empty && !lane.trouble) break
        if (flight.empty) await lane.recover(() => flight.drained())
        else await flight.landing()
        continue
      }
      env.watch.phase('copy', next.one.entry.sourcePath.join('/'))
      next.lanes++
      try {
        await next.copy.feedLane(lane, stays, flight)
      } finally {
        next.lanes--
      }
    }
  } finally {
    await flight.drained()
  }
  if (flight.fatal.length > 0) throw flight.fatal[0]
}

/** The first folder that has work for one more lane; else the one with the most left. */
function nextFolder(copies: readonly Copying[]): Copying | undefined {
  let most: Copying | undefined
  for (const each of copies) {
    const { left } = each.copy.feed
    if (left === 0) continue
    if (each.lanes < Math.ceil(left / MESSAGES_PER_LANE)) return each
    if (most === undefined || left > most.copy.feed.left) most = each
  }
  return most
}

/** What must be on the disk before the first message of a folder leaves. */
type Begin = { readonly copy: FolderCopy; readonly patch: { readonly destinationUidValidity: string; readonly writeFrom: number } }

/** Prepares a folder for copying: null when there is nothing to copy. */
async function begin(env: PassEnv, lane: Lane, { mapped, entry, scan }: Scanned, { moves, sharers, twins }: Known): Promise<Begin | null> {
  let { rows, uids } = scan
  if (scan.partOf !== undefined && moves !== null) {
    const all = uids.union(UidSet.of(rows.map((row) => row.uid)))
    const moved = await patiently(lane, () =>
      moves.takeSame(entry.id, scan.status.uidValidity, all, (same) => flagsOf(lane, entry.sourceName, scan.status, same)),
    )
    rows = rows.filter((row) => !moved.has(row.uid))
    uids = uids.minus(moved)
  }
  if (rows.length + uids.size === 0) return null
  const { limits } = await lane.destination()
  // As listed at the beginning of this pass: what came since can only stand above that UIDNEXT.
  const current = mapped.destination.status ?? (await patiently(lane, () => statusOf(lane, mapped.destination.name)))
  if (twins.arePossible) {
    const open = uids.union(UidSet.of(rows.map((row) => row.uid)))
    const there = await patiently(lane, () => twins.take(lane, entry, scan.status.uidValidity, open))
    rows = rows.filter((row) => !there.has(row.uid))
    uids = uids.minus(there)
  }
  // What stands there and never becomes a copy of ours is not adopted either.
  if (scan.fresh && current.messages > 0 && env.options.alreadyThere?.as !== 'skipped') {
    // Where mail comes by itself, being called the same is not enough.
    const all = (rows.length > 0 ? UidSet.of(rows.map((row) => row.uid)) : uids).minus(twins.lookedAt(entry.id))
    const moving = moves?.identities() ?? new Set<string>()
    const before = new Set<number>()
    const adopted = await patiently(lane, () => adopt(env, lane, entry, sharers(entry), scan.status.uidValidity, all, moving, before))
    rows = rows.filter((row) => !adopted.has(row.uid))
    uids = uids.minus(adopted)
  }
  const writeFrom = Math.min(entry.writeFrom ?? Infinity, current.uidNext > 0 ? current.uidNext : 1)
  const copy: { made: FolderCopy | null } = { made: null }
  const wanted = (row: MessageRow): boolean => {
    if (env.options.includeDeleted || !row.flags.some((flag) => flag.toLowerCase() === '\\deleted')) return true
    copy.made?.books.skip(row, 'deleted-flag', 'Marked as deleted at the source (\\Deleted).')
    return false
  }
  const feed = new Feed(uids, env.options.oldestFirst, wanted)
  const target = {
    folderId: entry.id,
    uidValidity: scan.status.uidValidity,
    sourceName: entry.sourceName,
    sourceStatus: scan.status,
    destinationName: mapped.destination.name,
    limits,
    moves,
  }
  copy.made = new FolderCopy(env, target, feed)
  feed.preload(rows)
  return { copy: copy.made, patch: { destinationUidValidity: current.uidValidity, writeFrom } }
}

/** Up to this many ranges are asked for one by one. */
const RANGES_AT_ONCE = 64

async function flagsOf(lane: Lane, name: string, status: FolderStatus, uids: UidSet): Promise<ReadonlyMap<number, readonly string[]>> {
  const folder = await lane.knownSourceFolder(name, status)
  const { ranges } = uids
  const spans = ranges.length <= RANGES_AT_ONCE ? ranges : [[ranges[0]?.[0] ?? 1, uids.max] as const]
  const found = new Map<number, readonly string[]>()
  const tell = (uid: number, flags: readonly string[]): void => {
    if (uids.has(uid)) found.set(uid, flags)
  }
  await Promise.all(spans.map(([from, to]) => folder.flags(from, to, tell)))
  return found
}

async function statusOf(lane: Lane, name: string): Promise<FolderStatus> {
  const session = await lane.destination()
  return await session.status(name)
}

function complete(env: PassEnv, { entry, scan }: Scanned): void {
  const { uidValidity, uidNext, highestModseq, messages } = scan.status
  const { unexplained } = env.ledger.statement({ folderId: entry.id })
  const closed = unexplained === 0
  env.ledger.updateFolder(entry.id, {
    uidValidity,
    uidNext,
    highestModseq,
    messages,
    complete: closed,
    ...(closed ? { writeFrom: null } : {}),
  })
}

/** The folders that share the destination of one. */
type Sharers = (entry: FolderEntry) => readonly FolderEntry[]

/** The folders of one destination, looked up for all of them at once when the first asks. */
function sharersIn(env: PassEnv): Sharers {
  let groups: ReadonlyMap<string | null, readonly FolderEntry[]> | null = null
  return (entry) => {
    groups ??= Map.groupBy(env.ledger.folders(env.mailboxId), (folder) => folder.destinationName)
    return groups.get(entry.destinationName) ?? []
  }
}

function sharing(env: PassEnv, entry: FolderEntry): readonly FolderEntry[] {
  return env.ledger.folders(env.mailboxId).filter((folder) => folder.destinationName === entry.destinationName)
}

function sizeOf(scanned: readonly Scanned[]): number {
  let bytes = 0
  for (const { scan, mapped } of scanned) {
    if (scan.rows.length > 0) for (const row of scan.rows) bytes += row.sizeBytes
    else if (scan.uids.size > 0) bytes += mapped.source.status?.sizeBytes ?? 0
  }
  return bytes
}
