import type { FolderEntry } from '../ledger/folder-rows.ts'
import { Failure } from '../model/failure.ts'
import { carryFlags } from './flag-changes.ts'
import { allAtOnce, patiently } from './finish-folder.ts'
import { UidSet } from '../model/uid-set.ts'
import type { SourceSession } from '../source/port.ts'
import type { Crew, LaneWork } from './crew.ts'
import type { Lane } from './lane.ts'
import type { MappedFolder } from './map-folders.ts'
import type { PassEnv } from './pass-env.ts'
import { scanFolder, uidsToRetry, unchanged, type FolderScan } from './scan.ts'

export type Scanned = { readonly mapped: MappedFolder; readonly entry: FolderEntry; readonly scan: FolderScan }

/** Where a server lets us look into several folders in one flight: so many, with so many messages together. */
const FOLDERS_AT_ONCE = 32
const MESSAGES_AT_ONCE = 16_000
/** Rows of all folders together that are kept until they are copied; what is above is listed once more then. */
const ROWS_KEPT = 24_000
/** Where they have to be opened one after the other. */
const FOLDERS_ONE_BY_ONE = 4

/**
 * Looks into every folder that the listing does not prove unchanged, several at a time; flag changes are carried at once, what
 * vanished is marked, what is to be copied is returned. A folder that cannot be opened fails alone.
 */
export async function scanFolders(
  env: PassEnv,
  crew: Crew,
  mapped: readonly MappedFolder[],
  entries: readonly FolderEntry[],
): Promise<{ readonly scanned: readonly Scanned[]; readonly failures: readonly Failure[] }> {
  const queue: Waiting[] = []
  for (const [at, one] of mapped.entries()) {
    const entry = entries[at]
    if (entry === undefined || (unchanged(one.source, entry) && !isOwed(env, entry))) continue
    queue.push({ mapped: one, entry })
  }
  const scanned = new Map<MappedFolder, Scanned>()
  const failures: Failure[] = []
  let rowsKept = 0
  const keepsRows = (rows: number): boolean => (rowsKept += rows) <= ROWS_KEPT
  const work: LaneWork = async (lane, stays) => {
    while (queue.length > 0 && stays()) {
      const group = takeGroup(queue)
      const looks = await lookAtOnce(env, lane, group)
      const carried = await carryAtOnce(env, lane, group, looks)
      env.ledger.atomic(() => {
        for (const [at, { entry }] of group.entries()) noteScan(env, entry, looks[at] ?? null)
      })
      for (const [at, { mapped, entry }] of group.entries()) {
        env.watch.phase('scan', entry.sourcePath.join('/'))
        try {
          env.ctx.signal.throwIfAborted()
          const look = looks[at] ?? null
          const scan = look ?? (await patiently(lane, () => scanFolder(env, lane, entry, null)))
          if (look === null) noteScan(env, entry, scan)
          if (scan.flagChanges.length > 0 && !carried.has(entry))
            await patiently(lane, () => carryFlags(env, lane, entry, scan.flagChanges))
          const undeleted = scan.flagChanges.filter((change) => change.entry.state === 'skipped').map((change) => change.entry.uid)
          const { rows, uids } = keepsRows(scan.rows.length) ? scan : asUids(scan)
          scanned.set(mapped, {
            mapped,
            entry,
            scan: { ...scan, rows, uids: undeleted.length === 0 ? uids : uids.union(UidSet.of(undeleted)) },
          })
        } catch (error) {
          if (!(error instanceof Failure) || error.spoils !== 'folder') {
            // Where a lane leaves, another one looks.
            queue.unshift(...group.slice(at))
            throw error
          }
          env.ledger.updateFolder(entry.id, { failureCode: error.code, failureDetail: error.serverText ?? error.message, complete: false })
          failures.push(error)
        }
      }
    }
  }
  // A connection that is opened for one flight more costs more than it saves.
  while (queue.length > 0) await crew.run(flightsIn(queue, await crew.first.source()), work)
  // In the order of the plan, INBOX first, whatever the lanes finished first.
  return { scanned: mapped.map((one) => scanned.get(one)).filter((one) => one !== undefined), failures }
}

