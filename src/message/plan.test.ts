import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect, type Inspection } from './inspect.ts'
import { neededRepairs, repairsAfterRefusal } from './plan.ts'

const look = (text: string): Inspection => inspect([Buffer.from(text, 'latin1')], { longLineBytes: 10_240 })
const exchange = { lineBreaksSessionBytes: 10_240, disarmReceipts: true, seen: false }
const receipt = 'Subject: x\r\nDisposition-Notification-To: a@example.org\r\n\r\nx\r\n'

test('before sending only that is repaired which breaks the session or which policy wants', () => {
  assert.deepEqual(neededRepairs(look('Subject: \xe9\0\nx'), exchange), [])
  const long = look(`Subject: x\r\n\r\n${'x'.repeat(10_240)}`)
  assert.deepEqual(neededRepairs(long, exchange), ['long-lines'])
  assert.deepEqual(neededRepairs(long, { ...exchange, lineBreaksSessionBytes: null }), [])
  assert.deepEqual(neededRepairs(look(receipt), exchange), ['receipt-request'])
  assert.deepEqual(neededRepairs(look(receipt), { ...exchange, seen: true }), [])
  assert.deepEqual(neededRepairs(look(receipt), { ...exchange, disarmReceipts: false }), [])
  assert.deepEqual(neededRepairs(look('Subject: x\r\n\r\nDisposition-Notification-To: a@example.org'), exchange), [])
})

test('the ladder grows from what the message shows, keeps what was done, and ends wrapped', () => {
  const ladder = repairsAfterRefusal(look(`${receipt}\0`), ['receipt-request'])
  assert.deepEqual(ladder[0], ['header-end', 'line-ends', 'nul', 'receipt-request'])
  assert.deepEqual(ladder.at(-1), ['wrapped'])
  for (const attempt of ladder.slice(0, -1)) assert.ok(attempt.includes('receipt-request'))
  assert.deepEqual(
    ladder.map((one) => one.length),
    [4, 6, 8, 1],
  )
})

test('after the last attempt there is nothing left', () => {
  assert.deepEqual(repairsAfterRefusal(look('x'), ['wrapped']), [])
  assert.deepEqual(repairsAfterRefusal(look(''), []), [['empty']])
  assert.deepEqual(repairsAfterRefusal(look(''), ['empty']), [])
  assert.ok(repairsAfterRefusal(look('no header at all'), [])[0]?.includes('no-header'))
})
