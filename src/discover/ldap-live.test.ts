import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs } from '../../test/servers/available.ts'
import { SLAPD_SUFFIX, type SlapdServer, startSlapd } from '../../test/servers/slapd.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { ldap } from './adapters/ldap.ts'
import type { Reading } from './found.ts'
import { portsFor } from './http-stub.fixture.ts'
import type { LiveSettings } from './listing.ts'
import { facts } from './reading.fixture.ts'

const skip = needs('slapd')

const PEOPLE = `dn: ou=people,${SLAPD_SUFFIX}
objectClass: organizationalUnit
ou: people

dn: uid=anna,ou=people,${SLAPD_SUFFIX}
objectClass: inetOrgPerson
uid: anna
cn: Änne Example
sn: Example
mail: anna@example.test
mail: a@example.test

dn: cn=Bert,ou=people,${SLAPD_SUFFIX}
objectClass: user
cn: Bert
sn: Bert
instanceType: 4
nTSecurityDescriptor: x
objectCategory: ${SLAPD_SUFFIX}
userPrincipalName: bert@corp.test
proxyAddresses: SMTP:bert@example.test
proxyAddresses: smtp:b@example.test
userAccountControl: 514

dn: uid=scanner,ou=people,${SLAPD_SUFFIX}
objectClass: inetOrgPerson
uid: scanner
cn: scanner
sn: scanner
`

const EXPECTED = [
  { login: 'anna', address: 'anna@example.test', name: 'Änne Example', aliases: ['a@example.test'] },
  { login: 'bert@corp.test', address: 'bert@example.test', name: 'Bert', aliases: ['b@example.test'], disabled: true },
]

function ask(
  server: SlapdServer,
  url: string,
  more: Partial<LiveSettings['text']> = {},
  secret = server.reader.password,
): Promise<Reading> {
  const text = { login: server.reader.login, ...more }
  const settings: LiveSettings = { text, secret: new Secret(secret), ca: server.caPem }
  return ldap.live?.list(url, settings, portsFor()) ?? assert.fail('it cannot be asked')
}

const isFailure = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Failure, String(error))
  assert.deepEqual([error.code, words.test(error.message)], [code, true], error.message)
  return true
}

test('U06: a directory is asked by ldaps, by STARTTLS and in the clear where that is wanted', { skip }, async () => {
  await using server = await startSlapd({ entries: PEOPLE })
  for (const url of [
    `ldaps://127.0.0.1:${server.tlsPort}/${SLAPD_SUFFIX}`,
    `ldap://localhost:${server.port}`,
    `ldap://127.0.0.1:${server.port}/${SLAPD_SUFFIX}?tls=none`,
  ]) {
    const result = await ask(server, url)
    assert.deepEqual([facts(result), result.problems], [EXPECTED, []], url)
  }
})

test('U06: more entries than the directory hands out at once come in pages', { skip }, async () => {
  const many = Array.from(
    { length: 1203 },
    (_, at) =>
      `dn: uid=u${at},ou=people,${SLAPD_SUFFIX}\nobjectClass: inetOrgPerson\nuid: u${at}\ncn: u${at}\nsn: u\nmail: u${at}@example.test\n`,
  )
  await using server = await startSlapd({ entries: `${PEOPLE}\n${many.join('\n')}`, sizeLimit: 500 })
  const { found } = await ask(server, `ldaps://127.0.0.1:${server.tlsPort}`, { base: SLAPD_SUFFIX })
  assert.equal(new Set(found.map(({ login }) => login)).size, 1205)
})

test('filter and login attribute are the operator’s; a bad filter, base, password and certificate are sentences', { skip }, async () => {
  await using server = await startSlapd({ entries: PEOPLE })
  const url = `ldaps://127.0.0.1:${server.tlsPort}`
  const { found } = await ask(server, url, { filter: '(userPrincipalName=*)', 'login-attribute': 'cn' })
  assert.deepEqual(
    found.map(({ login }) => login),
    ['Bert'],
  )
  await assert.rejects(ask(server, url, { filter: '((broken' }), isFailure('bad-input', /filter/))
  await assert.rejects(ask(server, url, { base: 'dc=nowhere,dc=test' }), isFailure('bad-input', /no entry at this --base/))
  await assert.rejects(ask(server, url, {}, 'wrong'), isFailure('auth-rejected', /does not accept the bind DN or its password/))
  const untrusted = { text: { login: server.reader.login }, secret: new Secret('x'), ca: null }
  await assert.rejects(async () => ldap.live?.list(url, untrusted, portsFor()), isFailure('tls-untrusted', /self-signed/))
  await assert.rejects(
    async () => ldap.live?.list(`ldap://127.0.0.1:${server.port}`, untrusted, portsFor()),
    isFailure('tls-untrusted', /self-signed/),
  )
  await assert.rejects(
    async () => ldap.live?.list('ldaps://127.0.0.1:1', untrusted, portsFor()),
    isFailure('connection-refused', /127\.0\.0\.1:1/),
  )
})
