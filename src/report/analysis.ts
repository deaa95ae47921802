import type { Assessment, AssessedMailbox } from '../assess/assessment.ts'
import { domainTable, folderTable, leftTable, licenceTable, priceTable, tenantTable, troubleTable } from './analysis-tables.ts'
import { ANALYSIS } from './analysis-words.ts'
import type { Block, ReportDocument, ReportOptions, ReportTable } from './document.ts'
import { findingTold } from './finding-words.ts'
import { formatOf } from './format.ts'
import type { Format } from './format.ts'
import { filled } from './phrase.ts'
import { WORDS } from './words.ts'

const MOST_BARS = 12

/** What an assessment found, for who decides on the move and pays for it. */
export function analysisDocument(data: Assessment, options: ReportOptions): ReportDocument {
  const { language } = options
  const [says, words, format] = [ANALYSIS[language], WORDS[language], formatOf(language, options.timeZone)]
  const { totals, forecast } = data
  const heading = (text: string): Block => ({ kind: 'heading', level: 1, text })
  const risky = data.mailboxes.filter(({ risks, failure }) => risks.length > 0 || failure !== null)
  const blocks: Block[] = [
    verdict(data, options, format),
    ...(data.stopped ? [{ kind: 'verdict', tone: 'warning', text: says.stopped } as const] : []),
    {
      kind: 'figures',
      figures: [
        { label: words.mailboxes, value: format.number(totals.mailboxes), tone: totals.unread > 0 ? 'warning' : 'plain' },
        { label: words.folders, value: format.number(totals.folders), tone: 'plain' },
        { label: words.messages, value: format.number(totals.messages), tone: 'plain' },
        { label: words.size, value: format.bytes(totals.bytes), tone: 'plain' },
        { label: says.oversize, value: format.number(totals.oversize), tone: totals.oversize > 0 ? 'warning' : 'plain' },
        { label: says.doubles, value: format.number(totals.doubles), tone: 'plain' },
        { label: says['odd-dates'], value: format.number(totals.oddDates), tone: 'plain' },
        ...(forecast === null
          ? []
          : [{ label: says['all-mail'], value: format.duration(forecast.totalMs.median), tone: 'plain' as const }]),
        { label: says.price, value: format.money(data.price.total, data.price.currency), tone: 'plain' },
      ],
    },
    heading(says.findings),
    findings(data, options),
    ...server(data, options),
    heading(says.mailboxes),
    biggest(data, format),
    mailboxTable(data, options),
    ...(risky.length === 0 ? [] : [heading(says.risks), riskTable(risky, options)]),
    heading(says.troubles),
    { kind: 'text', text: reading(data, says, format) },
    troubleTable(data, options),
    heading(says.renamed),
    folderTable(data, options),
    ...(forecast === null
      ? []
      : [heading(says['forecast-head']), { kind: 'text', text: says['forecast-text'] } as const, duration(forecast, options)]),
    heading(says.domains),
    domainTable(data, options),
    ...tenant(data, options, format),
    heading(says.left),
    { kind: 'text', text: says['left-text'] },
    leftTable(data, options),
    heading(says.price),
    priceTable(data, options),
    ...(language === 'en' ? [] : [{ kind: 'text', text: words.system } as const]),
  ]
  return { ...options, title: says.title, subtitle: says.subtitle, wide: true, blocks }
}

function verdict({ findings: all }: Assessment, { language }: ReportOptions, format: Format): Block {
  const says = ANALYSIS[language]
  const [block, warn] = (['block', 'warn'] as const).map((wanted) => all.filter(({ rank }) => rank === wanted).length)
  if ((block ?? 0) > 0) return { kind: 'verdict', tone: 'bad', text: filled(says.blocked, format, { block: block ?? 0 }) }
  if ((warn ?? 0) > 0) return { kind: 'verdict', tone: 'warning', text: filled(says.warned, format, { warn: warn ?? 0 }) }
  return { kind: 'verdict', tone: 'good', text: says.clear }
}

function findings({ findings: all, troubles }: Assessment, { language, timeZone }: ReportOptions): ReportTable {
  const [says, words, format] = [ANALYSIS[language], WORDS[language], formatOf(language, timeZone)]
  return {
    kind: 'table',
    name: 'findings',
    columns: [
      { label: says.about, width: 2.2, align: 'left' },
      { label: words.state, width: 1.4, align: 'left' },
      { label: words.what, width: 4.5, align: 'left' },
      { label: words['what-to-do'], width: 4, align: 'left' },
    ],
    rows: all.map((one) => {
      const { rank, help } = one
      const own = findingTold(one, troubles, format)
      return {
        tone: rank === 'block' ? 'bad' : rank === 'warn' ? 'warning' : 'plain',
        cells: [own.about, says[rank], own.says, help],
      }
    }),
    empty: says['no-findings'],
  }
}

