import type { Content, TableCell } from 'pdfmake/interfaces.js'
import type { Block, ReportTable, Tone } from './document.ts'
import type { Format } from './format.ts'
import type { PdfText } from './pdf-text.ts'
import { filled } from './phrase.ts'
import { PRINTER } from './printer-phrases.ts'

export const INK = '#1f2933'
export const DARK = '#14365f'
export const GREY = '#52606d'
const RULE = '#d5dde6'
const TONES: Readonly<Record<Tone, string>> = { good: '#2f7d4f', warning: '#b7791f', bad: '#b3372a', plain: '#1d4e89' }
const GROUNDS: Readonly<Record<Tone, string>> = { good: '#eef7f1', warning: '#fdf6e7', bad: '#fcf0ee', plain: '#f5f7fa' }
/** Whoever wants more rows takes the CSV: nobody leafs through hundreds of pages. */
const MOST_ROWS = 1000
/** A list of so many lines is not torn apart. */
const MOST_TOGETHER = 14
const BARE = { hLineWidth: () => 0, vLineWidth: () => 0 }

/** How high at least a block, or its first part that is not torn apart, comes out, in points. */
export function leastHeight(block: Block): number {
  const lines =
    block.kind === 'pairs'
      ? block.pairs.length
      : block.kind === 'bars'
        ? block.bars.length
        : block.kind === 'timeline'
          ? block.entries.length
          : 0
  if (lines > 0) return lines > MOST_TOGETHER ? 40 : 18 * lines
  return block.kind === 'signatures' ? 55 * block.lines.length : 45
}

/** What a block is drawn on. */
export type Sheet = {
  readonly format: Format
  readonly text: PdfText
  /** Of the page without its margins, in points. */
  readonly width: number
  /** What a heading and what it heads need on one page. */
  readonly room: number
}

/** A block as pdfmake takes it. All columns have widths in points, so that no long word pushes a table off the sheet. */
export function pdfBlock(block: Block, sheet: Sheet): Content {
  const { format, text, width, room } = sheet
  switch (block.kind) {
    case 'heading':
      return block.level === 1
        ? {
            stack: [{ text: text.line(block.text), fontSize: 13, bold: true, color: DARK, margin: [0, 16, 0, 3] }, rule(width)],
            headlineLevel: room,
          }
        : { text: text.line(block.text), fontSize: 10.5, bold: true, color: DARK, margin: [0, 10, 0, 3], headlineLevel: room }
    case 'text':
      return { text: text.line(block.text, 4000), margin: [0, 2, 0, 5] }
    case 'verdict':
      return verdict(block.tone, text.line(block.text, 1000), width)
    case 'list':
      return { ul: block.items.map((item) => ({ text: text.line(item, 2000), margin: [0, 1, 0, 1] })), margin: [0, 2, 0, 6] }
    case 'figures':
      return { stack: inRows(block.figures, 5).map((row) => figures(row, sheet)), margin: [0, 5, 0, 5] }
    case 'pairs':
      return grid(
        [160, width - 160 - 16],
        block.pairs.map(({ label, value }) => [{ text: text.line(label), color: GREY }, { text: text.line(value, 1000) }]),
      )
    case 'bars':
      return bars(block.bars, sheet)
    case 'table':
      return table(block, sheet)
    case 'timeline':
      return grid(
        [118, width - 118 - 16],
        block.entries.map(({ at, says, tone }) => [
          { text: text.line(format.instant(at)), color: tone === 'plain' ? GREY : TONES[tone], bold: tone !== 'plain' },
          { text: text.line(says, 1000) },
        ]),
      )
    case 'signatures':
      return { stack: block.lines.map((line) => signature(line, sheet)), margin: [0, 6, 0, 0], unbreakable: true }
    case 'page-break':
  }
  return { text: '', pageBreak: 'after' }
}

function rule(width: number): Content {
  return { canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 0.7, lineColor: RULE }], margin: [0, 0, 0, 5] }
}

function verdict(tone: Tone, says: string, width: number): Content {
  const cell: TableCell = { text: says, bold: true, margin: [6, 4, 4, 4], fillColor: GROUNDS[tone] }
  return {
    table: { widths: [width - 8], body: [[cell]], dontBreakRows: true },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: (at) => (at === 0 ? 3 : 0),
      vLineColor: () => TONES[tone],
      paddingLeft: () => 2,
      paddingRight: () => 2,
    },
    margin: [0, 5, 0, 7],
  }
}

function inRows<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  const rows = Math.max(1, Math.ceil(all.length / most))
  const wide = Math.ceil(all.length / rows)
  return Array.from({ length: rows }, (_, at) => all.slice(at * wide, (at + 1) * wide)).filter((row) => row.length > 0)
}

