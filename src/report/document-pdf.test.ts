import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { allReports } from '../../test/report/all-reports.ts'
import { optionsIn } from '../../test/report/made-up-project.ts'
import { documentPdf } from './document-pdf.ts'
import type { Block, ReportDocument } from './document.ts'
import { PdfText } from './pdf-text.ts'

const NO_READER = spawnSync('pdftotext', ['-v']).error === undefined ? false : 'pdftotext (poppler-utils) is not on this machine'

function report(blocks: readonly Block[], more: Partial<ReportDocument> = {}): ReportDocument {
  return { ...optionsIn('en'), title: 'A report', subtitle: null, wide: false, blocks, ...more }
}

function textOf(pdf: Uint8Array): string {
  return execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' })
}

/** Without what a line break may have taken. */
function bare(text: string): string {
  return text.replaceAll(/[\s\u200B]+/g, '')
}

const table = (rows: readonly string[]): Block => ({
  kind: 'table',
  name: 'rows',
  columns: [
    { label: 'First column', width: 1, align: 'left' },
    { label: 'Second column', width: 1, align: 'right' },
  ],
  rows: rows.map((text) => ({ tone: 'plain', cells: [text, 'x'] })),
  empty: 'none',
})

test('the same report is the same PDF, byte by byte', async () => {
  const { closeout } = allReports('ru')
  assert.ok(closeout !== undefined)
  const [first, second] = [await documentPdf(closeout), await documentPdf(closeout)]
  assert.ok(Buffer.compare(first, second) === 0)
  assert.equal(Buffer.from(first.subarray(0, 5)).toString(), '%PDF-')
})

test('what stands in the report stands in the PDF, in Cyrillic too', { skip: NO_READER }, async () => {
  for (const language of ['ru', 'fr'] as const) {
    const { readiness } = allReports(language)
    assert.ok(readiness !== undefined)
    const found = bare(textOf(await documentPdf(readiness)))
    const shown = new PdfText()
    for (const block of readiness.blocks) {
      if (block.kind === 'heading' || block.kind === 'verdict') assert.ok(found.includes(bare(shown.line(block.text))), block.text)
      if (block.kind !== 'pairs') continue
      for (const { label, value } of block.pairs) assert.ok(found.includes(bare(shown.line(label + value))), label)
    }
  }
})

test(
  'each page has its number and, after the first, the name of customer and report; the head of a table is on each of its pages',
  { skip: NO_READER },
  async () => {
    const pages = textOf(await documentPdf(report([table(Array.from({ length: 120 }, (_, at) => `row ${at}`))])))
      .split('\f')
      .filter((page) => page.trim() !== '')
    assert.ok(pages.length > 2)
    for (const [at, page] of pages.entries()) {
      assert.match(page, new RegExp(`Page ${at + 1} of ${pages.length}`))
      assert.match(page, /First column/)
      assert.equal(page.includes('Example & Söhne <Ltd> · A report'), at > 0)
    }
  },
)

test(
  'no text breaks it: other scripts, long words, control characters, half of a pair; what cannot be shown is told',
  { skip: NO_READER },
  async () => {
    const hostile = [
      'שלום עולם',
      '你好，世界',
      'مرحبا',
      '🎉👩‍👩‍👧',
      'x'.repeat(20_000),
      '\u0000\u0007\u001B[2J',
      '\uD800',
      '\u202Egpj.exe',
      '',
      '{}{{',
      'a\nb\r\nc\tд',
    ]
    const text = textOf(
      await documentPdf(
        report([table(hostile), ...hostile.map((each): Block => ({ kind: 'text', text: each }))], { title: hostile.join(' ') }),
      ),
    )
    assert.match(text, /script that this PDF has no letters for/)
    assert.match(text, /x…/)
    assert.doesNotMatch(text, /\u202E|\u001B/)
    assert.doesNotMatch(textOf(await documentPdf(report([table(['Привет, Wörld €'])]))), /no letters for/)
  },
)

test('a table that nobody would leaf through ends with where the rest is', { skip: NO_READER }, async () => {
  const text = textOf(await documentPdf(report([table(Array.from({ length: 1003 }, (_, at) => `row ${at}`))])))
  assert.match(text, /And 3 more lines: the HTML and CSV files/)
  assert.match(text, /row 999\b/)
  assert.doesNotMatch(text, /row 1000\b/)
})

const svg = (inner: string): ReportDocument['logo'] => ({
  type: 'svg',
  bytes: new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">${inner}</svg>`),
})

test('a logo that is broken, or reaches for other files, is left out, and the report is made', async () => {
  const without = await documentPdf(report([], { logo: null }))
  for (const logo of [
    svg('<image href="/etc/passwd"/>'),
    svg('<rect fill="url(http://example.org/x)"/>'),
    svg('<use href="file:///etc/passwd"/>'),
    { type: 'png', bytes: new Uint8Array([1, 2, 3]) },
    { type: 'jpeg', bytes: new Uint8Array([0xff, 0xd8, 0xff]) },
  ] as const)
    assert.equal(Buffer.compare(await documentPdf(report([], { logo })), without), 0)
  assert.notEqual(Buffer.compare(await documentPdf(report([], { logo: svg('<rect width="5" height="5"/>') })), without), 0)
})

/** A PNG of one colour with transparency, 8 by 8. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAYAAADED76LAAAAEUlEQVR4nGNgWJB3Ai8eGQoAVcx1gRb5NMMAAAAASUVORK5CYII=', 'base64')

test('a PNG is drawn; one that is damaged anywhere does not stop a report', async () => {
  const without = await documentPdf(report([], { logo: null }))
  const drawn = await documentPdf(report([], { logo: { type: 'png', bytes: PNG } }))
  assert.notEqual(Buffer.compare(drawn, without), 0)
  for (let at = 8; at < PNG.length; at += 5) {
    const damaged = Buffer.from(PNG)
    damaged[at] = (damaged[at] ?? 0) ^ 0xff
    assert.ok((await documentPdf(report([], { logo: { type: 'png', bytes: damaged } }))).length > 1000, `byte ${at}`)
    assert.ok((await documentPdf(report([], { logo: { type: 'png', bytes: PNG.subarray(0, at) } }))).length > 1000, `cut at ${at}`)
  }
})
