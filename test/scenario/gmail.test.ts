/** A mailbox of Gmail, whose labels look like folders, goes into Exchange with each message once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { GmailStore } from '../../src/simulator/gmail-store.ts'
import { MailStore } from '../../src/simulator/mail-store.ts'
import { nastyMessage } from '../../src/simulator/nasty-messages.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { first, type Migration, simulatedMigration } from './migration.ts'

type Stage = { readonly sim: Simulator; readonly move: Migration; readonly from: GmailStore; readonly to: MailStore }

async function onStage(messages: number, run: (stage: Stage) => Promise<void>): Promise<void> {
  await using world = await simulatedMigration({ source: 'gmail', mailboxes: 1, messages, language: 'en' })
  const { sim, move } = world
  const { sourceLogin, target } = first(sim.accounts)
  const from = sim.sourceStore(sourceLogin)
  assert.ok(from instanceof GmailStore)
  await run({ sim, move, from, to: sim.exchangeStore(target) })
}

const NAMES = ['alternative', 'format-flowed', 'bounce', 'uuencoded', 'tnef', 'forwarded', 'invitation'] as const

/** UIDs in All Mail: 1 in the inbox, 2 and 3 under labels, 4 sent, 5 archived, 6 with a star. */
function deliverSome(from: GmailStore): void {
  const labels = [['\\Inbox'], ['Work', '\\Inbox'], ['Work/Harbour', 'Work', 'To do'], ['\\Sent'], [], ['\\Important']]
  for (const [at, one] of labels.entries()) {
    const flags = at === 5 ? ['\\Seen', '\\Flagged'] : ['\\Seen']
    const name = NAMES[at] ?? 'invitation'
    from.deliver(nastyMessage(name).bytes(), { labels: one, flags, internalDate: new Date(Date.UTC(2021, 1, at + 1)) })
  }
}

function listing(store: MailStore, folder: string): readonly string[] {
  const subjects = (store.folder(folder)?.messages ?? []).map((message) =>
    `${/^Subject: (.*)\r$/m.exec(message.content.bytes().toString('latin1'))?.[1]} ${[...message.flags].sort().join(' ')}`.trim(),
  )
  return subjects.sort()
}

test('a labelled mailbox arrives with each message once, verified by content, and a second pass does nothing', () =>
  onStage(300, async ({ sim, move, from, to }) => {
    const done = await move.copy()
    const held = [from.all, from.spam, from.trash].reduce((sum, name) => sum + (from.folder(name)?.messages.length ?? 0), 0)
    assert.equal(held, 300)
    assert.deepEqual([done.found, done.copied, done.appends, done.unexplained], [300, 300, 300, 0])
    assert.equal(
      to.folders().reduce((sum, folder) => sum + folder.messages.length, 0),
      300,
    )
    for (const name of ['Empty label', 'Projects/Planned/Nothing yet', 'Projects/Harbour/Drawings', '日本語/請求書', 'Müller & Söhne'])
      assert.ok(to.folder(name) !== undefined, name)
    assert.ok(!to.folders().some((folder) => /gmail|all mail|starred|important/i.test(folder.name)))
    const verified = await move.verify({ level: 'content' })
    assert.deepEqual([verified.found, verified.missing, verified.extra, verified.different], [300, 0, 0, 0])
    assert.equal(verified.compared, 300)
    const again = await move.copy()
    assert.deepEqual([again.found, again.appends, again.mailboxes[0]?.moved, sim.appends], [300, 0, 0, 300])
  }))

test('T24: the label of the user decides, then Sent and the inbox, and mail without a label is archived', () =>
  onStage(0, async ({ move, from, to }) => {
    deliverSome(from)
    await move.copy()
    assert.deepEqual(listing(to, 'INBOX'), ['alternative \\Seen'])
    assert.deepEqual(listing(to, 'Work'), ['format-flowed \\Seen'])
    assert.deepEqual(listing(to, 'Work/Harbour'), ['bounce \\Seen'])
    assert.deepEqual(listing(to, 'Sent Items'), ['uuencoded \\Seen'])
    assert.deepEqual(listing(to, 'Archive'), ['forwarded \\Flagged \\Seen', 'tnef \\Seen'])
    const { labels, skipped, failed } = await move.errors()
    assert.deepEqual([skipped, failed], [0, 0])
    assert.deepEqual(labels?.[0]?.messages, 2)
    assert.deepEqual(labels[0].labels.map(({ name, messages }) => `${name} ${messages}`).sort(), ['Inbox 1', 'To do 1', 'Work 1'])
  }))

