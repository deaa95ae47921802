import { listRecords, movingCount } from '../definition/list-table.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { addStatements } from '../model/message.ts'
import { csvRows } from '../lib/csv-rows.ts'
import { CRITERIA, isCriterion } from '../project/acceptance.ts'
import type { Issue } from '../project/issues.ts'
import { isPhaseName } from '../project/phase-names.ts'
import type { ProjectState } from '../project/state.ts'
import { definitions } from '../project/store-definitions.ts'
import { events, type ProjectEvent } from '../project/store-records.ts'
import type { StoredProject } from '../project/store.ts'
import type { AcceptanceResult, CloseoutData, CloseoutIssue, Deviation } from '../report/closeout.ts'
import type { BudgetData, BudgetLine } from '../report/budget.ts'
import type { TimelineEntry } from '../report/timeline.ts'
import type { OpenProject } from './project-state.ts'
import type { Known } from './reports-statistics.ts'

/** What was told of the budget as it came out: an event keeps it, the last word on each counts. */
export type Spent = { readonly hours: number | null; readonly amounts: readonly { readonly says: string; readonly amount: number }[] }

export const BUDGET_EVENT = 'budget-told'

/** Everything that a project came to. Opens no socket. */
export function closeoutData(
  { project, plan, definition }: OpenProject,
  state: ProjectState,
  ledger: Ledger | null,
  known: readonly Known[],
  issues: readonly Issue[],
  certificate: string | null,
): CloseoutData {
  const story = events(project)
  const rows = ledger === null ? [] : known.map(({ id }) => ledger.statement({ mailboxId: id }))
  const reasons = ledger === null ? [] : known.flatMap(({ id }) => ledger.reasons({ mailboxId: id }))
  const verified = ledger === null ? 0 : known.reduce((sum, { id }) => sum + ledger.verifiedCount({ mailboxId: id }), 0)
  const switched = state.domains.map(({ switchedAt }) => switchedAt)
  const copied = state.mailboxes.filter(({ copiedAt }) => copiedAt !== null)
  return {
    domains: plan.domains,
    source: hostOf(definition.sections.source?.url ?? null),
    kickoffAt: plan.kickoffAt,
    plannedAt: plan.cutoverAt,
    switchedAt: switched.length === 0 || switched.includes(null) ? null : Math.max(...switched.map((at) => at ?? 0)),
    closedAt: state.closedAt,
    batches: plan.batches.map(({ name, targets, cutoverAt }) => ({ name, mailboxes: targets.length, cutoverAt })),
    mailboxes: {
      all: state.mailboxes.length,
      copied: copied.length,
      verified: copied.filter(({ verified: one }) => one !== null).length,
    },
    status: {
      ...addStatements(rows),
      verified,
      reasons: [...Map.groupBy(reasons, ({ state: kind, code }) => `${kind} ${code}`).values()].flatMap((group) => {
        const [first] = group
        if (first === undefined) return []
        return [{ ...first, count: group.reduce((sum, one) => sum + one.count, 0), bytes: group.reduce((sum, one) => sum + one.bytes, 0) }]
      }),
    },
    acceptance: acceptance(state),
    issues: issues.flatMap(issueOf),
    deviations: deviations(story, state),
    tasks: plan.tasks.map(({ id, says, side, owner, dueAt, signsOff }) => ({
      says,
      side,
      owner,
      dueAt,
      signsOff,
      signedOff: state.tasks.find((task) => task.id === id)?.signedOff ?? null,
    })),
    timeline: story.flatMap(entriesOf),
    budget: budget(project, plan, copied.length, story),
    certificate,
  }
}

function hostOf(url: string | null): string | null {
  return url === null ? null : (/^[a-z]+:\/\/([^/:?]+)/i.exec(url)?.[1] ?? null)
}

function acceptance({ facts, waivers }: ProjectState): readonly AcceptanceResult[] {
  const seen = facts.acceptance
  if (seen === null) return []
  return seen.data.criteria.map(({ id, outcome, proofs = [] }) => {
    const waived = waivers.find(({ blocker }) => blocker === `closeout.acceptance.${id}`) ?? null
    return {
      id,
      title: isCriterion(id) ? CRITERIA[id] : id,
      outcome,
      waived: waived === null ? null : { name: waived.name, reason: waived.reason },
      at: seen.at,
      proofs,
    }
  })
}

