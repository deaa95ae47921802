import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ByteBudget } from './byte-budget.ts'
import { settled } from './hand-clock.fixture.ts'

test('takers that find no room are served in the order they came, also a small one behind a large one', async () => {
  const budget = new ByteBudget(100)
  const served: string[] = []
  await budget.take(60)
  const large = budget.take(80).then(() => served.push('large'))
  const small = budget.take(10).then(() => served.push('small'))
  assert.equal(budget.tryTake(1), false)
  await settled()
  assert.deepEqual(served, [])
  budget.give(60)
  await Promise.all([large, small])
  assert.deepEqual(served, ['large', 'small'])
  assert.equal(budget.freeBytes, 10)
})

test('what is larger than the whole budget is let in alone, when nothing else is held', async () => {
  const budget = new ByteBudget(100)
  await budget.take(1)
  const huge = budget.take(500)
  await settled()
  assert.equal(budget.freeBytes, 99)
  budget.give(1)
  await huge
  assert.equal(budget.tryTake(1), false)
  budget.give(500)
  assert.equal(budget.freeBytes, 100)
})

test('a taker that is aborted while it waits takes nothing, rejects with the reason and lets the next one in', async () => {
  const budget = new ByteBudget(100)
  const stop = new AbortController()
  await budget.take(60)
  const first = budget.take(50, stop.signal)
  const second = budget.take(40)
  const reason = new Error('stopped')
  stop.abort(reason)
  await assert.rejects(first, reason)
  await second
  assert.equal(budget.freeBytes, 0)
})

test('a signal that is aborted already lets nobody wait', async () => {
  const budget = new ByteBudget(10)
  await budget.take(10)
  const reason = new Error('stopped before')
  await assert.rejects(budget.take(1, AbortSignal.abort(reason)), reason)
  budget.give(10)
  assert.equal(budget.freeBytes, 10)
})

test('no listener stays on a signal that outlives the waiting', async () => {
  const budget = new ByteBudget(1)
  const { signal } = new AbortController()
  for (let round = 0; round < 20; round++) {
    await budget.take(1, signal)
    const waiting = budget.take(1, signal)
    assert.equal(getEventListeners(signal, 'abort').length, 1)
    budget.give(1)
    await waiting
    budget.give(1)
  }
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

test('whatever is taken, given and aborted, no more than the budget is out, and in the end all of it is back', async () => {
  const job = fc.record({ bytes: fc.integer({ min: 1, max: 100 }), aborts: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 30 }), async (jobs) => {
      const budget = new ByteBudget(100)
      const stop = new AbortController()
      let out = 0
      const running = jobs.map(async ({ bytes, aborts }) => {
        try {
          await budget.take(bytes, aborts ? stop.signal : undefined)
        } catch {
          return
        }
        out += bytes
        assert.ok(out <= 100)
        assert.ok(budget.freeBytes <= 100 - out)
        await settled()
        out -= bytes
        budget.give(bytes)
      })
      stop.abort(new Error('stopped'))
      await Promise.all(running)
      assert.equal(budget.freeBytes, 100)
    }),
    { numRuns: 50 },
  )
})
