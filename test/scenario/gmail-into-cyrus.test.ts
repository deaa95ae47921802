/** Cyrus holds about a hundred keywords in a folder and refuses a message with one more: labels must not cost mail. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { imapDestination } from '../../src/destination/adapters/imap.ts'
import { imapEndpoint } from '../../src/imap/endpoint.ts'
import { Secret } from '../../src/model/secret.ts'
import { gmail, gmailStore } from '../../src/simulator/gmail.ts'
import { startImapServer } from '../../src/simulator/imap-server.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'
import { startLife } from '../crash/life.ts'
import { needs } from '../servers/available.ts'
import { startCyrus } from '../servers/cyrus.ts'
import { first } from './migration.ts'

test('two hundred labels in one folder all arrive as mail, and stand in the ledger', { skip: needs('cyrus') }, async () => {
  await using to = await startCyrus()
  const from = gmailStore()
  for (let i = 0; i < 200; i++) {
    const bytes = Buffer.from(`Message-ID: <${i}@old.example.test>\r\nSubject: ${i}\r\n\r\nLetter ${i}.\r\n`)
    from.deliver(bytes, { labels: ['A label for all', `Label ${i}`] })
  }
  const login = 'anna@old.example.test'
  await using left = await startImapServer(gmail, { users: [{ login, password: 'secret', store: from }] })
  const at = (port: number): ReturnType<typeof imapEndpoint> => imapEndpoint({ host: '127.0.0.1', port, tls: 'none' })
  const account = first(to.users)
  const byPassword = (user: string, password: string) =>
    ({ kind: 'password', user, password: new Secret(password), authzid: null }) as const
  using life = startLife({
    source: imapSource(at(left.port), byPassword(login, 'secret')),
    destination: imapDestination(at(to.port), byPassword(account.login, account.password)),
    from,
    to: from,
    appends: () => 0,
    suffers: () => {},
    restart: () => {},
  })
  const { statement } = await life.pass()
  assert.deepEqual([statement.found, statement.copied, statement.failed], [200, 200, 0])
  assert.equal((await life.pass()).tally.appends, 0)
  life.look((ledger, mailboxId) => {
    const labelled = [...ledger.labelled(mailboxId)]
    assert.equal(labelled.length, 200)
    assert.ok(labelled.every(({ labels }) => labels.length === 1 && /^Label \d+$/.test(labels[0] ?? '')))
  })
})