function server({ server: found }: Assessment, { language }: ReportOptions): readonly Block[] {
  if (found === null) return []
  const [says, words] = [ANALYSIS[language], WORDS[language]]
  const software = found.version === null ? found.title : `${found.title} ${found.version}`
  const notes = [...found.warnings, ...found.limits, ...found.advice, ...found.tell]
  return [
    { kind: 'heading', level: 1, text: says.server },
    {
      kind: 'pairs',
      pairs: [
        { label: says.software, value: software },
        { label: says.host, value: found.host },
        { label: says.encryption, value: found.tls ?? words.no },
      ],
    },
    ...(notes.length === 0 ? [] : [{ kind: 'list', items: notes } as const]),
  ]
}

function biggest({ mailboxes }: Assessment, format: Format): Block {
  const sorted = mailboxes.toSorted((a, b) => b.bytes - a.bytes).slice(0, MOST_BARS)
  const most = Math.max(1, sorted[0]?.bytes ?? 1)
  const bars = sorted.map(({ name, bytes, risks }) => ({
    label: name,
    value: format.bytes(bytes),
    share: bytes / most,
    tone: risks.length > 0 ? ('warning' as const) : ('plain' as const),
  }))
  return { kind: 'bars', bars }
}

function mailboxTable({ mailboxes }: Assessment, { language }: ReportOptions): ReportTable {
  const [says, words] = [ANALYSIS[language], WORDS[language]]
  const odd = ({ dates }: AssessedMailbox): number => dates.missing + dates.inFuture + dates.tooOld
  return {
    kind: 'table',
    name: 'mailboxes',
    columns: [
      { label: words.mailbox, width: 3, align: 'left' },
      { label: words.folders, width: 1, align: 'right' },
      { label: words.messages, width: 1.2, align: 'right' },
      { label: words.size, width: 1.2, align: 'right' },
      { label: says['biggest-message'], width: 1.3, align: 'right' },
      { label: says.oversize, width: 1.1, align: 'right' },
      { label: says.doubles, width: 1.1, align: 'right' },
      { label: says['odd-dates'], width: 1.2, align: 'right' },
      { label: says.forecast, width: 1.8, align: 'right' },
    ],
    rows: mailboxes.map((one) => ({
      tone: one.failure !== null ? 'bad' : one.risks.length > 0 ? 'warning' : 'plain',
      cells: [
        one.name,
        one.folders.length,
        one.messages,
        { bytes: one.bytes },
        one.biggest[0] === undefined ? null : { bytes: one.biggest[0].bytes },
        one.oversize.messages,
        one.doubles.messages,
        odd(one),
        one.forecastMs === null ? null : { milliseconds: one.forecastMs.median },
      ],
    })),
    empty: says['no-findings'],
  }
}

function riskTable(risky: readonly AssessedMailbox[], { language }: ReportOptions): ReportTable {
  const [says, words] = [ANALYSIS[language], WORDS[language]]
  return {
    kind: 'table',
    name: 'high-risk',
    columns: [
      { label: words.mailbox, width: 3, align: 'left' },
      { label: words.size, width: 1.2, align: 'right' },
      { label: says.why, width: 7, align: 'left' },
    ],
    rows: risky.map(({ name, bytes, risks, failure }) => ({
      tone: failure === null ? 'warning' : 'bad',
      cells: [name, { bytes }, [...(failure === null ? [] : [failure.message, failure.help]), ...risks].join(' ')],
    })),
    empty: says['no-findings'],
  }
}

function reading({ reading: how }: Assessment, says: (typeof ANALYSIS)['en'], format: Format): string {
  if (how.how !== 'sample') return says[`reading-${how.how}`]
  return filled(says['reading-sample'], format, { share: format.percent(how.share), confidence: format.percent(how.confidence) })
}

function duration(forecast: NonNullable<Assessment['forecast']>, { language, timeZone }: ReportOptions): Block {
  const [says, format] = [ANALYSIS[language], formatOf(language, timeZone)]
  const both = ({ median, p90 }: { median: number; p90: number }): string =>
    `${says.usual}: ${format.duration(median)}; ${says.worst}: ${format.duration(p90)}`
  return {
    kind: 'pairs',
    pairs: [
      { label: says['all-mail'], value: both(forecast.totalMs) },
      { label: says.delta, value: both(forecast.deltaMs) },
      { label: says.limited, value: says[forecast.limitedBy] },
      ...(forecast.longest === null
        ? []
        : [{ label: says.longest, value: `${forecast.longest.name}, ${format.duration(forecast.longest.ms)}` }]),
    ],
  }
}

function tenant(data: Assessment, options: ReportOptions, format: Format): readonly Block[] {
  const says = ANALYSIS[options.language]
  const { tenant: found, licences } = data
  const blocks: Block[] = []
  if (found !== null) {
    blocks.push({ kind: 'heading', level: 1, text: says.tenant }, tenantTable(found, options))
    if (found.changes !== null) blocks.push({ kind: 'text', text: filled(says.changes, format, { changes: found.changes }) })
  }
  if (licences !== null) blocks.push({ kind: 'heading', level: 1, text: says.licences }, licenceTable(licences, options))
  return blocks
}