test('labels that change move our copies and double none; flags, new mail, Trash and archiving are carried as well', () =>
  onStage(0, async ({ sim, move, from, to }) => {
    deliverSome(from)
    await move.copy()
    from.relabel(1, { add: ['Work/Harbour'] })
    from.relabel(2, { remove: ['Work'] })
    from.relabel(3, { remove: ['To do'], add: ['Later'] })
    from.relabel(5, { add: ['New label'] })
    from.setFlags(from.all, 4, ['\\Seen', '\\Answered'])
    from.moveMessage(from.all, 6, from.trash)
    from.deliver(nastyMessage('invitation').bytes(), { labels: ['\\Inbox'] })
    const delta = await move.copy()
    assert.deepEqual([delta.appends, delta.mailboxes[0]?.moved, delta.unexplained], [1, 4, 0])
    assert.deepEqual(listing(to, 'INBOX'), ['format-flowed \\Seen', 'invitation'])
    assert.deepEqual(listing(to, 'Work'), [])
    assert.deepEqual(listing(to, 'Work/Harbour'), ['alternative \\Seen', 'bounce \\Seen'])
    assert.deepEqual(listing(to, 'New label'), ['tnef \\Seen'])
    assert.deepEqual(listing(to, 'Sent Items'), ['uuencoded \\Answered \\Seen'])
    assert.deepEqual(listing(to, 'Deleted Items'), ['forwarded \\Flagged \\Seen'])
    const again = await move.copy()
    assert.deepEqual([again.appends, again.mailboxes[0]?.moved, sim.appends], [0, 0, 7])
    const { missing, extra, different } = await move.verify({ level: 'content' })
    assert.deepEqual([missing, extra, different], [0, 0, 0])
  }))

test('a renamed label is a moved folder, although the server tells of no change in any message', () =>
  onStage(0, async ({ sim, move, from, to }) => {
    deliverSome(from)
    await move.copy()
    from.renameFolder('Work', 'Jobs')
    const delta = await move.copy()
    assert.deepEqual([delta.appends, delta.mailboxes[0]?.moved], [0, 2])
    assert.deepEqual(listing(to, 'Jobs'), ['format-flowed \\Seen'])
    assert.deepEqual(listing(to, 'Jobs/Harbour'), ['bounce \\Seen'])
    assert.deepEqual(listing(to, 'Work'), [])
    const { missing, extra, different } = await move.verify()
    assert.deepEqual([missing, extra, different, sim.appends], [0, 0, 0, 6])
  }))

test('a pass with nothing new, or with little new, does not list the labels again, even where Gmail counts a label otherwise', () =>
  onStage(400, async ({ sim, move, from }) => {
    MailStore.prototype.addMessage.call(from, 'Projects', nastyMessage('bounce').bytes())
    const state = sim.faults.state(first(sim.accounts).sourceLogin)
    const told = async (): Promise<number> => {
      const before = state.bytesOut
      await move.copy()
      return state.bytesOut - before
    }
    await move.copy()
    const nothing = await told()
    assert.ok(nothing < 8000, `${nothing} bytes`)
    from.deliver(nastyMessage('invitation').bytes(), { labels: ['Projects'] })
    from.relabel(9, { add: ['Another'] })
    const little = await told()
    // The list of labels of 400 messages alone is twice as much.
    assert.ok(little < 12_000, `${little} bytes`)
  }))

test('a connection that breaks while the labels are listed, or the mail, costs nothing', () =>
  onStage(300, async ({ sim, move }) => {
    const { sourceLogin } = first(sim.accounts)
    sim.faults.set(sourceLogin, { cutAfterBytesOut: 14_000, once: true })
    const done = await move.copy()
    assert.deepEqual([done.found, done.copied, sim.appends], [300, 300, 300])
    sim.faults.set(sourceLogin, { dropsAfterMessages: 40 })
    const verified = await move.verify({ level: 'content' })
    assert.deepEqual([verified.missing, verified.extra, verified.different], [0, 0, 0])
  }))

test('a new UIDVALIDITY of All Mail doubles nothing', () =>
  onStage(0, async ({ sim, move, from, to }) => {
    deliverSome(from)
    await move.copy()
    from.moveUidValidity(from.all)
    from.relabel(1, { add: ['Work'] })
    const again = await move.copy()
    assert.deepEqual([again.found, again.copied, again.unexplained, sim.appends], [6, 6, 0, 6])
    assert.deepEqual(listing(to, 'Work'), ['alternative \\Seen', 'format-flowed \\Seen'])
    const last = await move.copy()
    assert.deepEqual([last.appends, sim.appends], [0, 6])
  }))

test("F19: Gmail's own folders are known by their attributes, whatever the language and the container are called", async () => {
  await using world = await simulatedMigration({ source: 'gmail', mailboxes: 4, messages: 60, language: 'en' })
  const { sim, move } = world
  const done = await move.copy()
  assert.deepEqual([done.found, done.copied, done.unexplained], [240, 240, 0])
  for (const { sourceLogin, target } of sim.accounts) {
    const [from, to] = [sim.sourceStore(sourceLogin), sim.exchangeStore(target)]
    assert.ok(from instanceof GmailStore)
    assert.equal(to.folder('Deleted Items')?.messages.length, from.folder(from.trash)?.messages.length)
    assert.equal(to.folder('Junk Email')?.messages.length, from.folder(from.spam)?.messages.length)
    assert.ok((to.folder('Sent Items')?.messages.length ?? 0) > 0)
    assert.ok((to.folder('Archive')?.messages.length ?? 0) > 0)
    assert.ok(!to.folders().some(({ name }) => name.startsWith('[') || name.includes(from.names.all)))
  }
})
