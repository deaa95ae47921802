import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AdObject } from './ad-object.ts'
import { checkExport } from './check-export.ts'

type Values = Readonly<Record<string, string | readonly string[]>>

let lines = 0
function object(kind: AdObject['kind'], values: Values): AdObject {
  const attributes = new Map(
    Object.entries(values).map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? [value] : value]),
  )
  const dn = `CN=${attributes.get('cn')?.[0] ?? 'Anna'},OU=People,DC=example,DC=test`
  return { line: ++lines, dn: attributes.get('dn')?.[0] ?? dn, kind, attributes }
}
const user = (values: Values): AdObject => object('user', { displayName: 'Anna', userPrincipalName: 'anna@example.org', ...values })

/** `attribute: code severity -> instead` of each finding. */
function found(objects: readonly AdObject[], domains: readonly string[] = ['example.org']): readonly string[] {
  return checkExport(objects, domains).map(({ attribute, code, severity, instead }) => `${attribute}: ${code} ${severity} -> ${instead}`)
}

test('a user as it should be, a contact of another domain and a group without mail give no finding', () => {
  const anna = user({
    mail: 'anna@example.org',
    mailNickname: 'anna.berg-2_x',
    proxyAddresses: [
      'SMTP:anna@example.org',
      'smtp:a.berg@EXAMPLE.org',
      'X500:/o=Old/ou=First/cn=Recipients/cn=anna',
      'SIP:anna@example.org',
    ],
    sAMAccountName: 'anna',
  })
  const ben = object('contact', { displayName: 'Ben', mail: 'ben@partner.test', targetAddress: 'SMTP:ben@partner.test' })
  const all = object('group', { displayName: 'Everybody' })
  assert.deepEqual(found([anna, ben, all]), [])
})

test('addresses and names to sign in with are one list over users, groups and contacts, whatever the case', () => {
  const objects = [
    user({ cn: 'a', proxyAddresses: ['SMTP:anna@example.org', 'smtp:Info@example.org'] }),
    object('group', { cn: 'b', displayName: 'Info', mail: 'info@example.org' }),
    object('contact', { cn: 'c', displayName: 'Info', targetAddress: 'SMTP:INFO@example.org' }),
    user({ cn: 'd', userPrincipalName: 'info@Example.org' }),
  ]
  const duplicates = checkExport(objects, ['example.org']).filter(({ code }) => code === 'duplicate')
  assert.deepEqual(
    duplicates.map(({ kind, attribute }) => `${kind} ${attribute}`),
    ['user proxyAddresses', 'group mail', 'contact targetAddress', 'user userPrincipalName'],
  )
  assert.match(duplicates[0]?.says ?? '', /^info@example\.org belongs to CN=b,.*; CN=c,.*; CN=d,.* as well/)
})

test('one address in several attributes of one object is no duplicate; twice in one list it is told', () => {
  const anna = user({ mail: 'anna@example.org', proxyAddresses: ['SMTP:anna@example.org', 'smtp:ANNA@example.org'] })
  assert.deepEqual(found([anna]), ['proxyAddresses: duplicate note -> '])
})

