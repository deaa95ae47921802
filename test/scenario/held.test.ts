import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeControl, type Wish } from '../../src/api/control.ts'
import { outcomeOf, simulatedMigration } from './migration.ts'

const wish = (scope: Wish['scope'], name: string, word: Wish['wish'] = 'pause'): Wish => ({
  scope,
  name,
  wish: word,
  by: 'Olga',
  reason: 'she is travelling',
  at: 1,
})

test('a mailbox that is paused while it is copied ends there, the others go on, and once resumed nothing is copied twice', async () => {
  await using rig = await simulatedMigration({ mailboxes: 3, messages: 60, nasty: false })
  const { move, sim } = rig
  const [first = '', second = ''] = sim.accounts.map(({ name }) => name)
  let isSaid = false
  const broken = await move.copy({
    bytesPerSecond: 20_000,
    mailboxesAtOnce: 1,
    onProgress: ({ mailbox, phase, done }) => {
      if (mailbox !== first || phase !== 'copy' || done < 5 || isSaid) return
      isSaid = true
      void writeControl(move.stateDir, [wish('mailbox', first)])
    },
  })
  const held = outcomeOf(broken, first)
  assert.equal(held.failure?.code, 'held')
  assert.match(held.failure?.message ?? '', /Paused by Olga: she is travelling/)
  assert.ok(held.copied >= 5 && held.copied < held.found, `${held.copied} of ${held.found}`)
  assert.equal(outcomeOf(broken, second).failure, null)
  assert.equal(outcomeOf(await move.copy(), first).failure?.code, 'held', 'it stays so')
  await writeControl(move.stateDir, [])
  const again = await move.copy()
  assert.equal(again.unexplained, 0)
  assert.equal(sim.appends, again.copied)
})

test('who is stopped with all the others is not even opened', async () => {
  await using rig = await simulatedMigration({ mailboxes: 2, messages: 3, nasty: false })
  await writeControl(rig.move.stateDir, [wish('all', '', 'stop')])
  const result = await rig.move.copy()
  assert.deepEqual(
    result.mailboxes.map(({ failure }) => failure?.message),
    ['Stopped with all others by Olga: she is travelling.', 'Stopped with all others by Olga: she is travelling.'],
  )
  assert.equal(rig.sim.appends, 0)
})
