import type { Statement } from '../model/message.ts'
import { addStatements } from '../model/message.ts'
import { causeOf } from './causes.ts'
import type { Block, Column, ReportDocument, ReportOptions, ReportTable, Tone } from './document.ts'
import { formatOf } from './format.ts'
import { filled } from './phrase.ts'
import { STATISTICS } from './statistics-phrases.ts'
import { WORDS } from './words.ts'

/** Everything that was counted of a project. Instants in milliseconds since 1970. */
export type StatisticsData = { readonly mailboxes: readonly MailboxStatistics[] }

export type MailboxStatistics = Statement & {
  readonly name: string
  /** At the new side only; null where nothing was verified. */
  readonly extra: number | null
  readonly verified: number
  readonly reasons: readonly ReasonCount[]
  readonly passes: number
  readonly firstPassAt: number | null
  readonly lastPassAt: number | null
  /** All passes together; null before the first one ended. */
  readonly busyMs: number | null
  readonly messagesPerSecond: number | null
  /** null where it was not counted. */
  readonly retries: number | null
  readonly throttledMs: number | null
  readonly folders: readonly (Statement & { readonly name: string; readonly extra: number | null })[]
}

export type ReasonCount = {
  readonly state: 'skipped' | 'failed'
  readonly code: string
  readonly count: number
  readonly bytes: number
}

const MOST_BARS = 12

/** What was found, copied, left out and why, and how fast it went. */
export function statisticsDocument(data: StatisticsData, options: ReportOptions): ReportDocument {
  const { language } = options
  const [says, words, format] = [STATISTICS[language], WORDS[language], formatOf(language, options.timeZone)]
  const all = addStatements(data.mailboxes)
  const blocks: Block[] = [
    verdictOf(all, (name) => filled(says[name], format, all), data.mailboxes.length === 0),
    {
      kind: 'figures',
      figures: [
        { label: words.found, value: format.number(all.found), tone: 'plain' },
        { label: words.copied, value: format.number(all.copied), tone: 'good' },
        { label: words.skipped, value: format.number(all.skipped), tone: all.skipped > 0 ? 'warning' : 'plain' },
        { label: words.failed, value: format.number(all.failed), tone: all.failed > 0 ? 'bad' : 'plain' },
        { label: words.size, value: format.bytes(all.bytes), tone: 'plain' },
      ],
    },
    { kind: 'text', text: filled(says.sum, format, all) },
    { kind: 'heading', level: 1, text: says.biggest },
    biggest(data.mailboxes, (value) => format.bytes(value)),
    { kind: 'heading', level: 1, text: says.books },
    { kind: 'text', text: says['extra-text'] },
    books(data.mailboxes, options),
    { kind: 'heading', level: 1, text: says.reasons },
    reasonTable(data.mailboxes, options),
    { kind: 'heading', level: 1, text: says.pace },
    { kind: 'text', text: says['pace-text'] },
    pace(data.mailboxes, options),
    { kind: 'heading', level: 1, text: says.by },
    folderTable(data.mailboxes, options),
  ]
  return { ...options, title: says.title, subtitle: says.subtitle, wide: true, blocks }
}

function verdictOf(all: Statement, say: (name: 'empty' | 'unclosed' | 'failing' | 'closed') => string, none: boolean): Block {
  if (none) return { kind: 'verdict', tone: 'plain', text: say('empty') }
  if (all.unexplained !== 0) return { kind: 'verdict', tone: 'bad', text: say('unclosed') }
  return { kind: 'verdict', tone: all.failed > 0 ? 'warning' : 'good', text: say(all.failed > 0 ? 'failing' : 'closed') }
}

function biggest(mailboxes: readonly MailboxStatistics[], bytes: (value: number) => string): Block {
  const sorted = mailboxes.toSorted((a, b) => b.bytes - a.bytes).slice(0, MOST_BARS)
  const longest = Math.max(1, sorted[0]?.bytes ?? 1)
  return {
    kind: 'bars',
    bars: sorted.map((one) => ({ label: one.name, value: bytes(one.bytes), share: one.bytes / longest, tone: 'plain' })),
  }
}

function toneOf({ unexplained, failed }: Pick<Statement, 'unexplained' | 'failed'>): Tone {
  if (unexplained !== 0) return 'bad'
  return failed > 0 ? 'warning' : 'plain'
}

