import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HandClock, settled } from './hand-clock.fixture.ts'
import { Lanes } from './lanes.ts'

const signal = new AbortController().signal

function held(): { readonly work: () => Promise<void>; readonly running: () => number; readonly finishOne: () => void } {
  const open: (() => void)[] = []
  return {
    work: () => new Promise((resolve) => void open.push(resolve)),
    running: () => open.length,
    finishOne: () => open.shift()?.(),
  }
}

test('no more are in flight than a lane takes, and no more than all lanes together take', async () => {
  const lanes = new Lanes({ total: 3, each: 2 }, new HandClock())
  const [a, b] = [held(), held()]
  const all = [1, 2, 3].flatMap(() => [lanes.run('a', a.work, signal), lanes.run('b', b.work, signal)])
  await settled()
  assert.equal(a.running(), 2)
  assert.equal(b.running(), 1)
  for (let i = 0; i < 6; i++) {
    a.finishOne()
    b.finishOne()
    await settled()
    assert.ok(a.running() <= 2 && b.running() <= 2 && a.running() + b.running() <= 3)
  }
  await Promise.all(all)
})

test('a paused lane starts nothing, not even who stood in the queue, and another one goes on', async () => {
  const clock = new HandClock()
  const lanes = new Lanes({ total: 8, each: 1 }, clock)
  const [a, b] = [held(), held()]
  const all = [lanes.run('a', a.work, signal), lanes.run('a', a.work, signal)]
  await settled()
  lanes.pause('a', 10_000)
  lanes.pause('a', 2000)
  a.finishOne()
  await settled()
  assert.equal(a.running(), 0)
  all.push(lanes.run('b', b.work, signal))
  await settled()
  assert.equal(b.running(), 1)
  b.finishOne()
  await clock.pass(9999)
  assert.equal(a.running(), 0)
  await clock.pass(1)
  assert.equal(a.running(), 1)
  a.finishOne()
  await Promise.all(all)
})

test('who is stopped while waiting takes no place with them', async () => {
  const clock = new HandClock()
  const lanes = new Lanes({ total: 1, each: 1 }, clock)
  const a = held()
  const first = lanes.run('a', a.work, signal)
  const stop = new AbortController()
  const waiting = [lanes.run('a', a.work, stop.signal), lanes.run('b', a.work, stop.signal)]
  await settled()
  stop.abort(new Error('enough'))
  for (const one of waiting) await assert.rejects(one, /enough/)
  a.finishOne()
  await first
  const last = lanes.run('b', a.work, signal)
  await settled()
  assert.equal(a.running(), 1)
  a.finishOne()
  await last
})

test('work that fails gives its place back', async () => {
  const lanes = new Lanes({ total: 1, each: 1 }, new HandClock())
  await assert.rejects(
    lanes.run('a', async () => await Promise.reject(new Error('no')), signal),
    /no/,
  )
  assert.equal(await lanes.run('a', async () => 7, signal), 7)
})
