/** What happens at the source between two passes is carried over; what a person did at the destination is never touched. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { MailStore } from '../../src/simulator/mail-store.ts'
import { changeLanguage } from '../../src/simulator/exchange-mailbox.ts'
import { nastyMessage } from '../../src/simulator/nasty-messages.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { first, type Migration, simulatedMigration } from './migration.ts'

const NAMES = ['alternative', 'format-flowed', 'bounce', 'uuencoded', 'tnef', 'forwarded'] as const

type Stage = { readonly sim: Simulator; readonly move: Migration; readonly from: MailStore; readonly to: MailStore }

/** One mailbox with six messages in `Work`, already copied. */
async function afterFirstPass(language: 'en' | 'de', run: (stage: Stage) => Promise<void>): Promise<void> {
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0, language })
  const { sim, move } = world
  const { sourceLogin, target } = first(sim.accounts)
  const [from, to] = [sim.sourceStore(sourceLogin), sim.exchangeStore(target)]
  from.createFolder('Work')
  for (const [at, name] of NAMES.entries()) {
    from.addMessage('Work', nastyMessage(name).bytes(), { flags: ['\\Seen'], internalDate: new Date(Date.UTC(2021, 1, at + 1)) })
  }
  const initial = await move.copy()
  assert.deepEqual([initial.found, initial.copied, initial.appends], [6, 6, 6])
  await run({ sim, move, from, to })
}

/** Subjects and flags in a folder, in order of arrival. */
function listing(store: MailStore, folder: string): readonly string[] {
  return (store.folder(folder)?.messages ?? []).map((message) =>
    `${/^Subject: (.*)\r$/m.exec(message.content.bytes().toString('latin1'))?.[1]} ${[...message.flags].sort().join(' ')}`.trim(),
  )
}

const SEEN = NAMES.map((name) => `${name} \\Seen`)
test('new, read, starred, moved and deleted messages follow, and the pass after it does nothing', () =>
  afterFirstPass('en', async ({ sim, move, from, to }) => {
    assert.deepEqual([...listing(to, 'Work')].sort(), [...SEEN].sort())
    from.addMessage('INBOX', nastyMessage('invitation').bytes())
    from.setFlags('Work', 1, [])
    from.setFlags('Work', 2, ['\\Seen', '\\Flagged'])
    from.createFolder('Archive/2021')
    from.moveMessage('Work', 3, 'Archive/2021')
    from.removeMessage('Work', 4)
    const delta = await move.copy()
    const { appends, mailboxes } = delta
    const [one] = mailboxes
    assert.deepEqual([appends, one?.flagsChanged, one?.moved, one?.deleted, one?.unexplained], [1, 2, 1, 1, 0])
    assert.deepEqual([...listing(to, 'Work')].sort(), ['alternative', 'format-flowed \\Flagged \\Seen', 'forwarded \\Seen', 'tnef \\Seen'])
    assert.deepEqual(listing(to, 'INBOX'), ['invitation'])
    assert.deepEqual(listing(to, 'Archive/2021'), ['bounce \\Seen'])
    assert.deepEqual(listing(to, 'Deleted Items'), ['uuencoded \\Seen'])
    const again = await move.copy()
    assert.deepEqual([again.found, again.copied, again.appends, sim.appends], [6, 6, 0, 7])
    const { missing, extra, different } = await move.verify()
    assert.deepEqual([missing, extra, different], [0, 0, 0])
  }))

test('with --deletions keep, what was deleted at the source stays where it is', () =>
  afterFirstPass('en', async ({ move, from, to }) => {
    from.removeMessages('Work', [1, 2])
    const { mailboxes } = await move.copy({ deletions: 'keep' })
    assert.equal(mailboxes[0]?.deleted, 0)
    assert.equal(listing(to, 'Work').length, 6)
    assert.deepEqual(listing(to, 'Deleted Items'), [])
  }))

