import assert from 'node:assert/strict'
import { test } from 'node:test'
import { facts, reading, says } from '../reading.fixture.ts'
import { ldap } from './ldap.ts'

const LDIF = `version: 1

# anna, people
dn: uid=anna,ou=people,dc=example,dc=test
objectClass: inetOrgPerson
uid: anna
mail: anna@example.test
mailAlternateAddress: a@example.test
cn:: w4RubmUgRXhhbXBsZQ==
description: a value that is folded over
  two lines
jpegPhoto:: AAEC

dn: CN=Bert,OU=Users,DC=corp,DC=local
objectClass: user
userPrincipalName: bert@corp.local
sAMAccountName: bert
mailNickname: bert.b
proxyAddresses: smtp:b@example.test
proxyAddresses: SMTP:bert@example.test
proxyAddresses: x500:/o=First/cn=bert
userAccountControl: 514
msExchRecipientTypeDetails: 1

dn: CN=Hall,DC=corp,DC=local
userPrincipalName: hall@corp.local
mail: hall@example.test
userAccountControl: 514
msExchRecipientTypeDetails: 16

dn: cn=all,ou=groups,dc=example,dc=test
objectClass: groupOfNames
cn: all
mail: all@example.test

dn: ou=people,dc=example,dc=test
objectClass: organizationalUnit
ou: people

search: 2
result: 0 Success
`

test('LDIF of a directory tells logins, names, further addresses, kinds and who is disabled', async () => {
  const result = await reading(ldap, LDIF)
  assert.deepEqual(facts(result), [
    { login: 'anna', address: 'anna@example.test', name: 'Änne Example', aliases: ['a@example.test'] },
    { login: 'bert@corp.local', address: 'bert@example.test', mailAlias: 'bert.b', aliases: ['b@example.test'], disabled: true },
    { login: 'hall@corp.local', address: 'hall@example.test', kind: 'room' },
    { login: 'all@example.test', name: 'all', kind: 'group' },
  ])
  assert.deepEqual(result.problems, [])
})

test('a table of csvde or Get-ADUser is read as the directory that it is', async () => {
  const table =
    'DN,objectClass,displayName,userPrincipalName,mail,proxyAddresses,userAccountControl\n"CN=Anna,DC=corp,DC=local",user,Anna,anna@corp.local,anna@example.test,SMTP:anna@example.test;smtp:a@example.test,512\n"CN=All,DC=corp,DC=local",group,All,,all@example.test,,\n'
  assert.deepEqual(facts(await reading(ldap, Buffer.from(`\uFEFF${table}`, 'utf16le'))), [
    { login: 'anna@corp.local', address: 'anna@example.test', name: 'Anna', aliases: ['a@example.test'] },
    { login: 'all@example.test', name: 'All', kind: 'group' },
  ])
})

test('a line that is no LDIF is told with its number', async () => {
  const result = await reading(ldap, 'dn: uid=anna\nuid: anna\nmail: anna@example.test\nldap_bind: Invalid\nno colon here\n')
  assert.deepEqual(says(result), ['5: "no..." is not LDIF: a line is "attribute: value"'])
  assert.equal(result.found.length, 1)
})
