import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VariedCommands } from './varied-commands.ts'

test('a command that is given again differs in a UID that is not there, and what has no set stays as it is', () => {
  const varied = new VariedCommands()
  const given = (text: string): unknown => varied.vary({ verb: '', parts: [text] }).parts[0]
  assert.equal(given('UID FETCH 1:20 (UID FLAGS)'), 'UID FETCH 1:20 (UID FLAGS)')
  assert.equal(given('UID FETCH 1:20 (UID FLAGS)'), 'UID FETCH 1:20,4294000001 (UID FLAGS)')
  assert.equal(given('UID FETCH 1:20 (UID FLAGS)'), 'UID FETCH 1:20,4294000002 (UID FLAGS)')
  assert.equal(given('UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 5)'), 'UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 5)')
  assert.equal(given('UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 5)'), 'UID FETCH 1:*,4294000001 (UID FLAGS) (CHANGEDSINCE 5)')
  for (const search of ['UID SEARCH RETURN (ALL) UID 1:*', 'UID SEARCH UID 1:*']) {
    assert.equal(given(search), search)
    assert.equal(given(search), `${search},4294000001`)
  }
  for (let times = 0; times < 3; times++) {
    assert.equal(given('NOOP'), 'NOOP')
    assert.equal(given('UID STORE 1:3 +FLAGS.SILENT (\\Seen)'), 'UID STORE 1:3 +FLAGS.SILENT (\\Seen)')
  }
})
