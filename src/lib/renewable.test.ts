import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HandClock } from './hand-clock.fixture.ts'
import { renewable, retried, type Perishable, type Renewable } from './renewable.ts'

const HOUR_MS = 60 * 60_000
type Token = Perishable & { readonly number: number }

/** Tokens with a number each, good for `lifeMs`; an error in `fails` is thrown in place of the next one. */
function issuer(lifeMs: number): { clock: HandClock; fails: Error[]; tokens: Renewable<Token>; readonly issued: () => number } {
  const clock = new HandClock()
  const fails: Error[] = []
  let issued = 0
  const issue = async (): Promise<Token> => {
    const error = fails.shift()
    if (error !== undefined) throw error
    return { number: ++issued, expiresAtMs: clock.now() + lifeMs, lifeMs }
  }
  const isTransient = (error: unknown): boolean => error instanceof Error && error.message === 'passing'
  return { clock, fails, tokens: renewable(issue, { clock, isTransient }), issued: () => issued }
}

test('one is kept until five minutes before its end, and renewed from then on', async () => {
  const { clock, tokens } = issuer(HOUR_MS)
  assert.equal((await tokens.value()).number, 1)
  await clock.pass(HOUR_MS - 5 * 60_000)
  assert.equal((await tokens.value()).number, 1)
  await clock.pass(1)
  assert.equal((await tokens.value()).number, 2)
})

test('who needs more time left gets a new one earlier, but no earlier than at half of a life', async () => {
  const { clock, tokens } = issuer(HOUR_MS)
  await tokens.value()
  await clock.pass(HOUR_MS / 3)
  assert.equal((await tokens.value(HOUR_MS / 4)).number, 1)
  assert.equal((await tokens.value(10 * HOUR_MS)).number, 1)
  await clock.pass(HOUR_MS / 3)
  assert.equal((await tokens.value(HOUR_MS / 4)).number, 1)
  assert.equal((await tokens.value(10 * HOUR_MS)).number, 2)
})

test('callers at the same moment share one request, and its failure; the next caller asks again', async () => {
  const { fails, tokens, issued } = issuer(HOUR_MS)
  fails.push(new Error('lasting'))
  const refused = await Promise.allSettled([tokens.value(), tokens.value()])
  assert.deepEqual(
    refused.map((one) => one.status),
    ['rejected', 'rejected'],
  )
  assert.deepEqual(
    (await Promise.all([tokens.value(), tokens.value()])).map((one) => one.number),
    [1, 1],
  )
  assert.equal(issued(), 1)
})

test('while renewing fails for a passing reason, one that still works is handed out, to its last millisecond', async () => {
  const { clock, fails, tokens } = issuer(HOUR_MS)
  await tokens.value()
  await clock.pass(HOUR_MS - 1)
  fails.push(new Error('passing'))
  assert.equal((await tokens.value()).number, 1)
  await clock.pass(1)
  fails.push(new Error('passing'))
  await assert.rejects(tokens.value(), /passing/)
  assert.equal((await tokens.value()).number, 2)
})

test('a lasting reason is told at once, and so is any reason when there is none to hand out', async () => {
  const { clock, fails, tokens } = issuer(HOUR_MS)
  fails.push(new Error('passing'))
  await assert.rejects(tokens.value(), /passing/)
  await tokens.value()
  await clock.pass(HOUR_MS - 1000)
  fails.push(new Error('lasting'))
  await assert.rejects(tokens.value(), /lasting/)
})

test('one that somebody said is no good is not handed out again, not even for a passing reason', async () => {
  const { clock, fails, tokens } = issuer(HOUR_MS)
  await tokens.value()
  tokens.renew()
  fails.push(new Error('passing'))
  await assert.rejects(tokens.value(), /passing/)
  assert.equal((await tokens.value()).number, 2)
  await clock.pass(HOUR_MS - 1000)
  fails.push(new Error('passing'))
  const waiting = tokens.value()
  tokens.renew()
  await assert.rejects(waiting, /passing/, 'said while it was being renewed')
})

test('work is tried as often as allowed, each time after the wait that its error asks for', async () => {
  const clock = new HandClock()
  const signal = new AbortController().signal
  let tries = 0
  const work = async (): Promise<string> => {
    if (++tries < 3) throw new Error(`try ${tries}`)
    return 'done'
  }
  const waitMs = (_: unknown, attempt: number): number => attempt * 1000
  const done = retried(work, { attempts: 3, waitMs, clock, signal })
  await clock.pass(0)
  await clock.pass(1000)
  await clock.pass(2000)
  assert.equal(await done, 'done')
  assert.deepEqual(clock.slept, [1000, 2000])
  tries = 0
  const short = retried(work, { attempts: 2, waitMs, clock, signal })
  short.catch(() => {})
  await clock.pass(0)
  await clock.pass(1000)
  await assert.rejects(short, /try 2/)
  tries = 0
  await assert.rejects(retried(work, { attempts: 3, waitMs: () => null, clock, signal }), /try 1/)
})
