import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LaneCount } from './lane-count.ts'

/** Copies for a while: `speedOf` tells bytes a second with so many lanes. */
function copyFor(count: LaneCount, from: number, seconds: number, speedOf: (lanes: number) => number, most = 4): number {
  let now = from
  for (let step = 0; step < seconds * 10; step++) {
    now += 100
    count.carried(0, speedOf(count.wanted) / 10, now, Math.min(count.wanted, most), most)
  }
  return now
}

test('it starts with two lanes and climbs as long as each one more carries more', () => {
  const count = new LaneCount()
  assert.equal(count.wanted, 2)
  copyFor(count, 0, 30, (lanes) => lanes * 1_000_000)
  assert.equal(count.wanted, 4)
})

test('a lane that brings nothing is given up, and tried again more and more rarely', () => {
  const count = new LaneCount()
  const trials: number[] = []
  let before = count.wanted
  let now = 0
  for (let second = 0; second < 600; second++) {
    now = copyFor(count, now, 1, () => 5_000_000)
    if (count.wanted > before) trials.push(second)
    before = count.wanted
  }
  assert.equal(count.wanted, 2)
  assert.ok(trials.length >= 3 && trials.length <= 4, `tried at ${trials.join(', ')} s`)
  const [first = 0, second = 0, third = 0] = trials
  assert.ok(second - first >= 60 && third - second >= 120, `tried at ${trials.join(', ')} s`)
})

test('it never climbs above what is allowed, and learns nothing while another number of lanes works', () => {
  const count = new LaneCount()
  copyFor(count, 0, 60, (lanes) => lanes * 1_000_000, 3)
  assert.equal(count.wanted, 3)
  const idle = new LaneCount()
  for (let now = 0; now < 60_000; now += 100) idle.carried(1, now * 100, now, 1, 4)
  assert.equal(idle.wanted, 2)
})

test('small messages count as well as bytes', () => {
  const count = new LaneCount()
  let now = 0
  for (let step = 0; step < 300; step++) {
    now += 100
    count.carried(10 * count.wanted, 100, now, count.wanted, 4)
  }
  assert.equal(count.wanted, 4)
})

test('what the server does not hold open is left alone for minutes, then tried again', () => {
  const count = new LaneCount()
  let now = copyFor(count, 0, 30, (lanes) => lanes * 1_000_000)
  assert.equal(count.wanted, 4)
  count.held(2, now)
  assert.equal(count.wanted, 2)
  now = copyFor(count, now, 290, (lanes) => lanes * 1_000_000)
  assert.equal(count.wanted, 2)
  copyFor(count, now, 30, (lanes) => lanes * 1_000_000)
  assert.ok(count.wanted > 2)
})

test('throttling halves the lanes, down to one, and they come back after a minute at the earliest', () => {
  const count = new LaneCount()
  let now = copyFor(count, 0, 30, (lanes) => lanes * 1_000_000)
  count.halve(now)
  assert.equal(count.wanted, 2)
  count.halve(now)
  count.halve(now)
  assert.equal(count.wanted, 1)
  now = copyFor(count, now, 59, (lanes) => lanes * 1_000_000)
  assert.equal(count.wanted, 1)
  copyFor(count, now, 30, (lanes) => lanes * 1_000_000)
  assert.equal(count.wanted, 4)
})

test('a wait between two messages is not taken for slowness of the lanes', () => {
  const count = new LaneCount()
  let now = copyFor(count, 0, 3.2, (lanes) => lanes * 1_000_000)
  assert.equal(count.wanted, 3)
  now += 20_000
  copyFor(count, now, 30, (lanes) => lanes * 1_000_000)
  assert.equal(count.wanted, 4)
})
