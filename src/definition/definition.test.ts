import assert from 'node:assert/strict'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { inspect } from 'node:util'
import { CLOUDS } from '../microsoft/clouds.ts'
import { complaints, Desk, TENANT } from './definition.fixture.ts'
import { readDefinition } from './definition.ts'
import { CLOUD_NAMES } from './sections/tenant.ts'

let desk: Desk
before(async () => {
  desk = await Desk.make()
})
after(() => desk[Symbol.asyncDispose]())

test('all mistakes come at once, each with its line and column, and what was meant', async () => {
  const lines = await complaints(
    desk.definition(`version: 2
tenant:
  id: contoso.onmicrosoft.com
  clowd: global
  cloud: globl
  client_id: 11111111-2222-3333-4444-555555555555
  sign_in: device
mailbox:
  list: mailboxes.csv
mailboxes:
  defaults:
    location: Germany
    language: de
    time_zone: Europe/Berlin
    protocols: { imap: yes, popp: false }
    receive_size: 200 MB
    licence: [Office 365 E3, ENTERPRISEPAK]
groups:
  - address: jürgen@example.org
    members: [x, b@example.org]
    exactly: maybe
  - name: 007
shared: {}
domains:
contacts: text
protection:
  dkim: [{domain: example.org, key_bits: 512}]
`),
  )
  assert.deepEqual(lines, [
    '1, column 10: version is 2: it must be 1',
    '4, column 3: tenant.clowd is not known here: did you mean cloud?',
    '5, column 10: tenant.cloud is "globl": one of global, gcc-high, dod, china',
    '8, column 1: mailbox is not known here: did you mean mailboxes?',
    '12, column 15: mailboxes.defaults.location is "Germany": a country in two letters, such as DE; did you mean DE?',
    '13, column 15: mailboxes.defaults.language is "de": a language and its country, such as de-DE; did you mean de-DE?',
    '14, column 16: mailboxes.defaults.time_zone is "Europe/Berlin": a Windows name such as W. Europe Standard Time; did you mean W. Europe Standard Time?',
    '15, column 24: mailboxes.defaults.protocols.imap is "yes": true or false',
    '15, column 29: mailboxes.defaults.protocols.popp is not known here: did you mean pop?',
    '16, column 19: mailboxes.defaults.receive_size is "200 MB": Exchange Online takes messages of at most 150 MB',
    '17, column 30: mailboxes.defaults.licence is "ENTERPRISEPAK": no licence is called so: did you mean ENTERPRISEPACK (Office 365 E3)?',
    '19, column 5: groups.name is missing',
    '19, column 14: groups.address is "jürgen@example.org": "ü" may not stand in an address; juergen@example.org would do',
    '20, column 15: groups.members is "x": an address like anna@example.org',
    '21, column 14: groups.exactly is "maybe": true or false',
    '22, column 5: groups.address is missing, such as team@example.org',
    '22, column 11: groups.name is 7: a text, in quotes',
    '23, column 9: shared is a mapping: a list, whose entries begin with "- "',
    '24, column 1: domains is empty: leave it out, or give a list, whose entries begin with "- "',
    '25, column 11: contacts is "text": a list, whose entries begin with "- "',
    '27, column 42: protection.dkim.key_bits is 512: one of 1024, 2048',
  ])
})

test('a file that is no definition at all is told so', async () => {
  const nothing = 'The definition cutover.yaml is empty: `cutover tenant init` writes one to begin with.'
  for (const empty of ['', '\uFEFF', '# only a note\n', '\n\n']) assert.deepEqual(await complaints(desk.definition(empty)), [nothing])
  assert.deepEqual(await complaints(desk.definition('hello')), [
    '1, column 1: the file is "hello": a mapping with version, tenant, mailboxes, shared, rooms, groups, contacts, domains, dns, connectors, transport_rules, protection, organisation, migration, source, switch, project, people, tasks, batches, transfer, messages, acceptance',
  ])
  assert.deepEqual(await complaints(desk.definition('{}')), ['1, column 1: version is missing', '1, column 1: tenant is missing'])
  assert.match((await complaints(readDefinition(join(desk.directory, 'none.yaml'), {}))).join(), /does not exist\. `cutover tenant init`/)
  assert.match((await complaints(readDefinition(desk.directory, {}))).join(), /is a directory\.$/)
})

const SIGN_IN: readonly (readonly [string, readonly string[]])[] = [
  ['', ['2, column 1: tenant: how the application signs in is missing: secret (env:NAME or file:PATH), or certificate and key']],
  ['  secret: env:NOT_SET\n', ['5, column 11: tenant.secret is to be in the environment variable "NOT_SET", which is not set']],
  ['  secret: file:gone.txt\n', ['5, column 11: tenant.secret is to be in the file "gone.txt", which does not exist']],
  [
    '  secret: env:S\n  certificate: a.pem\n',
    ['5, column 11: tenant.secret is not right: there is a secret and a certificate: give one of them'],
  ],
  ['  certificate: a.pem\n', ['5, column 16: tenant.certificate is not right: its key is missing']],
  ['  key: a.pem\n', ['5, column 8: tenant.key is not right: its certificate is missing']],
  [
    '  certificate: a.pem\n  key: b.pem\n',
    [
      '5, column 16: tenant.certificate is to be in the file "a.pem", which does not exist',
      '6, column 8: tenant.key is to be in the file "b.pem", which does not exist',
    ],
  ],
  [
    '  sign_in: device\n  secret: env:S\n',
    ['5, column 12: tenant.sign_in is "device": a person signs in (sign_in: device): leave secret, certificate and key out'],
  ],
  [
    '  secret: env:S\n  service: http://example.org\n',
    [
      '6, column 12: tenant.service is "http://example.org": a simulator on this machine, http://127.0.0.1:PORT; leave it out for Microsoft 365 itself',
    ],
  ],
]

