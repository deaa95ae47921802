import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { charsetReader, decodeCharset } from './charset.ts'

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')

function read(bytes: Buffer, size: number, label: string): string {
  const reader = charsetReader(label)
  const out: string[] = []
  for (let at = 0; at < bytes.length; at += size) out.push(reader.write(bytes.subarray(at, at + size)))
  return out.join('') + reader.end()
}

test('in text that is said to be UTF-8, each byte that is none is read as windows-1252, and its neighbours as what they are', () => {
  assert.equal(decodeCharset(latin('a\xe9bc \xc3\xa9 \xf0\x9f\x98\x80'), 'utf-8'), 'aébc é 😀')
  assert.equal(decodeCharset(latin('a\xe9'), 'utf-8'), 'aé', 'the beginning of a character at the end')
  assert.equal(decodeCharset(latin('\xe9\xe9\xc3\xa9\x80'), 'utf-8'), 'ééé€')
  assert.equal(decodeCharset(latin('\xc0\xaf\xf5\xdfb'), 'utf-8'), 'À¯õßb')
})

test('a character of any length may be cut anywhere, and the text is the same as in one piece', () => {
  const piece = fc.constantFrom(
    'a',
    'bc',
    '\xe9',
    '\xc3\xa9',
    '\xe2\x82\xac',
    '\xe2\x80\xa6',
    '\xef\xbc\x81',
    '\xf0\x9f\x98\x80',
    '\xf4\x8f\xbf\xbf',
    '\xc2\xa0',
    '\xdf\xbf',
    '\xe0\xa0\x80',
  )
  const damage = fc.constantFrom('\xf0\x9f', '\xe2', '\x80', '\xbf\xbf\xbf\xbf', '\xc0', '\xf5', '\xff')
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 4, arbitrary: piece }, damage), { maxLength: 20 }),
      fc.integer({ min: 1, max: 6 }),
      (parts, size) => {
        const bytes = latin(parts.join(''))
        assert.equal(read(bytes, size, 'utf-8'), decodeCharset(bytes, 'utf-8'))
      },
    ),
    { numRuns: 500 },
  )
})

test('what is complete is handed on at once, and only the beginning of a character waits', () => {
  for (const [given, now] of [
    ['a\xc3\xa9', 'aé'],
    ['a\xc3', 'a'],
    ['a\xe2\x82', 'a'],
    ['a\xf0\x9f\x98', 'a'],
    ['a\xe9', 'a'],
    ['\xf0\x9f\x98\x80', '😀'],
    ['\xbf\xbf\xbf\xbf', '¿¿¿¿'],
  ] as const)
    assert.equal(charsetReader('utf-8').write(latin(given)), now, JSON.stringify(given))
})

test('a charset that shifts between alphabets is read the same in pieces of any size', () => {
  const bytes = latin('a \x1b$BF|K\\\x1b(B b')
  for (let size = 1; size <= 5; size++) assert.equal(read(bytes, size, 'iso-2022-jp'), 'a 日本 b')
  assert.equal(decodeCharset(bytes, 'ISO-2022-JP'), 'a 日本 b')
  assert.equal(decodeCharset(latin('+AOk-'), 'utf-7'), 'é')
})

test('the last character of a charset of several bytes is not lost, and nobody knows more than the bytes where the label is unknown', () => {
  assert.equal(decodeCharset(Buffer.from('aé', 'utf16le'), 'utf-16le'), 'aé')
  assert.equal(decodeCharset(latin('\xc3\xa9'), 'x-nobody-knows'), 'é')
  assert.equal(decodeCharset(latin('\xe9'), 'x-nobody-knows'), 'é')
  assert.equal(read(latin('\xe9'), 1, 'utf8'), 'é')
})
