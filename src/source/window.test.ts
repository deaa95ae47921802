import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imapEndpoint } from '../imap/endpoint.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { Secret } from '../model/secret.ts'
import { startImapServer, type ImapServer } from '../simulator/imap-server.ts'
import { MailStore } from '../simulator/mail-store.ts'
import type { Personality } from '../simulator/personality.ts'
import { dovecot } from '../simulator/dovecot.ts'
import { yahoo } from '../simulator/yahoo.ts'
import { imapSource } from './adapters/imap.ts'
import type { SourceSession } from './port.ts'

const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }

async function withMessages(personality: Personality, messages: number): Promise<ImapServer> {
  const store = new MailStore({ separator: '/' })
  const content = Buffer.from('Subject: One of many\r\n\r\n')
  store.createFolder('Inbox')
  for (let at = 0; at < messages; at++) store.addMessage('Inbox', content)
  return await startImapServer(personality, { users: [{ login: 'anna', password: 'secret', store }] })
}

async function open({ host, port }: ImapServer, without: ReadonlySet<string> = new Set()): Promise<SourceSession> {
  const login = { kind: 'password', user: 'anna', password: new Secret('secret'), authzid: null } as const
  return await imapSource({ ...imapEndpoint({ host, port, tls: 'none' }), without }, login).connect(ctx)
}

test('behind the window of Yahoo every message is seen, as UIDONLY opens it', async () => {
  await using server = await withMessages(yahoo, 10_050)
  await using session = await open(server)
  const [inbox] = await session.folders()
  assert.equal(inbox?.status?.messages, 10_050)
  assert.deepEqual(session.warnings, [])
  const folder = await session.open(inbox.name)
  const rows = new Set<number>()
  await folder.rows(1, 2 ** 32 - 1, ({ uid }) => void rows.add(uid))
  assert.equal(rows.size, 10_050)
  assert.equal((await folder.uids()).size, 10_050)
})

test('where it cannot be opened, a folder of exactly ten thousand messages is warned of, and one of a usual server is not', async () => {
  await using hidden = await withMessages(yahoo, 10_050)
  await using session = await open(hidden, new Set(['UIDONLY']))
  const [inbox] = await session.folders()
  assert.equal(inbox?.status?.messages, 10_000)
  assert.match(session.warnings?.join() ?? '', /^"INBOX" shows exactly 10,000 messages.*export\.imap\.mail\.yahoo\.com/)
  await using usual = await withMessages(dovecot, 10_000)
  await using other = await open(usual)
  await other.folders()
  assert.deepEqual(other.warnings, [])
})
