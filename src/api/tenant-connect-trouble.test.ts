import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { selfSigned } from '../microsoft/self-signed.fixture.ts'
import { Secret } from '../model/secret.ts'
import { byId, onboarding, those, type Onboarding } from './tenant-connect.fixture.ts'
import { PendingSince } from './tenant-pending.ts'

const DAY_MS = 86_400_000

function byCertificate(onboard: Onboarding, lastsMs: number) {
  const { tenantId, clientId, world } = onboard.client.simulator
  const now = world.now()
  const { certificatePem, privateKeyPem } = selfSigned(new Date(now - 30 * DAY_MS), new Date(now + lastsMs))
  return { kind: 'certificate', tenant: tenantId, clientId, certificatePem, privateKeyPem: new Secret(privateKeyPem) } as const
}

test('a certificate that is not registered, one that has expired and a wrong clock are told apart', async () => {
  // Assertions are signed with the time of this machine.
  await using onboard = await onboarding({ now: Date.now })
  const identity = byCertificate(onboard, 20 * DAY_MS)
  const unknown = await onboard.connect({ identity })
  assert.match(byId(unknown, 'sign-in graph').says, /certificate is not registered with the application.*AADSTS700027/)
  onboard.client.simulator.tenant.registerCertificate(new X509Certificate(identity.certificatePem))
  const known = await onboard.connect({ identity })
  assert.deepEqual(those(known, 'missing'), [])
  assert.deepEqual([byId(known, 'expiry certificate').warns, known.steps.length], [true, 1])
  const expired = await onboard.connect({ identity: byCertificate(onboard, -DAY_MS) })
  assert.match(byId(expired, 'sign-in graph').says, /^The certificate expired on \d{4}-/)
  onboard.client.simulator.advance(2 * 3_600_000)
  const late = await onboard.connect({ identity })
  assert.match(byId(late, 'sign-in graph').says, /Set the clock of this machine right.*AADSTS700024/)
})

test('a tenant without Exchange Online is told, and Graph is looked at all the same', async () => {
  await using onboard = await onboarding()
  onboard.client.simulator.fault({ api: 'token', text: 'outlook.office365.com', times: 9, status: 400, aadsts: 500011 })
  const result = await onboard.connect()
  assert.match(byId(result, 'sign-in exchange').says, /Exchange Online was not found in this tenant/)
  assert.equal(byId(result, 'graph Domain.Read.All').state, 'ok')
  assert.ok(!result.checks.some(({ group }) => group === 'exchange'))
})

test('where Graph gives no service for a long time, that is said and the rest is looked at', async () => {
  await using onboard = await onboarding()
  onboard.client.simulator.fault({ api: 'graph', times: 1_000_000, status: 503 })
  const result = await onboard.connect()
  const one = byId(result, 'graph Domain.Read.All')
  assert.deepEqual([one.state, one.failure?.code], ['unknown', 'server-unavailable'])
  assert.equal(byId(result, 'role Exchange Administrator').state, 'ok')
})

test('a throttled tenant is waited for and then told as if nothing had been', async () => {
  await using onboard = await onboarding()
  onboard.client.simulator.fault({ times: 6, status: 429, retryAfterSeconds: 20 })
  const result = await onboard.connect()
  assert.deepEqual([...those(result, 'missing'), ...those(result, 'waiting')], [])
})

test('a file of what is pending that cannot be read only begins the count anew, and another tenant has its own', async () => {
  await using onboard = await onboarding()
  const { stateDir } = onboard
  for (const text of ['{', '[]', '{"t":{"a":"x"}}', '{"t":7}']) {
    mkdirSync(stateDir, { recursive: true })
    writeFileSync(join(stateDir, 'tenant-connect.json'), text)
    assert.deepEqual([...new PendingSince(stateDir, 't').note(['a'], 1000)], [['a', 1000]], text)
  }
  assert.deepEqual(
    [...new PendingSince(stateDir, 't').note(['a', 'b'], 5000)],
    [
      ['a', 1000],
      ['b', 5000],
    ],
  )
  assert.deepEqual([...new PendingSince(stateDir, 'other').note(['a'], 7000)], [['a', 7000]])
  assert.deepEqual([...new PendingSince(stateDir, 't').note(['b'], 9000)], [['b', 5000]])
})
