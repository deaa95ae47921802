import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FAILURES, type FailureCode } from './failure-codes.ts'
import { Failure } from './failure.ts'

const CODES = Object.keys(FAILURES) as FailureCode[]

test('each code says what it spoils, what comes next and a sentence of help', () => {
  for (const code of CODES) {
    const failure = new Failure(code, 'x')
    assert.equal(failure.spoils, FAILURES[code].spoils)
    assert.equal(failure.next, FAILURES[code].next)
    assert.match(failure.help, /^[A-Z].*[.]$/s, code)
  }
})

test('a spoilt message is never waited for, and waiting is only ever for an endpoint', () => {
  for (const code of CODES) {
    const { spoils, next } = FAILURES[code]
    if (next === 'wait') assert.equal(spoils, 'endpoint', code)
    if (spoils === 'message') assert.ok(next === 'skip' || next === 'ask', code)
  }
})

test('told its side a failure keeps everything else, and a side once told stays', () => {
  const cause = new Error('socket')
  const failure = new Failure('throttled', 'slow down', { cause, retryAfterMs: 7, serverText: 'wait', requestId: 'r1', notDone: true })
  const told = failure.at('destination')
  assert.equal(told.side, 'destination')
  assert.equal(told.cause, cause)
  assert.equal(told.retryAfterMs, 7)
  assert.equal(told.serverText, 'wait')
  assert.equal(told.requestId, 'r1')
  assert.equal(told.notDone, true)
  assert.equal(told.at('source'), told)
})

test('whether a write was carried out counts as unknown unless it is said', () => {
  assert.equal(new Failure('connection-lost', 'x').notDone, false)
  assert.equal(new Failure('connection-lost', 'x').at('source').notDone, false)
})
