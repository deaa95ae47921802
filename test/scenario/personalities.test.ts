/** Whole mailboxes move from servers that cannot be installed here, as the simulator plays them, into its Exchange. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { simulatedMigration, type Migration } from './migration.ts'

/** Copies, verifies every message, and copies again; returns what the first copy listed as failed. */
async function movesWhole(
  move: Migration,
  appends: () => number,
): Promise<{ readonly failed: readonly string[]; readonly copied: number }> {
  const result = await move.copy()
  for (const one of result.mailboxes) assert.deepEqual([one.name, one.failure], [one.name, null])
  const errors = await move.errors()
  const verified = await move.verify({ level: 'content' })
  for (const one of verified.mailboxes)
    for (const folder of one.folders)
      assert.deepEqual([folder.missing, folder.extra, folder.different, folder.unexplained], [0, 0, 0, 0], `${one.name} ${folder.source}`)
  const before = appends()
  await move.copy()
  assert.equal(appends() - before, 0, 'a second copy writes nothing')
  return {
    failed: errors.errors.map(({ code }) => code).sort(),
    copied: result.mailboxes.reduce((sum, one) => sum + one.copied, 0),
  }
}

test('from Exchange on premises: mail in folders of four languages arrives, items that are no mail are told', async () => {
  await using world = await simulatedMigration({ source: 'exchange-onprem', mailboxes: 4, messages: 60 })
  const { sim, move } = world
  const { copied } = await movesWhole(move, () => sim.appends)
  assert.equal(copied, 240)
})
