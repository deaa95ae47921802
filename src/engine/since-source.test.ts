import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imapEndpoint } from '../imap/endpoint.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { Secret } from '../model/secret.ts'
import { UidSet } from '../model/uid-set.ts'
import { dovecot } from '../simulator/dovecot.ts'
import { startImapServer } from '../simulator/imap-server.ts'
import { MailStore } from '../simulator/mail-store.ts'
import { imapSource } from '../source/adapters/imap.ts'
import type { MessageRow } from '../model/message.ts'
import type { Source, SourceNotes } from '../source/port.ts'
import { sinceSource } from './since-source.ts'

const SINCE = Date.UTC(2026, 2, 3)
const DAY = 86_400_000
const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }

function notes(): SourceNotes & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>()
  return { kept, read: (name) => kept.get(name) ?? null, write: (name, bytes) => void kept.set(name, bytes) }
}

/** A mailbox whose INBOX holds mail of three days before and of two days after. */
async function withMailbox(run: (store: MailStore, open: (since?: number, hidden?: UidSet) => Source) => Promise<void>): Promise<void> {
  const store = new MailStore({ separator: '/' })
  store.createFolder('INBOX')
  for (const days of [-3, -2, -1, 1, 2]) add(store, 'INBOX', days)
  const user = { login: 'anna', password: 'secret', store }
  await using server = await startImapServer(dovecot, { users: [user] })
  const endpoint = imapEndpoint({ host: server.host, port: server.port, tls: 'none' })
  const login = { kind: 'password', user: 'anna', password: new Secret('secret'), authzid: null } as const
  await run(store, (since = SINCE, hidden = UidSet.empty) => sinceSource(imapSource(endpoint, login), { since, hidden: () => hidden }))
}

function add(store: MailStore, folder: string, days: number): void {
  store.addMessage(folder, Buffer.from(`Subject: ${days}\r\n\r\nx\r\n`), { internalDate: new Date(SINCE + days * DAY) })
}

async function uidsIn(source: Source, folder = 'INBOX'): Promise<readonly number[]> {
  await using session = await source.connect(ctx)
  return [...(await (await session.open(folder)).uids())]
}

async function namesIn(source: Source): Promise<readonly string[]> {
  await using session = await source.connect(ctx)
  return (await session.folders()).map(({ name }) => name)
}

test('only what came since is there, without what is hidden, and the status is the true one', () =>
  withMailbox(async (_, open) => {
    assert.deepEqual(await uidsIn(open()), [4, 5])
    assert.deepEqual(await uidsIn(open(SINCE, UidSet.of([4]))), [5])
    await using session = await open(SINCE + 1.5 * DAY).connect(ctx)
    const folder = await session.open('INBOX')
    const rows: MessageRow[] = []
    await folder.rows(1, 100, (row) => void rows.push(row))
    assert.deepEqual([rows.map(({ uid }) => uid), folder.status.messages, folder.status.uidNext], [[5], 5, 6])
  }))

test('how far down a folder is read is noted, and holds no longer for an earlier time or new UIDs', () =>
  withMailbox(async (store, open) => {
    const book = notes()
    const noted = (source: Source): Source => {
      source.remember?.(book)
      return source
    }
    assert.deepEqual(await uidsIn(noted(open())), [4, 5])
    assert.match(Buffer.from(book.kept.get('since INBOX') ?? []).toString(), /"floor":4/)
    add(store, 'INBOX', 3)
    assert.deepEqual(await uidsIn(noted(open())), [4, 5, 6])
    assert.deepEqual(await uidsIn(noted(open(SINCE - 1.5 * DAY))), [3, 4, 5, 6])
    store.moveUidValidity('INBOX')
    assert.equal((await uidsIn(noted(open(SINCE + 2.5 * DAY)))).length, 1)
  }))

test('a folder in which nothing came since is not listed, until something does; INBOX always is', () =>
  withMailbox(async (store, open) => {
    const book = notes()
    for (const name of ['Empty', 'Old', 'New']) store.createFolder(name)
    add(store, 'Old', -1)
    add(store, 'New', 1)
    const source = open(SINCE + 10 * DAY)
    assert.deepEqual(await namesIn(source), ['INBOX'])
    const since = open()
    since.remember?.(book)
    assert.deepEqual((await namesIn(since)).toSorted(), ['INBOX', 'New'])
    add(store, 'Old', 2)
    assert.deepEqual((await namesIn(since)).toSorted(), ['INBOX', 'New', 'Old'])
    assert.deepEqual(await uidsIn(since, 'Old'), [2])
  }))
