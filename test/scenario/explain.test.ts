import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { explain, type ExplainInput } from '../../src/api/explain.ts'
import { holdTransfer, releaseTransfer } from '../../src/api/transfer.ts'
import { transferStatus } from '../../src/api/transfer-status.ts'
import { simulatedMigration } from './migration.ts'

const NOBODY = { mailbox: null, folder: null, uid: null, emlFile: null }

test('a mailbox, a folder of it and a message in it tell their story, and a message is found again by its bytes', async () => {
  await using rig = await simulatedMigration({ mailboxes: 1, messages: 20, nasty: true })
  const { move, sim } = rig
  await move.copy()
  const [account] = sim.accounts
  assert.ok(account)
  const ask = (about: Partial<ExplainInput>): ReturnType<typeof explain> =>
    explain({ ...NOBODY, stateDir: move.stateDir, now: 0, ...about })
  const [mailbox] = await ask({ mailbox: account.target })
  assert.match(mailbox?.says ?? '', /^All \d+ messages are accounted for\.$/)
  assert.match(mailbox?.story.at(-1)?.says ?? '', /^It ended: \d+ messages written/)
  const [folder] = await ask({ mailbox: account.name, folder: 'inbox' })
  assert.equal(folder?.title, `${account.name}: INBOX`)

  const stored = sim
    .sourceStore(account.sourceLogin)
    .folders()
    .find(({ name }) => name === 'INBOX')?.messages[0]
  assert.ok(stored)
  const emlFile = join(move.folder, 'one.eml')
  await writeFile(emlFile, stored.content.bytes())
  const byBytes = await ask({ emlFile })
  const [byUid] = await ask({ mailbox: account.name, folder: 'INBOX', uid: stored.uid })
  assert.deepEqual(byBytes[0], byUid)
  assert.match(byUid?.says ?? '', /^It stands in INBOX/)
  await writeFile(emlFile, 'Subject: somebody else\r\n\r\n')
  await assert.rejects(ask({ emlFile }), /very bytes/)
  await assert.rejects(ask({ mailbox: account.name, folder: 'INBOX', uid: 4_000_000 }), /no message with the UID 4000000/)
})

test('a message that could not be copied says why, and what helps', async () => {
  await using rig = await simulatedMigration({ mailboxes: 1, messages: 3, nasty: true })
  await rig.move.copy({ maxMessageBytes: 2000 })
  const { errors } = await rig.move.errors()
  const large = errors.find(({ code }) => code === 'message-too-large')
  assert.ok(large)
  const [told] = await explain({
    ...NOBODY,
    stateDir: rig.move.stateDir,
    now: 0,
    mailbox: large.mailbox,
    folder: large.folder,
    uid: large.uid,
  })
  assert.match(told?.says ?? '', /message-too-large/)
  assert.ok((told?.todo ?? '').length > 10)
})

test('the status of a transfer names who is held back by whom, the narrowest word first, and what is behind', async () => {
  await using rig = await simulatedMigration({ mailboxes: 2, messages: 3, nasty: false })
  const { stateDir } = rig.move
  await rig.move.copy()
  const [anna, ben] = rig.sim.accounts.map(({ name, target }, at) => ({ name, target, batch: at === 0 ? 'first' : 'second' }))
  assert.ok(anna !== undefined && ben !== undefined)
  const known = [anna, ben, { name: 'Late', target: 'late@example.test', batch: 'second' }]
  const word = { stateDir, known, by: 'Olga', reason: 'a journey', now: 1 }
  await holdTransfer({ ...word, whom: { mailboxes: [], batches: ['second'] } }, 'stop')
  await holdTransfer({ ...word, whom: { mailboxes: [ben.name], batches: [] } }, 'pause')
  const now = Date.now() + 60_000
  const { mailboxes } = transferStatus({ stateDir, mailboxes: known, now })
  assert.deepEqual(
    mailboxes.map(({ state, held }) => [state, held?.scope ?? null]),
    [
      ['done', null],
      ['paused', 'mailbox'],
      ['stopped', 'batch'],
    ],
  )
  assert.ok((mailboxes[0]?.lagMs ?? 0) >= 60_000)
  assert.equal(mailboxes[2]?.lagMs, null)
  assert.ok((mailboxes[0]?.messagesPerSecond ?? 0) > 0)
  await assert.rejects(
    holdTransfer({ ...word, whom: { mailboxes: ['nobody'], batches: [] } }, 'pause'),
    /No mailbox that moves is called "nobody"/,
  )
  await assert.rejects(
    holdTransfer({ ...word, whom: { mailboxes: [], batches: ['third'] } }, 'pause'),
    /There is no batch "third": there are first, second/,
  )
  await assert.rejects(holdTransfer({ ...word, by: ' ', whom: { mailboxes: [], batches: [] } }, 'pause'), /--name/)
  await releaseTransfer({ stateDir, known, whom: { mailboxes: [], batches: [] } })
  assert.ok(transferStatus({ stateDir, mailboxes: known, now }).mailboxes.every(({ held }) => held === null))
})
