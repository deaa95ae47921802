import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { optionsIn } from '../../test/report/made-up-project.ts'
import { documentCsv } from './document-csv.ts'
import { documentHtml } from './document-html.ts'
import { LANGUAGES } from './document.ts'
import type { Block, ReportDocument, ReportTable } from './document.ts'
import { formatOf } from './format.ts'
import { filled } from './phrase.ts'

const HOSTILE = `</style><script>alert(1)</script>"';}*{x:url(http://example.test)}\u202E\u0000`

function report(blocks: readonly Block[], more: Partial<ReportDocument> = {}): ReportDocument {
  return { ...optionsIn('en'), title: 'A report', subtitle: null, wide: false, blocks, ...more }
}

const TABLE: ReportTable = {
  kind: 'table',
  name: 'rows',
  columns: ['Name', 'Size', 'When', 'Day', 'Took', 'Price', 'Count'].map((label) => ({ label, width: 1, align: 'left' })),
  rows: [
    {
      tone: 'bad',
      cells: [
        '=1+1',
        { bytes: 1536 },
        { instant: Date.parse('2027-03-05T23:30:00Z') },
        { day: Date.parse('2027-03-05T23:30:00Z') },
        { milliseconds: 90_000 },
        { money: -12.5, currency: 'EUR' },
        1234567,
      ],
    },
    { tone: 'plain', cells: [HOSTILE, null, { instant: NaN }, null, null, null, 0] },
  ],
  empty: 'none',
}

test('a page loads nothing, runs nothing, and whatever a name holds stays text', () => {
  const names: Block[] = [
    { kind: 'heading', level: 1, text: HOSTILE },
    { kind: 'verdict', tone: 'good', text: HOSTILE },
    { kind: 'list', items: [HOSTILE] },
    { kind: 'figures', figures: [{ label: HOSTILE, value: HOSTILE, tone: 'plain' }] },
    { kind: 'bars', bars: [{ label: HOSTILE, value: HOSTILE, share: 7, tone: 'plain' }] },
    { kind: 'pairs', pairs: [{ label: HOSTILE, value: HOSTILE }] },
    { kind: 'timeline', entries: [{ at: NaN, says: HOSTILE, tone: 'plain' }] },
    { kind: 'signatures', lines: [{ role: HOSTILE, name: HOSTILE }] },
    TABLE,
  ]
  const html = documentHtml(report(names, { title: HOSTILE, subtitle: HOSTILE, customer: HOSTILE }))
  const tags = new Set([...html.matchAll(/<([a-z][a-z0-9]*)/g)].map(([, name]) => name))
  for (const bad of ['script', 'link', 'iframe', 'a', 'form']) assert.ok(!tags.has(bad), bad)
  assert.equal(html.match(/<\/style>/g)?.length, 1)
  assert.doesNotMatch(html, /\u202E|\u0000|<[^>]* (?:style|on\w+)=/)
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
  assert.doesNotMatch(style, /url\(|@import/)
  const digest = createHash('sha256').update(style).digest('base64')
  assert.ok(html.includes(`default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;; img-src data:`))
})

test('numbers in CSV are raw, days are those of the project, and no cell is a formula', () => {
  const [file] = documentCsv(report([TABLE]))
  const rows: string[][] = parse([...(file?.chunks() ?? [])].join(''), { bom: true, record_delimiter: '\r\n' })
  assert.equal(file?.name, 'rows')
  assert.deepEqual(rows[0], ['Name', 'Size (bytes)', 'When', 'Day', 'Took (ms)', 'Price (EUR)', 'Count'])
  assert.deepEqual(rows[1], ["'=1+1", '1536', '2027-03-05T23:30:00.000Z', '2027-03-06', '90000', '-12.5', '1234567'])
  assert.deepEqual(rows[2]?.slice(1), ['', '', '', '', '', '0'])
})

test('two tables of one name do not take the same file, and an empty one has its head', () => {
  const files = documentCsv(report([TABLE, { ...TABLE, rows: [] }]))
  assert.deepEqual(
    files.map(({ name }) => name),
    ['rows', 'rows-2'],
  )
  assert.match([...(files[1]?.chunks() ?? [])].join(''), /^\uFEFFName,Size,When/)
})

test('figures read as each language writes them, in the time of the project', () => {
  const at = Date.parse('2027-03-28T00:59:00Z')
  const told = LANGUAGES.map((language) => {
    const format = formatOf(language, 'Europe/Berlin')
    return [format.number(1234567.891), format.bytes(1_610_612_736), format.instant(at), format.money(1234.5, 'EUR')].map((text) =>
      text.replaceAll(/\s/g, ' '),
    )
  })
  assert.deepEqual(told, [
    ['1,234,567.89', '1.5 GB', '28 Mar 2027, 01:59', '€1,234.50'],
    ['1.234.567,89', '1,5 GB', '28. März 2027, 01:59', '1.234,50 €'],
    ['1 234 567,89', '1,5 Go', '28 mars 2027, 01:59', '1 234,50 €'],
    ['1.234.567,89', '1,5 GB', '28 mar 2027, 01:59', '1234,50 €'],
    ['1 234 567,89', '1,5 ГБ', '28 мар. 2027 г., 01:59', '1 234,50 €'],
  ])
})

test('an hour that the clock skipped or told twice is told as the clocks of the project had it', () => {
  const format = formatOf('en', 'Europe/Berlin')
  assert.equal(format.instant(Date.parse('2027-03-28T01:00:00Z')), '28 Mar 2027, 03:00')
  assert.equal(format.instant(Date.parse('2027-10-31T01:30:00Z')), '31 Oct 2027, 02:30')
})

test('durations have their two largest units, and none of sixty minutes', () => {
  const format = formatOf('en', 'UTC')
  const told = [0, 40, 1500, 59_600, 60_000, 3_599_000, 3_600_000, 7_199_999, 90_000_000, 86_399_999].map((ms) => format.duration(ms))
  assert.deepEqual(told, ['0 secs', '0.1 secs', '2 secs', '1 min', '1 min', '59 mins 59 secs', '1 hr', '2 hrs', '1 day 1 hr', '1 day'])
  assert.equal(format.bytes(1023 * 1024 + 1020), '1.0\u00A0MB')
})

test('a phrase takes its values as data, and counts as its language does', () => {
  const ru = formatOf('ru', 'UTC')
  const phrase = '{n:письмо|письма|писем}'
  assert.deepEqual(
    [1, 3, 5, 11, 21].map((n) => filled(phrase, ru, { n }).replaceAll('\u00A0', ' ')),
    ['1 письмо', '3 письма', '5 писем', '11 писем', '21 письмо'],
  )
  const en = formatOf('en', 'UTC')
  assert.equal(filled('{n:message|messages} of {who}', en, { n: 0, who: '{n} $& $1' }), '0\u00A0messages of {n} $& $1')
  assert.throws(() => filled('{missing}', en, {}))
})
