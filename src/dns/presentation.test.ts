import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Failure } from '../model/failure.ts'
import {
  absoluteName,
  fromPresentation,
  joinedStrings,
  relativeName,
  toPresentation,
  utf8Bytes,
  utf8Strings,
  utf8Text,
} from './presentation.ts'

const bytes = fc.uint8Array({ maxLength: 700 }).map((all) => Buffer.from(all).toString('latin1'))

for (const escapes of ['decimal', 'octal'] as const)
  test(`any bytes come back from quoted strings with ${escapes} escapes, which are plain characters and strings of at most 255 bytes`, () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const written = toPresentation('TXT', value, escapes)
        assert.match(written, /^[\u0020-\u007e]*$/)
        assert.equal(fromPresentation('TXT', written, escapes), value)
        for (const [string] of written.matchAll(/"(?:[^"\\]|\\\d{3}|\\.)*"/g)) assert.ok(joinedStrings(string, escapes).length <= 255)
      }),
    )
  })

test('texts are joined however a host writes them', () => {
  assert.equal(joinedStrings('"a" "b"'), 'ab')
  assert.equal(joinedStrings('"a""b"'), 'ab')
  assert.equal(joinedStrings('plain'), 'plain')
  assert.equal(joinedStrings('"a b" c'), 'a bc')
  assert.equal(joinedStrings('""'), '')
  assert.equal(joinedStrings(String.raw`"a\"b\\c\;d"`), String.raw`a"b\c;d`)
  assert.equal(joinedStrings(String.raw`"\195\188"`), joinedStrings('"ü"'))
  assert.equal(joinedStrings(String.raw`"\303\274"`, 'octal'), joinedStrings('"ü"'))
})

test('a text goes through JSON as characters, in strings of at most 255 bytes that cut none; what is no UTF-8 is refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      const held = utf8Bytes(text)
      assert.equal(utf8Text(held), text)
      const strings = utf8Strings(held)
      assert.equal(strings.join(''), text)
      for (const one of strings) assert.ok(Buffer.byteLength(one) <= 255)
    }),
  )
  assert.throws(
    () => utf8Text('\u00ff'),
    (error) => error instanceof Failure && error.code === 'record-refused' && error.notDone,
  )
})

test('names are told within the zone and back, and never beyond it', () => {
  for (const [name, relative] of [
    ['example.org', '@'],
    ['autodiscover.example.org', 'autodiscover'],
    ['s1._domainkey.example.org', 's1._domainkey'],
  ] as const) {
    assert.equal(relativeName(name, 'example.org'), relative)
    assert.equal(absoluteName(relative, 'example.org'), name)
  }
  assert.equal(absoluteName('Example.ORG.', 'example.org'), 'example.org')
  assert.equal(absoluteName('', 'example.org'), 'example.org')
  assert.throws(() => relativeName('badexample.org', 'example.org'), /not in the zone/)
})