test('how the application signs in is complete, and no more than that', async () => {
  for (const [text, expected] of SIGN_IN) {
    const head = 'version: 1\ntenant:\n  id: contoso.onmicrosoft.com\n  client_id: 11111111-2222-3333-4444-555555555555\n'
    assert.deepEqual(await complaints(desk.definition(head + text, { S: 'hunter2' })), expected)
  }
})

const LEAKS = [
  'version: 1\ntenant: {id: contoso.onmicrosoft.com, client_id: hunter2, secret: hunter2}\n',
  'version: 1\ntenant: {id: "hunter2!", client_id: hunter2, secret: 2, secret_hunter2_~: 1}\n',
  'version: 1\ntenant: {id: x.org, client_id: [hunter2], secret: [hunter2], certificate: hunter2, key: "-----BEGIN hunter2"}\n',
  'version: 1\ntenant: {id: x.org, client_id: a, secret: {hunter2~: 1}}\n',
  'version: 1\ntenant:\n  secret: "hunter2\n',
  'version: 1\ntenant: hunter2: a\n',
]

test('a secret that stands in the file in clear is refused, and repeated nowhere', async () => {
  for (const text of LEAKS) assert.doesNotMatch((await complaints(desk.definition(text))).join('\n'), /hunter2/, text)
  const lines = await complaints(desk.definition(LEAKS[0] ?? ''))
  assert.deepEqual(lines, [
    '2, column 50: tenant.client_id is not right: the application (client) id, in the form 00000000-0000-0000-0000-000000000000',
    '2, column 67: tenant.secret is not right: a secret does not stand in this file: put it into an environment variable (env:NAME) or a file of its own (file:PATH)',
  ])
})

test('secrets come from where the definition says, files beside it, and do not show when it is printed', async () => {
  const head = 'version: 1\ntenant:\n  id: contoso.onmicrosoft.com\n  client_id: 11111111-2222-3333-4444-555555555555\n'
  const { tenant } = await desk.definition(`${head}  secret: env:S\n`, { S: 'hunter2' })
  assert.equal(tenant.signIn.kind === 'secret' && tenant.signIn.clientSecret.reveal(), 'hunter2')
  await mkdir(join(desk.directory, 'keys'), { recursive: true })
  await writeFile(join(desk.directory, 'keys', 'cert.pem'), 'CERT\n')
  await writeFile(join(desk.directory, 'keys', 'key.pem'), 'hunter2\n')
  await chmod(join(desk.directory, 'keys', 'key.pem'), 0o600)
  const by = await desk.definition(`${head}  certificate: keys/cert.pem\n  key: file:keys/key.pem\n  service: http://127.0.0.1:8080/\n`)
  const { signIn, service } = by.tenant
  assert.deepEqual(signIn.kind === 'certificate' && [signIn.certificatePem, signIn.privateKeyPem.reveal()], ['CERT', 'hunter2'])
  assert.equal(service, 'http://127.0.0.1:8080')
  assert.doesNotMatch(inspect([tenant, by], { depth: 9 }) + JSON.stringify([tenant, by]), /hunter2/)
})

test('secrets are not looked for where somebody signs in in another way', async () => {
  const path = join(desk.directory, 'other.yaml')
  await writeFile(path, TENANT.replace('sign_in: device', 'secret: env:NOT_SET'))
  const { tenant } = await readDefinition(path, {}, { secrets: false })
  assert.equal(tenant.signIn.kind === 'secret' && tenant.signIn.clientSecret.reveal(), '')
})

test('the clouds are those that there are clients for', () => {
  assert.deepEqual([...CLOUD_NAMES], Object.keys(CLOUDS))
})

test('a message repeats a hostile value on one line, short and without control characters', async () => {
  const [line = ''] = await complaints(desk.definition(`${TENANT}domains:\n  - name: "a\\e[31m\\n\\u202E${'x'.repeat(5000)}"\n`))
  assert.match(line, /^7, column 11: domains\.name is "a\uFFFD\[31m\uFFFD\uFFFDx+…": a domain like example\.org$/)
  assert.ok(line.length < 150)
})

test('a file that is wrong all over is told of in a moment, and the first two hundred mistakes are enough', async () => {
  const keys = Array.from({ length: 20_000 }, (_, n) => `key${n}: 1`)
  const lines = await complaints(desk.definition(TENANT + keys.join('\n')))
  assert.equal(lines.length, 201)
  assert.equal(lines.at(-1), 'and 19800 more')
})

test('the list is beside the definition', async () => {
  const { mailboxesFile } = await desk.definition(`${TENANT}mailboxes: {list: lists/people.csv}\n`)
  assert.equal(mailboxesFile, join(desk.directory, 'lists', 'people.csv'))
  assert.equal((await desk.definition(TENANT)).mailboxesFile, null)
})
