import type { PhaseName } from '../project/phase-names.ts'
import type { Block, ReportDocument, ReportOptions, ReportTable } from './document.ts'
import { formatOf } from './format.ts'
import { guardTitle } from './guard-words.ts'
import { PHASE_WORDS } from './phase-words.ts'
import { filled } from './phrase.ts'
import { READINESS } from './readiness-phrases.ts'
import { WORDS } from './words.ts'

/** Whether a project may be cut over, and what that is known from. Instants in milliseconds since 1970. */
export type ReadinessData = {
  readonly domains: readonly string[]
  readonly mailboxes: number
  readonly phase: PhaseName
  readonly cutoverAt: number | null
  readonly criteria: readonly ReadinessCriterion[]
  /** Gates that hold the project up, in the words of the gates. */
  readonly open: readonly { readonly phase: PhaseName; readonly says: string; readonly needs: 'work' | 'time' | 'person' }[]
  readonly waived: readonly {
    readonly phase: PhaseName
    readonly says: string
    readonly name: string
    readonly reason: string
    readonly at: number | null
  }[]
  readonly guards: readonly {
    readonly domain: string
    readonly guard: string
    readonly title: string
    readonly holds: boolean
    readonly reasons: readonly string[]
    readonly at: number | null
    readonly overridden: { readonly name: string; readonly reason: string } | null
  }[]
}

/** What is agreed for every move. */
export type CriterionFigures = {
  readonly analysis: { readonly mailboxes: number; readonly messages: number; readonly blockers: number }
  readonly access: { readonly tried: number; readonly failing: number }
  readonly tenant: { readonly changes: number; readonly blockers: number }
  readonly dns: { readonly blockers: number }
  readonly copied: { readonly copied: number; readonly all: number }
  readonly verified: {
    readonly verified: number
    readonly all: number
    readonly missing: number
    readonly different: number
    readonly unexplained: number
  }
  readonly lag: { readonly lagMs: number; readonly limitMs: number }
  readonly tasks: { readonly signed: number; readonly all: number }
  readonly mailflow: { readonly passed: number; readonly failed: number }
}

export type ReadinessCriterion = {
  [Name in keyof CriterionFigures]: {
    readonly name: Name
    /** null: it was not looked at yet. */
    readonly figures: CriterionFigures[Name] | null
    readonly outcome: 'met' | 'not-met' | 'waived' | 'not-seen'
    /** When it was seen. */
    readonly at: number | null
    /** Whom or what it fails for. */
    readonly names: readonly string[]
  }
}[keyof CriterionFigures]

const MOST_NAMES = 8

/** Go or no-go: each criterion with its evidence and its time, what was let pass and by whom, and lines to sign. */
export function readinessDocument(data: ReadinessData, options: ReportOptions): ReportDocument {
  const { language } = options
  const [says, words, format] = [READINESS[language], WORDS[language], formatOf(language, options.timeZone)]
  const open = data.criteria.filter(({ outcome }) => outcome === 'not-met' || outcome === 'not-seen').length
  const isWaived = data.waived.length > 0 || data.criteria.some(({ outcome }) => outcome === 'waived')
  const go = says[isWaived ? 'go-waived' : 'go']
  const blocks: Block[] = [
    open > 0
      ? { kind: 'verdict', tone: 'bad', text: filled(says['no-go'], format, { open }) }
      : { kind: 'verdict', tone: isWaived ? 'warning' : 'good', text: go },
    {
      kind: 'pairs',
      pairs: [
        { label: says.planned, value: data.cutoverAt === null ? says['no-date'] : format.instant(data.cutoverAt) },
        { label: says.phase, value: PHASE_WORDS[language][data.phase] },
        { label: says.mailboxes, value: format.number(data.mailboxes) },
      ],
    },
    { kind: 'heading', level: 1, text: says.criteria },
    criteria(data, options),
    { kind: 'heading', level: 1, text: says.open },
    openTable(data, options),
    { kind: 'heading', level: 1, text: says['waived-head'] },
    waivedTable(data, options),
  ]
  if (data.guards.length > 0)
    blocks.push({ kind: 'heading', level: 1, text: says.guards }, { kind: 'text', text: says['guards-text'] }, guards(data, options))
  const isQuoted = data.open.length > 0 || data.guards.some(({ holds, reasons }) => !holds && reasons.length > 0)
  if (language !== 'en' && isQuoted) blocks.push({ kind: 'text', text: words.system })
  blocks.push(
    { kind: 'heading', level: 1, text: says.decision },
    { kind: 'text', text: says['decision-text'] },
    {
      kind: 'signatures',
      lines: [
        { role: words.customer, name: null },
        { role: words.us, name: null },
      ],
    },
  )
  const subtitle = filled(says.subtitle, format, { domains: data.domains.join(', ') })
  return { ...options, title: says.title, subtitle, wide: false, blocks }
}

