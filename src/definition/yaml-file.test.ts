import assert from 'node:assert/strict'
import { test } from 'node:test'
import { yamlFile } from './yaml-file.ts'

const says = (text: string | Buffer): readonly string[] =>
  yamlFile(Buffer.from(text)).problems.map((problem) => `${problem.line}:${problem.column} ${problem.says}`)

const WRONG: readonly (readonly [string, string | Buffer, string])[] = [
  ['a key twice', 'a: 1\nb: 2\na: 3\n', '3:1 this key stands here twice'],
  ['a tab', 'a:\n\tb: 1\n', '2:1 a tab stands before it: indent with blanks'],
  ['a wrong indent', 'a:\n  b: 1\n c: 2\n', '3:1 it does not begin in the column of what it belongs to, or a bracket is not closed'],
  ['an open bracket', 'a: {b: 1\n', '2:1 it does not begin in the column of what it belongs to, or a bracket is not closed'],
  ['an open quote', 'a: "hunter2\n', '2:1 something is missing here or above: a closing quote or bracket, or the colon after a key'],
  ['a colon in a value', 'a: hunter2: b\n', '1:4 a value that holds ": " stands in quotes, and a key stands on one line'],
  ['a reserved sign', 'a: @hunter2\n', '1:4 a value that begins with @, ` or % stands in quotes'],
  ['two documents', 'a: 1\n---\nb: 2\n', '2:1 a second document begins here (---): there is one'],
  ['a tag', 'a: !hunter2 x\n', '1:4 tags (!) are not used here: a value that begins with ! stands in quotes'],
  ['a bad escape', 'a: "\\hunter2"\n', '1:5 in double quotes \\ begins an escape: use single quotes'],
  ['an anchor', 'a: &x 1\n', '1:7 anchors and aliases (& and *) are not used here: write the value out'],
  ['an alias', 'a: &x [1]\nb: *x\n', '2:4 anchors and aliases (& and *) are not used here: write the value out'],
  ['two values', '- hunter2\nb: 1\n', '2:1 this is not YAML: look at the blanks before it, at colons, quotes and brackets'],
  ['bytes that are no UTF-8', Buffer.from('a: \xfc', 'latin1'), '1:1 the file is not UTF-8: save it again with this encoding'],
  ['UTF-16', Buffer.from('\uFEFFa: 1', 'utf16le'), '1:1 the file is not UTF-8: save it again with this encoding'],
  ['a huge file', 'a'.repeat(2 ** 22 + 1), '1:1 the file is larger than 4 MB: mailboxes belong into the list of mailboxes'],
  ['brackets without end', '['.repeat(500_000), '1:1 more than 40 brackets or dashes stand within each other'],
  ['dashes without end', '- '.repeat(200_000), '1:1 more than 40 brackets or dashes stand within each other'],
  ['question marks without end', '? '.repeat(200_000), '1:1 more than 40 brackets or dashes stand within each other'],
]

test('what is wrong with the YAML is told with line and column, and never in words of the file', () => {
  for (const [name, text, expected] of WRONG) {
    const [first = '', ...more] = says(text)
    assert.ok([first, ...more].includes(expected), `${name}: ${[first, ...more].join(' | ')}`)
    assert.doesNotMatch([first, ...more].join(), /hunter2/, name)
  }
})

test('aliases of aliases are not followed', () => {
  const levels = Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]`)
  const { problems, value } = yamlFile(Buffer.from(`a0: &a0 x\n${levels.join('\n')}\n`))
  assert.equal(value, undefined)
  assert.equal(problems.length, 31)
})

test('every value, key and missing thing has its place', () => {
  const file = yamlFile(Buffer.from('\uFEFFa:\n  b: [x, yy]\n  c:\nlist:\n  - n: 1\n  - n: 2\n'))
  assert.deepEqual(file.problems, [])
  const places: readonly (readonly [string, readonly (string | number)[], 'key' | undefined])[] = [
    ['2:6', ['a', 'b'], undefined],
    ['2:3', ['a', 'b'], 'key'],
    ['2:10', ['a', 'b', 1], undefined],
    ['3:3', ['a', 'c'], undefined],
    ['2:3', ['a', 'gone'], 'key'],
    ['5:8', ['list', 0, 'n'], undefined],
    ['6:5', ['list', 1], undefined],
    ['1:1', ['gone', 'deep'], undefined],
  ]
  for (const [expected, path, key] of places) {
    const { line, column } = file.at(path, key)
    assert.equal(`${line}:${column}`, expected, path.join('.'))
  }
})

test('the words of YAML 1.1 are texts, so that Norway stays a country', () => {
  assert.deepEqual(yamlFile(Buffer.from('a: NO\nb: off\nc: 010\nd: true\ne: ~\n')).value, { a: 'NO', b: 'off', c: 10, d: true, e: null })
})
