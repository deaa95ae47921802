import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WantedConnector, WantedDomain } from '../../model/wanted-tenant.ts'
import { snapshot } from '../../tenant-simulator/snapshot.ts'
import { connectors } from './connectors.ts'
import { actualWith, applied, codes, NOTHING_WANTED, planned, sentences, undone } from './mail-flow.fixture.ts'
import type { Row } from '../settings.ts'
import { simulatedTenant } from '../tenant.fixture.ts'

const outbound = (parameters: WantedConnector['parameters'], name = 'To old system'): WantedConnector => ({
  direction: 'outbound',
  name,
  parameters,
  where: 'cutover.yaml line 20',
})
const inbound = (parameters: WantedConnector['parameters']): WantedConnector => ({
  ...outbound(parameters, 'From old'),
  direction: 'inbound',
})
const OUT = {
  RecipientDomains: ['example.test'],
  UseMXRecord: false,
  SmartHosts: ['mx.old.example.test'],
  TlsSettings: 'EncryptionOnly',
}
const compared = (wanted: readonly WantedConnector[], rows: readonly Row[] = [], domains: readonly WantedDomain[] = []) =>
  connectors.compare({ ...NOTHING_WANTED, connectors: wanted, domains }, actualWith(), { inbound: rows, outbound: rows })
const relay: WantedDomain = { name: 'example.test', type: 'internal-relay', isDefault: null, where: 'cutover.yaml line 3' }

test('connectors are made, changed where they differ, and taken back to what they were', async () => {
  await using tenant = await simulatedTenant()
  const first = { ...NOTHING_WANTED, connectors: [outbound(OUT), inbound({ SenderDomains: ['*'], SenderIPAddresses: ['192.0.2.0/24'] })] }
  const before = snapshot(tenant.simulator.world)
  const made = await applied(await planned(connectors, first, tenant), tenant)
  assert.equal(made.length, 2)
  assert.deepEqual((await planned(connectors, first, tenant)).changes, [])
  const between = snapshot(tenant.simulator.world)

  const second = {
    ...NOTHING_WANTED,
    connectors: [
      outbound({ ...OUT, SmartHosts: ['mx2.old.example.test'], TlsSettings: null }),
      inbound({ SenderDomains: ['Example.org', '*'] }),
    ],
  }
  const plan = await planned(connectors, second, tenant)
  assert.deepEqual(sentences(plan), [
    'Change the outbound connector "To old system": SmartHosts mx2.old.example.test (was mx.old.example.test), TlsSettings nothing (was EncryptionOnly)',
    'Change the inbound connector "From old": SenderDomains smtp:example.org;1, smtp:*;1 (was smtp:*;1)',
  ])
  const changed = await applied(plan, tenant)
  await undone(changed, tenant)
  assert.deepEqual(snapshot(tenant.simulator.world), between)
  await undone(made, tenant)
  assert.deepEqual(snapshot(tenant.simulator.world), before)
})

test('what is there already is not set again, in whichever order and letter case it is shown', () => {
  const row = { Name: 'FROM OLD', SenderDomains: ['smtp:b.example;1', 'smtp:*;1'], RequireTls: true, SenderIPAddresses: ['192.0.2.1'] }
  const wanted = inbound({ SenderDomains: ['*', 'B.example'], RequireTls: true, senderipaddresses: '192.0.2.1' })
  assert.deepEqual(compared([wanted], [row]).changes, [])
})

test('only a connector that names accepted domains waits for them', () => {
  const after = (wanted: WantedConnector) => compared([wanted], [], [relay]).changes[0]?.after
  assert.deepEqual(after(outbound(OUT)), [])
  assert.deepEqual(after(inbound({ SenderDomains: '*', AssociatedAcceptedDomains: ['Example.test'] })), ['domain-accepted example.test'])
})

const dangers: readonly (readonly [string, WantedConnector, readonly string[]])[] = [
  ['a connector that trusts all', inbound({ SenderDomains: '*', TreatMessagesAsInternal: true }), ['connector-trusts']],
  ['a connector without TLS', outbound({ SmartHosts: ['192.0.2.1'] }), ['connector-without-tls']],
  ['an inbound connector without TLS', inbound({ SenderDomains: '*', RequireTls: false }), ['connector-without-tls']],
  ['the type OnPremises', inbound({ SenderDomains: '*', ConnectorType: 'OnPremises' }), ['connector-onpremises']],
  ['a network that is too wide', inbound({ SenderDomains: '*', SenderIPAddresses: ['192.0.2.1', '10.0.0.0/8'] }), ['connector-network']],
  ['an address of IPv6', inbound({ SenderDomains: '*', SenderIPAddresses: ['2001:db8::1'] }), ['connector-network']],
  ['a ring', outbound({ ...OUT, SmartHosts: ['example-test.mail.protection.outlook.com'] }), ['connector-loop']],
  ['a good one', outbound(OUT), []],
]
for (const [what, wanted, expected] of dangers)
  test(`of ${what} ${expected.length === 0 ? 'nothing' : expected.join()} is told`, () =>
    assert.deepEqual(codes(compared([wanted])), expected))

test('a domain that relays needs an outbound connector of its own to the old server', () => {
  assert.deepEqual(codes(compared([], [], [relay])), ['relay-without-connector'])
  assert.deepEqual(codes(compared([outbound({ ...OUT, RecipientDomains: ['other.test'] })], [], [relay])), ['relay-without-connector'])
  assert.deepEqual(codes(compared([outbound({ ...OUT, UseMXRecord: true, SmartHosts: null })], [], [relay])), ['relay-by-mx'])
  assert.deepEqual(codes(compared([outbound(OUT)], [], [relay])), [])
  assert.deepEqual(codes(compared([], [{ Name: 'x', Enabled: true, AllAcceptedDomains: true, UseMXRecord: false }], [relay])), [])
  assert.deepEqual(codes(compared([], [{ Name: 'x', Enabled: false, RecipientDomains: ['*'], UseMXRecord: false }], [relay])), [
    'relay-without-connector',
  ])
})
