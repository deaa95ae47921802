import type { Statement } from '../model/message.ts'
import { budgetTable, isAssumed } from './budget.ts'
import type { BudgetData } from './budget.ts'
import { causeOf, isSettled } from './causes.ts'
import { acceptanceTable, deviationTable, proofTable, issueTable, taskTable } from './closeout-tables.ts'
import { CLOSEOUT } from './closeout-words.ts'
import { decommissionTable } from './decommission.ts'
import type { Block, ReportDocument, ReportOptions } from './document.ts'
import { formatOf } from './format.ts'
import { filled } from './phrase.ts'
import type { ReasonCount } from './statistics.ts'
import { timeline } from './timeline.ts'
import type { TimelineEntry } from './timeline.ts'
import { WORDS } from './words.ts'

/** What a project came to. Instants in milliseconds since 1970. */
export type CloseoutData = {
  readonly domains: readonly string[]
  /** How the old side is called: its host; null: not known. */
  readonly source: string | null
  readonly kickoffAt: number | null
  readonly plannedAt: number | null
  readonly switchedAt: number | null
  readonly closedAt: number | null
  readonly batches: readonly { readonly name: string; readonly mailboxes: number; readonly cutoverAt: number | null }[]
  readonly mailboxes: { readonly all: number; readonly copied: number; readonly verified: number }
  readonly status: Statement & { readonly verified: number; readonly reasons: readonly ReasonCount[] }
  readonly acceptance: readonly AcceptanceResult[]
  readonly issues: readonly CloseoutIssue[]
  readonly deviations: readonly Deviation[]
  readonly tasks: readonly CloseoutTask[]
  readonly timeline: readonly TimelineEntry[]
  readonly budget: BudgetData
  readonly certificate: string | null
}

export type AcceptanceResult = {
  /** `access`, `moved`, `rules`, `mail`, `protection`; others are told by their title. */
  readonly id: string
  readonly title: string
  readonly outcome: 'passed' | 'failed' | 'not-run'
  readonly waived: { readonly name: string; readonly reason: string } | null
  readonly at: number | null
  /** What was looked at, one by one; `ok` null: it could not be looked at. */
  readonly proofs: readonly { readonly about: string; readonly says: string; readonly ok: boolean | null }[]
}

export type CloseoutIssue = {
  readonly severity: 'red' | 'yellow' | 'note'
  readonly about: string
  readonly says: string
  readonly todo: string
  /** A code that there are words for in every language, with how many messages it is about; null: it is told as it stands. */
  readonly code: string | null
  readonly count: number | null
  readonly owner: string | null
  readonly dueAt: number | null
  readonly state: 'open' | 'accepted'
  readonly by: string | null
}

export type Deviation = {
  readonly kind: 'waiver' | 'postponed' | 'rollback' | 'override' | 'scope'
  readonly at: number | null
  readonly who: string | null
  readonly says: string
  /** Of a cutover that was postponed: null where there was no date, or is none. */
  readonly from: number | null
  readonly to: number | null
  /** A person's own words. */
  readonly reason: string | null
}

export type CloseoutTask = {
  readonly says: string
  readonly side: string
  readonly owner: string | null
  readonly dueAt: number | null
  /** Whether it is one that is signed off at all. */
  readonly signsOff: boolean
  readonly signedOff: { readonly name: string; readonly at: number } | null
}