function figureColumns(language: ReportOptions['language']): readonly Column[] {
  const words = WORDS[language]
  const labels = [words.found, words.copied, words.skipped, words.failed, words.unexplained, words.extra, words.size]
  return labels.map((label) => ({ label, width: 1.15, align: 'right' }))
}

function figuresOf(one: Statement & { readonly extra: number | null }): ReportTable['rows'][number]['cells'] {
  return [one.found, one.copied, one.skipped, one.failed, one.unexplained, one.extra, { bytes: one.bytes }]
}

function books(mailboxes: readonly MailboxStatistics[], { language }: ReportOptions): ReportTable {
  const [says, words] = [STATISTICS[language], WORDS[language]]
  return {
    kind: 'table',
    name: 'mailboxes',
    columns: [
      { label: words.mailbox, width: 3, align: 'left' },
      ...figureColumns(language),
      { label: says.verified, width: 1.15, align: 'right' },
    ],
    rows: mailboxes.map((one) => ({ tone: toneOf(one), cells: [one.name, ...figuresOf(one), one.verified] })),
    empty: says.empty,
  }
}

function reasonTable(mailboxes: readonly MailboxStatistics[], { language }: ReportOptions): ReportTable {
  const [says, words] = [STATISTICS[language], WORDS[language]]
  const groups = [
    ...Map.groupBy(
      mailboxes.flatMap((one) => one.reasons),
      ({ state, code }) => `${state} ${code}`,
    ).values(),
  ]
  const sums = groups.flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    return [{ ...first, count: group.reduce((sum, one) => sum + one.count, 0), bytes: group.reduce((sum, one) => sum + one.bytes, 0) }]
  })
  return {
    kind: 'table',
    name: 'reasons',
    columns: [
      { label: words.reason, width: 4, align: 'left' },
      { label: words.state, width: 1.3, align: 'left' },
      { label: words.messages, width: 1.2, align: 'right' },
      { label: words.size, width: 1.2, align: 'right' },
      { label: words['what-to-do'], width: 5, align: 'left' },
      { label: words.code, width: 2, align: 'left' },
    ],
    rows: sums
      .toSorted((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
      .map(({ state, code, count, bytes }) => {
        const { cause, remedy } = causeOf(code, language)
        return { tone: state === 'failed' ? 'warning' : 'plain', cells: [cause, words[state], count, { bytes }, remedy, code] }
      }),
    empty: says['no-reasons'],
  }
}

function pace(mailboxes: readonly MailboxStatistics[], { language }: ReportOptions): ReportTable {
  const [says, words] = [STATISTICS[language], WORDS[language]]
  const right = (label: string): Column => ({ label, width: 1.2, align: 'right' })
  return {
    kind: 'table',
    name: 'pace',
    columns: [
      { label: words.mailbox, width: 3, align: 'left' },
      { label: says.first, width: 2, align: 'left' },
      { label: says.last, width: 2, align: 'left' },
      right(says.passes),
      { label: says.busy, width: 1.7, align: 'right' },
      right(says.rate),
      right(says.retries),
      { label: says.throttled, width: 1.5, align: 'right' },
    ],
    rows: mailboxes.map((one) => ({
      tone: 'plain',
      cells: [
        one.name,
        instant(one.firstPassAt),
        instant(one.lastPassAt),
        one.passes,
        one.busyMs === null ? null : { milliseconds: one.busyMs },
        one.messagesPerSecond,
        one.retries,
        one.throttledMs === null ? null : { milliseconds: one.throttledMs },
      ],
    })),
    empty: says.empty,
  }
}

function folderTable(mailboxes: readonly MailboxStatistics[], { language }: ReportOptions): ReportTable {
  const [says, words] = [STATISTICS[language], WORDS[language]]
  return {
    kind: 'table',
    name: 'folders',
    columns: [
      { label: words.mailbox, width: 2.4, align: 'left' },
      { label: words.folder, width: 2.4, align: 'left' },
      ...figureColumns(language),
    ],
    rows: mailboxes.flatMap(({ name, folders }) =>
      folders.map((folder) => ({ tone: toneOf(folder), cells: [name, folder.name, ...figuresOf(folder)] })),
    ),
    empty: says.empty,
  }
}

function instant(at: number | null): { readonly instant: number } | null {
  return at === null ? null : { instant: at }
}
