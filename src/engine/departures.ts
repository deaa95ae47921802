import type { Entry } from '../ledger/entry.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import { Failure } from '../model/failure.ts'
import { UidSet } from '../model/uid-set.ts'
import { arrivalsIn } from './arrivals.ts'
import { allAtOnce, patiently, type Work } from './finish-folder.ts'
import type { Lane } from './lane.ts'
import type { Move } from './moves.ts'
import { showsOurs } from './carried-flags.ts'
import { carryFlags, flagChange } from './flag-changes.ts'
import type { PassEnv } from './pass-env.ts'
import { claimedUids } from './settle.ts'

/** Lets our copies follow messages that moved between folders at the source; a copy that a person touched stays where it is. */
export async function carryMoves(
  env: PassEnv,
  lane: Lane,
  moves: readonly Move[],
  folders: ReadonlyMap<number, FolderEntry>,
): Promise<void> {
  const groups = Map.groupBy(moves, ({ entry, toFolderId }) => `${folderName(entry, folders)}\n${toFolderId}`)
  for (const group of groups.values()) {
    env.ctx.signal.throwIfAborted()
    await patiently(lane, () => carryTogether(env, lane, group, folders))
  }
  await carryTheirFlags(env, lane, moves, folders)
}

/** Who moves mail mostly reads it first, and a label that changes is a flag of ours as well: both in one pass. */
async function carryTheirFlags(env: PassEnv, lane: Lane, moves: readonly Move[], folders: ReadonlyMap<number, FolderEntry>): Promise<void> {
  for (const [folderId, group] of Map.groupBy(moves, (move) => move.toFolderId)) {
    const folder = folders.get(folderId)
    const changes = group.flatMap(({ entry, row }) => {
      const now = env.ledger.entry(entry.id)
      return now === null ? [] : flagChange(now, row.flags)
    })
    if (folder === undefined || changes.length === 0) continue
    env.ctx.signal.throwIfAborted()
    await patiently(lane, () => carryFlags(env, lane, folder, changes))
  }
}

/** Messages that went from one folder to one other. Doing it again after a lost reply finds what is there already. */
async function carryTogether(env: PassEnv, lane: Lane, group: readonly Move[], folders: ReadonlyMap<number, FolderEntry>): Promise<void> {
  const [first] = group
  if (first === undefined) return
  const from = folderName(first.entry, folders)
  const target = folders.get(first.toFolderId)
  const to = target?.destinationName ?? from
  const entries = group.map(({ entry }) => entry)
  const { untouched, absent } = from === to ? { untouched: entries, absent: [] } : await lookAtCopies(env, lane, from, entries)
  const uids = UidSet.of(untouched.map((entry) => entry.destinationUid ?? 0))
  const opened = await lane.knownDestinationFolder(from, env.destinationStatus.get(from))
  const landed = from === to || uids.size === 0 ? new Map<number, number>() : await opened.move(uids, to)
  env.step('moved')
  const found = from === to ? new Map<Entry, number>() : await foundThere(env, lane, to, absent, untouched, landed, folders)
  const uidValidity = env.destinationStatus.get(to)?.uidValidity ?? (await uidValidityOf(lane, to))
  for (const { entry, row } of group) {
    const uid = found.get(entry)
    const moved = uid !== undefined || untouched.includes(entry)
    const destinationUid = from === to ? entry.destinationUid : (uid ?? landed.get(entry.destinationUid ?? 0) ?? null)
    env.ledger.moveEntry({
      entryId: entry.id,
      toFolderId: first.toFolderId,
      uidValidity: target?.uidValidity ?? entry.uidValidity,
      uid: row.uid,
      destinationUidValidity: moved ? uidValidity : entry.destinationUidValidity,
      destinationUid: moved ? destinationUid : entry.destinationUid,
      ...(moved || from === to ? {} : { destinationFolderName: from }),
    })
    if (moved) env.tally.moved++
    else env.tally.leftAlone++
  }
  // The flags of what moved were not compared yet: that is for the next look into the folder.
  env.ledger.updateFolder(first.toFolderId, { complete: false })
}

/**
 * Copies that stand where they are to go, though no reply told their UIDs: moved by a run that died before it could write that down
 * (`absent` where the ledger has them), or now by a server without COPYUID. By fingerprint, among what the ledger gives to nobody.
 */
async function foundThere(
  env: PassEnv,
  lane: Lane,
  to: string,
  absent: readonly Entry[],
  moved: readonly Entry[],
  landed: ReadonlyMap<number, number>,
  folders: ReadonlyMap<number, FolderEntry>,
): Promise<ReadonlyMap<Entry, number>> {
  const found = new Map<Entry, number>()
  const wanted = [...moved.filter((entry) => !landed.has(entry.destinationUid ?? 0)), ...absent]
  if (wanted.length === 0) return found
  const folder = await lane.destinationFolder(to)
  const sharing = [...folders.values()].filter((one) => one.destinationName === to)
  const taken = claimedUids(env, sharing, folder.status.uidValidity, 1).union(UidSet.of(landed.values()))
  const arrivals = await arrivalsIn(folder, (await folder.uids()).minus(taken))
  for (const entry of wanted) {
    const uid = arrivals.takeStrict(entry.sentStrict ?? entry.strict)
    if (uid !== null) found.set(entry, uid)
  }
  return found
}

