import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldLongFields, foldWords, setField } from './header-edit.ts'
import { rawValue, splitHeader, valueText } from './header-fields.ts'

const longest = (text: string): number => Math.max(...text.split('\r\n').map((line) => line.length))
const valueOf = (header: Buffer): string => splitHeader(header).map(rawValue).join('|')

test('a line folded for its length breaks only before blanks, so that its value stays the same', () => {
  for (const blank of [' ', '\t', '  ', ' \t']) {
    const before = Buffer.from(`X-Words: ${`word${blank}`.repeat(4000)}end\r\n\r\n`)
    const after = foldLongFields(before, 998)
    assert.equal(valueOf(after), valueOf(before))
    assert.ok(longest(after.toString()) <= 900)
    assert.ok(
      after
        .toString()
        .split('\r\n')
        .slice(1, -2)
        .every((line) => /^[ \t]+[^ \t]/.test(line)),
      'no line of blanks alone',
    )
  }
})

test('a line is folded from the limit on, and the lines beside it are left alone', () => {
  const field = (bytes: number): string => `X-A: short\r\n${` ${'y '.repeat(bytes)}`.slice(0, bytes)}\r\n z\r\n`
  const short = Buffer.from(`${field(997)}\r\n`)
  assert.equal(foldLongFields(short, 998), short)
  const folded = foldLongFields(Buffer.from(`${field(998)}\r\n`), 998).toString()
  assert.ok(folded.startsWith('X-A: short\r\n y y ') && folded.endsWith('\r\n z\r\n\r\n'))
  assert.ok(longest(folded) < 998)
})

test('where no blank is near, a fold is put in by force, and no line is ever of blanks alone', () => {
  for (const before of [`X-A:${'y'.repeat(3000)}`, `X-A:${'y'.repeat(796)}   ${'z'.repeat(2000)}`, `X-A: ${' '.repeat(3000)}z`]) {
    const after = foldLongFields(Buffer.from(`${before}\r\n\r\n`), 998).toString()
    assert.equal(after.replaceAll(/\s/g, ''), before.replaceAll(' ', ''))
    assert.ok(longest(after) <= 998)
    if (before.includes('y')) assert.ok(after.split('\r\n').every((line) => line === '' || line.trim() !== ''))
  }
})

test('only a Subject is encoded for its length, and only where it holds a word that cannot be folded', () => {
  const folded = (field: string): string => foldLongFields(Buffer.from(`${field}\r\n\r\n`), 998).toString()
  assert.ok(!folded(`Subject: ${'word '.repeat(400)}`).includes('=?'))
  assert.ok(!folded(`X-Solid: ${'y'.repeat(2000)}`).includes('=?'))
  assert.equal(valueText(valueOf(Buffer.from(folded(`Subject: a ${'y'.repeat(2000)}`)))), `a ${'y'.repeat(2000)}`)
})

test('words fill lines of 78 characters and no more, and the first one stays beside the name', () => {
  const word = (size: number): string => 'w'.repeat(size)
  assert.equal(foldWords('A:', [word(40), word(34)]), `A: ${word(40)} ${word(34)}\r\n`)
  assert.equal(foldWords('A:', [word(40), word(35)]), `A: ${word(40)}\r\n ${word(35)}\r\n`)
  assert.equal(foldWords('A:', [word(100), 'b']), `A: ${word(100)}\r\n b\r\n`)
  assert.equal(foldWords('A:', [word(75), word(38), word(38), word(1)]), `A: ${word(75)}\r\n ${word(38)} ${word(38)}\r\n ${word(1)}\r\n`)
})

test('a short word at the start of a line does not keep a long one beside it', () => {
  assert.equal(
    foldWords('References:', ['a'.repeat(66), 'b', 'c'.repeat(77)]),
    `References: ${'a'.repeat(66)}\r\n b\r\n ${'c'.repeat(77)}\r\n`,
  )
})

test('a field is set in the place of the first of its name, or behind the last field', () => {
  const set = (header: string): string => setField(Buffer.from(header), 'X-A', 'new').toString()
  assert.equal(set('x-a: 1\r\nB: 2\r\nX-A: 3\r\n\r\n'), 'X-A: new\r\nB: 2\r\n\r\n')
  assert.equal(set('B: 2\r\n\r\n'), 'B: 2\r\nX-A: new\r\n\r\n')
  assert.equal(set('B: 2'), 'B: 2\r\nX-A: new\r\n')
  assert.equal(set(''), 'X-A: new\r\n\r\n')
})
