import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HandClock, settled } from './hand-clock.fixture.ts'
import { RateLimit } from './rate-limit.ts'

test('a second of bytes passes at once, and what is beyond waits exactly as long as it costs', async () => {
  const clock = new HandClock()
  const limit = new RateLimit(1000, clock)
  await limit.take(1000)
  assert.deepEqual(clock.slept, [])
  const late = limit.take(500)
  await settled()
  assert.deepEqual(clock.slept, [500])
  await clock.pass(499)
  assert.equal(clock.sleeping, 1)
  await clock.pass(1)
  await late
})

test('many takers at once come through at the rate, not all after the first wait', async () => {
  const clock = new HandClock()
  const limit = new RateLimit(1000, clock)
  await limit.take(1000)
  const takers = [limit.take(1000), limit.take(1000), limit.take(1000)]
  await settled()
  assert.deepEqual(clock.slept, [1000, 2000, 3000])
  await clock.pass(3000)
  await Promise.all(takers)
})

test('what is larger than a second of the rate passes once, and is paid for by those after it', async () => {
  const clock = new HandClock()
  const limit = new RateLimit(1000, clock)
  const huge = limit.take(5000)
  await settled()
  assert.deepEqual(clock.slept, [4000])
  await clock.pass(4000)
  await huge
  const next = limit.take(100)
  await settled()
  assert.equal(clock.slept.at(-1), 100)
  await clock.pass(100)
  await next
})

test('idle time is saved up for one second only', async () => {
  const clock = new HandClock()
  const limit = new RateLimit(1000, clock)
  await limit.take(1000)
  await clock.pass(3_600_000)
  const late = limit.take(1500)
  await settled()
  assert.deepEqual(clock.slept, [500])
  await clock.pass(500)
  await late
})

test('without a cap nothing waits, and a cap set while it runs is felt by the next taker', async () => {
  const clock = new HandClock()
  const limit = new RateLimit(null, clock)
  await limit.take(1_000_000_000)
  limit.change(100)
  const late = limit.take(300)
  await settled()
  assert.equal(clock.sleeping, 1)
  await clock.pass(10_000)
  await late
  limit.change(null)
  await limit.take(1_000_000_000)
  assert.equal(clock.sleeping, 0)
})

test('an aborted wait ends at once with the reason', async () => {
  const clock = new HandClock()
  const limit = new RateLimit(10, clock)
  const stop = new AbortController()
  const waiting = limit.take(1000, stop.signal)
  stop.abort(new Error('stopped'))
  await assert.rejects(waiting, /stopped/)
})