/**
 * What vanished at the source and did not turn up elsewhere: by policy our copy goes to Deleted Items or stays. A pass that would
 * remove more than 10 % + 10 of a folder stops there and asks. Returns a failure for each folder so stopped.
 */
export async function carryDeletions(
  env: PassEnv,
  lane: Lane,
  folders: ReadonlyMap<number, FolderEntry>,
  trashName: string | null,
): Promise<readonly Failure[]> {
  const stopped: Failure[] = []
  const vanished = Map.groupBy(env.ledger.vanished(env.mailboxId), (entry) => entry.folderId)
  const works: Work[] = []
  for (const [folderId, entries] of vanished) {
    const folder = folders.get(folderId)
    const follow = env.options.deletions === 'follow' && folder?.goneAt === null
    // Copies of a folder that was made anew stay: its messages may only have become unrecognisable.
    const deleted = entries.filter((entry) => entry.uid > 0)
    const before = (folder?.found ?? 0) + deleted.length
    if (follow && !env.options.allowDeletions && deleted.length > before / 10 + 10) {
      const where = folder?.sourcePath.join('/') ?? '?'
      stopped.push(new Failure('deletion-guard', `${deleted.length} of ${before} messages vanished from "${where}" at the source.`))
      continue
    }
    works.push(async (alone) => {
      if (follow && trashName !== null && !(await removeCopies(env, lane, deleted, folders, trashName, alone))) return false
      const gone = [{ folderId, uids: UidSet.of(deleted.map((entry) => entry.uid)) }]
      const goneIds = entries.filter((entry) => entry.uid === 0).map((entry) => entry.id)
      await env.commits.run(() => env.ledger.record({ gone, goneIds }))
      return true
    })
  }
  for (const work of await allAtOnce(env, lane, works)) {
    env.ctx.signal.throwIfAborted()
    await patiently(lane, () => work(true))
  }
  return stopped
}

/** false, for the time when it is `alone`, where our copies must be looked for among what others are moving at this moment. */
async function removeCopies(
  env: PassEnv,
  lane: Lane,
  entries: readonly Entry[],
  folders: ReadonlyMap<number, FolderEntry>,
  trashName: string,
  alone: boolean,
): Promise<boolean> {
  const copies = entries.filter((entry) => entry.destinationUid !== null)
  for (const [from, group] of Map.groupBy(copies, (entry) => folderName(entry, folders))) {
    if (from === trashName || from === '') continue
    const { untouched, absent } = await lookAtCopies(env, lane, from, group)
    if (absent.length > 0 && !alone) return false
    const opened = untouched.length === 0 ? null : await lane.knownDestinationFolder(from, env.destinationStatus.get(from))
    const uids = UidSet.of(untouched.map((entry) => entry.destinationUid ?? 0))
    const landed = opened === null ? new Map<number, number>() : await opened.move(uids, trashName)
    env.step('deleted')
    if (landed.size < untouched.length && !alone) return false
    const found = await foundThere(env, lane, trashName, absent, untouched, landed, folders)
    const removed = [...new Set([...untouched, ...found.keys()])]
    env.tally.leftAlone += group.length - removed.length
    env.tally.deleted += removed.length
    if (removed.length === 0) continue
    const uidValidity = env.destinationStatus.get(trashName)?.uidValidity ?? (await uidValidityOf(lane, trashName))
    const places = removed.map((entry) => ({
      entryId: entry.id,
      destinationFolderName: trashName,
      destinationUidValidity: uidValidity,
      destinationUid: found.get(entry) ?? landed.get(entry.destinationUid ?? 0) ?? null,
    }))
    await env.commits.run(() => env.ledger.relocate(places))
  }
  return true
}

async function uidValidityOf(lane: Lane, name: string): Promise<string> {
  const session = await lane.destination()
  return (await session.status(name)).uidValidity
}

/** Which copies are still where we put them, with the flags that we gave them, and which are not there at all. */
async function lookAtCopies(
  env: PassEnv,
  lane: Lane,
  name: string,
  entries: readonly Entry[],
): Promise<{ readonly untouched: readonly Entry[]; readonly absent: readonly Entry[] }> {
  const { limits } = await lane.destination()
  const opened = await lane.knownDestinationFolder(name, env.destinationStatus.get(name))
  const byUid = new Map(entries.map((entry) => [entry.destinationUid ?? 0, entry]))
  const absent = new Set(entries)
  const untouched: Entry[] = []
  await opened.flagsOf(UidSet.of(byUid.keys()), (uid, flags) => {
    const entry = byUid.get(uid)
    if (entry === undefined || entry.destinationUidValidity !== opened.status.uidValidity) return
    absent.delete(entry)
    if (showsOurs(flags, entry.flags, limits)) untouched.push(entry)
  })
  return { untouched, absent: [...absent] }
}

function folderName(entry: Entry, folders: ReadonlyMap<number, FolderEntry>): string {
  return entry.destinationName ?? folders.get(entry.folderId)?.destinationName ?? ''
}
