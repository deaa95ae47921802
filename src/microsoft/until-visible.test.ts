import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { handClock } from './login-server.fixture.ts'
import { untilVisible } from './until-visible.ts'

const unknown = (): never => {
  throw new Failure('object-unknown', 'no')
}

test('what is unknown at first is read again, ever more slowly, until it is there', async () => {
  const clock = handClock()
  let reads = 0
  const value = await untilVisible(async () => (++reads < 7 ? unknown() : 'there'), { what: 'The user', limitMs: 60_000 }, clock.ctx)
  assert.equal(value, 'there')
  assert.deepEqual(clock.slept, [1000, 2000, 4000, 8000, 15_000, 15_000])
})

test('an old state from a copy that lags is not taken for the last word', async () => {
  const clock = handClock()
  const states = ['old', 'new', 'old', 'new', 'new', 'never read']
  const value = await untilVisible(
    async () => states.shift() ?? '',
    { what: 'x', limitMs: 60_000, seen: (state) => state === 'new', inARow: 2 },
    clock.ctx,
  )
  assert.deepEqual([value, states], ['new', ['never read']])
})

test('at the limit it says what is not there and how long it waited, after one last look', async () => {
  const clock = handClock()
  const waiting = untilVisible(async () => unknown(), { what: 'The user anna@example.test', limitMs: 60_000 }, clock.ctx)
  await assert.rejects(waiting, { code: 'not-visible-yet', message: 'The user anna@example.test cannot be seen yet, after 60 seconds.' })
  assert.equal(
    clock.slept.reduce((sum, ms) => sum + ms, 0),
    60_000,
  )
})

test('what is no lag is thrown at once', async () => {
  const clock = handClock()
  const refused = async (): Promise<never> => await Promise.reject(new Failure('permission-missing', 'no'))
  await assert.rejects(untilVisible(refused, { what: 'x', limitMs: 60_000 }, clock.ctx), { code: 'permission-missing' })
  assert.deepEqual(clock.slept, [])
})
