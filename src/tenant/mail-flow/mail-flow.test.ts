import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openJournal } from '../../change/open-journal.ts'
import { runChanges } from '../../change/run-changes.ts'
import { undoChanges } from '../../change/undo-changes.ts'
import { silentLog } from '../../lib/log.ts'
import type { WantedTenant } from '../../model/wanted-tenant.ts'
import { activatePresets } from '../../tenant-simulator/base-tenant.ts'
import { addDomain } from '../../tenant-simulator/graph-domains.ts'
import { textOf } from '../../tenant-simulator/props.ts'
import { snapshot } from '../../tenant-simulator/snapshot.ts'
import type { TenantCall } from '../call.ts'
import { connectors } from './connectors.ts'
import { dkim } from '../protection/dkim.ts'
import { domains } from './domains.ts'
import { tenantHands } from '../hands.ts'
import { readDirectory } from '../directory-read.ts'
import { actualWith, codes, NOTHING_WANTED } from './mail-flow.fixture.ts'
import { organisation } from './organisation.ts'
import { anyPart, joined, type AnyPart, type WholePlan } from '../plan.ts'
import { protectionPolicies } from '../protection/protection-policies.ts'
import { protectionPresets } from '../protection/protection-presets.ts'
import { quarantine } from '../protection/quarantine.ts'
import { readRecipients } from '../recipients-read.ts'
import { retention } from '../protection/retention.ts'
import { simulatedTenant, type SimulatedTenant } from '../tenant.fixture.ts'
import { transportRules } from './transport-rules.ts'

const where = 'cutover.yaml line 1'
const NAME = 'fresh.example'
const WANTED: WantedTenant = {
  ...NOTHING_WANTED,
  domains: [{ name: NAME, type: 'internal-relay', isDefault: null, where }],
  connectors: [
    {
      direction: 'outbound',
      name: 'To old system',
      parameters: { RecipientDomains: [NAME], UseMXRecord: false, SmartHosts: ['mx.old.example'], TlsSettings: 'EncryptionOnly' },
      where,
    },
  ],
  transportRules: [
    {
      name: 'Old ones',
      enabled: true,
      parameters: { SubjectContainsWords: ['x'], RouteMessageOutboundConnector: 'To old system' },
      where,
    },
    { name: 'Prefix', enabled: false, parameters: { FromScope: 'NotInOrganization', PrependSubject: '[External] ' }, where },
  ],
  protection: {
    ...NOTHING_WANTED.protection,
    preset: 'standard',
    policies: [
      {
        feature: 'spam',
        name: 'Staff',
        settings: { BulkThreshold: 5, SpamQuarantineTag: 'DefaultFullAccessWithNotificationPolicy' },
        domains: [NAME],
        where,
      },
      { feature: 'outbound', name: 'Default', settings: { ActionWhenThresholdReached: 'BlockUser' }, domains: [], where },
    ],
    dkim: [{ domain: NAME, keyBits: 2048, where }],
    quarantineNotices: { enabled: true, everyHours: 24 },
  },
  organisation: { ...NOTHING_WANTED.organisation, focusedInbox: false },
}

const PARTS: readonly AnyPart[] = [
  anyPart(domains),
  anyPart(organisation),
  anyPart(connectors),
  anyPart(transportRules),
  anyPart(protectionPolicies),
  anyPart(protectionPresets),
  anyPart(dkim),
  anyPart(quarantine),
  anyPart(retention),
]

test('what is not wanted is not read, and nothing is planned or said of it', async () => {
  const never = () => assert.fail('the tenant was asked')
  const graph = { send: never, object: never, pages: never, rows: never, batch: never }
  const admin = { invoke: never, run: never, pages: never }
  const ctx = { clock: { now: never, sleep: never }, log: silentLog, signal: new AbortController().signal }
  for (const part of PARTS)
    assert.deepEqual(await part.plan({ graph, admin, ctx }, NOTHING_WANTED, actualWith()), { changes: [], findings: [] }, part.name)
})

