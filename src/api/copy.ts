import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Allowance } from '../engine/allowance.ts'
import { meteredSource } from '../engine/metered-source.ts'
import { PASS_OPTIONS, type PassOptions } from '../engine/options.ts'
import { runPass } from '../engine/pass.ts'
import { ByteBudget } from '../lib/byte-budget.ts'
import { RateLimit } from '../lib/rate-limit.ts'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import { Failure } from '../model/failure.ts'
import { addStatements } from '../model/message.ts'
import { heldFailure, LiveControl } from './control.ts'
import { LiveLimits } from './live-limits.ts'
import { bigFirstSmallBetween, forEachAtOnce } from './at-once.ts'
import { VAGUE } from './vague.ts'
import { openMailboxes, type OpenMailbox } from './mailboxes.ts'
import { lateWatch, rulesAfter, type LateWatch } from './late-watch.ts'
import type { CopyInput, Watch } from './operations.ts'
import { watchMailbox } from './progress.ts'
import type { CopyResult, FolderOutcome, MailboxOutcome } from './results.ts'
import { troubleOf } from './trouble.ts'
import { otherDirection, wayBackLedger } from './way-back-ledger.ts'
import type { World } from './world.ts'

/** Message bytes in memory over all mailboxes of a process (engine.md: peak memory is bounded, whatever the mail). */
export const BUDGET_BYTES = 40_000_000
export const MAILBOXES_AT_ONCE = 4

/** One pass over every mailbox; a mailbox's trouble never stops the others. */
export async function copy(world: World, input: CopyInput): Promise<CopyResult> {
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const began = world.clock.now()
  const mailboxes = await openMailboxes(world, input, ctx)
  using ledger = openLedger(input.stateDir, { clock: world.clock })
  using back = wayBackLedger(input.stateDir, world.clock)
  const late = input.afterSwitch === undefined ? null : lateWatch(ledger, input, input.afterSwitch, ctx)
  const told = await carryAll(world, input, {
    mailboxes: late === null ? mailboxes : mailboxes.map((mailbox) => late.wrapped(mailbox)),
    ledger,
    options: passOptions(input),
    other: (mailbox) => (back === null ? null : otherDirection(back, mailbox.identity)),
    ...(late === null ? {} : { late }),
  })
  const isVague = told.some(({ failure }) => failure !== null && failure.side === 'destination' && VAGUE.has(failure.code))
  // Administration of Exchange is loaded only by who has to ask it.
  const all = isVague ? await (await import('./explain-exchange.ts')).explained(world, input, told, ctx) : told
  return resultOf(all, secondsSince(world, began))
}

export function resultOf(all: readonly MailboxOutcome[], seconds: number): CopyResult {
  return { ...addStatements(all), seconds, appends: all.reduce((sum, one) => sum + one.appends, 0), mailboxes: all }
}

/** What is to be carried, and by which rules. */
export type Carriage = {
  readonly mailboxes: readonly OpenMailbox[]
  readonly ledger: Ledger
  readonly options: PassOptions
  /** What was carried between the ends of this mailbox in the other direction, and where its folders came from. */
  readonly other: (mailbox: OpenMailbox, mailboxId: number) => Pick<Job, 'other' | 'turnedRound'> | null
  readonly late?: LateWatch
}

export type CarryInput = Pick<
  CopyInput,
  'stateDir' | 'connections' | 'bytesPerSecond' | 'bytesPerDay' | 'mailboxesAtOnce' | 'wait' | 'retryFailed' | 'sizes'
> &
  Watch

/** One pass over each of these mailboxes, several at once; the outcomes in their order. */
export async function carryAll(world: World, input: CarryInput, carriage: Carriage): Promise<readonly MailboxOutcome[]> {
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const { mailboxes, ledger } = carriage
  using control = new LiveControl(input.stateDir, world.clock)
  const limits = new LiveLimits(input.stateDir, input, world.clock, world.log)
  const spoolDir = await spoolIn(input.stateDir)
  input.onMailboxes(mailboxes.map((mailbox) => mailbox.name))
  const job: Job = {
    ledger,
    options: carriage.options,
    budget: new ByteBudget(BUDGET_BYTES),
    rate: new RateLimit(() => limits.bytesPerSecond, world.clock),
    connections: () => limits.connections,
    bytesPerDay: () => limits.bytesPerDay,
    spoolDir,
    owner: `${hostname()} pid ${process.pid}`,
    ctx,
    ...(carriage.late === undefined ? {} : { late: carriage.late }),
  }
  const known = mailboxes.map((mailbox) => ({ mailbox, id: ledger.mailbox(mailbox.identity) }))
  const outcomes = new Map<OpenMailbox, MailboxOutcome>()
  const order = bigFirstSmallBetween(known, ({ mailbox, id }) => sizeSoFar(ledger, id) ?? input.sizes?.get(mailbox.name) ?? null)
  await forEachAtOnce(order, input.mailboxesAtOnce ?? MAILBOXES_AT_ONCE, input.signal, async ({ mailbox, id }) => {
    const wish = control.wishOf(mailbox)
    if (wish !== null) {
      outcomes.set(mailbox, notBegun(ledger, mailbox, id, heldFailure(wish)))
      return
    }
    const watched = control.watch(mailbox)
    const watch: CarryInput = {
      ...input,
      onProgress(progress) {
        control.glance()
        input.onProgress(progress)
      },
    }
    const own = { ...job, ctx: { ...ctx, signal: AbortSignal.any([ctx.signal, watched.signal]) } }
    try {
      outcomes.set(mailbox, await copyOne(mailbox, id, { ...own, ...carriage.other(mailbox, id) }, watch))
    } finally {
      watched.done()
    }
  })
  return known.map(({ mailbox, id }) => outcomes.get(mailbox) ?? notBegun(ledger, mailbox, id, STOPPED))
}

