import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WantedPolicy, WantedTenant } from '../../model/wanted-tenant.ts'
import { snapshot } from '../../tenant-simulator/snapshot.ts'
import type { Directory } from '../directory.ts'
import { actualWith, applied, codes, NOTHING_WANTED, planned, sentences, undone, wantedMailbox } from '../mail-flow/mail-flow.fixture.ts'
import { protectionPolicies, type Policies } from './protection-policies.ts'
import { simulatedTenant } from '../tenant.fixture.ts'

const policy = (
  feature: WantedPolicy['feature'],
  name: string,
  settings: WantedPolicy['settings'],
  ...domains: readonly string[]
): WantedPolicy => ({
  feature,
  name,
  settings,
  domains,
  where: 'line 40',
})
const want = (...policies: readonly WantedPolicy[]): WantedTenant => ({
  ...NOTHING_WANTED,
  protection: { ...NOTHING_WANTED.protection, policies },
})
const compared = (wanted: WantedTenant, there: Policies = {}, directory: Partial<Directory> = {}) =>
  protectionPolicies.compare(wanted, actualWith(directory, { acceptedDomains: ['a.example', 'b.example'].map(accepted) }), there)
const accepted = (domain: string) => ({ domain, type: 'Authoritative', isDefault: false, isInitial: false })

test('policies are made and bound, defaults changed, everything put in order, and all of it taken back', async () => {
  await using tenant = await simulatedTenant()
  const before = snapshot(tenant.simulator.world)
  const first = want(
    policy('spam', 'Staff', { BulkThreshold: 5, AllowedSenders: [] }, 'example.test'),
    policy('spam', 'Sales', {}, 'example.test'),
    policy('malware', 'Default', { FileTypes: ['vbs', 'exe'], ZapEnabled: true }),
    policy('outbound', 'Forwarders', { AutoForwardingMode: 'On' }, 'example.test'),
    policy('connection', 'Default', { IPBlockList: ['192.0.2.1'] }),
    policy('phishing', 'Default', { HonorDmarcPolicy: true, PhishThresholdLevel: 2 }),
  )
  const plan = await planned(protectionPolicies, first, tenant)
  assert.deepEqual(sentences(plan), [
    'Create the spam policy "Staff": BulkThreshold 5',
    'Create the spam policy "Sales": with what Microsoft gives a new one',
    'Create the rule that binds the spam policy "Staff" to its domains: example.test',
    'Create the rule that binds the spam policy "Sales" to its domains: example.test',
    'Change the default malware policy: FileTypes vbs, exe (was ace, exe, jar, reg, scr, vbe, vbs)',
    'Create the outbound spam policy "Forwarders": AutoForwardingMode On',
    'Create the rule that binds the outbound spam policy "Forwarders" to its domains: example.test',
    'Change the default connection filter: IPBlockList 192.0.2.1 (was nothing)',
    'Change the default phishing policy: PhishThresholdLevel 2 (was nothing)',
  ])
  const made = await applied(plan, tenant)
  assert.equal(made.length, plan.changes.length)
  assert.deepEqual((await planned(protectionPolicies, first, tenant)).changes, [])
  const between = snapshot(tenant.simulator.world)

  await tenant.clients.admin.invoke('Disable-HostedContentFilterRule', { Identity: 'Sales', Confirm: false })
  tenant.simulator.advance(10_000)
  const second = want(
    policy('spam', 'Sales', {}, 'example.test', 'example.onmicrosoft.com'),
    policy('spam', 'Staff', { BulkThreshold: 4 }, 'Example.test'),
  )
  const changes = await planned(protectionPolicies, second, tenant)
  assert.deepEqual(sentences(changes), [
    'Change the spam policy "Staff": BulkThreshold 4 (was 5)',
    'Change the rule of the spam policy "Sales": RecipientDomainIs example.test, example.onmicrosoft.com (was example.test)',
    'Switch the rule of the spam policy "Sales" on (was off)',
    'Move the rule of the spam policy "Sales" to place 1 of the rules (was 2)',
  ])
  const done = await applied(changes, tenant)
  assert.deepEqual((await planned(protectionPolicies, second, tenant)).changes, [])
  await undone(done, tenant)
  await tenant.clients.admin.invoke('Enable-HostedContentFilterRule', { Identity: 'Sales' })
  tenant.simulator.advance(10_000)
  assert.deepEqual(snapshot(tenant.simulator.world), between)
  await undone(made, tenant)
  const { HostedContentFilterPolicy, HostedContentFilterRule, MalwareFilterPolicy } = tenant.simulator.world.state.objects.reduce<
    Record<string, number>
  >((counts, { kind }) => ({ ...counts, [kind]: (counts[kind] ?? 0) + 1 }), {})
  assert.deepEqual([HostedContentFilterPolicy, HostedContentFilterRule, MalwareFilterPolicy], [1, undefined, 1])
  assert.equal(JSON.stringify(before).includes('Staff'), false)
})