/** What was agreed, what came of it, what is left, what it cost; and where both sides sign. */
export function closeoutDocument(data: CloseoutData, options: ReportOptions): ReportDocument {
  const { language } = options
  const [says, words, format] = [CLOSEOUT[language], WORDS[language], formatOf(language, options.timeZone)]
  const at = (instant: number | null): string => (instant === null ? says['not-yet'] : format.instant(instant))
  const { status } = data
  // What was left out on purpose stands in the final status with its reason: it is nobody's open point.
  const outstanding = data.issues.filter(({ code, severity }) => severity !== 'note' || code === null || !isSettled(code))
  const batches = data.batches.map(({ name, mailboxes, cutoverAt }) => {
    const when = cutoverAt === null ? '' : `, ${format.instant(cutoverAt)}`
    return `${name} (${format.number(mailboxes)}${when})`
  })
  const blocks: Block[] = [
    verdict(data, options),
    {
      kind: 'figures',
      figures: [
        { label: words.mailboxes, value: format.number(data.mailboxes.all), tone: 'plain' },
        { label: words.found, value: format.number(status.found), tone: 'plain' },
        { label: words.copied, value: format.number(status.copied), tone: 'good' },
        { label: says.proven, value: format.number(status.verified), tone: status.verified >= status.copied ? 'good' : 'warning' },
        { label: words.size, value: format.bytes(status.bytes), tone: 'plain' },
      ],
    },
    { kind: 'heading', level: 1, text: says.scope },
    {
      kind: 'pairs',
      pairs: [
        { label: words.domains, value: data.domains.join(', ') },
        { label: says.from, value: data.source ?? words.unknown },
        { label: words.mailboxes, value: format.number(data.mailboxes.all) },
        ...(data.batches.length > 1 ? [{ label: says.batches, value: batches.join('; ') }] : []),
        { label: says.kickoff, value: data.kickoffAt === null ? words.unknown : format.day(data.kickoffAt) },
        { label: says.planned, value: at(data.plannedAt) },
        { label: says.switched, value: at(data.switchedAt) },
        { label: says.closed, value: at(data.closedAt) },
      ],
    },
    { kind: 'heading', level: 1, text: says.status },
    ...finalStatus(data, options),
    { kind: 'heading', level: 1, text: says.acceptance },
    { kind: 'text', text: says['acceptance-text'] },
    acceptanceTable(data.acceptance, options),
    { kind: 'heading', level: 1, text: says.issues },
    issueTable(outstanding, options),
    { kind: 'heading', level: 1, text: says.deviations },
    deviationTable(data.deviations, options),
    { kind: 'heading', level: 1, text: says.responsibilities },
    taskTable(data.tasks, options),
    { kind: 'heading', level: 1, text: says.timeline },
    timeline(data.timeline, options),
    { kind: 'heading', level: 1, text: says.budget },
    budgetTable(data.budget, options),
    ...(isAssumed(data.budget) ? [{ kind: 'text', text: says['no-actual'] } as const] : []),
    { kind: 'heading', level: 1, text: says.decommission },
    { kind: 'text', text: says['decommission-text'] },
    decommissionTable(data.switchedAt, options),
    { kind: 'heading', level: 1, text: says.signatures },
    { kind: 'text', text: says['signature-text'] },
    {
      kind: 'signatures',
      lines: [
        { role: options.customer === null ? words.customer : `${words.customer}: ${options.customer}`, name: null },
        { role: words.us, name: null },
      ],
    },
    ...(data.acceptance.length === 0
      ? []
      : [{ kind: 'page-break' } as const, { kind: 'heading', level: 1, text: says.proofs } as const, proofTable(data.acceptance, options)]),
  ]
  if (language !== 'en') blocks.push({ kind: 'text', text: words.system })
  const subtitle = filled(says.subtitle, format, { domains: data.domains.join(', ') })
  return { ...options, title: says.title, subtitle, wide: false, blocks }
}

function verdict(data: CloseoutData, { language, timeZone }: ReportOptions): Block {
  const [says, format] = [CLOSEOUT[language], formatOf(language, timeZone)]
  const { found, copied, unexplained } = data.status
  if (unexplained !== 0) return { kind: 'verdict', tone: 'bad', text: filled(says.faulty, format, { unexplained }) }
  const isAccepted = data.acceptance.length > 0 && data.acceptance.every((one) => one.outcome === 'passed' || one.waived !== null)
  if (data.switchedAt === null || !isAccepted) return { kind: 'verdict', tone: 'warning', text: says.unfinished }
  const open = data.issues.filter(({ state, severity }) => state === 'open' && severity !== 'note').length
  if (open > 0) return { kind: 'verdict', tone: 'warning', text: filled(says['done-open'], format, { open }) }
  return { kind: 'verdict', tone: 'good', text: filled(says.done, format, { copied, found }) }
}

function finalStatus({ status, certificate }: CloseoutData, { language, timeZone }: ReportOptions): readonly Block[] {
  const [words, format] = [WORDS[language], formatOf(language, timeZone)]
  const figures = (['found', 'copied', 'skipped', 'failed', 'unexplained'] as const).map((name) => ({
    label: words[name],
    value: format.number(status[name]),
  }))
  const reasons = status.reasons.map(
    ({ code, count }) => `${filled(CLOSEOUT[language].messages, format, { count })}: ${causeOf(code, language).cause}`,
  )
  return [
    { kind: 'pairs', pairs: [...figures, ...(certificate === null ? [] : [{ label: words.evidence, value: certificate }])] },
    ...(reasons.length === 0 ? [] : [{ kind: 'list', items: reasons } as const]),
  ]
}
