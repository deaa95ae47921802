import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WantedOrganisation, WantedTenant } from '../../model/wanted-tenant.ts'
import { snapshot } from '../../tenant-simulator/snapshot.ts'
import { actualWith, applied, codes, NOTHING_WANTED, planned, sentences, undone } from './mail-flow.fixture.ts'
import { organisation } from './organisation.ts'
import { simulatedTenant } from '../tenant.fixture.ts'

const want = (more: Partial<WantedOrganisation>, other: Partial<WantedTenant> = {}): WantedTenant => ({
  ...NOTHING_WANTED,
  ...other,
  organisation: { ...NOTHING_WANTED.organisation, ...more },
})
const protection = { ...NOTHING_WANTED.protection, preset: 'standard' as const }

test('the settings that differ are set in one call and put back as they were', async () => {
  await using tenant = await simulatedTenant()
  const before = snapshot(tenant.simulator.world)
  const wanted = want({ focusedInbox: false, directSend: false, settings: { SendFromAliasEnabled: true, AuditDisabled: false } })
  const plan = await planned(organisation, wanted, tenant)
  assert.deepEqual(sentences(plan), [
    'Change the organisation: SendFromAliasEnabled true (was false), FocusedInboxOn false (was nothing), RejectDirectSend true (was false)',
  ])
  assert.deepEqual(codes(plan), ['direct-send-rejected'])
  const done = await applied(plan, tenant)
  assert.deepEqual((await planned(organisation, wanted, tenant)).changes, [])
  await undone(done, tenant)
  assert.deepEqual(snapshot(tenant.simulator.world), before)
})

test('an organisation without settings of its own gets them where a preset or a policy needs it, and only then', async () => {
  await using tenant = await simulatedTenant({ tenant: { dehydrated: true } })
  assert.deepEqual(sentences(await planned(organisation, want({ focusedInbox: true }), tenant)), [
    'Change the organisation: FocusedInboxOn true (was nothing)',
  ])
  const wanted = want({}, { protection })
  const plan = await planned(organisation, wanted, tenant)
  assert.match(
    sentences(plan)[0] ?? '',
    /Enable-OrganizationCustomization\), as the preset "Standard .* needs it\. It cannot be taken back$/,
  )
  assert.deepEqual([plan.changes[0]?.takes, plan.changes[0]?.key], ['hours', 'organisation-customized'])
  await applied(plan, tenant)
  assert.deepEqual((await planned(organisation, wanted, tenant)).changes, [])
})

test('where that is not allowed, what needs it is blocked', () => {
  const policies = [
    { feature: 'spam' as const, name: 'Staff', settings: {}, domains: [], where: 'line 9' },
    { feature: 'spam' as const, name: 'Default', settings: {}, domains: [], where: 'line 12' },
    { feature: 'phishing' as const, name: 'Office365 AntiPhish Default', settings: {}, domains: [], where: 'line 14' },
  ]
  const plan = organisation.compare(want({ customization: false }, { protection: { ...protection, policies } }), actualWith(), {
    IsDehydrated: true,
  })
  assert.deepEqual(plan.changes, [])
  assert.deepEqual(
    plan.findings.map(({ severity, about, where }) => [severity, about, where]),
    [
      ['blocker', 'Standard Preset Security Policy', 'cutover.yaml line 1'],
      ['blocker', 'spam policy Staff', 'line 9'],
    ],
  )
})

test('archives that grow by themselves are a change of their own, without a way back', () => {
  const compared = (AutoExpandingArchive: boolean, AutoExpandingArchiveEnabled: boolean) =>
    organisation.compare(want({ settings: { AutoExpandingArchive } }), actualWith(), { AutoExpandingArchiveEnabled })
  assert.ok('cannot' in (compared(true, false).changes[0]?.undo ?? {}))
  assert.deepEqual(compared(true, true), { changes: [], findings: [] })
  assert.deepEqual(codes(compared(false, true)), ['expanding-archives'])
})
