import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvRows, officeText } from './csv-rows.ts'

const table = (text: string): ReturnType<typeof csvRows> => csvRows(Buffer.from(text))
const fields = (text: string): readonly (readonly string[])[] => table(text).rows.map((row) => row.fields)
const wide = (text: string, order: 'le' | 'be'): Buffer => {
  const bytes = Buffer.from(text, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}

test('text is read as UTF-8, UTF-16 or Windows-1252, with and without a BOM, and the BOM is gone', () => {
  for (const text of ['Grüße, 日本', 'plain', 'ab']) {
    assert.equal(officeText(Buffer.from(text)), text)
    assert.equal(officeText(Buffer.from(`\ufeff${text}`)), text)
    assert.equal(officeText(wide(`\ufeff${text}`, 'le')), text)
    assert.equal(officeText(wide(`\ufeff${text}`, 'be')), text)
  }
  for (const text of ['plain', 'ab']) {
    assert.equal(officeText(wide(text, 'le')), text)
    assert.equal(officeText(wide(text, 'be')), text)
  }
  assert.equal(officeText(Buffer.from('Gr\xfc\xdfe \x80', 'latin1')), 'Grüße €')
})

test('a few bytes, or a single zero among them, do not make UTF-16', () => {
  for (const text of ['', 'a', 'abc', 'a\0', '\0a', 'a\0b', '\0a\0', 'a\0bcd', 'abc\0', '\0abc', 'ab\0c'])
    assert.equal(officeText(Buffer.from(text, 'latin1')), text, JSON.stringify(text))
  assert.equal(officeText(Buffer.from('\xffab', 'latin1')), 'ÿab')
  assert.equal(officeText(Buffer.from('a\xfe', 'latin1')), 'aþ')
  assert.equal(officeText(Buffer.from('\xfe\xfe\xff', 'latin1')), 'þþÿ')
  assert.equal(officeText(Buffer.from('\xff\xff\xfe', 'latin1')), 'ÿÿþ')
})

test('the separator is the one that the first line with something in it has most of, when in doubt a comma, then a tab', () => {
  assert.deepEqual(fields('a,b;c;d\n1;2;3\n'), [
    ['a,b', 'c', 'd'],
    ['1', '2', '3'],
  ])
  assert.deepEqual(fields('\n \na\tb,c\td\n'), [['a', 'b,c', 'd']])
  assert.deepEqual(fields('a,b;c\n'), [['a', 'b;c']])
  assert.deepEqual(fields('a\tb;c\n'), [['a', 'b;c']])
  assert.deepEqual(fields('a;b\n1,2,3;4\n'), [
    ['a', 'b'],
    ['1,2,3', '4'],
  ])
  assert.equal(table('single\n').delimiter, ',')
  assert.deepEqual(table('sep=;\na,b;c\n'), { rows: [{ line: 2, fields: ['a,b', 'c'] }], problems: [], delimiter: ';' })
})

test('fields are trimmed unless they are quoted, and lines without anything are left out', () => {
  assert.deepEqual(fields(' a , " b "\n\n , \n,\nc,d'), [
    ['a', ' b '],
    ['c', 'd'],
  ])
  assert.deepEqual(fields('a\t b \t\n'), [['a', 'b', '']])
})

test('each row knows the line it begins in, whatever the line ends and however many lines it spans', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const text = ['a,b', '', '"x', 'y",z', 'c,"d', '', 'e"', 'f,g'].join(end)
    assert.deepEqual(
      table(text).rows.map((row) => [row.line, row.fields]),
      [
        [1, ['a', 'b']],
        [3, ['x\ny', 'z']],
        [5, ['c', 'd\n\ne']],
        [8, ['f', 'g']],
      ],
    )
    assert.deepEqual(
      table(`sep=,${end}${text}`).rows.map((row) => row.line),
      [2, 4, 6, 9],
    )
  }
})

test('a broken quote is told with its line and kind and never with its text, and the other rows are read', () => {
  const inside = table('user,password\nanna,se"cret\nbea,good\n')
  assert.deepEqual(
    inside.rows.map((row) => row.fields[0]),
    ['user', 'bea'],
  )
  assert.deepEqual(
    inside.problems.map((problem) => [problem.line, /inside a field/.test(problem.says), problem.says.includes('se"cret')]),
    [[2, true, false]],
  )
  assert.deepEqual(
    table('sep=,\nuser,password\nanna,se"cret\n').problems.map((problem) => problem.line),
    [3],
  )
  const open = table('user,password\nanna,"secret\nbea,good\n')
  assert.deepEqual(
    open.problems.map((problem) => /not closed/.test(problem.says)),
    [true],
  )
})
