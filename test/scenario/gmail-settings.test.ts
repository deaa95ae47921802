/** What people can set in Gmail that hides mail from IMAP, and what becomes of labels on a plain server. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { operationsIn } from '../../src/api/operations-in.ts'
import { realWorld } from '../../src/app.ts'
import { labelsAmong } from '../../src/model/labels.ts'
import { GmailStore } from '../../src/simulator/gmail-store.ts'
import type { MailStore } from '../../src/simulator/mail-store.ts'
import { nastyMessage } from '../../src/simulator/nasty-messages.ts'
import { needs } from '../servers/available.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { mailOnServer } from './mail.ts'
import { first, type Migration, simulatedMigration } from './migration.ts'

const NAMES = ['alternative', 'format-flowed', 'bounce', 'uuencoded', 'tnef'] as const
const LABELS = [
  ['\\Inbox'],
  ['Work', '\\Inbox', 'Do'],
  ['\\Sent', 'A label whose name is longer than keywords may be anywhere'],
  [],
  ['Work'],
]

function fill(store: MailStore): GmailStore {
  assert.ok(store instanceof GmailStore)
  for (const [at, name] of NAMES.entries()) {
    const internalDate = new Date(Date.UTC(2021, 1, at + 1))
    store.deliver(nastyMessage(name).bytes(), { labels: LABELS[at] ?? [], flags: ['\\Seen'], internalDate })
  }
  return store
}

async function onStage(run: (from: GmailStore, to: MailStore, move: Migration) => Promise<void>): Promise<void> {
  await using world = await simulatedMigration({ source: 'gmail', mailboxes: 1, messages: 0, language: 'en' })
  const { sourceLogin, target } = first(world.sim.accounts)
  await run(fill(world.sim.sourceStore(sourceLogin)), world.sim.exchangeStore(target), world.move)
}

function subjects(store: MailStore, folder: string): readonly string[] {
  const messages = store.folder(folder)?.messages ?? []
  return messages.map(({ content }) => /^Subject: (.*)\r$/m.exec(content.bytes().toString('latin1'))?.[1] ?? '').sort()
}

test('with All Mail hidden each message is copied once from the folders that are shown, and a person is told what is missing', () =>
  onStage(async (from, to, move) => {
    from.hide(from.all)
    const preview = first((await move.folders()).mailboxes)
    assert.match(preview.notes.join(' '), /All Mail is not shown in IMAP.*archived mail .* stays behind/)
    const done = await move.copy()
    assert.deepEqual([done.found, done.copied, done.unexplained], [4, 4, 0])
    assert.match(String(first(done.mailboxes).notes), /All Mail is not shown in IMAP/)
    assert.deepEqual(subjects(to, 'INBOX'), ['alternative'])
    assert.deepEqual(subjects(to, 'Work'), ['format-flowed', 'tnef'])
    const again = await move.copy()
    assert.deepEqual([again.found, again.appends], [4, 0])
    const { missing, extra, different } = await move.verify()
    assert.deepEqual([missing, extra, different], [0, 0, 0])
    from.show(from.all)
    const whole = await move.copy()
    assert.deepEqual([whole.found, whole.copied, whole.appends], [5, 5, 1])
    assert.equal(first(whole.mailboxes).notes, undefined)
    assert.deepEqual(subjects(to, 'Archive'), ['uuencoded'])
  }))

test('a label that is hidden in IMAP gets its folder all the same', () =>
  onStage(async (from, to, move) => {
    from.hide('Work')
    from.hide(`${from.names.container}/${from.names.sent}`)
    const done = await move.copy()
    assert.deepEqual([done.found, done.copied], [5, 5])
    assert.deepEqual(subjects(to, 'Work'), ['format-flowed', 'tnef'])
    from.show('Work')
    const again = await move.copy()
    assert.deepEqual([again.appends, again.mailboxes[0]?.moved], [0, 0])
  }))

test('a limit on the size of IMAP folders is suspected and told', () =>
  onStage(async (from, _, move) => {
    for (let i = NAMES.length; i < 1000; i++) from.deliver(Buffer.from(`Subject: ${i}\r\n\r\nHello.\r\n`))
    const { notes } = first((await move.folders()).mailboxes)
    assert.match(notes.join(' '), /All Mail shows exactly 1000 messages/)
  }))

test('the view of chats is left out', () =>
  onStage(async (from, _, move) => {
    from.createFolder('[Gmail]/Chats')
    const { folders } = first((await move.folders()).mailboxes)
    assert.equal(folders.find((folder) => folder.source === '[Gmail]/Chats')?.target, null)
    assert.equal(folders.find((folder) => folder.source === '[Gmail]/Starred')?.target, null)
    assert.equal(folders.find((folder) => folder.source === '[Gmail]/Archive')?.target, 'Archive')
  }))

test('a plain server keeps the other labels as keywords, and follows their changes', { skip: needs('dovecot') }, async () => {
  await using to = await startDovecot({ tls: false })
  const { login: target, password: targetPassword } = first(to.users)
  const ends = { destination: `imap://127.0.0.1:${to.port}?tls=none`, logins: [{ target, targetPassword }] }
  await using world = await simulatedMigration({ source: 'gmail', mailboxes: 1, messages: 0 }, ends)
  const { sim, move } = world
  const from = fill(sim.sourceStore(first(sim.accounts).sourceLogin))
  const labels = async (): Promise<readonly string[]> => {
    const mail = await mailOnServer({ port: to.port, user: target, pass: targetPassword })
    return mail.map(({ folder, flags }) => `${folder}: ${labelsAmong(flags).toSorted().join(', ')}`).sort()
  }
  assert.equal((await move.copy()).copied, 5)
  const long = LABELS[2]?.[1] ?? ''
  assert.deepEqual(await labels(), [`${long}: Sent`, 'Archive: ', 'INBOX: ', 'Work: ', 'Work: Do, Inbox'])
  from.relabel(2, { remove: ['Do'], add: ['Bä'] })
  const delta = await move.copy()
  assert.deepEqual([delta.appends, delta.mailboxes[0]?.flagsChanged], [0, 1])
  assert.deepEqual(await labels(), [`${long}: Sent`, 'Archive: ', 'INBOX: ', 'Work: ', 'Work: Bä, Inbox'])
  // A label whose keyword would be too long is kept in the ledger alone.
  from.relabel(1, { add: [long, 'Deeper/than/that'] })
  await move.copy()
  assert.ok((await labels()).includes('Deeper/than/that: Inbox'))
  const { missing, extra, different } = await move.verify()
  assert.deepEqual([missing, extra, different], [0, 0, 0])
})

test('a message that was left out is exported from the folder that we made of its label', async () => {
  await using world = await simulatedMigration({ source: 'gmail', mailboxes: 1, messages: 0 })
  const { sim, move } = world
  const from = fill(sim.sourceStore(first(sim.accounts).sourceLogin))
  from.deliver(nastyMessage('bounce').bytes(), { labels: ['Work', '\\Inbox'], flags: ['\\Deleted'] })
  assert.equal((await move.copy()).skipped, 1)
  const emlDir = join(move.folder, 'left')
  const [, ...args] = move.args('errors', '--eml', emlDir)
  const source = args[args.indexOf('--source') + 1] ?? ''
  const addresses = { source, mailboxesFile: move.mailboxesFile, stateDir: move.stateDir, caFile: null, only: [], env: {} }
  const watch = { signal: new AbortController().signal, onMailboxes: () => {}, onProgress: () => {} }
  const told = await operationsIn(realWorld()).errors({ ...watch, stateDir: move.stateDir, only: [], csvFile: null, emlDir, addresses })
  assert.equal(told.exported, 1)
  assert.deepEqual(await readFile(told.errors[0]?.emlFile ?? ''), nastyMessage('bounce').bytes())
})
