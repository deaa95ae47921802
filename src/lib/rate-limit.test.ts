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

test('a cap that may change is looked at every two seconds by those who wait, and by the next taker at once', async () => {
  const clock = new HandClock()
  let cap: number | null = 100
  const limit = new RateLimit(() => cap, clock)
  const done: string[] = []
  const slow = limit.take(10_100).then(() => done.push('slow'))
  await settled()
  assert.deepEqual(clock.slept, [2000])
  cap = 5000
  await clock.pass(2000)
  // 200 bytes at the old rate are paid; the other 9,800 cost 1,960 ms at the new one.
  assert.deepEqual([clock.slept.at(-1), done], [1960, []])
  await clock.pass(1960)
  await slow
  cap = null
  await limit.take(1_000_000_000)
  assert.equal(clock.sleeping, 0)
})

test('a cap of 0 lets nothing pass, whatever was saved up, until it is lifted', async () => {
  const clock = new HandClock()
  let cap: number | null = 1000
  const limit = new RateLimit(() => cap, clock)
  cap = 0
  assert.ok(limit.paused)
  let passed = false
  const held = limit.take(1).then(() => (passed = true))
  for (let minute = 0; minute < 5; minute++) await clock.pass(60_000)
  assert.equal(passed, false)
  cap = 1000
  await clock.pass(2000)
  await held
  assert.ok(!limit.paused)
})
