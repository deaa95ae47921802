import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { original } from '../lib/csv-cell.ts'
import { Failure } from '../model/failure.ts'
import { csv } from './csv.ts'
import { ERROR_COLUMNS, errorCsv, writeErrorCsv } from './error-report.ts'
import type { ErrorReportRow } from './error-report.ts'

const ROW: ErrorReportRow = {
  mailbox: 'anna@example.org',
  folder: 'Projects/2019',
  uid: 17,
  date: '2019-05-01T08:00:00Z',
  sizeBytes: 160_000_000,
  subject: 'Plans, "final"\nversion',
  from: 'Änne <anne@example.org>',
  state: 'skipped',
  reason: 'message-too-large',
  help: 'Export it.',
  serverText: null,
  attempts: 2,
  repairs: ['wrap-lines', 'drop-nul'],
}

const read = (text: string): string[][] => parse(text, { bom: true, record_delimiter: '\r\n' })

test('a row of the report comes back from a CSV reader as it went in', () => {
  const [header, row] = read([...errorCsv([ROW])].join(''))
  assert.deepEqual(header, [...ERROR_COLUMNS])
  assert.deepEqual(row, [
    'anna@example.org',
    'Projects/2019',
    '17',
    '2019-05-01T08:00:00Z',
    '160000000',
    'Plans, "final"\nversion',
    'Änne <anne@example.org>',
    'skipped',
    'message-too-large',
    'Export it.',
    '',
    '2',
    'wrap-lines drop-nul',
    '',
  ])
})

test('text that a spreadsheet would run as a formula is made text', () => {
  for (const text of [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\tx',
    '\r=1',
    ' =1',
    '\u200b=1',
    '＝1',
    '=HYPERLINK("http://example.org","x")',
  ]) {
    const [, row] = read([...csv(['a'], [[text]])].join(''))
    assert.equal(row?.[0], `'${text}`)
  }
  assert.deepEqual(read([...csv(['a', 'b'], [['a=b', 7]])].join(''))[1], ['a=b', '7'])
})

test('whatever a field holds, it stays one field of one row', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string()), { minLength: 1 }), (rows) => {
      const back = read([...csv(['a', 'b'], rows)].join('')).slice(1)
      assert.equal(back.length, rows.length)
      for (const [at, row] of rows.entries())
        for (const [column, text] of row.entries()) assert.equal(original(back[at]?.[column] ?? ''), text.replaceAll('\0', '\uFFFD'))
    }),
  )
})

test('a report is written whole or not at all', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'error-report-'))
  try {
    await writeErrorCsv(join(directory, 'errors.csv'), [ROW, ROW])
    assert.equal(read(await readFile(join(directory, 'errors.csv'), 'utf8')).length, 3)
    const breaking = function* (): Generator<ErrorReportRow> {
      yield ROW
      throw new Failure('state-damaged', 'broken')
    }
    await assert.rejects(writeErrorCsv(join(directory, 'half.csv'), breaking()), /broken/)
    assert.deepEqual(await readdir(directory), ['errors.csv'])
  } finally {
    await rm(directory, { recursive: true })
  }
})
