import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WantedPolicy, WantedProtection } from '../../model/wanted-tenant.ts'
import { snapshot } from '../../tenant-simulator/snapshot.ts'
import { actualWith, applied, codes, NOTHING_WANTED, planned, sentences, undone } from '../mail-flow/mail-flow.fixture.ts'
import { quarantine } from './quarantine.ts'
import { simulatedTenant } from '../tenant.fixture.ts'

const want = (quarantineNotices: WantedProtection['quarantineNotices'], policies: readonly WantedPolicy[] = []) => ({
  ...NOTHING_WANTED,
  protection: { ...NOTHING_WANTED.protection, quarantineNotices, policies },
})
const spam = (name: string, settings: WantedPolicy['settings']): WantedPolicy => ({
  feature: 'spam',
  name,
  settings,
  domains: [],
  where: 'line 7',
})
const TOLD = 'DefaultFullAccessWithNotificationPolicy'

test('notices are switched on and made daily, and it is taken back', async () => {
  await using tenant = await simulatedTenant()
  const before = snapshot(tenant.simulator.world)
  const wanted = want({ enabled: true, everyHours: 24 })
  const plan = await planned(quarantine, wanted, tenant)
  assert.equal(
    sentences(plan)[0],
    'Change how often people are told of mail in quarantine: EndUserSpamNotificationFrequency 1.00:00:00 (was 3.00:00:00)',
  )
  assert.match(sentences(plan)[1] ?? '', /^Change the default spam policy, so that people are told .* SpamQuarantineTag Default/)
  const done = await applied(plan, tenant)
  assert.deepEqual((await planned(quarantine, wanted, tenant)).changes, [])
  await undone(done, tenant)
  assert.deepEqual(snapshot(tenant.simulator.world), before)
})

test('switching notices off touches only what told, and what somebody chose stays', () => {
  const row = { Name: 'Default', SpamQuarantineTag: TOLD, PhishQuarantineTag: 'Own', BulkQuarantineTag: 'DefaultFullAccessPolicy' }
  const compared = (enabled: boolean) => quarantine.compare(want({ enabled, everyHours: null }), actualWith(), { global: null, spam: row })
  assert.deepEqual(compared(false).changes[0]?.calls, [
    { cmdlet: 'Set-HostedContentFilterPolicy', parameters: { Identity: 'Default', SpamQuarantineTag: 'DefaultFullAccessPolicy' } },
  ])
  assert.ok(!sentences(compared(true))[0]?.includes('PhishQuarantineTag'))
})

test('a frequency is the same however it is written, and what the definition says of a tag counts', () => {
  const global = { Name: 'DefaultGlobalTag', EndUserSpamNotificationFrequency: '7.00:00:00' }
  const tags = {
    Name: 'Default',
    SpamQuarantineTag: 'X',
    HighConfidenceSpamQuarantineTag: TOLD,
    PhishQuarantineTag: TOLD,
    BulkQuarantineTag: 'DefaultFullAccessPolicy',
  }
  const wanted = want({ enabled: true, everyHours: 168 }, [spam('Default', { bulkquarantinetag: 'Z' }), spam('Staff', {})])
  const plan = quarantine.compare(wanted, actualWith(), { global, spam: tags })
  assert.deepEqual([plan.changes, codes(plan)], [[], ['quarantine-silent']])
})
