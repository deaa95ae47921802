import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalFlags, isSystemFlag, sameFlags, splitFlags } from './flags.ts'

test('system flags get their usual spelling, keywords keep theirs, each stands once and in order', () => {
  assert.deepEqual(canonicalFlags(['\\SEEN', 'Work', '\\seen', '$Forwarded', 'work', '\\ANSWERED']), [
    '$Forwarded',
    'Work',
    '\\Answered',
    '\\Seen',
  ])
})

test('what a session alone sees and what nobody knows is no flag of a message', () => {
  assert.deepEqual(canonicalFlags(['\\Recent', '\\*', '\\Strange', '', 'NIL', 'nil']), [])
})

test('flags are the same whatever their order, case and repetition, and differ by one keyword', () => {
  assert.equal(sameFlags(['\\Seen', 'Work'], ['WORK', '\\seen', '\\Recent', '\\Seen']), true)
  assert.equal(sameFlags(['\\Seen'], ['\\Seen', 'Work']), false)
})

test('what a destination cannot hold is told apart, and nothing is lost between the two', () => {
  const { held, dropped } = splitFlags(['Work', '\\flagged', '\\Recent', '$Label1'], isSystemFlag)
  assert.deepEqual(held, ['\\Flagged'])
  assert.deepEqual(dropped, ['$Label1', 'Work'])
})
