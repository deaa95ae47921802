import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Context } from '../lib/context.ts'
import { HandClock, settled } from '../lib/hand-clock.fixture.ts'
import { silentLog } from '../lib/log.ts'
import { RateLimit } from '../lib/rate-limit.ts'
import { Failure } from '../model/failure.ts'
import { Governor } from './governor.ts'

type Scene = {
  readonly clock: HandClock
  readonly governor: Governor
  readonly notes: (string | null)[]
  readonly waits: (number | null)[]
}

function scene(most: number | null | (() => number | null), rate: () => number | null = () => null): Scene {
  const clock = new HandClock()
  const ctx: Context = { clock, log: silentLog, signal: new AbortController().signal }
  const notes: (string | null)[] = []
  const waits: (number | null)[] = []
  const watch = { waiting: (until: number | null) => void waits.push(until), note: (text: string | null) => void notes.push(text) }
  return { clock, notes, waits, governor: new Governor(most, new RateLimit(rate, clock), ctx, watch) }
}

const throttled = (side: 'source' | 'destination'): Failure =>
  new Failure('throttled', 'Request is throttled.', { side, retryAfterMs: 60_000 })

async function isReady(governor: Governor, side?: 'source' | 'destination'): Promise<boolean> {
  let ready = false
  void governor.ready(side).then(() => (ready = true))
  await settled()
  return ready
}

test('a throttled source waits as long as it said, and the destination is not held up by it', async () => {
  const { governor, clock, waits } = scene(null)
  governor.slowDown(throttled('source'))
  assert.equal(await isReady(governor, 'destination'), true)
  assert.equal(await isReady(governor, 'source'), false)
  assert.equal(await isReady(governor), false, 'no new messages are read from it')
  assert.ok((waits[0] ?? 0) >= clock.now() + 60_000)
  await clock.pass(66_000)
  assert.equal(await isReady(governor, 'source'), true)
  assert.equal(await isReady(governor), true)
  assert.equal(waits.at(-1), null)
})

test('throttling halves windows and lanes once, however many lanes were told at the same time', () => {
  const { governor } = scene(null)
  for (let times = 0; times < 4; times++) governor.wentWell()
  assert.deepEqual(governor.window, { messages: 128, bytes: 12_000_000 })
  for (let lane = 0; lane < 4; lane++) governor.slowDown(throttled('destination'))
  assert.deepEqual(governor.window, { messages: 64, bytes: 6_000_000 })
  assert.equal(governor.lanes, 1)
})

test('after throttling windows grow back slowly, and fast again after a minute', async () => {
  const { governor, clock } = scene(null)
  governor.slowDown(throttled('destination'))
  const before = governor.window.messages
  governor.wentWell()
  assert.equal(governor.window.messages, before + 1)
  await clock.pass(60_000)
  governor.wentWell()
  assert.equal(governor.window.messages, before + 17)
})

test('a rate of 0 holds back new messages and says so, until a person lifts it', async () => {
  let rate: number | null = 0
  const { governor, clock, notes } = scene(null, () => rate)
  assert.equal(await isReady(governor, 'destination'), true, 'what is under way comes to its end')
  const next = governor.ready()
  await clock.pass(2000)
  assert.deepEqual(notes, ['paused by limit'])
  rate = null
  await clock.pass(2000)
  await next
  assert.deepEqual(notes, ['paused by limit', null])
})

test('the connections that a person allows are felt at once, in both directions, and told', async () => {
  let most: number | null = 1
  const { governor } = scene(() => most)
  const told: number[] = []
  governor.onLanes = () => told.push(governor.lanes)
  assert.equal(governor.lanes, 1)
  await governor.ready()
  most = 3
  await governor.ready()
  assert.equal(governor.lanes, 2, 'it starts low')
  most = 1
  await governor.ready()
  assert.deepEqual([governor.lanes, told], [1, [1, 2, 1]])
})
