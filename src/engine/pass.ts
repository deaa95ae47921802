import type { ByteBudget } from '../lib/byte-budget.ts'
import type { Context } from '../lib/context.ts'
import type { RateLimit } from '../lib/rate-limit.ts'
import type { Destination } from '../destination/port.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { Failure } from '../model/failure.ts'
import type { Statement } from '../model/message.ts'
import type { Source } from '../source/port.ts'
import { carryLabels } from './carry-labels.ts'
import { copyFolders } from './copy-folders.ts'
import { carryDeletions, carryMoves } from './departures.ts'
import { patiently } from './finish-folder.ts'
import { Crew } from './crew.ts'
import { GroupCommit } from './group-commit.ts'
import { Governor } from './governor.ts'
import { Lane } from './lane.ts'
import { holdLease } from './held-lease.ts'
import { mapFolders, type MappedFolder } from './map-folders.ts'
import type { PassOptions } from './options.ts'
import type { OtherWay } from './other-way.ts'
import { notedProgress, type PassProgress } from './noted-progress.ts'
import { newTally, type PassEnv, type PassWatch, type Tally } from './pass-env.ts'
import { scanFolders } from './scan-folders.ts'
import { settleLeftovers } from './leftovers.ts'

export type PassJob = {
  readonly name: string
  readonly mailboxId: number
  readonly source: Source
  readonly destination: Destination
  readonly ledger: Ledger
  readonly options: PassOptions
  /** What was carried in the other direction; absent: nothing. */
  readonly other?: OtherWay
  /** Where the folders of the source came from, by their names there; absent: their own names and kinds decide. */
  readonly turnedRound?: ReadonlyMap<string, string>
  readonly budget: ByteBudget
  readonly rate: RateLimit
  /** Most connection pairs for a mailbox at this moment, asked again all the time; without it `options.lanes` holds throughout. */
  readonly connections?: () => number | null
  readonly spoolDir: string
  readonly owner: string
  readonly ctx: Context
  readonly watch: PassWatch
  readonly step?: (name: string) => void
}

export type PassReport = {
  readonly kind: 'initial' | 'delta' | 'final'
  readonly statement: Statement
  readonly tally: Tally
  readonly throttledMs: number
  readonly leftOut: readonly { readonly folder: string; readonly reason: string }[]
  /** Trouble with single folders; the rest of the mailbox was carried. */
  readonly folderFailures: readonly Failure[]
  /** What a person should know about the destination's mailbox, as sentences. */
  readonly notes: readonly string[]
}

/** A final pass repeats until the source is quiet, at most this often. */
const FINAL_ROUNDS = 5

/**
 * One pass over one mailbox: what is new, changed, moved or gone at the source is carried to the destination, and the books are
 * closed. Running it again with nothing new does nothing; killed at any instant it is simply run again.
 * Throws the `Failure` that stopped the mailbox; what was carried until then is in the ledger.
 */
export async function runPass(job: PassJob): Promise<PassReport> {
  const { ledger, mailboxId } = job
  using lease = holdLease(ledger, mailboxId, job.owner)
  const ctx: Context = { ...job.ctx, signal: AbortSignal.any([job.ctx.signal, lease.lost]) }
  const wire: Context = { ...job.ctx, signal: lease.lost }
  const kind = job.options.kind === 'auto' ? (ledger.folders(mailboxId).length === 0 ? 'initial' : 'delta') : job.options.kind
  const passId = ledger.beginPass(mailboxId, kind)
  job.source.remember?.(ledger.sourceNotes(mailboxId))
  const tally = newTally()
  const noted = notedProgress(
    job.watch,
    ctx.clock,
    () => governor.throttledMs,
    (progress) => ledger.notePass(passId, progress),
  )
  const governor = new Governor(job.connections ?? job.options.lanes, job.rate, ctx, noted.watch)
  const env: PassEnv = {
    ...job,
    watch: noted.watch,
    passId,
    governor,
    ctx,
    wire,
    tally,
    notes: new Set(),
    commits: new GroupCommit(ledger),
    destinationStatus: new Map(),
    step: job.step ?? (() => {}),
  }
  try {
    const lane = (spare: boolean): Lane => new Lane(job, governor, job.options.patience, ctx, wire, spare)
    await using crew = new Crew(lane(false), () => lane(true), governor)
    const done = await carryMailbox(env, crew, kind === 'final' ? FINAL_ROUNDS : 1)
    await carryLabels(env, crew.first, job.destination.labels ?? null)
    env.watch.phase('done', null)
    const statement = ledger.statement({ mailboxId })
    const first = done.folderFailures[0]
    ledger.endPass(passId, {
      failure: first?.code ?? null,
      detail: first?.message ?? null,
      figures: { ...statement, ...tally, ...pace(noted.now()) },
    })
    return { kind, statement, tally, throttledMs: governor.throttledMs, ...done, notes: [...env.notes] }
  } catch (error) {
    const why = asFailure(error, ctx)
    // A failure of the ledger itself cannot be written into it.
    if (why instanceof Failure && why.code !== 'disk-full' && !isDeath(error)) {
      ledger.endPass(passId, {
        failure: why.code,
        detail: why.serverText ?? why.message,
        figures: { ...ledger.statement({ mailboxId }), ...tally, ...pace(noted.now()) },
      })
    }
    throw why
  }
}

