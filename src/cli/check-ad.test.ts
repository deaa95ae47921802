import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { operationsIn } from '../api/operations-in.ts'
import { realWorld } from '../app.ts'
import { startTenantSimulator } from '../tenant-simulator/tenant-simulator.ts'
import { stage } from './cli.fixture.ts'

const LDIF = `dn: CN=Anna,OU=People,DC=example,DC=local
objectClass: user
displayName: Anna
userPrincipalName: anna@example.local
mail: anna@example.test
proxyAddresses: SMTP:anna@example.test
objectGUID:: AAECAwQFBgcICQoLDA0ODw==

dn: CN=Ben,OU=People,DC=example,DC=local
objectClass: user
displayName: Ben
givenName:: PTErMSA=
userPrincipalName: bén@example.test
mail: anna@example.test
`

async function withExport(work: (file: string, folder: string) => Promise<void>, text = LDIF): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-ad-'))
  try {
    const file = join(folder, 'ad.ldf')
    await writeFile(file, text)
    await work(file, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test('an export is checked without asking anybody; what to put right is printed, and written as CSV that no spreadsheet runs', () =>
  withExport(async (file, folder) => {
    const out = join(folder, 'to-do.csv')
    const here = stage(operationsIn(realWorld()))
    const { code, out: text } = await here.run('tenant', 'check-ad', file, '--domain', 'example.test', '--csv', out)
    assert.equal(code, 3)
    assert.match(text, /2 users, 0 groups, 0 contacts\./)
    assert.match(text, /3 to be refused, 2 to be changed, 0 to know, at 2 objects\./)
    assert.match(text, /refused: userPrincipalName "bén@example\.test": Not allowed before the @: é\.\n {4}Write: anna@example\.test/)
    assert.ok(text.split('\n').every((line) => line.length <= 80))
    const csv = await readFile(out, 'utf8')
    assert.match(csv, /^\uFEFFdn,kind,attribute,value,severity,code,what_is_wrong,write_instead\r\n/)
    assert.match(csv, /,givenName,"'=1\+1 ",changed/)
    assert.equal(csv.trim().split('\r\n').length, 6)
  }))

test('as JSON it is one object with the findings and the checklist; the checklist is printed where it is asked for', () =>
  withExport(async (file) => {
    const told: unknown = JSON.parse((await stage(operationsIn(realWorld())).run('tenant', 'check-ad', file, '--json')).out)
    assert.ok(typeof told === 'object' && told !== null)
    assert.deepEqual([Reflect.get(told, 'users'), Reflect.get(told, 'matches'), Reflect.get(told, 'csvFile')], [2, null, null])
    const { out } = await stage(operationsIn(realWorld())).run('tenant', 'check-ad', file, '--checklist')
    assert.match(out, /\[ \] 4\. Source anchor\n {4}Take mS-DS-ConsistencyGuid/)
  }))

test('whom each user would be joined with is looked up in the tenant, whose verified domains count', () =>
  withExport(async (file) => {
    await using tenant = await startTenantSimulator({ content: 'prepared' })
    const here = stage(operationsIn(realWorld()))
    const { code, out } = await here.run('tenant', 'check-ad', file, '--match', '--service', tenant.url)
    assert.equal(code, 3)
    assert.match(out, /would (?:take over|become)|would be refused/)
    assert.doesNotMatch(out, /No verified domains were given/)
  }))

test('what is no export ends in one sentence', () =>
  withExport(async (file) => {
    const here = stage(operationsIn(realWorld()))
    const { code, err } = await here.run('tenant', 'check-ad', file)
    assert.equal(code, 2)
    assert.match(err, /is no export of an Active Directory that can be\s+checked/)
  }, 'hello\n'))
