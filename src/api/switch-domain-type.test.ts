import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { simulatedTenant, type SimulatedTenant } from '../tenant/tenant.fixture.ts'
import { NOTHING_WANTED } from '../tenant/mail-flow/mail-flow.fixture.ts'
import { closedKey, withClosedDomains } from './closed-domains.ts'
import { closeDomain, openDomain, type ClosingDomain } from './switch-domain-type.ts'
import { journalOptions } from './tenant-open.ts'
import { openJournal } from '../change/open-journal.ts'
import type { JournalRow } from '../change/journal-row.ts'
import type { TenantCall } from '../tenant/call.ts'

let directory = ''
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'domain-type-'))
})
after(() => rm(directory, { recursive: true }))

const DOMAIN = 'example.test'

type Scene = AsyncDisposable & {
  readonly one: ClosingDomain
  readonly tenant: SimulatedTenant
  type(): Promise<unknown>
  set(type: string): Promise<void>
  readonly rows: () => readonly JournalRow<TenantCall>[]
}

async function scene(name: string): Promise<Scene> {
  const tenant = await simulatedTenant()
  const { clients, simulator } = tenant
  const stateDir = join(directory, name)
  const { admin, graph, ctx } = clients
  const one = { domain: DOMAIN, door: { admin, graph, tenantId: simulator.tenantId }, ctx, stateDir, env: {} }
  return {
    one,
    tenant,
    type: async () => (await admin.invoke('Get-AcceptedDomain', { Identity: DOMAIN })).rows[0]?.['DomainType'],
    set: async (type) => {
      await admin.invoke('Set-AcceptedDomain', { Identity: DOMAIN, DomainType: type })
      simulator.advance(600_000)
    },
    rows() {
      using journal = openJournal<TenantCall>(journalOptions(ctx.clock, stateDir, {}, simulator.tenantId))
      return journal.rows().filter(({ change }) => change.key === closedKey(DOMAIN))
    },
    [Symbol.asyncDispose]: () => tenant[Symbol.asyncDispose](),
  }
}

test('a domain is closed by a change in the journal, once however often it is asked for, and is opened again as it was', async () => {
  await using at = await scene('twice')
  await at.set('InternalRelay')
  await closeDomain(at.one)
  // As after a crash before it could be written down that it was done.
  await closeDomain(at.one)
  assert.equal(await at.type(), 'Authoritative')
  assert.deepEqual(
    at.rows().map(({ state }) => state),
    ['done', 'already'],
  )
  const domain = { name: DOMAIN, type: 'internal-relay', isDefault: null, where: 'line 3' } as const
  const wanted = { wanted: { ...NOTHING_WANTED, domains: [domain] }, findings: [] }
  assert.equal(withClosedDomains(wanted, at.rows).wanted.domains[0]?.type, 'authoritative')
  await openDomain(at.one)
  await openDomain(at.one)
  assert.equal(await at.type(), 'InternalRelay')
  assert.equal(withClosedDomains(wanted, at.rows).wanted.domains[0]?.type, 'internal-relay')
})

test('a domain that was closed before we came is not opened by the way back', async () => {
  await using at = await scene('before')
  assert.equal(await at.type(), 'Authoritative')
  await closeDomain(at.one)
  await openDomain(at.one)
  assert.equal(await at.type(), 'Authoritative')
  assert.deepEqual(
    at.rows().map(({ state }) => state),
    ['already'],
  )
})

test('what somebody else has opened since is left as it is, and holds nothing up', async () => {
  await using at = await scene('theirs')
  await at.set('InternalRelay')
  await closeDomain(at.one)
  await at.set('InternalRelay')
  await openDomain(at.one)
  assert.equal(await at.type(), 'InternalRelay')
  assert.ok(!at.rows().some(({ state }) => state === 'done'))
})

test('a tenant that refuses it is told, and asked again by the next attempt', async () => {
  await using at = await scene('refused')
  await at.set('InternalRelay')
  at.tenant.simulator.fault({ cmdlet: 'Set-AcceptedDomain', status: 403, code: 'Forbidden', times: 1 })
  await assert.rejects(closeDomain(at.one), (error) => error instanceof Failure)
  assert.equal(await at.type(), 'InternalRelay')
  await closeDomain(at.one)
  assert.equal(await at.type(), 'Authoritative')
})

test('an answer that is lost leaves nothing half done: it is looked at, and taken back by the way back', async () => {
  await using at = await scene('lost')
  await at.set('InternalRelay')
  at.tenant.simulator.fault({ cmdlet: 'Set-AcceptedDomain', status: 500, afterwards: true, drops: true, times: 1 })
  await closeDomain(at.one)
  assert.equal(await at.type(), 'Authoritative')
  await openDomain(at.one)
  assert.equal(await at.type(), 'InternalRelay')
})
