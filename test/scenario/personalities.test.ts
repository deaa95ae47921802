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
  assert.deepEqual(verified.differences, [])
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
  const asked = await move.folders({ trees: { others: false, public: false, folders: ['Notes'] } })
  assert.equal(asked.mailboxes[0]?.folders.find((folder) => folder.source === 'Notes')?.target, 'Notes (mail)')
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
      [0, 'auth-rejected', 'source'],
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

test('from Yahoo: all of 2,500 messages of a folder arrive although each answer is cut at a thousand, and what the store lost is told', async () => {
  await using world = await simulatedMigration({ source: 'yahoo', mailboxes: 2, messages: 60 })
  const { sim, move } = world
  const store = sim.sourceStore(first(sim.accounts).sourceLogin)
  for (let at = 0; at < 2500; at++) store.addMessage('Archive', short(at), { internalDate: DAY })
  // Without a line end: it comes as a quoted string, with its octets above 127.
  store.addMessage('Archive', Buffer.from('Subject: Gr\xfc\xdfe', 'latin1'), { internalDate: DAY })
  const { failed, copied } = await movesWhole(move, () => sim.appends)
  assert.equal(copied, 120 + 2501)
  assert.deepEqual(failed, ['message-unreadable', 'message-unreadable'])
  const told = (await move.folders()).mailboxes[0]?.folders ?? []
  assert.deepEqual(
    ['INBOX', 'Bulk Mail', 'Draft', 'Archive'].map((name) => told.find(({ source }) => source === name)?.target),
    ['INBOX', 'Junk Email', 'Drafts', 'Archive'],
  )
})

test('from Domino: names joined by backslashes, arrivals without a date, Message-IDs that change with every access', async () => {
  await using world = await simulatedMigration({ source: 'domino', mailboxes: 4, messages: 60 })
  const { sim, move } = world
  const { failed, copied } = await movesWhole(move, () => sim.appends)
  assert.deepEqual([failed, copied], [[], 240])
  const { target } = first(sim.accounts)
  assert.ok(sim.exchangeStore(target).folder('Projects/Harbour/Drawings') !== undefined)
  const now = Date.now() - 86_400_000
  const undated = sim
    .exchangeStore(target)
    .folders()
    .flatMap(({ messages }) => messages.filter((one) => one.internalDate.getTime() > now))
  assert.equal(undated.length, 0, 'a date of the header stands in for the one that Domino does not know')
})

test('from iCloud, which marks as read what it hands out: what the person had not read stays unread at the destination', async () => {
  await using world = await simulatedMigration({ source: 'icloud', mailboxes: 2, messages: 60, language: 'en' })
  const { sim, move } = world
  const { sourceLogin, target } = first(sim.accounts)
  const unread = (store: ReturnType<typeof sim.sourceStore>, name: string): number =>
    store.folder(name)?.messages.filter(({ flags }) => !flags.includes('\\Seen')).length ?? 0
  const before = unread(sim.sourceStore(sourceLogin), 'INBOX')
  assert.ok(before > 0)
  const { failed, copied } = await movesWhole(move, () => sim.appends)
  assert.deepEqual([failed, copied], [[], 120])
  assert.equal(unread(sim.sourceStore(sourceLogin), 'INBOX'), 0)
  assert.equal(unread(sim.exchangeStore(target), 'INBOX'), before)
})

test('from Zimbra: every message arrives, and no session is lost for asking the same again', async () => {
  await using world = await simulatedMigration({ source: 'zimbra', mailboxes: 2, messages: 60 })
  const { sim, move } = world
  const store = sim.sourceStore(first(sim.accounts).sourceLogin)
  for (let at = 0; at < 1623; at++) store.addMessage('INBOX', short(at), { internalDate: DAY })
  for (let at = 0; at < 60; at++) store.addMessage(store.createFolder(`Case ${at}`).name, short(at), { internalDate: DAY })
  const { failed, copied } = await movesWhole(move, () => sim.appends)
  assert.deepEqual([failed, copied], [[], 120 + 1623 + 60])
})

const DAY = new Date('2026-03-05T06:08:09Z')

function short(at: number): Buffer {
  return Buffer.from(`From: anna@example.test\r\nSubject: Number ${at}\r\nMessage-ID: <n${at}@example.test>\r\n\r\n${at}\r\n`)
}

for (const source of ['exchange-onprem', 'yahoo', 'domino', 'zimbra'] as const)
  test(`the nasty messages move from ${source}: each arrives or is listed, and a second copy writes nothing`, async () => {
    await using world = await simulatedMigration({ source, mailboxes: 1, messages: 20, nasty: true, language: 'de' })
    const { failed } = await movesWhole(world.move, () => world.sim.appends)
    const own = failed.filter((code) => code !== 'deleted-flag')
    assert.deepEqual(
      own,
      source === 'exchange-onprem' ? ['message-placeholder', 'message-unreadable'] : source === 'yahoo' ? ['message-unreadable'] : [],
    )
  })

for (const source of ['exchange-onprem', 'domino'] as const)
  test(`from ${source}, which makes a message anew for each reader, our copies follow moved messages and are not doubled`, async () => {
    await using world = await simulatedMigration({ source, mailboxes: 1, messages: 60, language: 'en' })
    const { sim, move } = world
    await move.copy()
    const store = sim.sourceStore(first(sim.accounts).sourceLogin)
    store.createFolder('Moved')
    const moved =
      store
        .folder('INBOX')
        ?.messages.slice(2, 10)
        .map(({ uid }) => uid) ?? []
    for (const uid of moved) store.moveMessage('INBOX', uid, 'Moved')
    const before = sim.appends
    const { mailboxes } = await move.copy()
    assert.deepEqual([first(mailboxes).moved, sim.appends - before], [8, 0])
    assert.deepEqual((await move.verify({ level: 'content' })).differences, [])
  })

for (const source of ['zimbra', 'courier'] as const)
  test(`from ${source}: a folder that ends the connection when it is looked at costs that folder, not the mailbox`, async () => {
    await using world = await simulatedMigration({ source, mailboxes: 1, messages: 60 })
    const { sim, move } = world
    const { sourceLogin } = first(sim.accounts)
    const store = sim.sourceStore(sourceLogin)
    const locked = store.createFolder(source === 'courier' ? 'INBOX.Locked share' : 'Locked share').name
    store.addMessage(locked, short(1), { internalDate: DAY })
    sim.faults.set(sourceLogin, { lockedFolder: locked })
    const { copied, failure } = first((await move.copy()).mailboxes)
    assert.deepEqual([copied, failure?.code, failure?.side], [60, 'folder-refused', 'source'])
    assert.match(failure?.serverText ?? '', /account is locked/)
    sim.faults.clear(sourceLogin)
    assert.equal(first((await move.copy()).mailboxes).failure, null)
    assert.equal(sim.appends, 61)
  })
