import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addStatements, MESSAGE_MOVES, MESSAGE_STATES } from './message.ts'

test('every state can be left towards "gone" and be reached again, so that no message is stuck in the books', () => {
  for (const state of MESSAGE_STATES) {
    if (state !== 'gone') assert.ok(MESSAGE_MOVES[state].includes('gone'), state)
    if (state !== 'verified') assert.ok(MESSAGE_MOVES[state].includes('sending'), state)
    for (const next of MESSAGE_MOVES[state]) assert.ok(MESSAGE_STATES.includes(next))
  }
})

test('nothing counts as verified that was not copied first, and nothing as copied that was refused and not sent again', () => {
  const before = (to: (typeof MESSAGE_STATES)[number]) => MESSAGE_STATES.filter((state) => MESSAGE_MOVES[state].includes(to))
  assert.deepEqual(before('verified'), ['copied'])
  assert.deepEqual(before('copied'), ['sending', 'verified', 'gone'])
})

test('statements add up figure by figure, and those of nothing are zero', () => {
  const one = { found: 10, copied: 7, skipped: 2, failed: 1, unexplained: 0, bytes: 100 }
  const two = { found: 5, copied: 3, skipped: 0, failed: 1, unexplained: 1, bytes: 50 }
  assert.deepEqual(addStatements([one, two]), { found: 15, copied: 10, skipped: 2, failed: 2, unexplained: 1, bytes: 150 })
  assert.deepEqual(addStatements([]), { found: 0, copied: 0, skipped: 0, failed: 0, unexplained: 0, bytes: 0 })
})
