import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DestinationLimits } from '../destination/port.ts'
import { exchangeLimits, plainLimits } from '../destination/limits.ts'
import { readHeader } from '../message/header.ts'
import { inspect } from '../message/inspect.ts'
import { flagsFor } from './carried-flags.ts'
import { identify, outgoing, type Outgoing } from './outgoing.ts'

const PLAIN = plainLimits('/', true, null)
const EXCHANGE = exchangeLimits(36_000_000)
const ALL = ['\\Seen', '\\FLAGGED', '\\Deleted', '\\Recent', 'Work', '$Forwarded']
const BYTES = Buffer.from('Message-ID: <a@example.test>\r\nSubject: a\r\n\r\nText\r\n')

function made(limits: DestinationLimits, flags: readonly string[], internalDate = '05-Mar-2026 07:08:09 +0100', complete = true): Outgoing {
  const inspection = inspect([BYTES], { longLineBytes: null })
  const source = { inspection, fingerprint: identify(inspection), header: readHeader(inspection.header), complete }
  const sent = { bytes: BYTES.length, body: [BYTES], repairs: ['nul'], sha256: null, fingerprint: null }
  const row = { uid: 7, sizeBytes: 1, internalDate, flags }
  return outgoing({ id: 3, uidValidity: '9' }, row, source, sent, limits, false, Date.UTC(2026, 10, 22))
}

test('a plain server gets all flags but those of a session and of deletion', () => {
  assert.deepEqual(flagsFor(ALL, PLAIN, false), { append: ['$Forwarded', 'Work', '\\Flagged', '\\Seen'], store: [], dropped: [] })
  assert.ok(flagsFor(ALL, PLAIN, true).append.includes('\\Deleted'))
})

test('Exchange gets no keywords, which are told, and the star once more by STORE', () => {
  assert.deepEqual(flagsFor(ALL, EXCHANGE, false), {
    append: ['\\Flagged', '\\Seen'],
    store: ['\\Flagged'],
    dropped: ['$Forwarded', 'Work'],
  })
})

test('flags that a STORE is still to set do not count as carried yet', () => {
  const one = made(EXCHANGE, ['\\Seen', '\\Flagged'])
  assert.equal(one.entry.flags, '?\\Flagged \\Seen')
  assert.deepEqual(one.storeFlags, ['\\Flagged'])
  assert.deepEqual(one.carriedFlags, ['\\Flagged', '\\Seen'])
  assert.deepEqual(one.message.flags, ['\\Flagged', '\\Seen'])
  assert.equal(made(PLAIN, ['\\Seen', '\\Flagged', '\\Deleted']).entry.flags, '\\Flagged \\Seen')
})

test("the row has the true size, the source's own date and the hash, the message the date that it will bear", () => {
  const one = made(PLAIN, [], '01-Jan-1970 00:00:00 +0000')
  assert.equal(one.entry.sizeBytes, BYTES.length)
  assert.equal(one.entry.internalDate, '01-Jan-1970 00:00:00 +0000')
  assert.equal(one.message.internalDate, '')
  assert.deepEqual(one.entry.repairs, ['nul', 'internal-date'])
  assert.equal(one.entry.sha256?.length, 32)
  assert.deepEqual(made(PLAIN, []).entry.repairs, ['nul'])
})

test('a message that only flows by has no hash before it has passed', () => {
  assert.equal(made(PLAIN, [], '', false).entry.sha256, null)
})
