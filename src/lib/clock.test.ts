import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { systemClock } from './clock.ts'

test('the clock tells the time of the machine', () => {
  const before = Date.now()
  const now = systemClock.now()
  assert.ok(now >= before && now <= Date.now())
})

test('a sleep ends by itself and leaves no listener on the signal', async () => {
  const { signal } = new AbortController()
  await systemClock.sleep(1, signal)
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

test('a sleep that is aborted, before or while it lasts, rejects with the reason', async () => {
  const reason = new Error('stopped')
  await assert.rejects(systemClock.sleep(60_000, AbortSignal.abort(reason)), reason)
  const stop = new AbortController()
  const sleeping = systemClock.sleep(60_000, stop.signal)
  stop.abort(reason)
  await assert.rejects(sleeping, reason)
})

test('a sleep too long for a timer does not end at once', async () => {
  const stop = new AbortController()
  const first = await Promise.race([systemClock.sleep(2 ** 40, stop.signal).then(() => 'long'), systemClock.sleep(5).then(() => 'short')])
  assert.equal(first, 'short')
  stop.abort()
})
