import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runChanges } from './run-changes.ts'
import { SMALL_PLAN, smallWorld } from './small-plan.fixture.ts'
import { undoChanges } from './undo-changes.ts'

test('a plan is carried out, holds then, and is taken back to the first state', async () => {
  using world = smallWorld()
  const { system, ctx } = world
  const first = system.state()
  using journal = world.open()
  const done = await runChanges(SMALL_PLAN, { journal, hands: system.hands, ctx })
  assert.deepEqual(done.statement.open, [])
  assert.equal(done.statement.counts.done, 8)
  assert.equal(done.statement.counts.already, 1)
  const after = system.state()
  assert.deepEqual(after, {
    anna: { password: 20 },
    group: { members: ['anna', 'ben'] },
    'mailbox anna': { size: '150MB' },
    org: { size: '36 MB (37,748,736 bytes)', mode: 'on', owners: ['emil'] },
    there: {},
  })
  const undone = await undoChanges({ journal, hands: system.hands, ctx })
  assert.deepEqual(undone.statement.open, [])
  assert.equal(undone.statement.counts.undone, 8)
  assert.deepEqual(system.state(), first)
})