type Job = Omit<Parameters<typeof runPass>[0], 'name' | 'mailboxId' | 'source' | 'destination' | 'watch'> & {
  readonly bytesPerDay: () => number | null | undefined
  readonly late?: LateWatch
}

async function copyOne(mailbox: OpenMailbox, mailboxId: number, job: Job, input: CarryInput): Promise<MailboxOutcome> {
  const { ledger, ctx } = job
  const began = ctx.clock.now()
  const watch = watchMailbox(mailbox.name, input)
  const common = { name: mailbox.name, source: mailbox.sourceLogin, target: mailbox.target }
  const before = ledger.passes(mailboxId).length
  let notes: readonly string[] = []
  const told = (): Pick<MailboxOutcome, 'notes'> => (notes.length === 0 ? {} : { notes })
  try {
    const terms = { bytesPerDay: job.bytesPerDay, waits: input.wait ?? false, ignoresParking: input.retryFailed }
    const allowance = new Allowance(ledger, mailboxId, mailbox.name, ctx.clock, terms)
    const source = meteredSource(mailbox.source, allowance, (warnings) => (notes = warnings))
    const connections = (): number | null => allowance.connections(job.connections?.() ?? null)
    const report = await runPass({ ...job, connections, name: mailbox.name, mailboxId, source, destination: mailbox.destination, watch })
    await job.late?.arrived(mailbox, mailboxId, source)
    const { appends, flagsChanged, moved, deleted, labelled } = report.tally
    notes = [...notes, ...report.notes]
    const failure = report.folderFailures[0]
    const seconds = (ctx.clock.now() - began) / 1000
    return {
      ...common,
      ...report.statement,
      pass: report.kind,
      seconds,
      appends,
      flagsChanged,
      moved,
      deleted,
      ...(labelled === 0 ? {} : { labelled }),
      ...told(),
      failure: failure === undefined ? null : troubleOf(failure),
      folders: folderOutcomes(ledger, mailboxId),
    }
  } catch (error) {
    if (error instanceof Failure && error.spoils === 'project' && error.code !== 'stopped') throw error
    const failure = troubleOf(error)
    if (error instanceof Failure) job.late?.lost(mailboxId, error)
    const last = ledger.passes(mailboxId).at(-1)
    const figures = ledger.passes(mailboxId).length > before ? tallyOf(last?.figures) : tallyOf(null)
    const seconds = (ctx.clock.now() - began) / 1000
    const statement = ledger.statement({ mailboxId })
    return {
      ...common,
      ...statement,
      ...figures,
      pass: last?.kind ?? 'initial',
      ...told(),
      seconds,
      failure,
      folders: folderOutcomes(ledger, mailboxId),
    }
  }
}

function tallyOf(figures: unknown): Pick<MailboxOutcome, 'appends' | 'flagsChanged' | 'moved' | 'deleted'> {
  const at = (key: string): number => {
    const value: unknown = typeof figures === 'object' && figures !== null ? Reflect.get(figures, key) : 0
    return typeof value === 'number' ? value : 0
  }
  return { appends: at('appends'), flagsChanged: at('flagsChanged'), moved: at('moved'), deleted: at('deleted') }
}

const STOPPED = new Failure('stopped', 'Stopped before this mailbox was begun.')

function notBegun(ledger: Ledger, mailbox: OpenMailbox, mailboxId: number, why: Failure): MailboxOutcome {
  return {
    name: mailbox.name,
    source: mailbox.sourceLogin,
    target: mailbox.target,
    ...ledger.statement({ mailboxId }),
    ...tallyOf(null),
    pass: ledger.passes(mailboxId).at(-1)?.kind ?? 'initial',
    seconds: 0,
    failure: troubleOf(why),
    folders: folderOutcomes(ledger, mailboxId),
  }
}

export function folderOutcomes(ledger: Ledger, mailboxId: number): readonly FolderOutcome[] {
  return ledger
    .folders(mailboxId)
    .filter((folder) => folder.goneAt === null)
    .map((folder) => ({
      source: folder.sourcePath.join('/'),
      target: (folder.destinationPath ?? []).join('/'),
      ...ledger.statement({ folderId: folder.id }),
    }))
}

/** null before the first pass: then it counts as big. */
function sizeSoFar(ledger: Ledger, mailboxId: number): number | null {
  return ledger.passes(mailboxId).length === 0 ? null : ledger.statement({ mailboxId }).bytes
}

function passOptions(input: CopyInput): PassOptions {
  return {
    ...PASS_OPTIONS,
    kind: input.pass,
    deletions: input.deletions,
    allowDeletions: input.allowDeletions,
    oldestFirst: input.oldestFirst,
    includeDeleted: input.includeDeleted,
    retryFailed: input.retryFailed,
    disarmReceipts: !input.keepReceiptRequests,
    maxMessageBytes: input.maxMessageBytes,
    subjects: input.subjects,
    labels: input.categories ?? true,
    lanes: input.connections,
    ...(input.afterSwitch === undefined ? {} : rulesAfter(input.afterSwitch)),
  }
}

/** Where messages too large for memory pass through; private to the owner. */
export async function spoolIn(stateDir: string): Promise<string> {
  const dir = join(stateDir, 'spool')
  await mkdir(dir, { recursive: true, mode: 0o700 })
  return dir
}

export function secondsSince(world: World, began: number): number {
  return Math.round(world.clock.now() - began) / 1000
}
