import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Settings, WantedTransportRule } from '../../model/wanted-tenant.ts'
import { addObject } from '../../tenant-simulator/exchange-objects.ts'
import { snapshot } from '../../tenant-simulator/snapshot.ts'
import { actualWith, applied, codes, NOTHING_WANTED, planned, sentences, undone, wantedMailbox } from './mail-flow.fixture.ts'
import type { Row } from '../settings.ts'
import { simulatedTenant, type SimulatedTenant } from '../tenant.fixture.ts'
import { transportRules } from './transport-rules.ts'

const rule = (name: string, parameters: Settings, enabled = true): WantedTransportRule => ({ name, enabled, parameters, where: 'line 30' })
const MACROS = {
  FromScope: 'NotInOrganization',
  AttachmentExtensionMatchesWords: ['docm', 'xlsm'],
  RejectMessageEnhancedStatusCode: '5.7.901',
}
const PREFIX = { FromScope: 'NotInOrganization', PrependSubject: '[External] ' }
const want = (...rules: readonly WantedTransportRule[]) => ({ ...NOTHING_WANTED, transportRules: rules })
const compared = (rules: readonly WantedTransportRule[], rows: readonly Row[] = []) =>
  transportRules.compare(want(...rules), actualWith(), rows)
const shownOrder = async ({ clients }: SimulatedTenant): Promise<readonly unknown[]> =>
  (await clients.admin.invoke('Get-TransportRule')).rows
    .toSorted((a, b) => Number(a['Priority']) - Number(b['Priority']))
    .map((row) => row['Name'])

test('rules are made in their order, changed, switched and moved among foreign ones, and all of it is taken back', async () => {
  await using tenant = await simulatedTenant()
  for (const [Priority, Name] of ['Foreign 1', 'Foreign 2'].entries())
    addObject(tenant.simulator.world, 'TransportRule', { Identity: Name, Name, Priority, State: 'Enabled', DeleteMessage: true }, true)
  const before = snapshot(tenant.simulator.world)
  const first = want(rule('Macros', MACROS), rule('Prefix', PREFIX, false), rule('Large', { MessageSizeOver: '20MB', Quarantine: true }))
  const plan = await planned(transportRules, first, tenant)
  assert.deepEqual(sentences(plan), [
    'Create the transport rule "Macros": FromScope NotInOrganization, AttachmentExtensionMatchesWords docm, xlsm, RejectMessageEnhancedStatusCode 5.7.901, Enabled true',
    'Create the transport rule "Prefix", switched off: FromScope NotInOrganization, PrependSubject [External] , Enabled false',
    'Create the transport rule "Large": MessageSizeOver 20MB, Quarantine true, Enabled true',
  ])
  const made = await applied(plan, tenant)
  assert.deepEqual((await planned(transportRules, first, tenant)).changes, [])
  const between = snapshot(tenant.simulator.world)

  const second = want(
    rule('Large', { MessageSizeOver: '20971520', Quarantine: true }),
    rule('New', { SubjectContainsWords: 'x', DeleteMessage: true }),
    rule('Macros', { ...MACROS, AttachmentExtensionMatchesWords: ['XLSM', 'docm', 'pptm'] }),
    rule('Prefix', PREFIX, true),
  )
  const changes = await planned(transportRules, second, tenant)
  assert.deepEqual(sentences(changes).toSorted(), [
    'Change the transport rule "Macros": AttachmentExtensionMatchesWords XLSM, docm, pptm (was docm, xlsm)',
    'Create the transport rule "New": SubjectContainsWords x, DeleteMessage true, Enabled true',
    'Move the transport rule "Large" to place 3 of the rules (was 5)',
    'Move the transport rule "New" to place 4 of the rules (was last)',
    'Switch the transport rule "Prefix" on (was off)',
  ])
  const done = await applied(changes, tenant)
  assert.deepEqual(await shownOrder(tenant), ['Foreign 1', 'Foreign 2', 'Large', 'New', 'Macros', 'Prefix'])
  assert.deepEqual((await planned(transportRules, second, tenant)).changes, [])
  await undone(done, tenant)
  assert.deepEqual(await shownOrder(tenant), ['Foreign 1', 'Foreign 2', 'Macros', 'Prefix', 'Large'])
  const rules = (props: ReturnType<typeof snapshot>): string =>
    JSON.stringify(props, (name, value: unknown) => (name === 'Size' || name === 'Description' ? undefined : (value ?? undefined)))
  assert.equal(rules(snapshot(tenant.simulator.world)), rules(between))
  await undone(made, tenant)
  assert.deepEqual(snapshot(tenant.simulator.world), before)
})

