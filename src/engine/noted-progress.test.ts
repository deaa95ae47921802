import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HandClock } from '../lib/hand-clock.fixture.ts'
import { notedProgress, type PassProgress } from './noted-progress.ts'
import type { PassWatch } from './pass-env.ts'

const SILENT: PassWatch = { phase: () => {}, expect: () => {}, done: () => {}, waiting: () => {}, note: () => {} }

test('progress is noted every few seconds and not with every message, and a wait at once', async () => {
  const clock = new HandClock()
  const notes: PassProgress[] = []
  const { watch, now } = notedProgress(
    SILENT,
    clock,
    () => 7,
    (note) => notes.push(note),
  )
  watch.phase('copy', null)
  watch.expect(100, 1000)
  for (let i = 0; i < 50; i++) watch.done(1, 10)
  assert.equal(notes.length, 0)
  await clock.pass(3000)
  watch.done(1, 10)
  assert.deepEqual(
    notes.map(({ done, doneBytes, expected, phase, throttledMs }) => [done, doneBytes, expected, phase, throttledMs]),
    [[51, 510, 100, 'copy', 7]],
  )
  watch.waiting(clock.now() + 5000)
  assert.equal(notes.at(-1)?.waitingUntil, clock.now() + 5000)
  assert.equal(now().lastAt, clock.now())
})

test('what labels take is no part of the pace, and rounds add up', async () => {
  const clock = new HandClock()
  const { watch, now } = notedProgress(
    SILENT,
    clock,
    () => 0,
    () => {},
  )
  for (let round = 0; round < 2; round++) {
    watch.phase('copy', null)
    watch.expect(2, 20)
    await clock.pass(1000)
    watch.done(2, 20)
  }
  watch.phase('labels', null)
  watch.expect(7, 0)
  await clock.pass(5000)
  watch.done(7, 0)
  const { carried, carriedBytes, copyingMs } = now()
  assert.deepEqual({ carried, carriedBytes, copyingMs }, { carried: 4, carriedBytes: 40, copyingMs: 2000 })
})
