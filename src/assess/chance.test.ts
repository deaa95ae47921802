import assert from 'node:assert/strict'
import { test } from 'node:test'
import { estimate, exactly, isChosen, seedOf, together, unseenAtMost } from './chance.ts'

test('a sample has the share that was asked for, the same messages each time, and others in another folder', () => {
  const chosen = (seed: number, share: number): readonly number[] =>
    Array.from({ length: 20_000 }, (_, at) => at + 1).filter((uid) => isChosen(seed, uid, share))
  for (const share of [0.01, 0.1, 0.5]) {
    const { length } = chosen(seedOf('INBOX'), share)
    assert.ok(Math.abs(length / 20_000 - share) < 0.02, `${length} of 20000 for ${share}`)
  }
  assert.deepEqual(chosen(7, 0.1), chosen(7, 0.1))
  assert.notDeepEqual(chosen(seedOf('INBOX'), 0.1), chosen(seedOf('Sent'), 0.1))
  assert.equal(chosen(7, 1).length, 20_000)
  assert.equal(chosen(7, 0).length, 0)
})

test('the truth lies within the bounds of an estimate in at least nineteen of twenty samples', () => {
  const all = 5000
  for (const truth of [0, 3, 40, 900]) {
    let within = 0
    for (let seed = 0; seed < 80; seed++) {
      let [seen, read] = [0, 0]
      for (let uid = 1; uid <= all; uid++) {
        if (!isChosen(seedOf(`folder ${seed}`), uid, 0.08)) continue
        read++
        // Every such message is anywhere in the folder.
        if ((uid * 7919) % all < truth) seen++
      }
      const { atLeast, atMost } = estimate(seen, read, all)
      if (atLeast <= truth && truth <= atMost) within++
    }
    assert.ok(within >= 74, `${within} of 80 for ${truth}`)
  }
})

test('what was read whole is no estimate, and what was not read at all may be anything', () => {
  assert.deepEqual(estimate(3, 100, 100), exactly(3))
  assert.deepEqual(estimate(0, 0, 50), { seen: 0, likely: 0, atLeast: 0, atMost: 50 })
  const { atMost } = estimate(0, 400, 100_000)
  assert.ok(atMost > 0 && atMost < 1200, String(atMost))
})

test('estimates of several mailboxes together are surer than their sum', () => {
  const one = estimate(5, 100, 1000)
  const both = together([one, one, one, one])
  assert.equal(both.likely, 4 * one.likely)
  assert.ok(both.atMost < 4 * one.atMost && both.atLeast > 4 * one.atLeast)
  assert.deepEqual(together([exactly(2), exactly(3)]), exactly(5))
})

test('what was seen nowhere may still be in so many messages as one sample in twenty misses', () => {
  const most = unseenAtMost(0.01, 100_000)
  let missed = 0
  for (let seed = 0; seed < 400; seed++) {
    const isMissed = Array.from({ length: most }, (_, at) => at * 37 + 1).every((uid) => !isChosen(seedOf(`folder ${seed}`), uid, 0.01))
    if (isMissed) missed++
  }
  assert.ok(missed > 5 && missed < 40, `${missed} of 400`)
  assert.deepEqual([unseenAtMost(1, 50), unseenAtMost(0, 50), unseenAtMost(0.001, 50)], [0, 50, 50])
})
