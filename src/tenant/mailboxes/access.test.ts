import assert from 'node:assert/strict'
import { test } from 'node:test'
import { snapshot } from '../../tenant-simulator/snapshot.ts'
import type { TenantSimulatorOptions } from '../../tenant-simulator/tenant-simulator.ts'
import { applied, codes, sentences, undone, wantedMailbox } from '../mail-flow/mail-flow.fixture.ts'
import { plannedMailboxes, wantedWith } from './mailbox.fixture.ts'
import { simulatedTenant } from '../tenant.fixture.ts'

const migration = { ...wantedWith({}).migration, app: { displayName: 'mail-mover' } }

async function tenantWithAccess(options: TenantSimulatorOptions = {}) {
  const tenant = await simulatedTenant({ content: 'prepared', ...options })
  const app = tenant.simulator.world.state.apps[0]?.servicePrincipalId ?? ''
  const { admin } = tenant.clients
  const grant = { Identity: 'anna@example.test', User: app, AccessRights: ['FullAccess'], AutoMapping: false }
  await admin.invoke('Add-MailboxPermission', grant)
  const opened = async (): Promise<readonly string[]> => {
    const asked = ['anna', 'ben', 'clara'].map(async (name) => {
      const { rows } = await admin.invoke('Get-MailboxPermission', { Identity: `${name}@example.test`, User: app })
      return rows.length > 0 ? [name] : []
    })
    return (await Promise.all(asked)).flat()
  }
  return { tenant, opened, [Symbol.asyncDispose]: () => tenant[Symbol.asyncDispose]() }
}

test('the application is let into the mailboxes that are migrated, and undo leaves what others have granted', async () => {
  await using at = await tenantWithAccess()
  const { tenant, opened } = at
  const mailboxes = ['anna', 'ben', 'clara'].map((name) => wantedMailbox(`${name}@example.test`, { isMigrated: name !== 'clara' }))
  const wanted = wantedWith({ mailboxes, migration })
  const plan = await plannedMailboxes(wanted, tenant)
  assert.deepEqual(sentences(plan), ['For the migration, let mail-mover open ben@example.test'])
  assert.equal(plan.changes[0]?.kind, 'migration')
  const done = await applied(plan, tenant)
  assert.deepEqual(await opened(), ['anna', 'ben'])
  assert.deepEqual(sentences(await plannedMailboxes(wanted, tenant)), [])
  await undone(done, tenant)
  assert.deepEqual(await opened(), ['anna'])
})

test('an application that Exchange does not know is made known first', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const { objects } = tenant.simulator.world.state
  objects.splice(
    objects.findIndex(({ kind }) => kind === 'ServicePrincipal'),
    1,
  )
  const before = snapshot(tenant.simulator.world)
  const wanted = wantedWith({ mailboxes: [wantedMailbox('anna@example.test')], migration })
  const plan = await plannedMailboxes(wanted, tenant)
  assert.match(sentences(plan)[0] ?? '', /^Make the application mail-mover \([-0-9a-f]+\) known to Exchange Online$/)
  assert.deepEqual(plan.changes[1]?.after, ['service-principal', 'mailbox anna@example.test'])
  const done = await applied(plan, tenant)
  assert.deepEqual(sentences(await plannedMailboxes(wanted, tenant)), [])
  await undone(done, tenant)
  assert.deepEqual(snapshot(tenant.simulator.world), before)
})

test('who may open a mailbox and send as it is granted once, whoever may besides is left, and nobody unknown is let in', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const { admin } = tenant.clients
  await admin.invoke('Add-MailboxPermission', { Identity: 'anna@example.test', User: 'clara@example.test', AccessRights: ['FullAccess'] })
  await admin.invoke('Add-MailboxPermission', { Identity: 'anna@example.test', User: 'ben@example.test', AccessRights: ['ReadPermission'] })
  const fullAccess = ['Ben@example.test', 'clara@example.test', 'nobody@example.test', 'team@example.test']
  const wanted = wantedWith({
    mailboxes: [wantedMailbox('anna@example.test', { fullAccess, sendAs: ['team@example.test', 'clara@example.test'] })],
    groups: [{ ...GROUP, address: 'team@example.test', name: 'Team' }],
  })
  const plan = await plannedMailboxes(wanted, tenant)
  assert.deepEqual(
    sentences(plan).filter((says) => says.startsWith('Let ')),
    [
      'Let ben@example.test open anna@example.test',
      'Let team@example.test open anna@example.test',
      'Let team@example.test send as anna@example.test',
      'Let clara@example.test send as anna@example.test',
    ],
  )
  assert.deepEqual(codes(plan), ['person-unknown'])
  const done = await applied(plan, tenant)
  const again = await plannedMailboxes(wanted, tenant)
  assert.deepEqual([sentences(again), codes(again)], [[], ['person-unknown']])
  await undone(done, tenant)
  const { rows } = await admin.invoke('Get-MailboxPermission', { Identity: 'anna@example.test', User: 'ben@example.test' })
  assert.deepEqual(
    rows.map((row) => row['AccessRights']),
    [['ReadPermission']],
  )
})

const GROUP = {
  where: 'cutover.yaml line 9',
  aliases: [],
  members: [],
  exactly: false,
  owners: [],
  outsideSenders: null,
  hidden: null,
}
