import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { documentCsv } from '../../src/report/document-csv.ts'
import { documentHtml } from '../../src/report/document-html.ts'
import { LANGUAGES } from '../../src/report/document.ts'
import { allReports } from './all-reports.ts'

const PLACE = join(import.meta.dirname, '..', 'golden', 'reports')

/** CUTOVER_GOLDEN=write writes them anew: look at the difference before it is committed. */
function sameAs(file: string, text: string): void {
  const path = join(PLACE, file)
  if (process.env['CUTOVER_GOLDEN'] === 'write') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  assert.equal(text, readFileSync(path, 'utf8'), `${file} is not as it was; CUTOVER_GOLDEN=write writes it anew`)
}

/** The style is the same for all of them, and says nothing. */
function bodyOf(html: string): string {
  return html.slice(html.indexOf('<body>'))
}

for (const language of LANGUAGES) {
  test(`every report of the made-up project reads in ${language} as it was written`, () => {
    for (const [name, document] of Object.entries(allReports(language))) sameAs(`${language}/${name}.html`, bodyOf(documentHtml(document)))
  })
}

test('the tables of the reports are the same files as before', () => {
  for (const [report, document] of Object.entries(allReports('en')))
    for (const { name, chunks } of documentCsv(document)) sameAs(`csv/${report}-${name}.csv`, [...chunks()].join(''))
})

test('the same report is the same page twice', () => {
  const [first, second] = [allReports('ru'), allReports('ru')]
  for (const [name, document] of Object.entries(first)) {
    const again = second[name]
    assert.ok(again !== undefined)
    assert.equal(documentHtml(document), documentHtml(again))
  }
})

test('a report says in every language as much as in English, and no phrase is left with a brace', () => {
  const english = allReports('en')
  for (const language of LANGUAGES)
    for (const [name, document] of Object.entries(allReports(language))) {
      const kinds = document.blocks.filter(({ kind }) => kind !== 'text').map(({ kind }) => kind)
      const expected = english[name]?.blocks.filter(({ kind }) => kind !== 'text').map(({ kind }) => kind)
      assert.deepEqual(kinds, expected, `${name} in ${language}`)
      assert.doesNotMatch(bodyOf(documentHtml(document)), /\{[\w-]+[:}]/, `${name} in ${language}`)
    }
})

test('nobody finds a code in the first column of a table', () => {
  for (const [name, { blocks }] of Object.entries(allReports('en')))
    for (const block of blocks)
      if (block.kind === 'table')
        for (const { cells } of block.rows)
          assert.doesNotMatch(JSON.stringify(cells[0]), /^"[a-z]+(?:-[a-z]+)+"$/, `${name}, ${block.name}`)
})
