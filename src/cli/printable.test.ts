import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cut, padded, printable, printableJson, widthOf, wrapped } from './printable.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 120 })
// oxlint-disable-next-line no-misleading-character-class
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/

test('escape sequences, line ends and text that turns direction are written out', () => {
  assert.equal(printable('a\u001b[2Jb'), String.raw`a\x1b[2Jb`)
  assert.equal(printable('a\r\n\tb\u0000'), String.raw`a\r\n\tb\x00`)
  assert.equal(printable('fdp.\u202etxt\u009b'), String.raw`fdp.\u202etxt\x9b`)
  assert.equal(printable('Entwürfe 下書き'), 'Entwürfe 下書き')
})

test('whatever comes in, nothing harmful comes out', () => {
  fc.assert(fc.property(anyText, (text) => !HARMFUL.test(printable(text)) && printable(text).isWellFormed()))
})

test('JSON is one harmless line and means the same', () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, anyText), (value) => {
      const json = printableJson(value)
      assert.ok(!HARMFUL.test(json))
      assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('width counts columns: wide characters and emoji two, marks none', () => {
  assert.equal(widthOf('abc'), 3)
  assert.equal(widthOf('下書き'), 6)
  assert.equal(widthOf('e\u0301'), 1)
  assert.equal(widthOf('📧'), 2)
})

test('cut text never exceeds its columns, and short text stays whole', () => {
  assert.equal(cut('Archive/2024/Projects', 12), 'Archive/2...')
  assert.equal(cut('下書き下書き', 8), '下書...')
  fc.assert(fc.property(anyText, fc.nat(60), (text, columns) => widthOf(cut(printable(text), columns)) <= columns))
})

test('wrapped lines keep within the columns, and lose nothing but blanks', () => {
  assert.deepEqual(wrapped('one two three four', 12, '  '), ['  one two', '  three four'])
  fc.assert(
    fc.property(anyText, (text) => {
      const safe = printable(text)
      const lines = wrapped(safe, 20, '  ')
      assert.ok(lines.every((line) => widthOf(line) <= 20))
      assert.equal(
        lines
          .map((line) => line.slice(2))
          .join('')
          .replaceAll(' ', ''),
        safe.replaceAll(' ', ''),
      )
    }),
  )
})

test('padding fills columns, not characters', () => {
  assert.equal(padded('下', 4, 'left'), '下  ')
  assert.equal(padded('12', 4, 'right'), '  12')
})
