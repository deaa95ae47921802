import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WantedProtection, WantedTenant } from '../../model/wanted-tenant.ts'
import { activatePresets } from '../../tenant-simulator/base-tenant.ts'
import { snapshot } from '../../tenant-simulator/snapshot.ts'
import { actualWith, applied, codes, NOTHING_WANTED, planned, sentences, undone } from '../mail-flow/mail-flow.fixture.ts'
import { protectionPresets } from './protection-presets.ts'
import type { Row } from '../settings.ts'
import { simulatedTenant } from '../tenant.fixture.ts'

const want = (preset: WantedProtection['preset'], ...presetDomains: readonly string[]): WantedTenant => ({
  ...NOTHING_WANTED,
  domains: [{ name: 'example.test', type: null, isDefault: null, where: 'line 2' }],
  protection: { ...NOTHING_WANTED.protection, preset, presetDomains },
})
const NAME = 'Standard Preset Security Policy'
const compared = (preset: WantedProtection['preset'], ...eop: readonly Row[]) =>
  protectionPresets.compare(want(preset), actualWith(), { eop, defender: [] })

test('a preset is turned on for the domains, in both parts where Defender is licensed, and taken back', async () => {
  await using tenant = await simulatedTenant()
  activatePresets(tenant.simulator.world)
  const before = snapshot(tenant.simulator.world)
  const plan = await planned(protectionPresets, want('standard'), tenant)
  assert.deepEqual(sentences(plan), [
    `Switch the preset "${NAME}" on (was off), for example.test (was nobody)`,
    `Switch the preset "${NAME}" of Defender for Office 365 on (was off), for example.test (was nobody)`,
  ])
  const done = await applied(plan, tenant)
  const again = await planned(protectionPresets, want('standard'), tenant)
  assert.deepEqual([again.changes, again.findings], [[], []])
  assert.deepEqual(
    sentences(await planned(protectionPresets, want('standard', 'example.test', 'Example.onmicrosoft.com'), tenant))[0],
    `Change the preset "${NAME}": for example.test, Example.onmicrosoft.com (was example.test)`,
  )
  assert.equal((await planned(protectionPresets, want('off'), tenant)).changes.length, 2)
  await undone(done, tenant)
  assert.deepEqual(snapshot(tenant.simulator.world), before)
})

test('a preset that nobody ever turned on in the portal is not planned, and the steps are told', async () => {
  await using tenant = await simulatedTenant()
  const plan = await planned(protectionPresets, want('strict'), tenant)
  assert.deepEqual([plan.changes, codes(plan)], [[], ['preset-missing']])
  assert.match(plan.findings[0]?.remedy ?? '', /security\.microsoft\.com\/presetSecurityPolicies/)
})

test('a rule that is for everybody is not made smaller, and domains that it has besides stay', () => {
  assert.deepEqual(compared('standard', { Name: NAME, State: 'Enabled', RecipientDomainIs: null }), { changes: [], findings: [] })
  const [change] = compared('standard', { Name: NAME, State: 'Enabled', RecipientDomainIs: ['old.test'] }).changes
  assert.deepEqual(change?.calls, [
    { cmdlet: 'Set-EOPProtectionPolicyRule', parameters: { Identity: NAME, RecipientDomainIs: ['old.test', 'example.test'] } },
  ])
})

test('a preset for nobody is told', () => {
  const { changes, findings } = protectionPresets.compare({ ...want('standard'), domains: [] }, actualWith(), {
    eop: [{ Name: NAME, State: 'Disabled' }],
    defender: [],
  })
  assert.deepEqual([changes, findings.map(({ code }) => code)], [[], ['preset-for-nobody']])
})

test('a preset is not planned for a domain that is not of the tenant', async () => {
  const { findings } = protectionPresets.compare(want('standard', 'strange.test'), actualWith(), {
    eop: [{ Name: NAME, State: 'Enabled' }],
    defender: [],
  })
  assert.deepEqual(
    findings.map(({ code, severity }) => [code, severity]),
    [['preset-domain', 'blocker']],
  )
})

test('who is protected is set before the rule is switched on, and off the other way round', () => {
  const [change] = compared('standard', { Name: NAME, State: 'Disabled', RecipientDomainIs: null }).changes
  const cmdlets = (calls: unknown): readonly unknown[] => (Array.isArray(calls) ? calls.map((call: { cmdlet: string }) => call.cmdlet) : [])
  assert.deepEqual(cmdlets(change?.calls), ['Set-EOPProtectionPolicyRule', 'Enable-EOPProtectionPolicyRule'])
  assert.deepEqual(cmdlets(change?.undo), ['Disable-EOPProtectionPolicyRule', 'Set-EOPProtectionPolicyRule'])
})

test('a domain that is not accepted yet holds up nobody else', () => {
  const wanted = {
    ...want('standard', 'late.test', 'example.test'),
    domains: [{ name: 'late.test', type: null, isDefault: null, where: '' }],
  }
  const ours = actualWith({}, { acceptedDomains: [{ domain: 'example.test', type: 'Authoritative', isDefault: true, isInitial: false }] })
  const plan = protectionPresets.compare(wanted, ours, { eop: [{ Name: NAME, State: 'Disabled', RecipientDomainIs: null }], defender: [] })
  assert.deepEqual(sentences(plan), [
    `Switch the preset "${NAME}" on (was off), for example.test (was nobody)`,
    `Change the preset "${NAME}": for example.test, late.test (was example.test)`,
  ])
  assert.deepEqual(plan.changes[1]?.after, ['organisation-customized', plan.changes[0]?.key, 'domain-accepted late.test'])
})

test('what limits a preset besides, and Strict over Standard, are told', () => {
  const on = { State: 'Enabled', RecipientDomainIs: ['example.test'] }
  const strict = { ...on, Name: 'Strict Preset Security Policy' }
  assert.deepEqual(codes(compared('standard', { ...on, Name: NAME, SentToMemberOf: ['staff'] })), ['preset-narrowed'])
  assert.deepEqual(codes(compared('standard', { ...on, Name: NAME }, strict)), ['preset-overruled'])
  assert.deepEqual(codes(compared('standard', { ...on, Name: NAME }, { ...strict, RecipientDomainIs: ['other.test'] })), [])
})
