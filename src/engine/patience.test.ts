import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HandClock, settled } from '../lib/hand-clock.fixture.ts'
import { silentLog } from '../lib/log.ts'
import { RateLimit } from '../lib/rate-limit.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import { Failure } from '../model/failure.ts'
import { Governor } from './governor.ts'
import { Retry } from './patience.ts'

const PATIENCE = { firstWaitMs: 1000, maxWaitMs: 5000, tries: 5, permissionMs: 60_000, quietMs: 0 }

type Scene = { readonly clock: HandClock; readonly retry: Retry; readonly stop: AbortController; readonly notes: (string | null)[] }

function scene(spare = false): Scene {
  const notes: (string | null)[] = []
  const clock = new HandClock()
  const stop = new AbortController()
  const ctx = { clock, log: silentLog, signal: stop.signal }
  const governor = new Governor(null, new RateLimit(() => null, clock), ctx, { waiting: () => {}, note: (text) => notes.push(text) })
  return { clock, stop, notes, retry: new Retry(PATIENCE, governor, ctx, spare) }
}

const failure = (code: FailureCode, retryAfterMs?: number): Failure =>
  new Failure(code, code, { side: 'destination', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })

/** Fails again and again until it throws; how long it slept between. */
async function waitsFor(code: FailureCode): Promise<readonly number[]> {
  const { clock, retry } = scene()
  for (let tries = 0; tries < 100; tries++) {
    const waiting = retry.after(failure(code)).then(
      () => 'again',
      (error: unknown) => error,
    )
    await settled()
    await clock.pass(clock.slept.at(-1) ?? 0)
    const outcome = await waiting
    if (outcome !== 'again') {
      assert.ok(outcome instanceof Failure)
      return clock.slept
    }
  }
  throw new Error('patience never ends')
}

test('it waits longer each time, up to the longest wait, and then throws the failure', async () => {
  assert.deepEqual(await waitsFor('connection-lost'), [1000, 2000, 4000, 5000])
})

test('a closed port is not knocked at as often as a broken connection', async () => {
  assert.deepEqual(await waitsFor('connection-refused'), [1000, 2000])
})

test('a server that never said a word is given up sooner than one that fell silent in the middle', async () => {
  assert.deepEqual(await waitsFor('connection-timeout'), [1000, 2000])
  const { clock, retry } = scene()
  retry.progress()
  for (let tries = 1; tries < PATIENCE.tries; tries++) {
    const waiting = retry.after(failure('connection-timeout'))
    await settled()
    await clock.pass(PATIENCE.maxWaitMs)
    await waiting
  }
  await assert.rejects(retry.after(failure('connection-timeout')), { code: 'connection-timeout' })
})

test('a permission that may still become effective is waited for by time, not by tries', async () => {
  const slept = await waitsFor('mailbox-not-connected')
  const sum = slept.reduce((a, b) => a + b, 0)
  assert.ok(slept.length > PATIENCE.tries)
  assert.ok(sum >= PATIENCE.permissionMs && sum < PATIENCE.permissionMs + PATIENCE.maxWaitMs)
})

test('progress cleans the slate', async () => {
  const { clock, retry } = scene()
  for (let round = 0; round < 20; round++) {
    const waiting = retry.after(failure('connection-lost'))
    await settled()
    assert.equal(clock.slept.at(-1), 1000)
    await clock.pass(1000)
    await waiting
    retry.progress()
  }
})

test('throttling is waited out as often as it comes, as long as the server says', async () => {
  const { clock, retry } = scene()
  for (let round = 0; round < 30; round++) {
    const waiting = retry.after(failure('throttled', 60_000))
    await settled()
    assert.ok((clock.slept.at(-1) ?? 0) >= 60_000)
    await clock.pass(70_000)
    await waiting
  }
})

test('what a person must decide, and what is a bug, is thrown at once', async () => {
  const { clock, retry } = scene()
  for (const code of ['auth-rejected', 'quota-full', 'message-refused', 'folder-refused'] as const) {
    await assert.rejects(retry.after(failure(code)), { code })
  }
  await assert.rejects(retry.after(new TypeError('a bug')), TypeError)
  assert.deepEqual(clock.slept, [])
})

test('a lane that can be spared does not insist where the server has enough connections', async () => {
  const { retry } = scene(true)
  await assert.rejects(retry.after(failure('too-many-connections')), { code: 'too-many-connections' })
  await assert.rejects(retry.after(failure('mailbox-not-connected')), { code: 'mailbox-not-connected' })
})

test('a stop ends the waiting', async () => {
  const { retry, stop } = scene()
  const waiting = retry.after(failure('connection-lost'))
  stop.abort(new Error('stopped'))
  await assert.rejects(waiting, /stopped/)
  await assert.rejects(retry.after(failure('connection-lost')), /stopped/)
})

test('a long wait says what for, and that it is over', async () => {
  const { clock, retry, notes } = scene()
  for (const wait of [1000, 2000, 4000]) {
    const waiting = retry.after(failure('mailbox-not-connected'))
    await settled()
    await clock.pass(wait)
    await waiting
  }
  assert.deepEqual(notes, ['mailbox-not-connected Tried again, for a while.', null])
})
