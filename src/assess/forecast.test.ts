import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forecast, type ForecastLimits, type ForecastMailbox } from './forecast.ts'

const HOUR = 3_600_000
const GB = 1e9
/** 20 MB/s, so that the source bounds nothing. */
const QUICK = { milliseconds: 10_000, messages: 2000, bytes: 200_000_000, roundTripMs: 20 }
const LIMITS: ForecastLimits = { mailboxesAtOnce: 4, bytesPerSecond: null, hoursADay: 24 }

function mailbox(name: string, bytes: number, more: Partial<ForecastMailbox> = {}): ForecastMailbox {
  return { name, bytes, messages: Math.round(bytes / 200_000), folders: 10, pace: QUICK, bytesPerDay: null, ...more }
}
function told(mailboxes: readonly ForecastMailbox[], limits: Partial<ForecastLimits> = {}) {
  const result = forecast(mailboxes, { ...LIMITS, ...limits })
  assert.ok(result !== null)
  return result
}
const near = (value: number, wanted: number): boolean => value > wanted * 0.75 && value < wanted * 1.35

test('one mailbox of 50 GB needs the 38 hours that Exchange takes for it, however quick the source is, and it decides the end', () => {
  const { totalMs, limitedBy, longest, mailboxes } = told([mailbox('small', GB), mailbox('big', 50 * GB), mailbox('other', 2 * GB)])
  assert.ok(near(totalMs.median, 38.5 * HOUR), String(totalMs.median / HOUR))
  assert.ok(totalMs.p90 > totalMs.median * 1.2)
  assert.deepEqual([limitedBy, longest?.name, mailboxes[0]?.name], ['biggest-mailbox', 'big', 'big'])
})

test('many mailboxes of the same size take as long as they fit side by side', () => {
  const many = Array.from({ length: 40 }, (_, at) => mailbox(`m${at}`, 1.3 * GB, { messages: 100 }))
  const four = told(many)
  const twenty = told(many, { mailboxesAtOnce: 20 })
  assert.ok(near(four.totalMs.median, 10 * 1.2 * HOUR), String(four.totalMs.median / HOUR))
  assert.ok(twenty.totalMs.median < four.totalMs.median / 3)
  assert.equal(four.limitedBy, 'exchange')
})

test('a slow source, many small messages, a limit that was set and an allowance a day are each told as what bounds it', () => {
  const slow = { milliseconds: 10_000, messages: 100, bytes: 1_000_000, roundTripMs: 200 }
  const two = (more: Partial<ForecastMailbox>): readonly ForecastMailbox[] =>
    [1, 2, 3, 4, 5, 6, 7, 8].map((at) => mailbox(`m${at}`, GB, more))
  assert.equal(told(two({ pace: slow })).limitedBy, 'source')
  assert.equal(told(two({ messages: 500_000 })).limitedBy, 'messages')
  const limited = told(two({}), { bytesPerSecond: 100_000 })
  assert.equal(limited.limitedBy, 'limit')
  assert.ok(limited.totalMs.median >= (8 * GB) / 100)
  const gmail = told([mailbox('g', 20 * GB, { bytesPerDay: 2.5 * GB })])
  assert.ok(near(gmail.totalMs.median, 8 * 24 * HOUR), String(gmail.totalMs.median / HOUR))
})

test('hours in which nothing runs make it longer, the same input gives the same figures, and no mail gives none', () => {
  const one = [mailbox('m', 10 * GB)]
  assert.ok(near(told(one, { hoursADay: 12 }).totalMs.median, 2 * told(one).totalMs.median))
  assert.deepEqual(told(one), told(one))
  assert.match(told([mailbox('m', GB, { pace: null })]).assumes.join(), /not measured/)
  assert.equal(forecast([mailbox('m', 0, { messages: 0 })], LIMITS), null)
  assert.equal(forecast([], LIMITS), null)
})

test('what mailboxes took that were copied already puts the rest right', () => {
  const one = mailbox('m', 10 * GB)
  const plain = told([one])
  const { bytes, messages, folders } = one
  const pilots = [{ bytes, messages, folders, milliseconds: plain.mailboxes[0]?.median ?? 0 }]
  assert.ok(near(told([one], { pilots }).totalMs.median, plain.totalMs.median))
  const slow = told([one], { pilots: pilots.map((pilot) => ({ ...pilot, milliseconds: 3 * pilot.milliseconds })) })
  assert.ok(near(slow.totalMs.median, 3 * plain.totalMs.median))
  assert.match(slow.assumes.join(), /by 1 mailbox already copied/)
})
