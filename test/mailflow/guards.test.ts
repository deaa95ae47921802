import assert from 'node:assert/strict'
import { test } from 'node:test'
import { greet } from '../../src/mailflow/greet.ts'
import { mxHostEvidence, probeNewRoute, recipientsEvidence } from '../../src/mailflow/guard-evidence.ts'
import { mailRoute } from '../../src/mailflow/mx-route.ts'
import { probeOldHost } from '../../src/mailflow/probe-old-host.ts'
import { sweepRecipients } from '../../src/mailflow/sweep.ts'
import { held, startFlowWorld } from './flow-world.ts'

test('T39 before the switch the real host of the tenant is asked for every address, one missing alias included', async () => {
  await using flow = await startFlowWorld()
  const { world, ctx, setup } = flow
  const target = { host: world.newMx, address: '127.0.0.1', port: world.ports[world.newMx] ?? 0, ca: null }
  assert.equal(mxHostEvidence(await greet(target, ctx)).answers, 'starttls')
  const addresses = [setup.user, setup.second ?? '', 'sales@example.test', 'staff@example.test', 'old-alias@example.test']
  const sweep = await sweepRecipients(target, addresses, ctx)
  const { refused, unclear } = recipientsEvidence(sweep, null)
  assert.deepEqual([refused.count, unclear.count], [1, 0])
  assert.match(refused.first[0] ?? '', /^old-alias@example\.test: 550 5\.4\.1/)
  await flow.client.cmdlet('Set-AcceptedDomain', { Identity: 'example.test', DomainType: 'InternalRelay' })
  const relayed = recipientsEvidence(await sweepRecipients(target, addresses, ctx), new Set(addresses.slice(0, 4)))
  assert.deepEqual([relayed.refused.count, relayed.unclear.count, relayed.relayed.first], [0, 0, ['old-alias@example.test']])
})

test('T47 whether the old host still takes mail is seen without sending any', async () => {
  await using flow = await startFlowWorld()
  const { world, ctx, setup } = flow
  const target = setup.old?.target ?? { host: '', address: null, port: 0, ca: null }
  const ask = async () => (await probeOldHost(target, 'anna@example.test', ctx)).answers
  assert.equal(await ask(), 'accepts')
  world.old.routing = 'auto'
  assert.equal(await ask(), 'accepts')
  world.switchMx('new')
  assert.equal(await ask(), 'refuses')
  world.old.routing = 'closed'
  assert.equal(await ask(), 'refuses')
  assert.equal((await probeOldHost({ ...target, port: 1 }, 'anna@example.test', ctx)).answers, 'silent')
  assert.equal(world.old.store('anna@example.test')?.folder('INBOX')?.messages.length, 0)
})

test('the new route is proven in both directions, and nothing is left of it', async () => {
  await using flow = await startFlowWorld()
  const { world, ctx, setup } = flow
  world.switchMx('new')
  const [resolver] = setup.resolvers
  assert.ok(resolver !== undefined)
  assert.deepEqual((await mailRoute('example.test', resolver, ctx.signal)).hosts, [
    { host: world.newMx, preference: 0, addresses: ['127.0.0.1'] },
  ])
  assert.equal((await mailRoute('nowhere.example.test', resolver, ctx.signal)).status, 'no-name')
  const seen = await probeNewRoute(setup, ctx)
  assert.deepEqual([seen.inbound, seen.outbound], ['arrived', 'passed'])
  assert.deepEqual(held(world, setup.user), {})
  world.switchMx('old')
  const back = await probeNewRoute({ ...setup, times: { ...setup.times, windowMs: 60_000 } }, ctx)
  assert.equal(back.inbound, 'failed')
})
