import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { csvLine, inert, original } from './csv-cell.ts'
import { csvRows } from './csv-rows.ts'

test('a cell that a spreadsheet would run becomes text, and its reader gets the true value', () => {
  for (const text of ['=1+1', '+49 30 1', '-x', '@SUM(A1)', ' =1', '\u200b=1', '＝1', '\tx', "'=1", "''-1"]) {
    assert.match(inert(text), /^'/, text)
    assert.equal(original(inert(text)), text)
  }
  for (const text of ['anna', "'s Gravenhage", "O'Neill", '', '1-1', "'"]) assert.equal(inert(text), text)
})

test('whatever stands in the cells comes back from the file, for each separator', () => {
  const cell = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', "'", '=', ',', ';', '\t', ' ', '@', '-', 'a', '\n', 'ä') }))
  fc.assert(
    fc.property(fc.array(cell, { minLength: 2, maxLength: 5 }), fc.constantFrom(',', ';', '\t'), (cells, delimiter) => {
      const clean = cells.map((text) => text.toWellFormed().replaceAll('\0', '').replaceAll(/\r\n?/g, '\n'))
      fc.pre(clean.some((text) => text.trim() !== ''))
      const head = csvLine(
        clean.map((_, at) => `column${at}`),
        delimiter,
      )
      const { rows, problems } = csvRows(Buffer.from(`\uFEFF${head}\r\n${csvLine(clean.map(inert), delimiter)}\r\n`))
      assert.deepEqual(problems, [])
      assert.deepEqual(rows[1]?.fields.map(original), clean)
    }),
  )
})
