import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joined } from '../join.ts'
import { facts, readAs, reading } from '../reading.fixture.ts'
import { zimbra } from './zimbra.ts'

const VERBOSE = `# name admin@example.test
cn: admin
displayName: Postmaster and Admin
zimbraAccountStatus: active
zimbraMailAlias: root@example.test
zimbraMailAlias: postmaster@example.test
zimbraPrefMailSignature: with
 several lines: of text
# name galsync.aa1bb2@example.test
zimbraIsSystemResource: TRUE
zimbraAccountStatus: active

# name left@example.test
displayName: Zoë Left
zimbraAccountStatus: closed

# name hall@example.test
zimbraCalResType: Location
`

test('U04: zmprov -l gaa -v tells names, aliases, closed accounts, rooms and system accounts', async () => {
  const result = await reading(zimbra, VERBOSE)
  assert.deepEqual(result.problems, [])
  assert.deepEqual(facts(result), [
    { login: 'admin@example.test', name: 'Postmaster and Admin', aliases: ['root@example.test', 'postmaster@example.test'] },
    { login: 'galsync.aa1bb2@example.test', kind: 'system' },
    { login: 'left@example.test', name: 'Zoë Left', disabled: true, remarks: ['status closed'] },
    { login: 'hall@example.test', kind: 'room' },
  ])
})

test('zmprov gqu adds the sizes to what gaa listed', async () => {
  const quotas = await reading(zimbra, 'left@example.test 1073741824 52428800\nadmin@example.test 0 1024\n')
  const all = joined([await reading(zimbra, VERBOSE), quotas])
  assert.deepEqual(
    all.map(({ found, listedTwice }) => [found.login, found.sizeBytes, found.name, listedTwice]),
    [
      ['admin@example.test', 1024, 'Postmaster and Admin', false],
      ['galsync.aa1bb2@example.test', null, null, false],
      ['left@example.test', 52_428_800, 'Zoë Left', false],
      ['hall@example.test', null, null, false],
    ],
  )
})

test('zmprov -l gaa is one address a line', async () => {
  assert.deepEqual(facts(await readAs(zimbra, 'anna@example.test\nham.x1y2@example.test\n')), [
    { login: 'anna@example.test' },
    { login: 'ham.x1y2@example.test' },
  ])
})
