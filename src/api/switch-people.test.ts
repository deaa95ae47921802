import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Desk, TENANT } from '../definition/definition.fixture.ts'
import { readMailboxList } from '../definition/mailbox-list.ts'
import { wantedTenant } from '../definition/wanted.ts'
import { definedAddresses } from './defined-addresses.ts'
import { domainPeople, type DomainPeople } from './switch-people.ts'

const LIST = `source_login,target,name,kind,aliases,batch,forward_to
anna,anna@example.org,Anna,,sales@example.org,first,
ben,Ben@example.org,Ben,,,second,ben@contoso.onmicrosoft.com
carla,carla@example.org,Carla,,info@example.org carla@elsewhere.example,first,
team@example.org,,Team,group,,,
post@example.org,anna@example.org,,alias,,,
pat@example.org,,Pat,contact,,,
gone@example.org,gone@example.org,,skip,,,
everything,,,group,,,
`

async function people(desk: Desk, more = ''): Promise<DomainPeople> {
  const mailboxesFile = join(desk.directory, 'mailboxes.csv')
  await writeFile(mailboxesFile, LIST)
  const definition = await desk.definition(`${TENANT}groups: [{ address: all@example.org, name: All }]\n${more}`)
  return domainPeople(definition, { mailboxesFile, env: {}, domain: 'example.org' })
}

test('every address that gets mail at the old side is known: mailboxes, aliases, groups and contacts, and none that stays behind', async () => {
  await using desk = await Desk.make()
  const { known, staying, moving, forwards } = await people(desk)
  const local = ['all', 'anna', 'ben', 'carla', 'info', 'pat', 'post', 'sales', 'team']
  assert.deepEqual(
    known.toSorted(),
    local.map((one) => `${one}@example.org`),
  )
  assert.deepEqual([staying, moving], [[], null])
  assert.deepEqual([...forwards], [['ben@example.org', 'ben@contoso.onmicrosoft.com']])
})

test('who stays is named by an address or by a batch; the others move, and only they get a mailbox and are copied', async () => {
  await using desk = await Desk.make()
  const more = 'mailboxes: { list: mailboxes.csv }\nswitch: { staying: [Second, info@example.org, late@example.org] }\n'
  const { staying, moving, known } = await people(desk, more)
  assert.deepEqual(
    staying.toSorted(),
    ['ben', 'carla', 'info', 'late'].map((one) => `${one}@example.org`),
  )
  assert.deepEqual(moving, ['Anna'])
  assert.ok(known.includes('ben@example.org'))
  const definition = await desk.definition(`${TENANT}${more}`)
  const lines = await readMailboxList(join(desk.directory, 'mailboxes.csv'), {}, { source: false, target: false, tenantOnly: true })
  assert.deepEqual(
    wantedTenant(definition, lines).wanted.mailboxes.map(({ address }) => address),
    ['anna@example.org'],
  )
  const definitionFile = join(desk.directory, 'cutover.yaml')
  const given = { source: null, access: false, identity: false }
  const { only } = await definedAddresses({ definitionFile, env: {}, show: () => {}, given })
  assert.deepEqual(only, ['Anna'])
})
