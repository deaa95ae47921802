import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sealing } from './sealing.ts'

test('what was sealed is opened with the same key, also by another process, and cannot be read before', () => {
  const sealed = sealing('a key').seal('pässword', 'anna')
  assert.equal(sealing('a key').open(sealed, 'anna'), 'pässword')
  assert.equal(JSON.stringify(sealed).includes('ssword'), false)
  assert.equal(Buffer.from(sealed.sealed, 'base64').includes('ssword'), false)
})

test('another key, another subject or a touched byte opens nothing', () => {
  const sealed = sealing('a key').seal('password', 'anna')
  assert.equal(sealing('b key').open(sealed, 'anna'), null)
  assert.equal(sealing('a key').open(sealed, 'ben'), null)
  const touched = Buffer.from(sealed.sealed, 'base64')
  touched[0] = (touched[0] ?? 0) ^ 1
  assert.equal(sealing('a key').open({ ...sealed, sealed: touched.toString('base64') }, 'anna'), null)
  assert.equal(sealing('a key').open({ ...sealed, tag: 'AAAA' }, 'anna'), null)
})

test('two sealed texts of one key share no nonce', () => {
  const box = sealing('a key')
  const all = Array.from({ length: 100 }, () => box.seal('same', 'same'))
  assert.equal(new Set(all.map(({ nonce }) => nonce)).size, 100)
  assert.equal(new Set(all.map(({ sealed }) => sealed)).size, 100)
})
