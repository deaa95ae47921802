import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { complaints, Desk, TENANT } from '../definition/definition.fixture.ts'
import { ACCESS_METHOD_NAMES, MECHANISM_NAMES } from '../definition/sections/source.ts'
import { LEAST } from '../definition/sections/switch.ts'
import { USUAL } from '../switch/settings.ts'
import { ACCESS_KINDS, ACCESS_MECHANISMS } from './access.ts'
import { definedMail, definedSettings, definedSource } from './defined.ts'

const WHOLE = `${TENANT}source:
  url: imaps://mail.example.org
  access: { method: authzid, login: admin, secret: env:ADMIN, mechanism: PLAIN }
  trees: { others: true }
  old_mx: mx.old.example=192.0.2.1
  old_routing: local
  ca_file: old.pem
switch:
  user: anna@example.org
  second: bert@example.org
  aliases: [{ address: sales@example.org, mailbox: anna@example.org }]
  groups: [{ address: team@example.org, member: bert@example.org }]
  reflector: { address: probe@elsewhere.example, imap: 'imaps://imap.elsewhere.example', secret: file:probe.txt }
  helo: Move.example.org
  ports: [2525, mx.example.org=26]
  resolvers: 127.0.0.1:5353
  margin_hours: 72
  lag_minutes: 60
`

test('what a definition says of the old side and of the switch is what the operations are given', async () => {
  await using desk = await Desk.make()
  await writeFile(join(desk.directory, 'probe.txt'), 'letmein\n')
  const definition = await desk.definition(WHOLE, { ADMIN: 'secret' })
  const source = await definedSource(definition)
  assert.equal(source?.access?.secret?.reveal(), 'secret')
  assert.deepEqual(
    { ...source, access: { ...source?.access, secret: null } },
    {
      source: 'imaps://mail.example.org',
      access: {
        kind: 'authzid',
        login: 'admin',
        secret: null,
        template: null,
        tenant: null,
        clientId: null,
        certificatePem: null,
        way: 'PLAIN',
      },
      trees: { others: true, public: false, folders: [] },
      caFile: join(desk.directory, 'old.pem'),
    },
  )
  const { reflector, ...mail } = await definedMail(definition)
  assert.equal(reflector?.password.reveal(), 'letmein')
  assert.equal(reflector?.login, 'probe@elsewhere.example')
  assert.deepEqual(mail, {
    user: 'anna@example.org',
    second: 'bert@example.org',
    unmoved: null,
    aliases: ['sales@example.org=anna@example.org'],
    groups: ['team@example.org=bert@example.org'],
    oldMx: 'mx.old.example=192.0.2.1',
    oldRouting: 'local',
    sender: null,
    helo: 'move.example.org',
    ports: ['2525', 'mx.example.org=26'],
    resolvers: ['127.0.0.1:5353'],
    caFile: join(desk.directory, 'old.pem'),
  })
  assert.deepEqual(definedSettings(definition), { ...USUAL, marginMs: 72 * 3_600_000, lagMs: 3_600_000 })
})

test('a definition without them says nothing, and the usual times hold', async () => {
  await using desk = await Desk.make()
  const definition = await desk.definition(TENANT)
  assert.equal(await definedSource(definition), null)
  assert.deepEqual(definedSettings(definition), USUAL)
  assert.deepEqual((await definedMail(definition)).oldRouting, 'unknown')
})

test('a time that would lose mail, a secret in the file and a login in an address are refused, each with the reason', async () => {
  await using desk = await Desk.make()
  const told = await complaints(
    desk.definition(`${TENANT}source:
  url: imaps://anna:hunter2@mail.example.org
  access: { method: authzid, secret: hunter2 }
switch: { margin_hours: 24, quiet_hours: 1, tail_days: 7, lag_minutes: 1, ports: 0 }
`),
  )
  assert.deepEqual(told, [
    '7, column 8: source.url is not right: it holds a login or a password: write the address without them',
    '8, column 38: source.access.secret is not right: a secret does not stand in this file: put it into an environment variable (env:NAME) or a file of its own (file:PATH)',
    '9, column 25: switch.margin_hours is 24: at least 48 hours: some caches keep a record for days longer than they should, and mail that they send to the old side would be lost',
    '9, column 42: switch.quiet_hours is 1: at least 24 hours: mail that comes once a day would not be seen',
    '9, column 56: switch.tail_days is 7: at least 14 days: machines in which the old host was written down by hand are found only by then',
    '9, column 72: switch.lag_minutes is 1: at least 5 minutes: a pass over a mailbox takes its time',
    '9, column 82: switch.ports is 0: a port such as 2525, or mx.example.org=2525',
  ])
})

test('a secret is looked for only by who needs it, and one that is missing is told where it stands', async () => {
  await using desk = await Desk.make()
  const definition = await desk.definition(WHOLE)
  assert.deepEqual(await complaints(definedSource(definition)), [
    '8, column 52: source.access.secret is to be in the environment variable "ADMIN", which is not set',
  ])
})

test('the words of a definition are those of the command line, and its least times those of the state machine', () => {
  assert.deepEqual(ACCESS_METHOD_NAMES, ACCESS_KINDS)
  assert.deepEqual(MECHANISM_NAMES, ACCESS_MECHANISMS)
  const { marginMs, quietMs, tailMs } = USUAL
  assert.deepEqual([LEAST.marginHours, LEAST.quietHours, LEAST.tailDays], [marginMs / 3_600_000, quietMs / 3_600_000, tailMs / 86_400_000])
})
