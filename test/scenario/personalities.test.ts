/** Whole mailboxes move from servers that cannot be installed here, as the simulator plays them, into its Exchange. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { MASTER } from '../../src/simulator/simulator.ts'
import { first, simulatedMigration, type Migration } from './migration.ts'

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

test('from Exchange on premises: mail of four languages arrives in its folders; items that are no mail stay, and stand-ins are told', async () => {
  await using world = await simulatedMigration({ source: 'exchange-onprem', mailboxes: 4, messages: 60 })
  const { sim, move } = world
  const { failed, copied } = await movesWhole(move, () => sim.appends)
  assert.equal(copied, 240)
  assert.deepEqual([...new Set(failed)], ['message-placeholder', 'message-unreadable'])
  assert.equal(failed.length, 8)
  const calendars = ['Calendar', 'Kalender', 'Calendrier', 'Agenda']
  const sent = ['Sent Items', 'Gesendete Elemente', 'Éléments envoyés', 'Verzonden items']
  for (const [at, { folders }] of (await move.folders()).mailboxes.entries()) {
    const told = new Map(folders.map((folder) => [folder.source, folder]))
    assert.equal(told.get(calendars[at] ?? '')?.target, null)
    assert.match(told.get(calendars[at] ?? '')?.reasons.join() ?? '', /calendar entries/)
    assert.equal(told.get(sent[at] ?? '')?.target, sent[at])
    assert.equal(told.get(sent[at] ?? '')?.exists, true)
  }
})

test('Exchange on premises opens a mailbox by its alias and by the login of an administrator, and says yes to a wrong password', async () => {
  await using world = await simulatedMigration(
    { source: 'exchange-onprem', mailboxes: 3, messages: 10 },
    {
      logins: [
        { sourceLogin: 'CORP\\anna' },
        { sourceLogin: `CORP\\${MASTER.login}\\ben`, sourcePassword: MASTER.password },
        { sourceLogin: 'clara@old.example.test', sourcePassword: 'wrong' },
      ],
    },
  )
  const { mailboxes } = await world.move.copy()
  assert.deepEqual(
    mailboxes.map(({ copied, failure }) => [copied, failure?.code ?? null, failure?.side ?? null]),
    [
      [10, null, null],
      [10, null, null],
      [0, 'mailbox-not-connected', 'source'],
    ],
  )
})

test('Exchange on premises that throttles its readers is waited for, and no message is blamed', async () => {
  await using world = await simulatedMigration({ source: 'exchange-onprem', mailboxes: 1, messages: 80 })
  const { sim, move } = world
  sim.faults.set(first(sim.accounts).sourceLogin, { throttlesFetch: { every: 3, ms: 20_000 } })
  const { copied, failed } = await movesWhole(move, () => sim.appends)
  assert.equal(copied, 80)
  assert.equal(failed.length, 2)
})
