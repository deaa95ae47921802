import assert from 'node:assert/strict'
import { test } from 'node:test'

import { scriptedServer } from '../../src/imap/scripted-server.ts'
import { needs } from '../servers/available.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { codes, ends } from './ends.ts'

const skip = needs('dovecot')
const ALICE = { login: 'alice@example.org', password: 'alice-secret' }

for (const [scheme, portOf] of [
  ['imaps', (server: { readonly tlsPort: number }) => server.tlsPort],
  ['imap', (server: { readonly port: number }) => server.port],
] as const)
  test(`${scheme}:// works with the authority of the server, and names host and reason without it (A01, A02)`, { skip }, async () => {
    await using server = await startDovecot()
    await using list = await ends(`${scheme}://127.0.0.1:${portOf(server)}`, { kind: 'own' }, [
      ALICE,
      { ...ALICE, login: 'bob@example.org' },
    ])
    assert.deepEqual(codes(await list.logins({ caFile: server.caFile })), ['works', 'auth-rejected'])
    const untrusted = await list.logins()
    assert.deepEqual(codes(untrusted), ['tls-untrusted', 'tls-untrusted'])
    assert.match(untrusted.mailboxes[0]?.source.failure?.message ?? '', /127\.0\.0\.1.*self.signed/is)
  })

test('four workers on a server that allows two connections copy everything with two (A22)', { skip }, async () => {
  await using server = await startDovecot({ maxConnectionsPerUser: 2 })
  await using to = await startDovecot()
  for (let folder = 0; folder < 6; folder++)
    for (let at = 0; at < 4; at++)
      await server.doveadm(
        ['save', '-u', ALICE.login, '-m', folder === 0 ? 'INBOX' : 'Sent'],
        `Subject: ${folder}-${at}\r\n\r\n${'x'.repeat(2000)}\r\n`,
      )
  const line = { ...ALICE, target: ALICE.login, targetPassword: 'alice-secret' }
  await using list = await ends(`imap://127.0.0.1:${server.port}?tls=none`, { kind: 'own' }, [line])
  const copied = await list.copy(`imap://127.0.0.1:${to.port}?tls=none`, { connections: 4 })
  assert.deepEqual([copied.found, copied.copied, copied.unexplained, copied.mailboxes[0]?.failure], [24, 24, 0, null])
})

for (const greeting of ['* OK', '* OK ', '* PREAUTH [CAPABILITY IMAP4rev1] welcome'])
  test(`a server that greets with "${greeting}" is accepted (A13, A23)`, async () => {
    await using server = await scriptedServer(async (client) => {
      client.say(greeting)
      if (!greeting.includes('PREAUTH')) {
        assert.equal(await client.answer('* CAPABILITY IMAP4rev1', '% OK'), 'CAPABILITY')
        await client.answer('% OK')
        assert.equal(await client.answer('* CAPABILITY IMAP4rev1', '% OK'), 'CAPABILITY')
      }
      assert.equal(await client.answer('* 3 EXISTS', '% OK'), 'EXAMINE "INBOX"')
      await client.answer('* BYE', '% OK')
    })
    await using list = await ends(`imap://127.0.0.1:${server.port}?tls=none`, { kind: 'own' }, [ALICE])
    const result = await list.logins()
    assert.deepEqual(codes(result), ['works'], result.mailboxes[0]?.source.failure?.message)
  })

test('a server that bans this machine is asked no more, and one that is not there not for every mailbox', async () => {
  let asked = 0
  const lines = Array.from({ length: 30 }, (_, at) => ({ login: `user${at}@example.org`, password: 'x' }))
  await using server = await scriptedServer(async (client) => {
    asked++
    client.say('* OK [CAPABILITY IMAP4rev1] hi')
    await client.answer('% NO Too many invalid logon attempts.')
  })
  await using list = await ends(`imap://127.0.0.1:${server.port}?tls=none`, { kind: 'own' }, lines)
  assert.deepEqual(new Set(codes(await list.logins())), new Set(['throttled']))
  assert.ok(asked <= 5, `${asked} logins`)
  const { port } = server
  await server[Symbol.asyncDispose]()
  await using gone = await ends(`imap://127.0.0.1:${port}?tls=none`, { kind: 'own' }, lines)
  assert.deepEqual(new Set(codes(await gone.logins())), new Set(['connection-refused']))
})

test('a server that takes one connection at a time is asked for one mailbox after the other', async () => {
  let open = 0
  const lines = Array.from({ length: 6 }, (_, at) => ({ login: `user${at}@example.org`, password: 'x' }))
  await using server = await scriptedServer(async (client) => {
    if (open > 0) {
      client.say('* BYE Too many connections from your address')
      client.socket.end()
      return
    }
    open++
    client.say('* OK [CAPABILITY IMAP4rev1] hi')
    await client.answer('% OK [CAPABILITY IMAP4rev1] in')
    await client.answer('* 1 EXISTS', '% OK')
    const { tag } = await client.command()
    open--
    client.say('* BYE', `${tag} OK`)
  })
  await using list = await ends(`imap://127.0.0.1:${server.port}?tls=none`, { kind: 'own' }, lines)
  assert.deepEqual(
    codes(await list.logins()),
    Array.from({ length: 6 }, () => 'works'),
  )
})