function asUids({ rows, uids }: FolderScan): Pick<FolderScan, 'rows' | 'uids'> {
  return { rows: [], uids: uids.union(UidSet.of(rows.map((row) => row.uid))) }
}

type Waiting = { readonly mapped: MappedFolder; readonly entry: FolderEntry }

/** Folders to look into in one flight: not more than can be listed without filling the memory. */
function takeGroup(queue: Waiting[]): readonly Waiting[] {
  const group: Waiting[] = []
  let messages = 0
  for (let next = queue[0]; next !== undefined && group.length < FOLDERS_AT_ONCE; next = queue[0]) {
    messages += mostRows(next)
    if (group.length > 0 && messages > MESSAGES_AT_ONCE) break
    group.push(next)
    queue.shift()
  }
  return group
}

/** What may have to be listed of a folder: all of it, or where the server tells what changed, only what is new. */
function mostRows({ mapped, entry }: Waiting): number {
  const { status } = mapped.source
  if (status === null) return MESSAGES_AT_ONCE
  const tells = entry.complete && entry.highestModseq !== null && entry.uidValidity === status.uidValidity && status.highestModseq !== null
  return tells && entry.uidNext > 0 && status.uidNext > 0 ? Math.min(status.messages, status.uidNext - entry.uidNext) : status.messages
}

/** How many times something is sent and waited for, if one connection does it all. */
function flightsIn(queue: readonly Waiting[], session: SourceSession): number {
  const { mapped, entry } = queue[0] ?? {}
  const status = mapped?.source.status ?? null
  if (entry === undefined || status === null || session.known(entry.sourceName, status) === null)
    return Math.ceil(queue.length / FOLDERS_ONE_BY_ONE)
  const rest = [...queue]
  let flights = 0
  for (; rest.length > 0; flights++) takeGroup(rest)
  return flights
}

/** What each folder needs; null for one that is to be looked into by itself. */
async function lookAtOnce(env: PassEnv, lane: Lane, group: readonly Waiting[]): Promise<readonly (FolderScan | null)[]> {
  const looks = group.map(async ({ mapped, entry }): Promise<FolderScan | null> => {
    const { status } = mapped.source
    const known = status === null ? null : (await lane.source()).known(entry.sourceName, status)
    return known === null ? null : await scanFolder(env, lane, entry, status)
  })
  const ends = await Promise.allSettled(looks)
  const bug = ends.find((end) => end.status === 'rejected' && !(end.reason instanceof Failure))
  if (bug?.status === 'rejected') throw bug.reason
  return ends.map((end) => (end.status === 'fulfilled' ? end.value : null))
}

/** Carries the flag changes of many folders in one flight; returns the folders where that is done. */
async function carryAtOnce(
  env: PassEnv,
  lane: Lane,
  group: readonly Waiting[],
  looks: readonly (FolderScan | null)[],
): Promise<ReadonlySet<FolderEntry>> {
  const carried = new Set<FolderEntry>()
  const works = group.flatMap(({ entry }, at) => {
    const changes = looks[at]?.flagChanges ?? []
    if (changes.length === 0) return []
    return [
      async () => {
        await carryFlags(env, lane, entry, changes)
        carried.add(entry)
        return true
      },
    ]
  })
  await allAtOnce(env, lane, works)
  return carried
}

function noteScan(env: PassEnv, entry: FolderEntry, scan: FolderScan | null): void {
  if (scan === null) return
  env.ledger.updateFolder(entry.id, {
    uidValidity: scan.status.uidValidity,
    found: scan.found,
    complete: false,
    failureCode: null,
    failureDetail: null,
  })
  if (scan.vanished.size > 0) env.ledger.markVanished(entry.id, scan.vanished, env.passId)
  // Under way when the last run ended, not arrived, and deleted at the source since.
  const lost = env.ledger
    .unfinishedUids(entry.id)
    .minus(scan.uids)
    .minus(UidSet.of(scan.rows.map((row) => row.uid)))
  if (lost.size > 0) env.ledger.record({ gone: [{ folderId: entry.id, uids: lost }] })
  env.step('scanned')
}

/** Something of an earlier pass is still to be done here. */
function isOwed(env: PassEnv, entry: FolderEntry): boolean {
  return env.ledger.unfinishedUids(entry.id).size > 0 || uidsToRetry(env, entry).size > 0
}
