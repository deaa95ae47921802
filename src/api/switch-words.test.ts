import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BEGINNING, reduce } from '../switch/reduce.ts'
import { happeningOf } from './switch-words.ts'

test('what was put back may be begun again from the beginning, and nothing else may', () => {
  const restored = { ...BEGINNING, seq: 9, phase: 'restored' } as const
  const happening = happeningOf({ state: () => restored }, { say: 'again', name: 'Ben' })
  const reading = { wallMs: 1, boot: 'one', upMs: 1 }
  const after = reduce(restored, { seq: 10, at: 1, reading, payload: happening, evidence: [] })
  assert.deepEqual([after.phase, after.turnedBack], ['draft', null])
  assert.throws(() => happeningOf({ state: () => BEGINNING }, { say: 'again', name: 'Ben' }), { code: 'bad-input' })
  assert.throws(() => happeningOf({ state: () => restored }, { say: 'again', name: ' ' }), { code: 'bad-input' })
})
