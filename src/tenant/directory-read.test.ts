import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../lib/log.ts'
import { readDirectory, userIn } from './directory-read.ts'
import { type SimulatedTenant, simulatedTenant } from './tenant.fixture.ts'

const read = ({ clients: { graph, ctx } }: SimulatedTenant) => readDirectory(graph, ctx)
const E3 = '6fd2c87f-b296-42f0-b197-1e91e994b900'

test('the directory of a tenant is read with all that is asked of it', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const directory = await read(tenant)
  assert.deepEqual(
    [directory.tenantId, directory.initialDomain, directory.isSynced],
    [tenant.simulator.tenantId, 'example.onmicrosoft.com', true],
  )
  assert.equal(directory.lastSyncMs, Date.parse('2026-11-20T08:00:00Z'))
  const user = (name: string) => directory.users.find(({ userPrincipalName }) => userPrincipalName === `${name}@example.test`)
  assert.deepEqual(user('anna')?.licences, [{ skuId: E3, disabledPlans: [], byGroup: false }])
  assert.deepEqual([user('anna')?.hasExchangePlan, user('plan-off')?.hasExchangePlan, user('synced')?.isSynced], [true, false, true])
  assert.deepEqual(user('other.name')?.addresses, ['other.name@example.test', 'other-upn@example.test'])
  assert.deepEqual(
    directory.deletedUsers.map(({ userPrincipalName, deletedMs }) => [userPrincipalName, deletedMs]),
    [['soft-deleted@example.test', tenant.simulator.world.now()]],
  )
  assert.deepEqual(directory.groups.find(({ displayName }) => displayName === 'Staff')?.addresses, ['staff@example.test'])
  assert.deepEqual(
    directory.domains.map(({ name, isVerified }) => [name, isVerified]),
    [
      ['example.onmicrosoft.com', true],
      ['example.test', true],
      ['new.example.test', false],
    ],
  )
  const sku = directory.skus.find(({ part }) => part === 'ENTERPRISEPACK')
  assert.deepEqual([sku?.free, sku?.total], [23, 30])
  assert.equal(directory.skus.find(({ part }) => part === 'EXCHANGEENTERPRISE')?.free, 0)
})

test('five thousand users take a few requests', async () => {
  let requests = 0
  const debug = (what: string): void => {
    if (what === 'answered') requests++
  }
  await using tenant = await simulatedTenant({}, { ...silentLog, debug })
  const { users } = tenant.simulator.world.state
  for (let i = users.length; i < 5000; i++) {
    const id = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`
    const moments = { visibleAtMs: 0, createdAtMs: 0, usageLocationAtMs: 0, deletedAtMs: null }
    users.push({ id, props: { userPrincipalName: `u${i}@example.test` }, licences: [], licenceErrors: [], ...moments })
  }
  const directory = await read(tenant)
  assert.deepEqual([directory.users.length, requests], [5000, 11])
})

test('seats of a subscription that is not in force cannot be given', async () => {
  await using tenant = await simulatedTenant()
  for (const sku of tenant.simulator.world.state.skus) sku.capabilityStatus = sku.skuId === E3 ? 'Suspended' : 'Warning'
  const directory = await read(tenant)
  assert.deepEqual(
    directory.skus.filter(({ part }) => /ENTERPRISEPACK|KIOSK|DESKLESS/.test(part)).map(({ part, free }) => [part, free]),
    [
      ['ENTERPRISEPACK', 0],
      ['EXCHANGEDESKLESS', 2],
    ],
  )
})

test('the name of a deleted user is told without the mark that it got', () => {
  const row = { id: '12345678-0000-4000-8000-000000000001', deletedDateTime: '2026-11-20T08:00:00Z' }
  assert.equal(
    userIn({ ...row, userPrincipalName: '12345678000040008000000000000001anna@example.test' }).userPrincipalName,
    'anna@example.test',
  )
  assert.equal(userIn({ ...row, userPrincipalName: 'Anna@example.test' }).userPrincipalName, 'anna@example.test')
})

test('a licence that came twice is the user’s own, and on as far as one of the two switches it on', () => {
  const assigned = (...disabledPlans: readonly string[]) => ({ skuId: E3, disabledPlans })
  const state = (assignedByGroup: string | null, more = 'Active') => ({ skuId: E3, assignedByGroup, state: more, error: 'None' })
  const of = (assignedLicenses: readonly object[], licenseAssignmentStates: readonly object[]) =>
    userIn({ id: 'u', assignedLicenses, licenseAssignmentStates }).licences
  assert.deepEqual(of([assigned('a', 'b'), assigned('B')], [state(null), state('group')]), [
    { skuId: E3, disabledPlans: ['b'], byGroup: false },
  ])
  assert.deepEqual(of([assigned()], [state('group')]), [{ skuId: E3, disabledPlans: [], byGroup: true }])
  assert.deepEqual(of([assigned()], [state('group'), state(null, 'Error')]), [{ skuId: E3, disabledPlans: [], byGroup: true }])
})

test('what is wrong with a licence is told, and nothing else is', () => {
  const states = [
    { skuId: E3, state: 'Active', error: 'None' },
    { skuId: 'a', state: 'Error', error: 'CountViolation' },
    { skuId: 'b', state: 'ActiveWithError', error: 'UniquenessViolation' },
  ]
  assert.deepEqual(userIn({ id: 'u', licenseAssignmentStates: states }).licenceErrors, [
    { skuId: 'a', error: 'CountViolation' },
    { skuId: 'b', error: 'UniquenessViolation' },
  ])
})
