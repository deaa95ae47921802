import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WantedMailbox, WantedTenant } from '../../model/wanted-tenant.ts'
import type { WantedPerson } from '../../tenant-simulator/prepared-tenant.ts'
import { snapshot } from '../../tenant-simulator/snapshot.ts'
import { carryOut, takeBack } from '../carry-out.fixture.ts'
import { NOTHING_WANTED, wantedMailbox } from '../mail-flow/mail-flow.fixture.ts'
import { actualOf } from '../mailboxes/mailbox.fixture.ts'
import { told } from './people.fixture.ts'
import { people } from './people.ts'
import { joined } from '../plan.ts'
import { type SimulatedTenant, simulatedTenant } from '../tenant.fixture.ts'

const person = ({
  address,
  displayName,
  licence,
  usageLocation = 'DE',
  sourceBytes,
}: Partial<WantedPerson> & { address: string }): WantedMailbox =>
  wantedMailbox(address, {
    displayName: displayName ?? null,
    licences: licence === undefined ? [] : [licence],
    usageLocation,
    sourceBytes: sourceBytes ?? null,
  })
const wantedOf = (mailboxes: readonly WantedMailbox[], more: Partial<WantedTenant> = {}): WantedTenant => ({
  ...NOTHING_WANTED,
  cloudOnly: ['*'],
  mailboxes,
  ...more,
})
const planned = async (wanted: WantedTenant, tenant: SimulatedTenant) => joined([people.compare(wanted, await actualOf(tenant), null)])

test('fifty people are prepared, then nothing is left to do, and undo leaves the tenant as it was', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const { simulator, clients } = tenant
  const wanted = wantedOf((simulator.prepared?.people ?? []).map(person))
  const first = snapshot(simulator.world)
  const plan = await planned(wanted, tenant)
  assert.deepEqual([plan.changes.length, plan.findings], [30 + 40, []])

  const done = await carryOut(plan.changes, clients, () => simulator.advance(1000))
  simulator.advance(10 * 60_000)
  assert.deepEqual((await planned(wanted, tenant)).changes, [])
  const { recipients } = await actualOf(tenant)
  const mailboxes = new Set(recipients.mailboxes.map(({ primaryAddress }) => primaryAddress))
  assert.deepEqual(
    wanted.mailboxes.filter(({ address }) => !mailboxes.has(address)),
    [],
  )

  await takeBack(done, clients, () => simulator.advance(1000))
  simulator.advance(10 * 60_000)
  assert.deepEqual(snapshot(simulator.world), first)
})

test('each of the ten prepared problems is told, and what can be repaired is', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const { simulator, clients } = tenant
  const wanted = wantedOf((simulator.prepared?.problems ?? []).map(person))
  const plan = await planned(wanted, tenant)
  assert.deepEqual(
    told(plan).filter((one) => !one.includes('looks-alike')),
    [
      'blocker address-taken taken-by-group@example.test',
      'blocker address-deleted soft-deleted@example.test',
      'blocker upn-differs other-upn@example.test',
      'blocker licences-exclude exclusive@example.test',
      'blocker domain-not-verified bad-domain@new.example.test',
      'blocker mailbox-too-large too-big@example.test',
      'blocker name-invalid jürgen@example.test',
      'blocker licence-short no-seat@example.test',
      'warning licences-to-buy EXCHANGEENTERPRISE',
      'note location-missing no-location@example.test',
      'note plan-off plan-off@example.test',
    ],
  )
  const first = snapshot(simulator.world)
  const done = await carryOut(plan.changes, clients, () => simulator.advance(1000))
  simulator.advance(10 * 60_000)
  const { changes } = await planned(wanted, tenant)
  assert.deepEqual([done.length, changes], [5, []])
  await takeBack(done, clients, () => simulator.advance(1000))
  simulator.advance(10 * 60_000)
  assert.deepEqual(snapshot(simulator.world), first)
})

test('a licence takes the place of another one without the mailbox ever being gone', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const { simulator, clients } = tenant
  const exclusive = person({ address: 'exclusive@example.test', licence: 'ENTERPRISEPACK' })
  const wanted = wantedOf([{ ...exclusive, withoutLicences: ['EXCHANGESTANDARD'] }])
  const { changes } = await planned(wanted, tenant)
  const first = snapshot(simulator.world)
  const done = await carryOut(changes, clients, () => simulator.advance(1000))
  simulator.advance(10 * 60_000)
  const { recipients } = await actualOf(tenant)
  const quota = () => recipients.mailboxes.find(({ primaryAddress }) => primaryAddress === 'exclusive@example.test')?.quotaBytes
  assert.deepEqual([(await planned(wanted, tenant)).changes, quota()], [[], 100 * 1024 ** 3])
  await takeBack(done, clients, () => simulator.advance(1000))
  simulator.advance(10 * 60_000)
  assert.deepEqual(snapshot(simulator.world), first)
})

test('licences that run out half-way stop those who come later, and the next plan tells how many to buy', async () => {
  await using tenant = await simulatedTenant({ tenant: { seats: { ENTERPRISEPACK: 3 } } })
  const { simulator, clients } = tenant
  const wanted = wantedOf(['a', 'b', 'c'].map((name) => person({ address: `${name}@example.test`, licence: 'ENTERPRISEPACK' })))
  const plan = await planned(wanted, tenant)
  for (const sku of simulator.world.state.skus) sku.otherUnits++
  await assert.rejects(
    carryOut(plan.changes, clients, () => simulator.advance(1000)),
    { code: 'licence-short' },
  )
  const next = await planned(wanted, tenant)
  assert.deepEqual(told(next), ['blocker licence-short c@example.test', 'warning licences-to-buy ENTERPRISEPACK'])
  assert.deepEqual(next.changes, [])
  for (const sku of simulator.world.state.skus) sku.enabled++
  await carryOut((await planned(wanted, tenant)).changes, clients, () => simulator.advance(1000))
  assert.deepEqual((await planned(wanted, tenant)).changes, [])
})

test('nobody is made in the cloud of a synced tenant unless that is said, and a synced user gets its licence all the same', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const synced = person({ address: 'synced@example.test', licence: 'ENTERPRISEPACK', usageLocation: 'AT', displayName: 'Another Name' })
  const wanted = wantedOf([person({ address: 'new@example.test', licence: 'ENTERPRISEPACK' }), synced], { cloudOnly: [] })
  const plan = await planned(wanted, tenant)
  assert.deepEqual(told(plan), ['blocker create-in-ad new@example.test', 'warning synced-names synced@example.test'])
  await carryOut(plan.changes, tenant.clients, () => tenant.simulator.advance(1000))
  tenant.simulator.advance(60_000)
  assert.deepEqual((await planned(wanted, tenant)).changes, [])
})
