/** What an assessment finds, on the simulator's old server: figures, troubles, doubles, dates, risks; how it goes on and what it leaves alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MailStore } from '../../src/simulator/mail-store.ts'
import { AssessBook } from '../../src/assess/book.ts'
import { startSimulator, type Simulator } from '../../src/simulator/simulator.ts'
import { first } from '../scenario/migration.ts'
import { assessRig, type AssessRig, troubles } from './assess-rig.ts'

const HEAD = 'From: anna@example.org\r\nDate: Mon, 2 Mar 2020 10:00:00 +0000\r\n'
let made = 0

function add(store: MailStore, folder: string, body: string, more: { flags?: readonly string[]; at?: string; id?: string } = {}): void {
  const text = `${HEAD}Subject: x\r\nMessage-ID: <${more.id ?? `m${++made}`}@example.org>\r\n\r\n${body}\r\n`
  store.addMessage(folder, Buffer.from(text), {
    flags: more.flags ?? ['\\Seen'],
    internalDate: new Date(more.at ?? Date.UTC(2020, 2, 2, 10, ++made)),
  })
}

async function withMailbox(fill: (store: MailStore) => void, run: (scene: Scene) => Promise<void>): Promise<void> {
  const one = await scene(fill)
  try {
    await run(one)
  } finally {
    await one.rig[Symbol.asyncDispose]()
    await one.sim[Symbol.asyncDispose]()
  }
}

type Scene = { readonly sim: Simulator; readonly store: MailStore; readonly rig: AssessRig }

async function scene(fill: (store: MailStore) => void): Promise<Scene> {
  const sim = await startSimulator({ mailboxes: 1, messages: 0 })
  const store = sim.sourceStore(first(sim.accounts).sourceLogin)
  fill(store)
  return { sim, store, rig: await assessRig(sim.source.url, sim.accounts) }
}

test('every figure of a mailbox is right: sizes, what is too large, doubles, odd dates, deleted mail, renamed folders, troubles by their kind', () =>
  withMailbox(
    (store) => {
      for (const name of ['Trash', 'Files', 'Work']) store.createFolder(name)
      for (let at = 0; at < 20; at++) add(store, 'INBOX', 'Hello.')
      add(store, 'INBOX', 'y'.repeat(12_000))
      add(store, 'Work', 'z\r\n'.repeat(30_000))
      for (let at = 0; at < 3; at++) add(store, 'Work', 'The same.', { id: 'same', at: '2020-05-05T10:00:00Z' })
      // The same in another folder is no double.
      add(store, 'INBOX', 'The same.', { id: 'same', at: '2020-05-05T10:00:00Z' })
      add(store, 'Work', 'From the future.', { at: '2099-01-01T00:00:00Z' })
      add(store, 'Work', 'Very old.', { at: '1970-01-02T00:00:00Z' })
      add(store, 'Work', 'Gone.', { flags: ['\\Seen', '\\Deleted'] })
      add(store, 'Trash', 'Thrown away.')
      add(store, 'Files', 'A file.')
    },
    async ({ rig, sim }) => {
      const told = await rig.assess({
        maxMessageBytes: 50_000,
        risks: { mailboxBytes: 100_000, deletedBytes: 100, vip: [first(sim.accounts).target] },
      })
      const mailbox = first([...told.mailboxes])
      assert.equal(mailbox.failure, null)
      assert.deepEqual([mailbox.messages, mailbox.markedDeleted, told.totals.messages], [30, 1, 30])
      assert.deepEqual(
        [mailbox.oversize.messages, mailbox.biggest[0]?.folder, mailbox.doubles.messages, mailbox.doubles.how],
        [1, 'Work', 2, 'content'],
      )
      assert.deepEqual({ ...mailbox.dates }, { missing: 0, inFuture: 1, tooOld: 1, imported: 0 })
      assert.deepEqual(troubles(mailbox), ['refused message-too-large: 1', 'repaired long-lines: 1'])
      assert.deepEqual([told.reading.how, told.reading.messagesRead, mailbox.read.messages], ['full', 29, 29])
      const folders = new Map(mailbox.folders.map((folder) => [folder.source, folder]))
      assert.deepEqual([folders.get('Trash')?.target, folders.get('Trash')?.role], ['Deleted Items', 'trash'])
      assert.notEqual(folders.get('Files')?.target, 'Files')
      assert.ok((folders.get('Files')?.reasons.length ?? 0) > 0)
      assert.equal(mailbox.risks.length, 3)
      assert.deepEqual([told.totals.highRisk, told.price.total, told.leftBehind.system], [1, 100, 'Dovecot'])
      const codes = new Set(told.findings.map(({ code }) => code))
      for (const code of ['high-risk', 'message-too-large', 'doubles', 'odd-dates', 'marked-deleted', 'folders-renamed', 'long-lines'])
        assert.ok(codes.has(code), `${code} is not among ${[...codes].join()}`)
    },
  ))

test('nothing is changed at the source, not even what is unread', () =>
  withMailbox(
    (store) => {
      for (let at = 0; at < 10; at++) add(store, 'INBOX', 'Hello.', { flags: [] })
    },
    async ({ rig, store }) => {
      const seen = (): string =>
        JSON.stringify(store.folders().map(({ name, messages }) => [name, messages.map(({ uid, flags, modseq }) => [uid, flags, modseq])]))
      const before = seen()
      assert.equal((await rig.assess()).reading.messagesRead, 10)
      assert.equal(seen(), before)
    },
  ))

test('a sample tells how sure it is: the truth lies within its bounds, and doubles are found by the listing', () =>
  withMailbox(
    (store) => {
      for (let at = 0; at < 600; at++) add(store, 'INBOX', at % 6 === 0 ? 'y'.repeat(11_000) : `Hello ${at}.`)
      for (let at = 0; at < 4; at++) add(store, 'INBOX', 'The same.', { id: 'same', at: '2020-05-05T10:00:00Z' })
      // Of the same size and time, and another message.
      add(store, 'INBOX', 'The smae.', { id: 'eams', at: '2020-05-05T10:00:00Z' })
    },
    async ({ rig }) => {
      const told = await rig.assess({ sample: { messages: 150 } })
      const { reading, troubles: all } = told
      assert.equal(reading.how, 'sample')
      assert.ok(reading.messagesRead > 100 && reading.messagesRead < 200, String(reading.messagesRead))
      assert.match(reading.says, /chosen at random.*95 % confidence/)
      const { seen, likely, atLeast, atMost } = first([...all]).messages
      assert.ok(seen < 60 && atLeast <= 100 && 100 <= atMost && atLeast <= likely && likely <= atMost, JSON.stringify(all[0]?.messages))
      assert.deepEqual(told.mailboxes[0]?.doubles.messages, 3)
      const again = await rig.assess({ sample: { messages: 150 } })
      assert.deepEqual(again.troubles, all)
      const none = await rig.assess({ sample: 'none' })
      assert.deepEqual([none.reading.how, none.totals.messages], ['none', 605])
    },
  ))

test('one that is stopped goes on where it was, and one with nothing new reads nothing', () =>
  withMailbox(
    (store) => {
      for (let at = 0; at < 2500; at++) add(store, 'INBOX', 'Hello.')
      store.createFolder('Work')
      add(store, 'Work', 'Hello.')
    },
    async ({ rig, sim, store }) => {
      const stop = new AbortController()
      let read = 0
      const first1 = await rig.assess({
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done >= 1000) stop.abort()
        },
      })
      assert.deepEqual([first1.stopped, first1.mailboxes[0]?.failure?.code], [true, 'stopped'])
      const account = first(sim.accounts)
      const out = (): number => sim.faults.state(account.sourceLogin).bytesOut
      const count = (): Promise<number> =>
        rig.assess({ onProgress: ({ done }) => void (read = done) }).then(({ totals }) => totals.messages)
      assert.equal(await count(), 2501)
      assert.ok(read > 0 && read <= 1501, `${read} were looked at again`)
      const before = out()
      assert.equal(await count(), 2501)
      assert.ok(out() - before < 5000, `${out() - before} bytes for nothing new`)
      // What came since is looked at, and only its folder.
      add(store, 'Work', 'New.')
      assert.equal(await count(), 2502)
      assert.equal(read, 2)
    },
  ))

test('a mailbox that does not open is told as what has to be solved, and the others are looked at all the same', async () => {
  await using sim = await startSimulator({ mailboxes: 2, messages: 10, faulty: ['badpassword'] })
  await using rig = await assessRig(sim.source.url, sim.accounts)
  const told = await rig.assess()
  assert.deepEqual([told.totals.unread, told.mailboxes.filter(({ failure }) => failure === null).length], [1, 2])
  assert.deepEqual([told.findings[0]?.rank, told.findings[0]?.code, told.mailboxes[2]?.forecastMs], ['block', 'auth-rejected', null])
})

test('a connection that breaks again and again costs time and no figure', async () => {
  await using sim = await startSimulator({ mailboxes: 1, messages: 120 })
  await using rig = await assessRig(sim.source.url, sim.accounts)
  const account = first(sim.accounts)
  sim.faults.set(account.sourceLogin, { dropsAfterMessages: 45 })
  const broken = await rig.assess()
  assert.deepEqual([broken.mailboxes[0]?.failure, broken.totals.messages, broken.reading.messagesRead], [null, 120, 120])
})

test('other systems are looked at as well: labels of Gmail, items of Exchange, windows of Yahoo, changing Message-IDs of Domino', async () => {
  for (const source of ['gmail', 'exchange-onprem', 'yahoo', 'domino', 'zimbra'] as const) {
    await using sim = await startSimulator({ mailboxes: 1, messages: 60, source })
    await using rig = await assessRig(sim.source.url, sim.accounts)
    const told = await rig.assess({ sample: { percent: 50 } })
    assert.equal(told.mailboxes[0]?.failure, null, source)
    assert.ok(told.totals.messages >= 50, `${source} ${told.totals.messages}`)
    assert.equal(told.server?.system, source, source)
  }
})

test('of a mailbox that hands out only so much a day no more than half is read', async () => {
  await using sim = await startSimulator({ mailboxes: 1, messages: 20, source: 'gmail' })
  await using rig = await assessRig(sim.source.url, sim.accounts)
  const account = first(sim.accounts)
  const { port } = sim.source
  {
    using book = new AssessBook(rig.stateDir, Date.now)
    book.addTraffic(`imap 127.0.0.1:${port} ${account.sourceLogin}`, Math.floor(Date.now() / 3_600_000), 1_500_000_000)
  }
  const told = await rig.assess()
  assert.deepEqual(
    [told.mailboxes[0]?.failure?.code, told.findings.find(({ code }) => code === 'allowance-used')?.rank],
    ['allowance-used', 'note'],
  )
  assert.equal((await rig.assess({ sample: 'none' })).mailboxes[0]?.failure, null)
})

test('Exchange Online is a source like others, and has its own ways by hand', async () => {
  await using sim = await startSimulator({ mailboxes: 1, messages: 0 })
  const { target } = first(sim.accounts)
  const store = sim.exchangeStore(target)
  for (let at = 0; at < 5; at++) add(store, 'INBOX', 'Hello.')
  await using rig = await assessRig(sim.exchange.url, [{ ...first(sim.accounts), sourceLogin: target }])
  const told = await rig.assess()
  assert.deepEqual([told.mailboxes[0]?.failure, told.totals.messages, told.server?.system], [null, 5, 'exchange-online'])
  assert.match(told.leftBehind.items.find(({ what }) => what === 'rules')?.how ?? '', /Get-InboxRule/)
})