/** Messages that were left out have a code that there are words for; the issue is told in the language of the report. */
function issueOf({ id, about, says, todo, severity, owner, dueAt, state, by }: Issue): readonly CloseoutIssue[] {
  if (state === 'fixed') return []
  const code = id.startsWith('messages.') ? (id.split('.').at(-1) ?? null) : null
  const count = code === null ? null : Number(/: (\d+) messages/.exec(says)?.[1] ?? 1)
  return [{ severity, about, says, todo, code, count, owner, dueAt, state, by }]
}

function deviations(story: readonly ProjectEvent[], state: ProjectState): readonly Deviation[] {
  const moved = story.flatMap(({ kind, at, who, says, data }): readonly Deviation[] => {
    const { from, to, reason, version, batch }: Readonly<Record<string, unknown>> = Object(data)
    const named = typeof batch === 'string' ? batch : null
    const why = [named, typeof reason === 'string' && reason !== '' ? reason : null].filter((part) => part !== null).join(': ') || null
    const moment = (value: unknown): number | null => (typeof value === 'number' ? value : null)
    if (kind === 'cutover-postponed') return [{ kind: 'postponed', at, who, says, from: moment(from), to: moment(to), reason: why }]
    const told = { at, who, from: null, to: null, reason: why }
    if (kind === 'gate-waived') return [{ ...told, kind: 'waiver', says: says.replace(/^Let pass: /, '') }]
    return kind === 'definition-imported' && typeof version === 'number' && version > 1 ? [{ ...told, kind: 'scope', says }] : []
  })
  const back = state.domains.flatMap(({ name, turnedBack, since }): readonly Deviation[] =>
    turnedBack === null
      ? []
      : [{ kind: 'rollback', at: since, who: turnedBack.name, says: name, from: null, to: null, reason: turnedBack.reason }],
  )
  return [...moved, ...back]
}

/** Steps of a switch that a customer wants to know of; the others are its inside. */
const TOLD: ReadonlySet<unknown> = new Set([
  'ready',
  'switching',
  'draining',
  'quiet',
  'finalised',
  'decommissioned',
  'rolling-back',
  'restored',
])

function entriesOf({ at, kind, who, says, data }: ProjectEvent): readonly TimelineEntry[] {
  const { phase, domain, to }: { readonly phase?: unknown; readonly domain?: unknown; readonly to?: unknown } = Object(data)
  if (kind === 'switch-moved' && !TOLD.has(to)) return []
  return [
    {
      at,
      kind: kind === 'switch-moved' ? `switch-${String(to)}` : kind,
      who,
      says,
      phase: typeof phase === 'string' && isPhaseName(phase) ? phase : null,
      domain: typeof domain === 'string' ? domain : null,
    },
  ]
}

function budget(
  project: StoredProject,
  { price, mailboxes }: OpenProject['plan'],
  moved: number,
  story: readonly ProjectEvent[],
): BudgetData {
  const spent = spentIn(story)
  const line = ({ says, amount }: { readonly says: string; readonly amount: number }): BudgetLine => ({
    says,
    planned: amount,
    actual: spent.amounts.findLast((one) => one.says === says)?.amount ?? null,
  })
  const named = new Set([...price.extras, ...price.costs].map(({ says }) => says))
  const unplanned = [...new Map(spent.amounts.filter(({ says }) => !named.has(says)).map((one) => [one.says, one])).values()]
  // The first definition is what was agreed; who joined later shows as a difference.
  const [first] = definitions(project)
  const planned = first === undefined ? mailboxes.length : movingCount(listRecords(csvRows(Buffer.from(first.list))))
  return {
    currency: price.currency,
    base: price.base,
    perMailbox: price.perMailbox,
    mailboxes: { planned: planned === 0 ? mailboxes.length : planned, actual: moved },
    hours: price.hours === null ? null : { planned: price.hours.planned, rate: price.hours.rate, actual: spent.hours },
    extras: price.extras.map(line),
    costs: [...price.costs.map(line), ...unplanned.map(({ says, amount }) => ({ says, planned: 0, actual: amount }))],
  }
}

function spentIn(story: readonly ProjectEvent[]): Spent {
  const told = story.filter(({ kind }) => kind === BUDGET_EVENT).map(({ data }) => data as Spent)
  return { hours: told.findLast(({ hours }) => hours !== null)?.hours ?? null, amounts: told.flatMap(({ amounts }) => amounts) }
}