test('a pass that would delete unusually much asks, and does it once it may', () =>
  afterFirstPass('en', async ({ move, from, to }) => {
    for (let at = 0; at < 20; at++) from.addMessage('Work', Buffer.from(`Subject: n${at}\r\nMessage-ID: <n${at}@example.org>\r\n\r\nx\r\n`))
    await move.copy()
    from.removeMessages('Work', from.folder('Work')?.messages.map((message) => message.uid) ?? [])
    const guarded = await move.copy()
    assert.equal(guarded.mailboxes[0]?.failure?.code, 'deletion-guard')
    assert.equal(listing(to, 'Work').length, 26)
    const allowed = await move.copy({ allowDeletions: true })
    assert.deepEqual([allowed.mailboxes[0]?.failure, allowed.mailboxes[0]?.deleted], [null, 26])
    assert.equal(listing(to, 'Deleted Items').length, 26)
  }))

test('a folder renamed at the source takes its copies along', () =>
  afterFirstPass('en', async ({ sim, move, from, to }) => {
    from.renameFolder('Work', 'Projects')
    const { mailboxes } = await move.copy()
    assert.deepEqual([mailboxes[0]?.failure, mailboxes[0]?.moved, mailboxes[0]?.unexplained], [null, 6, 0])
    assert.deepEqual([...listing(to, 'Projects')].sort(), [...SEEN].sort())
    assert.deepEqual(listing(to, 'Work'), [])
    assert.equal(sim.appends, 6)
  }))

test('a folder deleted at the source keeps its copies', () =>
  afterFirstPass('en', async ({ sim, move, from, to }) => {
    from.deleteFolder('Work')
    const { found, unexplained, mailboxes } = await move.copy()
    assert.deepEqual([found, unexplained, mailboxes[0]?.failure, mailboxes[0]?.deleted], [0, 0, null, 0])
    assert.deepEqual([...listing(to, 'Work')].sort(), [...SEEN].sort())
    assert.equal(sim.appends, 6)
  }))

test('default folders of the destination may take another language between passes', () =>
  afterFirstPass('en', async ({ sim, move, from, to }) => {
    from.addMessage('Sent', nastyMessage('tnef').bytes(), { flags: ['\\Seen'] })
    await move.copy()
    assert.deepEqual(listing(to, 'Sent Items'), ['tnef \\Seen'])
    changeLanguage(to, 'fr')
    from.addMessage('Sent', nastyMessage('bounce').bytes())
    from.removeMessage('Work', 6)
    const { mailboxes } = await move.copy()
    assert.deepEqual([mailboxes[0]?.failure, mailboxes[0]?.unexplained, mailboxes[0]?.deleted], [null, 0, 1])
    assert.deepEqual(listing(to, 'Éléments envoyés'), ['tnef \\Seen', 'bounce'])
    assert.deepEqual(listing(to, 'Éléments supprimés'), ['forwarded \\Seen'])
    assert.equal(to.folder('Sent Items'), undefined)
    assert.equal(sim.appends, 8)
  }))

test('copies that a person read, moved or deleted at the destination are not touched again', () =>
  afterFirstPass('de', async ({ sim, move, from, to }) => {
    const uid = (subject: string): number =>
      to.folder('Work')?.messages.find((message) => message.content.bytes().includes(`Subject: ${subject}\r\n`))?.uid ?? 0
    to.setFlags('Work', uid('alternative'), [])
    to.setFlags('Work', uid('format-flowed'), ['\\Seen', '\\Flagged'])
    to.createFolder('Mine')
    to.moveMessage('Work', uid('bounce'), 'Mine')
    to.removeMessage('Work', uid('uuencoded'))
    const before = [...listing(to, 'Work')]
    // The source changes those very messages.
    from.setFlags('Work', 1, ['\\Seen', '\\Answered'])
    from.removeMessage('Work', 2)
    from.setFlags('Work', 3, ['\\Flagged'])
    from.setFlags('Work', 4, [])
    const { unexplained, mailboxes } = await move.copy()
    assert.deepEqual([unexplained, mailboxes[0]?.failure, mailboxes[0]?.deleted, mailboxes[0]?.flagsChanged], [0, null, 0, 0])
    assert.deepEqual(listing(to, 'Work'), before)
    assert.deepEqual(listing(to, 'Mine'), ['bounce \\Seen'])
    assert.deepEqual(listing(to, 'Gelöschte Elemente'), [])
    assert.equal((await move.copy()).appends, 0)
    assert.equal(sim.appends, 6)
  }))