function figures(row: readonly { readonly label: string; readonly value: string; readonly tone: Tone }[], { text, width }: Sheet): Content {
  const body: TableCell[] = row.map(({ label, value }) => ({
    stack: [
      { text: text.line(value, 60), fontSize: value.length > 18 ? 10 : 14, bold: true, color: INK },
      { text: text.line(label, 120), fontSize: 7.5, color: GREY },
    ],
    margin: [3, 3, 3, 3],
  }))
  return {
    table: { widths: row.map(() => width / row.length - 9), body: [body], dontBreakRows: true },
    layout: {
      hLineWidth: (at) => (at === 0 ? 2.5 : 0.7),
      hLineColor: (at, _, column) => (at === 0 ? TONES[row[column]?.tone ?? 'plain'] : RULE),
      vLineWidth: () => 0.7,
      vLineColor: () => RULE,
    },
    margin: [0, 0, 0, 5],
  }
}

function bars(all: readonly { label: string; value: string; share: number; tone: Tone }[], { text, width }: Sheet): Content {
  const [named, long] = [width * 0.38, width * 0.37]
  return grid(
    [named, long, width - named - long - 24],
    all.map(({ label, value, share, tone }) => [
      { text: text.line(label, 120) },
      {
        canvas: [
          { type: 'rect', x: 0, y: 2, w: long, h: 7, color: '#edf1f5' },
          { type: 'rect', x: 0, y: 2, w: Math.max(0.5, Math.min(1, Math.max(0, share)) * long), h: 7, color: TONES[tone] },
        ],
      },
      { text: text.line(value, 60), alignment: 'right' },
    ]),
  )
}

/** Rows with a thin line below each. pdfmake refuses a table without any. */
function grid(widths: number[], body: TableCell[][]): Content {
  if (body.length === 0) return ''
  const layout = {
    hLineWidth: (at: number) => (at === 0 ? 0 : 0.5),
    hLineColor: () => RULE,
    vLineWidth: () => 0,
    paddingTop: () => 2.5,
    paddingBottom: () => 2.5,
  }
  const drawn: Content = { table: { widths, body, dontBreakRows: true }, layout, fontSize: 8.5, margin: [0, 3, 0, 7] }
  return body.length > MOST_TOGETHER ? drawn : { stack: [drawn], unbreakable: true }
}

function table({ columns, rows, empty }: ReportTable, { format, text, width: all }: Sheet): Content {
  if (rows.length === 0) return { text: text.line(empty), color: GREY, margin: [0, 3, 0, 6] }
  const parts = columns.reduce((sum, { width }) => sum + width, 0)
  // Padding of 4 points stands on both sides of each cell.
  const widths = columns.map(({ width }) => (all * width) / parts - 8)
  const head: TableCell[] = columns.map(({ label, align }) => ({
    text: text.line(label, 80),
    bold: true,
    color: DARK,
    fillColor: '#e6edf5',
    alignment: align,
  }))
  const body = rows.slice(0, MOST_ROWS).map(({ cells, tone }) =>
    columns.map(({ align }, at): TableCell => {
      const shown: TableCell = { text: text.line(format.cell(cells[at] ?? null)), alignment: align }
      return tone !== 'plain' ? { ...shown, fillColor: GROUNDS[tone] } : shown
    }),
  )
  const layout = {
    hLineWidth: (at: number) => (at === 1 ? 1 : 0.5),
    hLineColor: () => RULE,
    vLineWidth: () => 0,
    paddingLeft: () => 4,
    paddingRight: () => 4,
    paddingTop: () => 2.2,
    paddingBottom: () => 2.2,
  }
  const drawn: Content = {
    table: { widths, headerRows: 1, keepWithHeaderRows: 1, dontBreakRows: true, body: [head, ...body] },
    layout,
    fontSize: columns.length > 6 ? 7 : 7.8,
    margin: [0, 3, 0, 7],
  }
  if (rows.length <= MOST_ROWS) return drawn
  const more = filled(PRINTER[format.language]['more-rows'], format, { count: rows.length - MOST_ROWS })
  return [drawn, { text: more, color: GREY, margin: [0, 0, 0, 6] }]
}

function signature({ role, name }: { role: string; name: string | null }, { format, text }: Sheet): Content {
  const says = PRINTER[format.language]
  const line = (label: string, filledIn: string): Content => ({
    stack: [
      { text: filledIn === '' ? ' ' : filledIn, margin: [0, 0, 0, 1] },
      { canvas: [{ type: 'line', x1: 0, y1: 0, x2: 155, y2: 0, lineWidth: 0.7, lineColor: INK }] },
      { text: label, fontSize: 7.5, color: GREY, margin: [0, 1, 0, 0] },
    ],
  })
  const cells: TableCell[] = [
    { text: text.line(role, 120), bold: true },
    line(says['name-and-date'], text.line(name ?? '', 60)),
    line(says.signature, ''),
  ]
  return { table: { widths: [160, 160, 160], body: [cells], dontBreakRows: true }, layout: BARE, margin: [0, 20, 0, 0] }
}
