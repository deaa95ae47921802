import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Desk, TENANT } from '../definition/definition.fixture.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { withDefinedFlow, type MailflowTestInput } from './mailflow-defined.ts'
import { withDefined } from './switch-defined.ts'
import type { SwitchInput } from './switch-open.ts'

const WHOLE = `${TENANT}source:
  url: imaps://mail.example.org
  access: { method: authzid, login: admin, secret: env:ADMIN }
  trees: { public: true }
  old_mx: mx.old.example
  old_routing: local
switch:
  user: anna@example.org
  second: bert@example.org
  aliases: [{ address: sales@example.org, mailbox: anna@example.org }]
  reflector: { address: probe@elsewhere.example, imap: 'imaps://imap.elsewhere.example', secret: env:PROBE }
  ports: 2525
`
const NOTHING: SwitchInput['mail'] = {
  user: null,
  reflector: null,
  oldMx: null,
  oldRouting: 'unknown',
  sender: null,
  helo: null,
  ports: [],
  resolvers: [],
  caFile: null,
}

function input(more: Partial<SwitchInput>): SwitchInput {
  return {
    definitionFile: '',
    identity: null,
    cloud: null,
    service: null,
    mailboxesFile: null,
    env: {},
    show: () => {},
    stateDir: '',
    signal: new AbortController().signal,
    domain: 'example.org',
    source: null,
    mail: NOTHING,
    ...more,
  }
}

test('a switch takes from the definition what no option says, and an option goes before it', async () => {
  await using desk = await Desk.make()
  const definition = await desk.definition(WHOLE, { ADMIN: 'x', PROBE: 'y' })
  const all = await withDefined(input({}), definition)
  assert.deepEqual([all.source?.source, all.source?.access?.kind, all.source?.trees?.public], ['imaps://mail.example.org', 'authzid', true])
  assert.deepEqual(
    [all.mail.user, all.mail.oldMx, all.mail.oldRouting, all.mail.ports],
    ['anna@example.org', 'mx.old.example', 'local', ['2525']],
  )
  assert.equal(all.mail.reflector?.password.reveal(), 'y')
  const given = { ...NOTHING, user: 'ben@example.org', oldRouting: 'auto' as const, ports: ['26'] }
  const some = await withDefined(input({ mail: given, source: { source: 'imaps://mail.example.org' } }), definition)
  assert.deepEqual(
    [some.mail.user, some.mail.oldRouting, some.mail.ports, some.mail.oldMx],
    ['ben@example.org', 'auto', ['26'], 'mx.old.example'],
  )
  assert.equal(some.source?.access?.login, 'admin')
  const own = {
    kind: 'own',
    login: null,
    secret: null,
    template: null,
    tenant: null,
    clientId: null,
    certificatePem: null,
    way: null,
  } as const
  const { source } = await withDefined(input({ access: own }), definition)
  assert.deepEqual([source?.source, source?.access?.kind], ['imaps://mail.example.org', 'own'])
})

test('a password of the definition is neither taken to another server nor looked for where another is given', async () => {
  await using desk = await Desk.make()
  const definition = await desk.definition(WHOLE)
  const reflector = { address: 'other@elsewhere.example', login: 'other', password: new Secret('z'), imapUrl: null, smtpUrl: null }
  const { source, mail } = await withDefined(
    input({ source: { source: 'imaps://elsewhere.example' }, mail: { ...NOTHING, reflector } }),
    definition,
  )
  assert.deepEqual(source, { source: 'imaps://elsewhere.example', access: null })
  assert.equal(mail.reflector?.login, 'other')
})

test('a test of the mail flow needs nothing but a definition, and says what is missing in both words', async () => {
  await using desk = await Desk.make()
  await desk.definition(WHOLE)
  const asked: MailflowTestInput = {
    ...input({}),
    definitionFile: `${desk.directory}/cutover.yaml`,
    env: { PROBE: 'y', ADMIN: 'x' },
    user: null,
    second: null,
    aliases: [],
    groups: [],
    unmoved: null,
    reflector: null,
    oldMx: null,
    oldAccount: null,
    sender: null,
    helo: null,
    ports: [],
    resolvers: [],
    caFile: null,
    protection: false,
    largeBytes: null,
    windowMs: 1,
    traceMs: 1,
    onRoute: () => {},
  }
  const { user, second, aliases, oldMx, reflector } = await withDefinedFlow(asked)
  assert.deepEqual(
    [user, second, aliases, oldMx, reflector?.address],
    ['anna@example.org', 'bert@example.org', ['sales@example.org=anna@example.org'], 'mx.old.example', 'probe@elsewhere.example'],
  )
  await desk.definition(TENANT)
  await assert.rejects(withDefinedFlow(asked), (error) => error instanceof Failure && /--user, or switch: user/.test(error.message))
})
