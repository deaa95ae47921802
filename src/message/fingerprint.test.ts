import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { encodeWords } from './encoded-word.ts'
import { fingerprint } from './fingerprint.ts'

const print = (...lines: readonly string[]): { strict: string; loose: string; thin: boolean } => {
  const { strict, loose, thin } = fingerprint(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`))
  return { strict: strict.toString('hex'), loose: loose.toString('hex'), thin }
}

const ID = 'Message-ID: <1@example.org>'
const DATE = 'Date: Tue, 1 Jul 2025 09:30:00 +0200'
const FROM = 'From: Anna <anna@example.org>'
const SUBJECT = 'Subject: Grüße aus Köln'

test('it survives re-folding, re-encoding, another order, another zone and another display name', () => {
  const first = print(ID, DATE, FROM, SUBJECT)
  const same = print(
    'X-New: field',
    'SUBJECT:  =?utf-8?B?R3LDvMOfZQ==?=\r\n =?iso-8859-1?Q?_aus_K=F6ln?=',
    'from:\r\n\t"Anna, from work" <ANNA@example.org>',
    'Date: 1 Jul 2025 07:30:00 GMT',
    'Message-Id:\r\n <1@example.org>',
  )
  assert.deepEqual(same, first)
  assert.deepEqual([first.thin, first.strict.length], [false, 32])
})

test('each of the four values tells messages apart; without Message-ID only the loose hash stays', () => {
  const first = print(ID, DATE, FROM, SUBJECT)
  const others = [
    print('Message-ID: <2@example.org>', DATE, FROM, SUBJECT),
    print(ID, 'Date: Tue, 1 Jul 2025 09:30:01 +0200', FROM, SUBJECT),
    print(ID, DATE, 'From: bert@example.org', SUBJECT),
    print(ID, DATE, FROM, 'Subject: Gruß'),
    print(ID, DATE, FROM),
    print(DATE, FROM, SUBJECT),
  ]
  assert.equal(new Set([first, ...others].map((one) => one.strict)).size, 7)
  assert.equal(others[0]?.loose, first.loose)
  assert.equal(others[5]?.loose, first.loose)
  assert.equal(new Set([first, ...others.slice(1, 5)].map((one) => one.loose)).size, 5)
})

test('what stands behind the @ of a Message-ID does not matter, as Domino changes it with every access', () => {
  const first = print('Message-ID: <OF12.AB-ON80@notes.example.org>', DATE, FROM, SUBJECT)
  assert.deepEqual(print('Message-ID: <OF12.AB-ON80@LocalDomain>', DATE, FROM, SUBJECT), first)
  assert.deepEqual(print('Message-ID: <OF12.AB-ON80>', DATE, FROM, SUBJECT), first)
  assert.notDeepEqual(print('Message-ID: <OF13.AB-ON80@notes.example.org>', DATE, FROM, SUBJECT), first)
  assert.notDeepEqual(print('Message-ID: <@a.example.org>', FROM).strict, print('Message-ID: <@b.example.org>', FROM).strict)
})

test('values never run into their neighbours', () => {
  assert.notEqual(print('From: a', 'Subject: b').strict, print('From: ab').strict)
  assert.notEqual(print('From: a', 'Subject: b').strict, print('From: a b').strict)
})

test('a thin header is told by a sample of its body, however that is wrapped', () => {
  const header = Buffer.from(`${SUBJECT}\r\n\r\n`)
  assert.equal(fingerprint(header).thin, true)
  assert.equal(print(SUBJECT, FROM).thin, false)
  assert.equal(print(ID).thin, false)
  const a = fingerprint(header, Buffer.from('Hello, you\r\nthere'))
  assert.deepEqual(fingerprint(header, Buffer.from('Hello,\r\nYou there')), a)
  assert.notDeepEqual(fingerprint(header, Buffer.from('Hello, me')), a)
  assert.deepEqual(fingerprint(Buffer.from(`${ID}\r\n\r\n`), Buffer.from('x')), fingerprint(Buffer.from(`${ID}\r\n\r\n`)))
})

test('any subject has one fingerprint, encoded or raw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
      const subject = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()
      fc.pre(!subject.includes('=?') && subject !== '')
      assert.equal(print(ID, `Subject: ${encodeWords(subject)}`).strict, print(ID, `Subject: ${subject}`).strict)
    }),
  )
})
