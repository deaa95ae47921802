import { assemble } from '../assess/assemble.ts'
import type { AssessedMailbox, AssessedServer, Assessment } from '../assess/assessment.ts'
import { AssessBook } from '../assess/book.ts'
import type { ForecastMailbox } from '../assess/forecast.ts'
import { mailboxReport, type MailboxWho } from '../assess/mailbox-report.ts'
import { lookAtMailbox, type MailboxLook, type MailboxScene } from '../assess/read-mailbox.ts'
import type { Sample } from '../assess/sample.ts'
import { keepAssessment, keptAssessment } from '../assess/kept-assessment.ts'
import { PATIENCE } from '../engine/options.ts'
import { ByteBudget } from '../lib/byte-budget.ts'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { openAssessment, type AssessPlace, type OpenAssessment } from './assess-open.ts'
import { lookAtDomains } from './assess-dns.ts'
import { pilotsIn } from './assess-pilots.ts'
import { lookAtServer } from './assess-server.ts'
import { lookAtTenant } from './assess-tenant.ts'
import { forEachAtOnce } from './at-once.ts'
import type { Watch } from './operations.ts'
import type { World } from './world.ts'

export type { Assessment, AssessedMailbox, AssessFinding, AssessRank } from '../assess/assessment.ts'
export type { Sample } from '../assess/sample.ts'

export type AssessInput = AssessPlace &
  Watch & {
    readonly sample: Sample
    /** What is looked at beside the old mailboxes. */
    readonly also: { readonly dns: boolean; readonly tenant: boolean }
    /** Beside those of the definition and of the targets. */
    readonly domains: readonly string[]
    /** Name servers and resolvers, as for `dns assess`; [] for those that are found. */
    readonly dns: { readonly servers: readonly string[]; readonly resolvers: readonly string[]; readonly dnsOnly: boolean }
    readonly mailboxesAtOnce: number | null
    /** null: what the definition says, or the usual. */
    readonly price: { readonly base: number | null; readonly perMailbox: number | null }
    readonly risks: { readonly mailboxBytes: number | null; readonly deletedBytes: number | null; readonly vip: readonly string[] }
    readonly maxMessageBytes: number | null
    /** A folder for the report: HTML, PDF, CSV and JSON. Absent: none is written. */
    readonly to?: string | null
  }

/** `files`: those of the report. */
export type AssessResult = Assessment & { readonly files: readonly string[] }

/** A sample of each mailbox that tells of one message in a hundred with confidence, and is read within moments. */
export const USUAL_SAMPLE: Sample = { messages: 400 }
const MAILBOXES_AT_ONCE = 4
const BUDGET_BYTES = 24_000_000

/**
 * Looks at the old mailboxes, at DNS and at the tenant, and tells what a move would meet. Changes nothing anywhere. One that was stopped
 * goes on where it was; what changed since is looked at anew. A mailbox's trouble is told and never stops the others.
 */
export async function assess(world: World, input: AssessInput): Promise<AssessResult> {
  const ctx: Context = { clock: world.clock, log: world.log, signal: input.signal }
  const began = world.clock.now()
  const open = await openAssessment(world, input, ctx)
  using book = new AssessBook(open.stateDir, () => world.clock.now())
  input.onMailboxes(open.mailboxes.map(({ who }) => who.name))
  const [server, seen, domains, tenant] = await Promise.all([
    lookAtServer(world, input, open),
    lookAtMailboxes(input, open, book, ctx),
    input.also.dns ? unlessStopped(ctx, () => lookAtDomains(world, input, open), []) : [],
    input.also.tenant ? unlessStopped(ctx, () => lookAtTenant(world, input, open), null) : null,
  ])
  const terms = { ...open.terms, serverFailure: server.failure }
  const sizes = new Map(seen.map(({ report }) => [report.target.toLowerCase(), report]))
  const assessment = assemble({
    madeAt: began,
    tookMs: world.clock.now() - began,
    stopped: input.signal.aborted,
    sample: input.sample,
    server: withLimits(server.server, seen),
    mailboxes: seen.map(({ report }) => report),
    paces: seen.map(({ pace }) => pace),
    domains,
    tenant: tenant?.tenant ?? null,
    licences: tenant?.licences(sizes) ?? null,
    limits: { ...open.limits, pilots: pilotsIn(open.stateDir) },
    price: open.price,
    terms,
  })
  // One that was stopped does not take the place of one that is whole.
  if (!assessment.stopped || keptAssessment(open.stateDir) === null) keepAssessment(open.stateDir, assessment)
  await open.done(assessment)
  const { to = null } = input
  if (to === null) return { ...assessment, files: [] }
  const { writeAssessment } = await import('./assess-report.ts')
  return { ...assessment, files: await writeAssessment(world, { ...input, to }, open, assessment) }
}