const NAMES: readonly (readonly [string, Values, readonly string[]])[] = [
  ['accents', { userPrincipalName: 'jürgen.groß@example.org' }, ['userPrincipalName: character refused -> juergen.gross@example.org']],
  ['a blank at the end', { userPrincipalName: 'anna@example.org ' }, ['userPrincipalName: format refused -> anna@example.org']],
  ['no suffix', { userPrincipalName: 'anna' }, ['userPrincipalName: format refused -> anna@example.org']],
  ['a domain of the inside', { userPrincipalName: 'anna@example.local' }, ['userPrincipalName: suffix changed -> anna@example.org']],
  ['a domain that is not verified', { userPrincipalName: 'anna@other.org' }, ['userPrincipalName: suffix changed -> anna@example.org']],
  [
    'the address that people know is the better name',
    { userPrincipalName: 'ab12@example.local', mail: 'anna.berg@example.org' },
    ['userPrincipalName: suffix changed -> anna.berg@example.org'],
  ],
  ['no name at all', { userPrincipalName: '', sAMAccountName: 'anna' }, ['userPrincipalName: blank changed -> anna@example.org']],
  ['dots', { userPrincipalName: '.anna..b@example.org' }, ['userPrincipalName: format refused -> anna.b@example.org']],
  ['a mail alias', { mailNickname: 'Anna Berg (Büro)' }, ['mailNickname: character refused -> AnnaBergBuero']],
  ['a mail alias that IdFix reports', { mailNickname: 'r&d' }, ['mailNickname: character note -> rd']],
  ['an empty display name', { displayName: ' ', givenName: 'Anna', sn: 'Berg' }, ['displayName: blank changed -> Anna Berg']],
  ['too long a display name', { displayName: 'a'.repeat(257) }, [`displayName: length refused -> ${'a'.repeat(256)}`]],
  ['blanks in a name', { givenName: 'Anna\t' }, ['givenName: character changed -> Anna']],
  ['too long an account name', { sAMAccountName: 'a'.repeat(21) }, ['sAMAccountName: length note -> null']],
  ['a conflict object', { dn: 'CN=Anna\\0ACNF:4f2c,DC=example' }, ['dn: conflict refused -> null']],
]
for (const [what, values, wanted] of NAMES)
  test(`names: ${what}`, () => {
    assert.deepEqual(found([user(values)]), wanted)
  })

const ADDRESSES: readonly (readonly [string, Values, readonly string[]])[] = [
  [
    'two primaries: the one that mail names stays',
    { mail: 'b@example.org', proxyAddresses: ['SMTP:a@example.org', 'SMTP:b@example.org'] },
    ['proxyAddresses: primary refused -> smtp:a@example.org'],
  ],
  [
    'no primary',
    { mail: 'b@example.org', proxyAddresses: ['smtp:a@example.org', 'smtp:b@example.org'] },
    ['proxyAddresses: primary changed -> SMTP:b@example.org'],
  ],
  [
    'mail is another one than the primary',
    { mail: 'b@example.org', proxyAddresses: ['SMTP:a@example.org', 'smtp:b@example.org'] },
    ['mail: mismatch changed -> a@example.org'],
  ],
  ['no type', { proxyAddresses: ['SMTP:a@example.org', 'b@example.org'] }, ['proxyAddresses: format refused -> smtp:b@example.org']],
  [
    'a blank within',
    { proxyAddresses: ['SMTP:a@example.org', 'smtp:b c@example.org'] },
    ['proxyAddresses: character refused -> smtp:bc@example.org'],
  ],
  [
    'two @',
    { proxyAddresses: ['SMTP:a@example.org', 'smtp:b@c@example.org'] },
    ['proxyAddresses: character refused -> smtp:bc@example.org'],
  ],
  ['no @', { proxyAddresses: ['SMTP:a@example.org', 'smtp:b'] }, ['proxyAddresses: format refused -> null']],
  ['an empty entry', { proxyAddresses: ['SMTP:a@example.org', 'smtp:'] }, ['proxyAddresses: blank refused -> null']],
  ['a domain of the inside', { proxyAddresses: ['SMTP:a@example.org', 'smtp:a@example.local'] }, ['proxyAddresses: suffix changed -> ']],
  ['a primary of the inside', { proxyAddresses: ['SMTP:a@example.local'] }, ['proxyAddresses: suffix changed -> SMTP:a@example.org']],
  ['no verified domain', { proxyAddresses: ['SMTP:a@example.org', 'smtp:a@other.org'] }, ['proxyAddresses: suffix changed -> ']],
  ['a domain that is none', { mail: 'a@exa_mple.org' }, ['mail: format refused -> null']],
  ['too long', { mail: `${'a'.repeat(65)}@example.org` }, ['mail: length refused -> null']],
]
for (const [what, values, wanted] of ADDRESSES)
  test(`addresses: ${what}`, () => {
    assert.deepEqual(found([user(values)]), wanted)
  })

test('without known domains only those that nobody can have are told', () => {
  assert.deepEqual(found([user({ mail: 'a@other.org' })], []), [])
  assert.deepEqual(found([user({ userPrincipalName: 'anna@example.corp' })], []), ['userPrincipalName: suffix changed -> null'])
})

test('groups and contacts without a name are refused', () => {
  assert.deepEqual(found([object('group', { cn: 'Sales' })]), ['displayName: blank refused -> Sales'])
})
