import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../model/secret.ts'
import { byId, onboarding, those } from './tenant-connect.fixture.ts'

test('where everything is there, everything is ok and nothing is to be done', async () => {
  await using onboard = await onboarding()
  const anna = await onboard.client.person('anna')
  await onboard.grant(anna)
  onboard.client.simulator.advance(120_000)
  const result = await onboard.connect({ mailboxes: [anna] })
  assert.deepEqual([...those(result, 'missing'), ...those(result, 'waiting'), ...those(result, 'unknown')], [])
  assert.deepEqual(result.steps, [])
  assert.match(byId(result, `mailbox ${anna}`).says, /^Opens/)
})

test('a permission that is missing is named with what it is for, and the steps give only what is missing', async () => {
  await using onboard = await onboarding()
  onboard.without('Domain.Read.All', 'Domain.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All')
  const result = await onboard.connect()
  assert.deepEqual(those(result, 'missing'), ['graph Domain.Read.All', 'graph Domain.ReadWrite.All'])
  assert.deepEqual(
    ['graph Domain.Read.All', 'graph Domain.ReadWrite.All'].map((id) => byId(result, id).isOptional),
    [false, true],
  )
  assert.match(byId(result, 'graph Domain.Read.All').says, /^Not granted\. It is needed to see domains and their DNS records\.$/)
  const [step, ...others] = result.steps
  assert.deepEqual(others, [])
  assert.match(
    step?.says ?? '',
    /^Give mail-mover these permissions of Microsoft Graph: Domain\.Read\.All; optional: Domain\.ReadWrite\.All\. Then/,
  )
  assert.ok(step?.lines.some(({ text }) => text === "$wanted = 'Domain.Read.All', 'Domain.ReadWrite.All'"))
})

test('a wrong tenant, a wrong application and a wrong secret are told apart, and nothing more is asked with them', async () => {
  await using onboard = await onboarding()
  const { identity } = onboard
  const tenant = await onboard.connect({ identity: { ...identity, tenant: 'nobody.example.org' } })
  assert.deepEqual(
    tenant.checks.map(({ id, state }) => [id, state]),
    [['tenant', 'missing']],
  )
  assert.match(byId(tenant, 'tenant').says, /tenant was not found.*AADSTS90002/)
  const app = await onboard.connect({ identity: { ...identity, clientId: '00000000-0000-4000-8000-000000000bad' } })
  assert.match(byId(app, 'sign-in graph').says, /not registered in this tenant.*AADSTS700016/)
  const secretId = new Secret('3b0a7a5e-1111-4222-8333-944444444444')
  const secret = await onboard.connect({ identity: { ...identity, clientSecret: secretId } })
  assert.match(byId(secret, 'sign-in graph').says, /^The client secret is wrong.*looks like the id of a secret/)
  assert.deepEqual([app.checks.length, secret.checks.length], [2, 2])
  assert.doesNotMatch(JSON.stringify(secret), /3b0a7a5e/)
})

test('an expired secret and a disabled application are told, and are not waited for', async () => {
  await using onboard = await onboarding()
  const [app] = onboard.client.simulator.world.state.apps
  if (app !== undefined) app.props = { ...app.props, accountEnabled: false }
  const disabled = await onboard.connect({ waitMinutes: 60 })
  assert.match(byId(disabled, 'sign-in graph').says, /disabled in this tenant.*AADSTS7000112/)
  if (app !== undefined) app.props = { ...app.props, accountEnabled: true }
  onboard.client.simulator.advance(366 * 86_400_000)
  const expired = await onboard.connect({ waitMinutes: 60 })
  assert.match(byId(expired, 'sign-in graph').says, /secret has expired.*AADSTS7000222/)
  assert.deepEqual(onboard.pauses, [])
})

test('a secret that runs out within a month is warned of, with the date', async () => {
  await using onboard = await onboarding()
  const before = byId(await onboard.connect(), 'expiry secret')
  assert.deepEqual([before.state, before.warns], ['ok', false])
  onboard.client.simulator.advance(344 * 86_400_000)
  const result = await onboard.connect()
  const soon = byId(result, 'expiry secret')
  assert.deepEqual([soon.state, soon.warns], ['ok', true])
  assert.match(soon.says, /^Runs out on \d{4}-\d\d-\d\d \("k1"\), in 21 days\. Make a new one in time\.$/)
  assert.match(result.steps[0]?.says ?? '', /a new client secret/)
})

test('a missing role, a role that is not enough and a missing permission of Exchange are told apart', async () => {
  await using onboard = await onboarding()
  onboard.without('role')
  const none = await onboard.connect()
  assert.deepEqual(those(none, 'missing'), ['role Exchange Administrator'])
  assert.equal(byId(none, 'exchange Exchange.ManageAsApp').state, 'ok')
  const [app] = onboard.client.simulator.world.state.apps
  app?.directoryRoles.push({ roleTemplateId: '31392ffb-586c-42d1-9346-e59415a2cc4e', sinceMs: 0 })
  const little = await onboard.connect()
  assert.match(byId(little, 'role Exchange Administrator').says, /has the role Exchange Recipient Administrator, which is not enough/)
  onboard.without('Exchange.ManageAsApp')
  const result = await onboard.connect()
  assert.equal(byId(result, 'exchange Exchange.ManageAsApp').state, 'missing')
  assert.match(result.steps[0]?.says ?? '', /Office 365 Exchange Online: Exchange\.ManageAsApp\./)
})

test('a role that was given a moment ago is waited for until it works', async () => {
  await using onboard = await onboarding()
  onboard.without('role')
  const { world } = onboard.client.simulator
  world.state.apps[0]?.directoryRoles.push({ roleTemplateId: '29232cdf-9323-42fd-ade2-1d097af3e4de', sinceMs: world.now() })
  const now = await onboard.connect()
  assert.equal(byId(now, 'role Exchange Administrator').state, 'waiting')
  const later = await onboard.connect({ waitMinutes: 5 })
  assert.equal(byId(later, 'role Exchange Administrator').state, 'ok')
  assert.deepEqual(onboard.pauses, [60_000])
})