type Seen = { readonly report: AssessedMailbox; readonly pace: Pick<ForecastMailbox, 'pace' | 'bytesPerDay'> }

async function lookAtMailboxes(input: AssessInput, open: OpenAssessment, book: AssessBook, ctx: Context): Promise<readonly Seen[]> {
  const budget = new ByteBudget(BUDGET_BYTES)
  const looks = new Map<MailboxWho, MailboxLook>()
  await forEachAtOnce(open.mailboxes, input.mailboxesAtOnce ?? MAILBOXES_AT_ONCE, ctx.signal, async ({ key, who, source }) => {
    const accepts = { maxMessageBytes: open.terms.maxMessageBytes, lineBytes: open.lineBytes }
    const watch = progressOf(who.name, input)
    const scene: MailboxScene = { key, name: who.name, source, book, accepts, sample: input.sample, patience: PATIENCE, budget, ctx, watch }
    const look = await lookAtMailbox(scene)
    if (look.failure !== null && look.failure.spoils === 'project' && look.failure.code !== 'stopped') throw look.failure
    looks.set(who, look)
    watch.end()
  })
  return open.mailboxes.map(({ who }) => {
    const look = looks.get(who) ?? NOT_BEGUN
    return {
      report: mailboxReport(who, look, open.risks),
      pace: { pace: look.pace, bytesPerDay: look.bytesPerDay ?? open.limits.bytesPerDay },
    }
  })
}

const NOT_BEGUN: MailboxLook = {
  plan: null,
  folders: new Map(),
  quotas: null,
  warnings: [],
  bytesPerDay: null,
  pace: null,
  failure: new Failure('stopped', 'Stopped before this mailbox was begun.'),
}

function progressOf(mailbox: string, input: Watch): MailboxScene['watch'] & { end(): void } {
  let progress: Parameters<Watch['onProgress']>[0] = {
    mailbox,
    phase: 'connect',
    folder: null,
    done: 0,
    total: 0,
    bytes: 0,
    totalBytes: null,
    waitingUntilMs: null,
    note: null,
  }
  const tell = (change: Partial<typeof progress>): void => {
    progress = { ...progress, ...change }
    input.onProgress(progress)
  }
  tell({})
  return {
    folder: (folder) => void (progress = { ...progress, phase: 'read', folder }),
    expect: (total) => tell({ phase: 'read', total }),
    done: (messages, bytes) => tell({ done: progress.done + messages, bytes: progress.bytes + bytes }),
    waiting: (waitingUntilMs) => tell({ waitingUntilMs }),
    note: (note) => tell({ note }),
    end: () => tell({ phase: 'done' }),
  }
}

/** What a stop cuts off is left out; what was seen so far is still told. */
async function unlessStopped<T>(ctx: Context, work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (ctx.signal.aborted) return otherwise
    throw error
  }
}

function withLimits(server: AssessedServer | null, seen: readonly Seen[]): AssessedServer | null {
  const perDay = seen.flatMap(({ pace }) => pace.bytesPerDay ?? [])[0]
  if (server === null || perDay === undefined || server.limits.some((one) => one.includes('a day'))) return server
  return { ...server, limits: [...server.limits, `A mailbox hands out ${Math.round(perDay / 1e6)} MB a day.`] }
}
