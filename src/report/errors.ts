import { causeOf, isSettled } from './causes.ts'
import type { Block, Cell, ReportDocument, ReportOptions, ReportTable } from './document.ts'
import { ERRORS } from './errors-phrases.ts'
import { formatOf } from './format.ts'
import { filled } from './phrase.ts'
import { WORDS } from './words.ts'

/** What was not copied. Everything of a message is data of whoever sent it. */
export type ErrorsData = { readonly items: readonly ErrorItem[] }

export type ErrorItem = {
  readonly mailbox: string
  /** null: it concerns the whole mailbox. */
  readonly folder: string | null
  /** null where subjects are not recorded. */
  readonly subject: string | null
  /** Milliseconds since 1970. */
  readonly at: number | null
  readonly sizeBytes: number | null
  readonly state: 'skipped' | 'failed'
  readonly code: string
  readonly serverText: string | null
  readonly attempts: number | null
  /** Who has to do something about it; null: nobody was named. */
  readonly owner: string | null
  readonly status: 'open' | 'fixed' | 'accepted'
  readonly acceptedBy: string | null
}

/** What became of an item: codes of which there is nothing to be done are nobody's open point. */
export function standingOf({ status, code }: Pick<ErrorItem, 'status' | 'code'>): 'open' | 'fixed' | 'accepted' | 'settled' {
  return status === 'open' && isSettled(code) ? 'settled' : status
}

/** One line for each item, the open ones first, with what a person can do about it. */
export function errorsDocument({ items }: ErrorsData, options: ReportOptions): ReportDocument {
  const { language } = options
  const [says, words, format] = [ERRORS[language], WORDS[language], formatOf(language, options.timeZone)]
  const counts = { open: 0, fixed: 0, accepted: 0, settled: 0 }
  for (const item of items) counts[standingOf(item)]++
  const verdict = items.length === 0 ? says.none : counts.open === 0 ? says.settled : filled(says.open, format, counts)
  const blocks: Block[] = [{ kind: 'verdict', tone: counts.open > 0 ? 'warning' : 'good', text: verdict }]
  if (items.length > 0) {
    blocks.push(
      {
        kind: 'figures',
        figures: [
          { label: says['open-label'], value: format.number(counts.open), tone: counts.open > 0 ? 'bad' : 'plain' },
          { label: says['fixed-label'], value: format.number(counts.fixed), tone: 'good' },
          { label: says['accepted-label'], value: format.number(counts.accepted), tone: 'warning' },
          { label: says['settled-label'], value: format.number(counts.settled), tone: 'plain' },
        ],
      },
      { kind: 'heading', level: 1, text: says.causes },
      causes(items, options),
      { kind: 'heading', level: 1, text: says.items },
    )
  }
  blocks.push(itemTable(items, options))
  if (language !== 'en' && items.some(({ serverText }) => serverText !== null)) blocks.push({ kind: 'text', text: words.system })
  return { ...options, title: says.title, subtitle: says.subtitle, wide: true, blocks }
}

function causes(items: readonly ErrorItem[], { language }: ReportOptions): ReportTable {
  const words = WORDS[language]
  const groups = [...Map.groupBy(items, ({ code }) => code)].toSorted(([a, ofA], [b, ofB]) => ofB.length - ofA.length || (a < b ? -1 : 1))
  return {
    kind: 'table',
    name: 'causes',
    columns: [
      { label: words['what-happened'], width: 4, align: 'left' },
      { label: words.messages, width: 1.1, align: 'right' },
      { label: words.size, width: 1.1, align: 'right' },
      { label: words['what-to-do'], width: 5, align: 'left' },
      { label: words.code, width: 1.9, align: 'left' },
    ],
    rows: groups.map(([code, of]) => {
      const { cause, remedy } = causeOf(code, language)
      const tone = of.some((item) => standingOf(item) === 'open') ? 'warning' : 'plain'
      return { tone, cells: [cause, of.length, { bytes: of.reduce((sum, one) => sum + (one.sizeBytes ?? 0), 0) }, remedy, code] }
    }),
    empty: ERRORS[language].none,
  }
}

const ORDER = { open: 0, accepted: 1, fixed: 2, settled: 3 } as const

function itemTable(items: readonly ErrorItem[], { language, timeZone }: ReportOptions): ReportTable {
  const [says, words, format] = [ERRORS[language], WORDS[language], formatOf(language, timeZone)]
  const stateOf = (item: ErrorItem): string => {
    const standing = standingOf(item)
    return standing === 'accepted' && item.acceptedBy !== null
      ? filled(words.accepted, format, { name: item.acceptedBy })
      : says[`${standing}-label`]
  }
  const happened = ({ code, serverText }: ErrorItem): string => {
    const { cause } = causeOf(code, language)
    return serverText === null ? cause : `${cause} ${filled(says['from-them'], format, { text: serverText })}`
  }
  return {
    kind: 'table',
    name: 'messages',
    columns: [
      { label: words.mailbox, width: 2.2, align: 'left' },
      { label: words.folder, width: 1.5, align: 'left' },
      { label: words.message, width: 2.5, align: 'left' },
      { label: words.date, width: 1.3, align: 'left' },
      { label: words.size, width: 0.9, align: 'right' },
      { label: words['what-happened'], width: 3, align: 'left' },
      { label: words['what-to-do'], width: 3, align: 'left' },
      { label: words.who, width: 1.2, align: 'left' },
      { label: words.state, width: 1.2, align: 'left' },
      { label: says.tried, width: 0.9, align: 'right' },
      { label: words.code, width: 1.6, align: 'left' },
    ],
    rows: items
      .toSorted((a, b) => ORDER[standingOf(a)] - ORDER[standingOf(b)])
      .map((item) => {
        const cells: Cell[] = [
          item.mailbox,
          item.folder ?? says.whole,
          item.folder === null ? null : item.subject === '' ? says['no-subject'] : item.subject,
          item.at === null ? null : { day: item.at },
          item.sizeBytes === null ? null : { bytes: item.sizeBytes },
          happened(item),
          causeOf(item.code, language).remedy,
          item.owner,
          stateOf(item),
          item.attempts,
          item.code,
        ]
        return { cells, tone: standingOf(item) === 'open' ? ('warning' as const) : ('plain' as const) }
      }),
    empty: says.none,
  }
}
