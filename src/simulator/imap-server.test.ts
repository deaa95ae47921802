import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ImapFlow } from 'imapflow'
import { startSimulator } from './simulator.ts'

test('an independent client lists, reads and stores on the Dovecot side', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, messages: 30 })
  const [account] = simulator.accounts
  assert.ok(account)
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: simulator.source.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: account.sourceLogin, pass: account.sourcePassword },
    logger: false,
  })
  await client.connect()
  const folders = await client.list()
  assert.ok(folders.some((folder) => folder.path === 'R&D Ünïté'))
  await client.mailboxOpen('INBOX')
  const messages = await client.fetchAll('1:*', { source: true, flags: true, envelope: true, bodyStructure: true, internalDate: true })
  const inbox = simulator.sourceStore(account.sourceLogin).folder('INBOX')
  assert.equal(messages.length, inbox?.messages.length)
  assert.deepEqual(messages[0]?.source, inbox?.messages[0]?.content.bytes())
  await client.logout()
})
