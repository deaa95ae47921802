import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WantedDomain } from '../../model/wanted-tenant.ts'
import { snapshot } from '../../tenant-simulator/snapshot.ts'
import type { TenantDomain } from '../directory.ts'
import { domains } from './domains.ts'
import { actualWith, applied, codes, NOTHING_WANTED, planned, sentences, undone, wantedMailbox } from './mail-flow.fixture.ts'
import { simulatedTenant } from '../tenant.fixture.ts'

const want = (name: string, more: Partial<WantedDomain> = {}): WantedDomain => ({
  name,
  type: null,
  isDefault: null,
  where: 'line 3',
  ...more,
})
const have = (name: string, more: Partial<TenantDomain> = {}): TenantDomain => ({
  name,
  isVerified: true,
  isDefault: false,
  isInitial: false,
  authenticationType: 'Managed',
  supportedServices: ['Email'],
  ...more,
})
const accepted = (domain: string, type = 'Authoritative') => ({ domain, type, isDefault: false, isInitial: false })
const compared = (wanted: readonly WantedDomain[], there: readonly TenantDomain[], types: readonly ReturnType<typeof accepted>[] = []) =>
  domains.compare({ ...NOTHING_WANTED, domains: wanted }, actualWith({ domains: there }, { acceptedDomains: types }), {})

test('a new domain is added, verified, served with mail, accepted and made what is wanted, each after the other', async () => {
  await using tenant = await simulatedTenant()
  const before = snapshot(tenant.simulator.world)
  const wanted = { ...NOTHING_WANTED, domains: [want('Fresh.example', { type: 'internal-relay', isDefault: true })] }
  const plan = await planned(domains, wanted, tenant)
  assert.deepEqual(sentences(plan), [
    'Add the domain fresh.example',
    'Verify the domain fresh.example, as soon as its TXT record is seen in DNS',
    'Let the domain fresh.example have mail (its supported services were none)',
    'Wait until Exchange accepts mail for fresh.example',
    'Change the accepted domain fresh.example: DomainType InternalRelay (was Authoritative)',
    'Make fresh.example the default domain for new users (was example.test)',
  ])
  const publish = (): void => {
    const proof = tenant.simulator.world.state.domains.find(({ id }) => id === 'fresh.example')?.proof
    if (proof !== undefined) tenant.simulator.setDns([{ name: 'fresh.example', type: 'TXT', value: proof }])
  }
  const done = await applied(plan, tenant, publish)
  assert.equal(done.length, 6)
  const again = await planned(domains, wanted, tenant)
  assert.deepEqual([again.changes, again.findings], [[], []])
  await undone(done, tenant)
  assert.deepEqual(snapshot(tenant.simulator.world), before)
})

test('of a domain that waits for its proof the exact record is told, with who waits for it', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const wanted = { ...NOTHING_WANTED, domains: [want('new.example.test')], mailboxes: [wantedMailbox('bad-domain@new.example.test')] }
  const plan = await planned(domains, wanted, tenant)
  assert.equal(plan.changes[0]?.says, 'Verify the domain new.example.test, as soon as its TXT record is seen in DNS')
  assert.match(String('cannot' in (plan.changes[0]?.undo ?? []) && JSON.stringify(plan.changes[0]?.undo)), /stays so/)
  assert.equal(plan.findings[0]?.says, 'The domain new.example.test is not verified yet, which holds up 1 mailbox.')
  const proof = tenant.simulator.world.state.domains.find(({ id }) => id === 'new.example.test')?.proof ?? ''
  assert.match(proof, /^MS=ms\d{8}$/)
  assert.ok(plan.findings[0].remedy.includes(`name new.example.test, type TXT, value "${proof}", TTL 3600`))
})

test('only what differs is planned', () => {
  const there = [have('a.example', { supportedServices: ['Email', 'OfficeCommunicationsOnline'] }), have('b.example', { isDefault: true })]
  const types = [accepted('a.example', 'InternalRelay'), accepted('b.example')]
  const plan = compared(
    [want('a.example', { type: 'authoritative' }), want('b.example', { type: 'authoritative', isDefault: true })],
    there,
    types,
  )
  assert.deepEqual(sentences(plan), ['Change the accepted domain a.example: DomainType Authoritative (was InternalRelay)'])
})

test('services that cannot be written are not written, and others stay', () => {
  const services = ['OfficeCommunicationsOnline', 'Sharepoint']
  const [change] = compared([want('a.example')], [have('a.example', { supportedServices: services })], [accepted('a.example')]).changes
  assert.deepEqual(change?.calls, [
    { graph: 'PATCH', path: '/domains/a.example', body: { supportedServices: ['OfficeCommunicationsOnline', 'Email'] } },
  ])
})

test('a subdomain comes after its parent, and needs no record where the parent is verified', () => {
  const both = compared([want('mail.a.example'), want('a.example')], [])
  const add = both.changes.find(({ key }) => key === 'domain mail.a.example')
  assert.deepEqual(add?.after, ['domain-verified a.example'])
  assert.deepEqual(codes(compared([want('mail.a.example')], [have('a.example')])), ['domain-subdomain'])
})

test('foreign, federated and default domains, and mailboxes in a domain that nobody wants, are told', () => {
  const finding = (wanted: WantedDomain, ...there: readonly TenantDomain[]) => codes(compared([wanted], there, [accepted(wanted.name)]))
  assert.deepEqual(finding(want('other.onmicrosoft.com')), ['domain-foreign'])
  assert.deepEqual(finding(want('a.example'), have('a.example', { authenticationType: 'Federated' })), ['domain-federated'])
  assert.deepEqual(finding(want('a.example', { isDefault: false }), have('a.example', { isDefault: true })), ['domain-default'])
  const wanted = { ...NOTHING_WANTED, mailboxes: [wantedMailbox('x@lost.example'), wantedMailbox('y@Lost.example')] }
  const { findings, changes } = domains.compare(wanted, actualWith(), {})
  assert.deepEqual(changes, [])
  assert.equal(findings[0]?.says, '2 mailboxes are wanted in lost.example, which is not a verified domain of the tenant.')
})
