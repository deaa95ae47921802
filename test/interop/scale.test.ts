/** What is there in unusual numbers or sizes: it takes a bounded number of commands and bytes of memory, and it ends. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'

import { PASSWORD } from '../../src/imap/scripted-server.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'
import { ctx } from '../conformance/bench.ts'
import { needs } from '../servers/available.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { imapFlow, mailInStore } from '../scenario/mail.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { startProxy } from '../rig/proxy.ts'
import { first, migration, simulatedMigration } from '../scenario/migration.ts'
import { nastyMessages } from '../../src/simulator/nasty-messages.ts'
import { carried } from './carried.ts'
import { oddMail, oddServer } from './odd-server.ts'

const ALL = process.env['CUTOVER_INTEROP'] === 'all'
const FOLDERS = 20_000

test('F25: the inventory of twenty thousand folders is one command where the server tells their status with it', async () => {
  const folders = Array.from({ length: FOLDERS }, (_, at) => ({ name: `Folder ${at}` }))
  const status = folders.map(({ name }) => `* STATUS "${name}" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1)`)
  await using server = await oddServer({
    capabilities: 'LIST-EXTENDED LIST-STATUS',
    folders: [{ name: 'INBOX' }, ...folders],
    odd: ({ text, plain }) => (text.startsWith('LIST') ? [...status, ...plain()] : null),
  })
  await using session = await imapSource(server.endpoint(), PASSWORD).connect(ctx)
  const before = process.memoryUsage().heapUsed
  const listed = await session.folders()
  assert.equal(listed.length, FOLDERS + 1)
  assert.ok(process.memoryUsage().heapUsed - before < 64 * 1024 * 1024)
  const asked = server.commands.filter((one) => /^(?:LIST|STATUS)/.test(one))
  assert.deepEqual(
    asked.filter((one) => !one.includes('INBOX')),
    ['LIST "" "*" RETURN (CHILDREN SUBSCRIBED STATUS (MESSAGES UIDNEXT UIDVALIDITY))'],
  )
})

test('a large message that comes one byte at a time arrives', async () => {
  const size = ALL ? 400_000 : 40_000
  const text = oddMail('slow', `${'x'.repeat(62)}\r\n`.repeat(size / 64))
  await using server = await oddServer({ folders: [{ name: 'INBOX', messages: [{ uid: 1, text }] }], pieceBytes: 1 })
  const { landed } = await carried(server)
  assert.equal(landed[0]?.bytes.toString('latin1'), text)
})

test('T26: compressed or not, the same bytes arrive', { skip: needs('dovecot') }, async () => {
  await using from = await startDovecot({ tls: false })
  const { login: user, password: pass } = first(from.users)
  const client = imapFlow({ port: from.port, user, pass })
  await client.connect()
  for (const message of nastyMessages().filter(({ name }) => !/^(empty|bare|nul|header-nul|double-cr)/.test(name))) {
    await client.append('INBOX', message.bytes(), [], message.internalDate)
  }
  await client.logout()
  const hashes: string[] = []
  for (const compress of [0, 1]) {
    const source = `imap://127.0.0.1:${from.port}?tls=none&compress=${compress}`
    await using world = await simulatedMigration(
      { mailboxes: 1, messages: 0 },
      { source, logins: [{ sourceLogin: user, sourcePassword: pass }] },
    )
    const { copied, found } = await world.move.copy()
    assert.ok(copied > 100 && copied === found)
    const mail = mailInStore(world.sim.exchangeStore(world.sim.accounts[0]?.target ?? '')).map((one) => one.bytes.toString('latin1'))
    hashes.push(createHash('sha256').update(mail.sort().join('\0')).digest('hex'))
  }
  assert.equal(hashes[0], hashes[1])
})

test('L12: many mailboxes keep to the connections that are allowed, and all of them are done', async () => {
  await using sim = await startSimulator({ mailboxes: ALL ? 50 : 20, messages: 2, medianBytes: 800, maxBytes: 1500 })
  await using proxy = await startProxy(sim.source.port)
  await using move = await migration({
    source: sim.source.url.replace(`:${sim.source.port}`, `:${proxy.port}`),
    destination: sim.exchange.url,
    people: sim.accounts,
  })
  let most = 0
  const watching = setInterval(() => (most = Math.max(most, proxy.open)), 2)
  const copied = await move.copy({ mailboxesAtOnce: 10, connections: 2 })
  clearInterval(watching)
  assert.deepEqual([copied.mailboxes.length, copied.found - copied.copied, copied.unexplained], [sim.accounts.length, 0, 0])
  assert.ok(copied.mailboxes.every((one) => one.failure === null))
  assert.ok(most > 0 && most <= 20, `${most} connections`)
})