function criteria(data: ReadinessData, { language, timeZone }: ReportOptions): ReportTable {
  const [says, words, format] = [READINESS[language], WORDS[language], formatOf(language, timeZone)]
  return {
    kind: 'table',
    name: 'criteria',
    columns: [
      { label: says.criterion, width: 3.4, align: 'left' },
      { label: words.result, width: 1.6, align: 'left' },
      { label: words.evidence, width: 4, align: 'left' },
      { label: says.seen, width: 1.9, align: 'left' },
    ],
    rows: data.criteria.map((one) => ({
      tone: one.outcome === 'not-met' ? 'bad' : one.outcome === 'met' ? 'plain' : 'warning',
      cells: [says[one.name], says[one.outcome], one.figures === null ? null : proof(one), one.at === null ? null : { instant: one.at }],
    })),
    empty: says['not-seen'],
  }

  function proof({ name, figures, names }: ReadinessCriterion): string {
    const values: Record<string, string | number> = {}
    for (const [key, value] of Object.entries(figures ?? {})) values[key] = value
    for (const [from, to] of [
      ['lagMs', 'lag'],
      ['limitMs', 'limit'],
    ] as const)
      if (typeof values[from] === 'number') values[to] = format.duration(values[from])
    const told = filled(says[`${name}-proof`], format, values)
    const more = names.length > MOST_NAMES ? ' …' : ''
    return names.length === 0 ? told : `${told}: ${names.slice(0, MOST_NAMES).join(', ')}${more}`
  }
}

function openTable(data: ReadinessData, { language }: ReportOptions): ReportTable {
  const says = READINESS[language]
  return {
    kind: 'table',
    name: 'open',
    columns: [
      { label: says.point, width: 6, align: 'left' },
      { label: says.step, width: 2, align: 'left' },
      { label: says.needs, width: 1.8, align: 'left' },
    ],
    rows: data.open.map((one) => ({
      tone: one.needs === 'person' ? 'warning' : 'plain',
      cells: [one.says, PHASE_WORDS[language][one.phase], says[one.needs]],
    })),
    empty: says['no-open'],
  }
}

function waivedTable(data: ReadinessData, { language }: ReportOptions): ReportTable {
  const [says, words] = [READINESS[language], WORDS[language]]
  return {
    kind: 'table',
    name: 'let-pass',
    columns: [
      { label: says.point, width: 4, align: 'left' },
      { label: words.who, width: 1.7, align: 'left' },
      { label: words.reason, width: 3, align: 'left' },
      { label: words.when, width: 1.7, align: 'left' },
    ],
    rows: data.waived.map((one) => ({
      tone: 'warning',
      cells: [one.says, one.name, one.reason, one.at === null ? null : { instant: one.at }],
    })),
    empty: says['no-waived'],
  }
}

function guards(data: ReadinessData, { language, timeZone }: ReportOptions): ReportTable {
  const [says, words, format] = [READINESS[language], WORDS[language], formatOf(language, timeZone)]
  return {
    kind: 'table',
    name: 'checks',
    columns: [
      { label: words.domain, width: 2, align: 'left' },
      { label: says.check, width: 3.4, align: 'left' },
      { label: words.result, width: 1.7, align: 'left' },
      { label: words.evidence, width: 3, align: 'left' },
      { label: says.seen, width: 1.8, align: 'left' },
    ],
    rows: data.guards.map((one) => ({
      tone: one.holds ? 'plain' : 'warning',
      cells: [
        one.domain,
        guardTitle(one.guard, one.title, language),
        one.overridden !== null ? says.waived : says[one.holds ? 'holds' : 'does-not-hold'],
        one.overridden !== null
          ? `${filled(words.accepted, format, { name: one.overridden.name })}: ${one.overridden.reason}`
          : one.reasons.join(' ') || null,
        one.at === null ? null : { instant: one.at },
      ],
    })),
    empty: says['not-seen'],
  }
}