test('a rule comes after the connector, the mailbox and the group that it names', () => {
  const wanted = {
    ...want(rule('Route', { SentTo: ['Anna@example.test', 'other@example.test'], RouteMessageOutboundConnector: 'To old' })),
    mailboxes: [wantedMailbox('anna@example.test')],
  }
  assert.deepEqual(transportRules.compare(wanted, actualWith(), []).changes[0]?.after, ['connector to old', 'mailbox anna@example.test'])
})

test('recipients that Exchange shows by name are the same, and what a rule has besides is told and stays', () => {
  const anna = {
    id: '1',
    name: 'Anna',
    kind: 'UserMailbox',
    primaryAddress: 'anna@example.test',
    addresses: ['anna@example.test', 'a@example.test'],
    isSynced: false,
  }
  const row = { Name: 'copy', State: 'Enabled', Priority: 0, BlindCopyTo: ['Anna'], From: ['x@example.test'], DeleteMessage: false }
  const plan = transportRules.compare(want(rule('Copy', { BlindCopyTo: ['A@example.test'] })), actualWith({}, { all: [anna] }), [row])
  assert.deepEqual(plan.changes, [])
  assert.match(plan.findings[0]?.says ?? '', /has besides: From x@example\.test\. That stays/)
})

const dangers: readonly (readonly [Settings, readonly string[]])[] = [
  [{ SetSCL: -1 }, ['rule-skips-filter']],
  [{ SetSCL: '-1', RecipientDomainIs: ['a.example'] }, ['rule-skips-filter']],
  [{ SetSCL: -1, SenderDomainIs: ['partner.example'] }, ['rule-skips-filter']],
  [{ SetSCL: -1, SenderIpRanges: ['192.0.2.1'] }, []],
  [{ SetSCL: 6 }, []],
  [{ DeleteMessage: true }, ['rule-for-everything']],
  [{ DeleteMessage: true, FromScope: 'NotInOrganization' }, ['rule-for-everything']],
  [{ DeleteMessage: true, SubjectContainsWords: ['x'] }, []],
  [{ RedirectMessageTo: ['a@a.example'] }, ['rule-for-everything']],
  [{ SubjectContainsWords: ['x'], RejectMessageReasonText: 'No', RejectMessageEnhancedStatusCode: '5.7.901' }, ['rule-reject-code']],
  [{ SubjectContainsWords: ['x'], BlindCopyTo: Array.from({ length: 11 }, (_, i) => `u${i}@a.example`) }, ['rule-recipients']],
  [{ SubjectContainsWords: Array.from({ length: 2000 }, (_, i) => `word${i}`), Quarantine: true }, ['rule-large']],
  [{ SubjectMatchesPatterns: [`x${'y'.repeat(21_000)}`], Quarantine: true }, ['rule-patterns', 'rule-large']],
]
for (const [parameters, expected] of dangers)
  test(`of a rule with ${JSON.stringify(parameters).slice(0, 60)} ${expected.length === 0 ? 'nothing' : expected.join()} is told`, () =>
    assert.deepEqual(codes(compared([rule('R', parameters)])), expected))

test('more rules than Exchange takes are told', () => {
  const rows = Array.from({ length: 300 }, (_, Priority) => ({ Name: `r${Priority}`, Priority, State: 'Enabled' }))
  assert.deepEqual(codes(compared([rule('one more', PREFIX)], rows)), ['rules-many'])
})

test('a date is the same in each of its forms', () => {
  const wanted = rule('R', { SubjectContainsWords: ['x'], Quarantine: true, ExpiryDate: '2026-12-01' })
  const row = {
    Name: 'R',
    State: 'Enabled',
    Priority: 0,
    SubjectContainsWords: ['x'],
    Quarantine: true,
    ExpiryDate: '2026-12-01T00:00:00Z',
  }
  assert.deepEqual(compared([wanted], [row]).changes, [])
})

test('a code that a text overrules is not asked for again and again', () => {
  const wanted = rule('R', { SubjectContainsWords: ['x'], RejectMessageReasonText: 'No', RejectMessageEnhancedStatusCode: '5.7.901' })
  const row = {
    Name: 'R',
    State: 'Enabled',
    Priority: 0,
    SubjectContainsWords: ['x'],
    RejectMessageReasonText: 'No',
    RejectMessageEnhancedStatusCode: '5.7.1',
  }
  assert.deepEqual(compared([wanted], [row]).changes, [])
})
