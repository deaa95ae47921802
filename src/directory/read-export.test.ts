import assert from 'node:assert/strict'
import { test } from 'node:test'
import { valueOf, valuesOf } from './ad-object.ts'
import { usersIn } from './ad-users.ts'
import { connectChecklist } from './connect-checklist.ts'
import { readExport } from './read-export.ts'

const LDIF = `version: 1

dn:: Q049SsO8cmdlbixPVT1QZW9wbGUsREM9ZXhhbXBsZQ==
objectClass: top
objectClass: person
objectClass: user
displayName:: QW5uYSA=
userPrincipalName: anna@example.local
proxyAddresses: SMTP:anna@example.org
proxyAddresses: smtp:a.very.long.address.that.is.folded@exam
 ple.org
objectGUID:: AAECAwQFBgcICQoLDA0ODw==

dn: CN=PC1,DC=example
objectClass: user
objectClass: computer

dn: CN=Guest,DC=example
objectClass: user
sAMAccountName: Guest

dn: OU=People,DC=example
objectClass: organizationalUnit
`

test('LDIF: values as they stand, blanks and all; computers and built-in accounts are left out', () => {
  const { objects, leftOut, problems } = readExport(Buffer.from(LDIF))
  const [anna] = objects
  assert.ok(anna !== undefined)
  assert.deepEqual([objects.length, leftOut, problems.length, anna.kind, anna.dn], [1, 2, 0, 'user', 'CN=Jürgen,OU=People,DC=example'])
  assert.equal(valueOf(anna, 'displayName'), 'Anna ')
  assert.deepEqual(valuesOf(anna, 'proxyAddresses'), ['SMTP:anna@example.org', 'smtp:a.very.long.address.that.is.folded@example.org'])
  assert.deepEqual(usersIn(objects), [
    {
      name: 'anna@example.local',
      userPrincipalName: 'anna@example.local',
      primaryAddress: 'anna@example.org',
      addresses: ['a.very.long.address.that.is.folded@example.org'],
      immutableId: 'AAECAwQFBgcICQoLDA0ODw==',
    },
  ])
})

test('tables of csvde and PowerShell say the same, GUIDs too', () => {
  const csvde =
    'DN,objectClass,userPrincipalName,proxyAddresses,objectGUID\r\n"CN=Anna,DC=example",user,anna@example.org,"smtp:b@example.org;SMTP:anna@example.org",X\'000102030405060708090a0b0c0d0e0f\'\r\n'
  const shell =
    '#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser\r\n"DistinguishedName","ObjectClass","UserPrincipalName","proxyAddresses","ObjectGUID"\r\n"CN=Anna,DC=example","user","anna@example.org","smtp:b@example.org SMTP:anna@example.org","03020100-0504-0706-0809-0a0b0c0d0e0f"\r\n'
  for (const text of [csvde, shell]) {
    const { objects, problems } = readExport(Buffer.from(text))
    assert.deepEqual(problems, [])
    assert.deepEqual(valuesOf(objects[0] ?? assert.fail(), 'proxyAddresses'), ['smtp:b@example.org', 'SMTP:anna@example.org'])
    assert.equal(usersIn(objects)[0]?.immutableId, 'AAECAwQFBgcICQoLDA0ODw==')
  }
})

test('a list that PowerShell wrote as the name of its type is told with what to do, and a table without DN is no export', () => {
  const lost = readExport(
    Buffer.from('DN,objectClass,proxyAddresses\n"CN=a",user,Microsoft.ActiveDirectory.Management.ADPropertyValueCollection\n'),
  )
  assert.match(lost.problems[0]?.says ?? '', /-join ';'/)
  assert.match(readExport(Buffer.from('name,mail\na,b@example.org\n')).problems[0]?.says ?? '', /no column DN/)
  assert.deepEqual(readExport(Buffer.from([0, 1, 2, 255])).objects, [])
})

test('the checklist tells what this directory has to do with each point', () => {
  const list = connectChecklist(readExport(Buffer.from(LDIF)))
  const here = (title: string): string => list.find((one) => one.title === title)?.here ?? ''
  assert.match(here('Suffixes of sign-in names'), /example\.local \(1, not routable\)/)
  assert.match(here('Which objects'), /OU=People,DC=example \(1\).*2 built-in/)
  assert.match(here('Source anchor'), /does not tell it/)
  assert.match(here('Accidental deletions'), /1 object /)
})
