import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { PACE, Patience } from './patience.ts'

test('what takes hours and cannot be seen yet is asked for again and again, ever more slowly; what takes minutes is not', () => {
  const unseen = new Failure('not-visible-yet', 'The record is not in DNS yet.', { notDone: true })
  const slow = new Patience('hours', () => 0)
  const waits = Array.from({ length: 50 }, () => slow.after(unseen, false)).map((verdict) => (verdict.is === 'again' ? verdict.atMs : null))
  assert.equal(waits[0], PACE.hours.firstMs)
  assert.equal(waits.at(-1), PACE.hours.longestMs)
  const quick = new Patience('minutes', () => 0)
  assert.ok(Array.from({ length: 10 }, () => quick.after(unseen, false)).some(({ is }) => is === 'failed'))
})

test('what is refused for good is not asked for again, however long it may take', () => {
  const refused = new Failure('object-exists', 'Another tenant has it.', { notDone: true })
  assert.equal(new Patience('hours', () => 0).after(refused, false).is, 'failed')
})
