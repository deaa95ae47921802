import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { decodeFolderName, encodeFolderName, folderNameFor } from './modified-utf7.ts'

test('names are written as RFC 3501 §5.1.3 says', () => {
  const pairs = [
    ['Entwürfe', 'Entw&APw-rfe'],
    ['日本語', '&ZeVnLIqe-'],
    ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
    ['Tom & Jerry', 'Tom &- Jerry'],
    ['😀', '&2D3eAA-'],
    ['a\tb', 'a&AAk-b'],
    ['INBOX', 'INBOX'],
  ] as const
  for (const [name, wire] of pairs) {
    assert.equal(encodeFolderName(name), wire)
    assert.equal(decodeFolderName(wire), name)
  }
})

test('what is encoded is decoded to the same name', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (name) => decodeFolderName(encodeFolderName(name)) === name))
})

test('decoding never throws, and gives back what it cannot read', () => {
  for (const raw of ['a&b', '&', '&A-', '&AAAA', 'x&!-', '&2D0-']) assert.equal(decodeFolderName(raw), raw)
  fc.assert(fc.property(fc.string(), (raw) => typeof decodeFolderName(raw) === 'string'))
})

test('a name in plain UTF-8 octets is read as that, in Latin-1 as it is', () => {
  assert.equal(decodeFolderName(Buffer.from('Entwürfe').toString('latin1')), 'Entwürfe')
  assert.equal(decodeFolderName('Entw\xfcrfe'), 'Entw\xfcrfe')
})

test('a standard slash inside the base64 and needless encoding are understood', () => {
  assert.equal(decodeFolderName('&U/BTFw-'), '台北')
  assert.equal(decodeFolderName('&AGE-'), 'a')
})

test('where UTF-8 is in force names go as UTF-8 octets', () => {
  assert.equal(folderNameFor({ state: { utf8Names: true } }, 'ü & b'), '\xc3\xbc & b')
  assert.equal(folderNameFor({ state: { utf8Names: false } }, 'ü & b'), '&APw- &- b')
})