async function wholePlan({ clients }: SimulatedTenant): Promise<WholePlan> {
  const [directory, recipients] = await Promise.all([readDirectory(clients.graph, clients.ctx), readRecipients(clients.admin, clients.ctx)])
  const actual = { ...actualWith(), directory, recipients }
  return joined(await Promise.all(PARTS.map((part) => part.plan(clients, WANTED, actual))))
}

test('mail flow of a new domain is prepared in a tenant on its first day, waits for DNS, and goes back to what it was', async () => {
  await using tenant = await simulatedTenant({ tenant: { dehydrated: true } })
  const { simulator, clients } = tenant
  activatePresets(simulator.world)
  const before = snapshot(simulator.world)
  const directory = mkdtempSync(join(tmpdir(), 'cutover-mail-flow-'))
  try {
    using journal = openJournal<TenantCall>({ directory, system: null, sealKey: null, now: () => simulator.world.now() })
    const options = { journal, hands: tenantHands(clients, () => clients.ctx.clock.now()), ctx: clients.ctx }
    const plan = await wholePlan(tenant)
    assert.deepEqual(plan.held, [])

    const first = await runChanges(plan.changes, { ...options, waitMs: 3_600_000 })
    assert.equal(first.halted, null)
    const asked = await wholePlan(tenant)
    assert.deepEqual(codes(asked), ['domain-unverified', 'dkim-records'])
    const proof = simulator.world.state.domains.find(({ id }) => id === NAME)?.proof ?? ''
    assert.ok(asked.findings[0]?.remedy.includes(proof))
    simulator.setDns([{ name: NAME, type: 'TXT', value: proof }])

    await runChanges(asked.changes, { ...options, waitMs: 3_600_000 })
    const signing = await wholePlan(tenant)
    assert.deepEqual(
      signing.changes.map(({ key }) => key),
      [`dkim-signing ${NAME}`],
    )
    const config = simulator.world.state.objects.find(({ kind }) => kind === 'DkimSigningConfig')?.props
    simulator.setDns(
      [1, 2].map((n) => ({ name: `selector${n}._domainkey.${NAME}`, type: 'CNAME', value: textOf(config?.[`Selector${n}CNAME`]) })),
    )
    await runChanges(signing.changes, options)
    simulator.advance(60_000)
    const last = await wholePlan(tenant)
    assert.deepEqual([last.changes, last.findings], [[], []])

    const undone = await undoChanges(options)
    assert.deepEqual(undone.cannot.map(({ key }) => key).toSorted(), [
      `dkim-keys ${NAME}`,
      `domain-verified ${NAME}`,
      'organisation-customized',
    ])
    simulator.advance(60_000)
    const { objects, ...others } = snapshot(simulator.world)
    const { objects: objectsBefore, ...othersBefore } = before
    const { DkimSigningConfig: _, ...left } = objects as Record<string, unknown>
    assert.deepEqual([left, others.domains], [objectsBefore, othersBefore.domains])
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})

test('a domain that another tenant has is refused at once, in words, and holds up only what needs it', async () => {
  await using tenant = await simulatedTenant()
  const { simulator, clients } = tenant
  const directory = mkdtempSync(join(tmpdir(), 'cutover-mail-flow-'))
  try {
    using journal = openJournal<TenantCall>({ directory, system: null, sealKey: null, now: () => simulator.world.now() })
    const { proof } = addDomain(simulator.world, NAME, { elsewhere: true })
    simulator.setDns([{ name: NAME, type: 'TXT', value: proof }])
    const startedMs = simulator.world.now()
    const { changes } = await wholePlan(tenant)
    await runChanges(changes, { journal, hands: tenantHands(clients, () => clients.ctx.clock.now()), ctx: clients.ctx })
    const rows = new Map(journal.rows().map((row) => [row.change.key, row]))
    assert.equal(rows.get(`domain-verified ${NAME}`)?.state, 'failed')
    assert.match(rows.get(`domain-verified ${NAME}`)?.failure?.text ?? '', /already verified in another organization/)
    assert.equal(rows.get('connector to old system')?.state, 'done')
    assert.ok(simulator.world.now() - startedMs < 15 * 60_000)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