async function carryMailbox(env: PassEnv, crew: Crew, rounds: number): Promise<Pick<PassReport, 'leftOut' | 'folderFailures'>> {
  let anew = false
  for (let round = 1; ; round++) {
    try {
      const done = await carryOnce(env, crew)
      if (round >= rounds || done.carried === 0) return done
    } catch (error) {
      if (anew || !(error instanceof Failure) || error.code !== 'folder-vanished' || error.side !== 'source') throw error
      // A folder went, or was made anew, while we worked. Looked at once more, and over one connection: some servers tell a new
      // UIDVALIDITY to every one.
      anew = true
      round--
      env.governor.fewerLanes(1)
      await crew.first.dropSource()
    }
  }
}

async function carryOnce(env: PassEnv, crew: Crew): Promise<Pick<PassReport, 'leftOut' | 'folderFailures'> & { readonly carried: number }> {
  const { ledger, mailboxId } = env
  const lane = crew.first
  env.watch.phase('connect', null)
  const { plan, mapped, trashName } = await patiently(lane, () => mapFolders(env, lane))
  env.watch.phase('scan', null)
  const known = new Map(ledger.folders(mailboxId).map((folder) => [folder.sourceName, folder]))
  const entry = ({ source, destination }: MappedFolder): FolderEntry => {
    const before = known.get(source.name)
    if (before?.destinationName === destination.name && before.goneAt === null) return before
    return ledger.putFolder(mailboxId, {
      sourceName: source.name,
      sourcePath: source.path,
      destinationName: destination.name,
      destinationPath: destination.path,
    })
  }
  const entries = ledger.atomic(() => mapped.map(entry))
  const left = plan.leftOut.filter(({ folder }) => folder.selectable).map(({ folder }) => folder.name)
  closeVanishedFolders(env, entries, new Set(left))
  await settleLeftovers(env, lane)
  const before = { ...env.tally }
  const scans = await scanFolders(env, crew, mapped, entries)
  const folderFailures: Failure[] = [...scans.failures]
  const moves = await copyFolders(env, crew, scans.scanned)
  const folders = new Map(ledger.folders(mailboxId).map((folder) => [folder.id, folder]))
  env.watch.phase('delta', null)
  await carryMoves(env, lane, moves, folders)
  folderFailures.push(...(await carryDeletions(env, lane, folders, trashName)))
  const leftOut = plan.leftOut.map(({ folder, reason }) => ({ folder: folder.path.join('/'), reason }))
  return { leftOut, folderFailures, carried: env.tally.appends + env.tally.moved - before.appends - before.moved }
}

/** Folders that the source lists no more (those that are left out now are listed): all their messages vanished; moved ones are found again, the rest follows the policy for deletions. */
function closeVanishedFolders(env: PassEnv, listed: readonly FolderEntry[], left: ReadonlySet<string>): void {
  const now = new Set(listed.map((folder) => folder.id))
  for (const folder of env.ledger.folders(env.mailboxId)) {
    if (now.has(folder.id) || left.has(folder.sourceName) || folder.goneAt !== null) continue
    env.ledger.markVanished(folder.id, env.ledger.knownUids(folder.id, folder.uidValidity ?? ''), env.passId)
    env.ledger.updateFolder(folder.id, { goneAt: env.ctx.clock.now(), complete: false, found: 0 })
  }
}

/** How fast it went, for who reads the ledger later. */
function pace({ carried, carriedBytes, copyingMs, throttledMs }: PassProgress): object {
  return { carried, carriedBytes, copyingMs, throttledMs }
}

/** Being stopped looks like any other error on the way up; here it gets its name. */
export function asFailure(error: unknown, ctx: Context): unknown {
  if (error instanceof Failure || isDeath(error)) return error
  if (!ctx.signal.aborted) return error
  return ctx.signal.reason instanceof Failure ? ctx.signal.reason : new Failure('stopped', 'Stopped on request.', { cause: error })
}

/** Thrown by a test's `step` in the place of the process's death: nothing may be written after it. */
export class Death extends Error {
  override readonly name = 'Death'
}

function isDeath(error: unknown): boolean {
  return error instanceof Death
}