const dangers: readonly (readonly [string, WantedPolicy, readonly string[]])[] = [
  ['a whole domain let through', policy('spam', 'Default', { AllowedSenderDomains: ['gmail.com'] }), ['allow-list']],
  ['addresses let through', policy('connection', 'Default', { IPAllowList: ['192.0.2.0/24'] }), ['allow-list']],
  ['an empty list', policy('spam', 'Default', { AllowedSenderDomains: [] }), []],
  ['less than Standard', policy('spam', 'Default', { bulkThreshold: 7, SpamZapEnabled: false }), ['policy-weak']],
  ['as much as Strict', policy('spam', 'Default', { BulkThreshold: 5, SpamAction: 'Quarantine', QuarantineRetentionPeriod: 30 }), []],
  ['forwarding for all', policy('outbound', 'Default', { AutoForwardingMode: 'On' }), ['policy-weak']],
  ['a second connection filter', policy('connection', 'Own', {}), ['policy-single']],
  ['a domain of somebody else', policy('spam', 'Own', {}, 'a.example', 'c.example'), ['policy-domain']],
  ['no domains', policy('malware', 'Own', {}), ['policy-unbound']],
  ['settings of Defender without a licence', policy('phishing', 'Default', { PhishThresholdLevel: 3 }), ['defender-missing']],
  ['another default', policy('spam', 'Own', { MakeDefault: true }, 'a.example'), ['policy-make-default']],
]
for (const [what, wanted, expected] of dangers)
  test(`of ${what} ${expected.length === 0 ? 'nothing' : expected.join()} is told`, () =>
    assert.deepEqual(codes(compared(want(wanted))), expected))

test('with Defender in a licence that is in force its settings are no problem', () => {
  const sku = { skuId: '1', part: 'ENTERPRISEPACK', free: 0, total: 5, plans: [{ id: '2', name: 'ATP_ENTERPRISE' }] }
  assert.deepEqual(codes(compared(want(policy('phishing', 'Default', { PhishThresholdLevel: 3 })), {}, { skus: [sku] })), [])
})

test('a rule of the same name that belongs to another policy is in the way', () => {
  const rules = [{ Name: 'Staff', HostedContentFilterPolicy: 'Other', State: 'Enabled', Priority: 0 }]
  assert.deepEqual(codes(compared(want(policy('spam', 'Staff', {}, 'a.example')), { spam: { policies: [], rules } })), [
    'policy-rule-taken',
  ])
})

test('forwarding to the outside is told to be refused, unless an outbound policy of the domain lets it', () => {
  const forwarder = wantedMailbox('anna@a.example', { forwarding: { to: 'anna@outside.example', keepCopy: true } })
  const domain = { name: 'a.example', type: null, isDefault: null, where: '' }
  const tell = (...policies: readonly WantedPolicy[]) =>
    codes(
      compared(
        { ...want(...policies), domains: [domain], mailboxes: [forwarder] },
        { outbound: { policies: [{ Name: 'Default', AutoForwardingMode: 'Automatic' }], rules: [] } },
      ),
    )
  assert.deepEqual(tell(), ['forwarding-blocked'])
  assert.deepEqual(tell(policy('outbound', 'F', { AutoForwardingMode: 'On' }, 'A.example')), [])
  assert.deepEqual(tell(policy('outbound', 'F', { AutoForwardingMode: 'On' }, 'b.example')), ['forwarding-blocked'])
  const inside = { ...NOTHING_WANTED, domains: [domain], mailboxes: [{ ...forwarder, forwarding: { to: 'bo@a.example', keepCopy: true } }] }
  assert.deepEqual(codes(compared(inside)), [])
})
