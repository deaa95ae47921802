/** `cutover probe` on real servers, and on those that the simulator plays. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ProbeInput, ProbeResult } from '../../src/api/probe.ts'
import { operationsIn } from '../../src/api/operations-in.ts'
import { realWorld } from '../../src/app.ts'
import { Secret } from '../../src/model/secret.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { OWN_ACCESS } from '../../src/source/access.ts'
import { first } from '../scenario/migration.ts'
import { a, dnsServer, srv } from '../../src/probe/dns.fixture.ts'
import { runCutover } from '../rig/process.ts'
import { needs } from '../servers/available.ts'
import { startCourier } from '../servers/courier.ts'
import { startCyrus } from '../servers/cyrus.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { startMailutils } from '../servers/mailutils.ts'

const operations = operationsIn(realWorld())

function probe(target: string, part: Partial<ProbeInput> = {}): Promise<ProbeResult> {
  return operations.probe({
    target,
    mailbox: null,
    password: null,
    access: null,
    allowOldTls: false,
    resolvers: [],
    limitMs: 30_000,
    caFile: null,
    stateDir: '/nonexistent',
    env: {},
    cloud: 'global',
    signal: new AbortController().signal,
    ...part,
  })
}

test('Dovecot is known without a login; with one its folders, quota and capabilities are seen', { skip: needs('dovecot') }, async () => {
  await using server = await startDovecot({ layout: 'inbox-dot', quotaMegabytes: 100 })
  const look = await probe(`127.0.0.1:${server.port}`)
  assert.deepEqual([look.system.name, look.system.knownBy, look.server.tls], ['dovecot', 'greeting', 'starttls'])
  assert.deepEqual(
    look.system.maybe.map(({ name }) => name),
    ['cpanel', 'plesk', 'mailcow'],
  )
  assert.match(look.warnings.join(), /self-signed/)
  assert.deepEqual(look.tls?.names, ['localhost', '127.0.0.1'])
  assert.equal(look.inside, null)
  assert.equal(look.url, `imap://127.0.0.1:${server.port}`)
  assert.doesNotMatch(await server.log(), /Login|alice/)

  const { login, password } = first(server.users)
  const both = { mailbox: login, password: new Secret(password), caFile: server.caFile }
  const { inside, failure, warnings, capabilities, meanings } = await probe(`imaps://127.0.0.1:${server.tlsPort}`, both)
  assert.equal(failure, null)
  assert.doesNotMatch(warnings.join(), /self-signed/)
  assert.equal(inside?.folders, 6)
  assert.deepEqual(inside?.namespaces?.personal, [{ prefix: 'INBOX.', separator: '.' }])
  assert.ok(inside?.special.some(({ role, folder, by }) => role === 'sent' && folder === 'INBOX.Sent' && by === 'mark'))
  assert.deepEqual(
    inside?.quota.map(({ resource, limit }) => [resource, limit]),
    [['STORAGE', 102_400]],
  )
  assert.ok((capabilities.afterLogin?.length ?? 0) > capabilities.beforeLogin.length)
  assert.ok(meanings.some(({ capability, has }) => capability === 'QRESYNC' && has))
})

test(
  'a password that is wrong, or a certificate that is not trusted, does not hide what was seen',
  { skip: needs('dovecot') },
  async () => {
    await using server = await startDovecot()
    const { login } = first(server.users)
    const wrong = { mailbox: login, password: new Secret('not-it'), caFile: server.caFile }
    const refused = await probe(`127.0.0.1:${server.tlsPort}`, wrong)
    assert.deepEqual([refused.system.name, refused.failure?.code, refused.inside], ['dovecot', 'auth-rejected', null])
    assert.doesNotMatch(JSON.stringify(refused), /not-it/)
    const stranger = await probe(`127.0.0.1:${server.tlsPort}`, { ...wrong, caFile: null })
    assert.deepEqual([stranger.system.name, stranger.failure?.code], ['dovecot', 'tls-untrusted'])
  },
)

test('Cyrus is known with its version; its administrator opens a mailbox by authorization identity', { skip: needs('cyrus') }, async () => {
  await using server = await startCyrus()
  const look = await probe(`127.0.0.1:${server.port}`)
  assert.deepEqual([look.system.name, look.server.tls], ['cyrus', 'starttls'])
  assert.match(look.system.version ?? '', /^3\./)
  assert.equal(look.access.find(({ kind }) => kind === 'authzid')?.verdict, 'offered')
  const { login, password } = server.admin
  const access = { ...OWN_ACCESS, kind: 'authzid', login, secret: new Secret(password) } as const
  const { inside, failure } = await probe(`imap://127.0.0.1:${server.port}?tls=none`, { access, mailbox: first(server.users).login })
  assert.equal(failure?.code ?? null, null, failure?.message)
  assert.ok(inside?.special.some(({ role, folder }) => role === 'sent' && folder === 'Sent'))
  assert.match(inside?.rights ?? '', /l.*r/)
})

test('Courier is known, and its special folders by their names', { skip: needs('courier') }, async () => {
  await using server = await startCourier()
  const { login, password } = first(server.users)
  const { system, inside, warnings, meanings } = await probe(`imap://127.0.0.1:${server.port}?tls=none`, {
    mailbox: login,
    password: new Secret(password),
  })
  assert.deepEqual([system.name, system.knownBy], ['courier', 'greeting'])
  assert.match(warnings.join(), /plain text/)
  assert.deepEqual(inside?.namespaces?.personal, [{ prefix: 'INBOX.', separator: '.' }])
  assert.ok(meanings.some(({ capability, has }) => capability === 'CONDSTORE' && !has))
})

test('GNU Mailutils is known although it hardly says a word', { skip: needs('mailutils') }, async () => {
  await using server = await startMailutils()
  const { system } = await probe(`imap://127.0.0.1:${server.port}?tls=none`)
  assert.equal(system.name, 'mailutils')
})

for (const source of ['gmail', 'exchange-onprem', 'yahoo', 'domino', 'zimbra', 'courier', 'dovecot'] as const)
  test(`the simulator's ${source} is known as such, and its mailbox is seen`, async () => {
    await using simulator = await startSimulator({ source, mailboxes: 1, messages: 5 })
    const { sourceLogin, sourcePassword } = first(simulator.accounts)
    const result = await probe(simulator.source.url, { mailbox: sourceLogin, password: new Secret(sourcePassword) })
    assert.equal(result.failure, null, result.failure?.message)
    assert.equal(result.system.name, source)
    assert.ok((result.inside?.messages ?? 0) >= 5)
  })

test('the real command line finds the server of an address by DNS, and looks into a mailbox', { skip: needs('dovecot') }, async () => {
  await using server = await startDovecot()
  await using dns = await dnsServer([srv('_imaps._tcp.example.org', 'localhost', server.tlsPort), a('localhost')])
  const { login, password } = first(server.users)
  const asked = ['probe', login, '--resolver', dns.address, '--ca', server.caFile]
  const look = await runCutover([...asked, '--login', login, '--secret', 'env:PW'], { env: { PW: password } })
  assert.equal(look.code, 0, look.stdout + look.stderr)
  assert.match(look.stdout, /^Dovecot\n {2}- localhost:\d+, TLS from the start \(named by the SRV record\n/)
  assert.match(look.stdout, /\nThe mailbox\n {2}- \d+ folders, 0 messages/)
  assert.match(look.stdout, /write it as: --source imaps:\/\/localhost:\d+\n/)
  assert.deepEqual(
    look.stdout.split('\n').filter((line) => line.length > 80),
    [],
  )
  assert.ok(dns.asked.includes('MX example.org'))

  const nobody = await runCutover(['probe', 'anna@example.net', '--resolver', dns.address, '--json'])
  assert.equal(nobody.code, 3)
  assert.match(nobody.stdout, /^\{"error":\{"code":"host-unknown","message":"No IMAP server of example\.net was found/)
})
