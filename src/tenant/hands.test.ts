import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openJournal } from '../change/open-journal.ts'
import { runChanges } from '../change/run-changes.ts'
import { undoChanges } from '../change/undo-changes.ts'
import { graphPath } from '../microsoft/graph-path.ts'
import { textIn } from '../microsoft/wire-json.ts'
import { Failure } from '../model/failure.ts'
import { snapshot } from '../tenant-simulator/snapshot.ts'
import type { TenantCall, TenantChange } from './call.ts'
import { tenantHands } from './hands.ts'
import { key } from './key.ts'
import { simulatedTenant } from './tenant.fixture.ts'

const UPN = "o'hara#1@example.test"
const PART = 'ENTERPRISEPACK'

function changes(skuId: string): readonly TenantChange[] {
  const path = graphPath`/users/${UPN}`
  return [
    {
      key: key.licence(UPN, PART),
      kind: 'licence',
      about: UPN,
      says: `Give ${UPN} the licence ${PART}`,
      after: [key.user(UPN)],
      look: { call: { graph: 'GET', path: `${path}/licenseDetails` }, collect: 'skuId' },
      expect: { is: 'holds', property: 'skuId', entries: [skuId] },
      calls: [{ graph: 'POST', path: `${path}/assignLicense`, body: { addLicenses: [{ skuId }], removeLicenses: [] } }],
      undo: [{ graph: 'POST', path: `${path}/assignLicense`, body: { addLicenses: [], removeLicenses: { $: 'added' } } }],
      takes: 'seconds',
    },
    {
      key: key.user(UPN),
      kind: 'user',
      about: UPN,
      says: `Create the user ${UPN}`,
      after: [],
      look: { call: { graph: 'GET', path } },
      expect: { is: 'there', id: 'id' },
      calls: [
        {
          graph: 'POST',
          path: '/users',
          body: {
            accountEnabled: true,
            displayName: '{secret.password} {"$":"secret.password"}',
            mailNickname: 'ohara',
            userPrincipalName: UPN,
            usageLocation: 'DE',
            passwordProfile: { password: { $: 'secret.password' }, forceChangePasswordNextSignIn: true },
          },
        },
      ],
      undo: [{ graph: 'DELETE', path: '/users/{made.id}' }],
      takes: 'seconds',
      secrets: ['password'],
    },
    {
      key: key.mailbox(UPN),
      kind: 'mailbox',
      about: UPN,
      says: `Wait for the mailbox of ${UPN}`,
      after: [key.licence(UPN, PART)],
      look: { call: { cmdlet: 'Get-Mailbox', parameters: { Identity: UPN } } },
      expect: { is: 'there', id: 'Guid' },
      calls: [],
      undo: [],
      takes: 'minutes',
    },
    {
      key: `sizes ${UPN}`,
      kind: 'sizes',
      about: UPN,
      says: `Let ${UPN} receive 150 MB (was 36 MB)`,
      after: [key.mailbox(UPN)],
      look: { call: { cmdlet: 'Get-Mailbox', parameters: { Identity: UPN } } },
      expect: { is: 'set', values: { MaxReceiveSize: { to: '150MB', as: 'size' } } },
      calls: [{ cmdlet: 'Set-Mailbox', parameters: { Identity: UPN, MaxReceiveSize: '150MB' } }],
      undo: [{ cmdlet: 'Set-Mailbox', parameters: { Identity: UPN, MaxReceiveSize: { $: 'before.MaxReceiveSize' } } }],
      takes: 'seconds',
    },
  ]
}

test('a user is made, licensed and waited for, its mailbox set, and all of it taken back', async () => {
  await using tenant = await simulatedTenant()
  const directory = mkdtempSync(join(tmpdir(), 'cutover-hands-'))
  const { ctx, graph } = tenant.clients
  const hands = tenantHands(tenant.clients, () => tenant.clients.ctx.clock.now())
  const first = snapshot(tenant.simulator.world)
  const skus = await Array.fromAsync(graph.rows('/subscribedSkus'))
  const plan = changes(textIn(skus.find((sku) => sku['skuPartNumber'] === PART)?.['skuId']))
  try {
    using journal = openJournal<TenantCall>({ directory, system: 'tenant', sealKey: null, now: () => ctx.clock.now() })
    const done = await runChanges(plan, { journal, hands, ctx })
    assert.deepEqual(done.statement.open, [])
    assert.equal(done.statement.counts.done, 4)
    const user = tenant.simulator.world.state.users.find(({ props }) => props['userPrincipalName'] === UPN)
    assert.equal(user?.props['displayName'], '{secret.password} {"$":"secret.password"}')

    const again = await runChanges(plan, { journal, hands, ctx })
    assert.deepEqual(again.statement.open, [])
    assert.equal(again.statement.counts.already, 4)

    const [handed, ...others] = journal.handOut(() => {})
    assert.deepEqual([handed?.about, handed?.name, others.length, journal.handOut(() => {}).length], [UPN, 'password', 0, 0])
    assert.equal(readFileSync(join(directory, 'journal.sqlite')).includes(handed?.secret.reveal() ?? ''), false)

    const undone = await undoChanges({ journal, hands, ctx })
    assert.deepEqual(undone.statement.open, [])
    assert.equal(undone.statement.counts.undone, 4)
    assert.deepEqual(snapshot(tenant.simulator.world), first)
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('what is not there is null, a collection of several pages is read whole, and any other refusal is thrown', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const hands = tenantHands(tenant.clients, () => tenant.clients.ctx.clock.now())
  assert.equal(await hands.read({ graph: 'GET', path: graphPath`/users/${'nobody@example.test'}` }), null)
  assert.equal(await hands.read({ cmdlet: 'Get-Mailbox', parameters: { Identity: 'nobody@example.test' } }), null)
  const all = await hands.read({ graph: 'GET', path: '/users?$top=7' })
  const paged = await Array.fromAsync(tenant.clients.graph.rows('/users?$top=999'))
  assert.equal(all?.length, paged.length)
  assert.ok(paged.length > 7)
  await assert.rejects(hands.read({ cmdlet: 'Get-Mailbox', parameters: { Identity: ' ' } }), Failure)
})
