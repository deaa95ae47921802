import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startZoneServer } from '../../src/mail-simulator/zone-server.ts'
import { FlowRun } from '../../src/mailflow/flow-run.ts'
import { recordsHold } from '../../src/mailflow/routes-clients.ts'
import { runFlowTest, type FlowReport } from '../../src/mailflow/run-flow-test.ts'
import { held, startFlowWorld, startOldImap } from './flow-world.ts'

function outcomes({ routes }: FlowReport): Readonly<Record<string, string>> {
  return Object.fromEntries(routes.map(({ route, outcome }) => [route, outcome]))
}

function says({ routes }: FlowReport, route: string): string {
  return routes.find((one) => one.route === route)?.says.join(' ') ?? ''
}

test('after the switch every way of the mail is proven by arrival, headers and trace, and no probe is left behind', async () => {
  await using flow = await startFlowWorld()
  const { world, setup, ctx } = flow
  world.switchMx('new')
  world.publishDkim()
  world.setDns([
    { name: 'autodiscover.example.test', type: 'CNAME', value: 'autodiscover.outlook.com' },
    { name: '_smtp._tls.example.test', type: 'TXT', value: 'v=TLSRPTv1; rua=mailto:tls@example.test' },
  ])
  await flow.client.cmdlet('Set-DkimSigningConfig', { Identity: 'example.test', Enabled: true })
  world.edge.greylists = true
  const report = await runFlowTest(setup, ctx, () => {})
  assert.deepEqual(
    outcomes(report),
    {
      out: 'passed',
      reply: 'passed',
      inside: 'passed',
      'outside-in': 'passed',
      straight: 'passed',
      nobody: 'passed',
      'alias sales@example.test': 'passed',
      'group staff@example.test': 'passed',
      large: 'passed',
      'old-user': 'passed',
      unmoved: 'not-run',
      'unmoved-back': 'not-run',
      old: 'passed',
      spam: 'passed',
      malware: 'passed',
      file: 'passed',
      headers: 'passed',
      autodiscover: 'passed',
      records: 'passed',
      sts: 'not-run',
      dane: 'not-run',
      'tls-reports': 'passed',
    },
    report.routes.map(({ route, says }) => `${route}: ${says.join(' ')}`).join('\n'),
  )
  assert.match(says(report, 'out'), /We find spf=pass, dkim=pass \(example\.test\), dmarc=pass\./)
  assert.match(says(report, 'straight'), /encrypted/)
  assert.match(says(report, 'outside-in'), /Message trace: Delivered\./)
  assert.match(says(report, 'old'), /the next pass of `cutover copy` has to carry it over/)
  assert.match(says(report, 'spam'), /In junk.*spam \(SCL 9, HSPM\)/)
  assert.deepEqual(report.left, [])
  assert.ok(report.removed >= 8)
  assert.deepEqual([held(world, setup.user), held(world, setup.second ?? '')], [{}, {}])
  assert.equal(world.outside.store.folder('INBOX')?.messages.length, 0)
  // The old side is only read: what came there stays for the copy.
  assert.equal(world.old.store('anna@example.test')?.folder('INBOX')?.messages.length, 2)
})

test('T60 before DKIM is on, mail is signed for onmicrosoft.com and says so; our verdict is the one in the header', async () => {
  await using flow = await startFlowWorld()
  const setup = { ...flow.setup, old: null, protection: false, largeBytes: null, aliases: [], groups: [] }
  flow.world.switchMx('new')
  const before = await runFlowTest(setup, flow.ctx, () => {})
  assert.equal(outcomes(before)['out'], 'warning')
  assert.match(says(before, 'out'), /signed for example\.onmicrosoft\.com, not for example\.test/)
  flow.world.publishDkim()
  await flow.client.cmdlet('Set-DkimSigningConfig', { Identity: 'example.test', Enabled: true })
  const after = await runFlowTest(setup, flow.ctx, () => {})
  assert.equal(outcomes(after)['out'], 'passed')
  for (const report of [before, after]) {
    const out = report.routes.find(({ route }) => route === 'out')
    const header = out?.evidence.arrived?.headers.find(({ name }) => name === 'Authentication-Results')?.value
    assert.match(header ?? '', new RegExp(`dmarc=${out?.evidence.local?.dmarc ?? 'none'} `))
  }
})

test('T47 an old host that does not take mail any more is found out at once', async () => {
  await using flow = await startFlowWorld()
  const setup = { ...flow.setup, graph: null, admin: null, reflector: null, protection: false, largeBytes: null, aliases: [], groups: [] }
  flow.world.switchMx('new')
  flow.world.old.routing = 'auto'
  const report = await runFlowTest(setup, flow.ctx, () => {})
  assert.equal(outcomes(report)['old'], 'failed')
  assert.match(says(report, 'old'), /550 5\.7\.1 Relaying denied.*would bounce now/)
})

test('T48 a loop of both sides is found by a made-up address', async () => {
  await using flow = await startFlowWorld()
  const setup = { ...flow.setup, reflector: null, old: null, protection: false, largeBytes: null, aliases: [], groups: [] }
  flow.world.switchMx('new')
  // An internal relay without a connector: whoever is not known goes by MX, which is the tenant itself.
  await flow.client.cmdlet('Set-AcceptedDomain', { Identity: 'example.test', DomainType: 'InternalRelay' })
  const report = await runFlowTest(setup, flow.ctx, () => {})
  assert.equal(outcomes(report)['nobody'], 'failed')
  assert.match(says(report, 'nobody'), /runs in a circle: (?:.*5\.4\.14|the tenant has taken it \d+ times)/)
})

test('P6 who has moved and who has not reach each other by the connector and by the forward of the old host', async () => {
  await using flow = await startFlowWorld()
  const { client, ctx, setup, world } = flow
  const cora = 'cora@example.test'
  world.switchMx('new')
  await client.cmdlet('Set-AcceptedDomain', { Identity: 'example.test', DomainType: 'InternalRelay' })
  await client.cmdlet('New-OutboundConnector', {
    Name: 'To the old host',
    ConnectorType: 'OnPremises',
    RecipientDomains: ['example.test'],
    UseMXRecord: false,
    SmartHosts: [world.oldMx],
    Enabled: true,
  })
  await using oldImap = await startOldImap(world, cora)
  const old = setup.old === null ? null : { ...setup.old, mailbox: oldImap.mailbox }
  const between = { ...setup, unmoved: cora, old, reflector: null, protection: false, largeBytes: null, aliases: [], groups: [] }
  const apart = await runFlowTest({ ...between, times: { ...setup.times, windowMs: 60_000 } }, ctx, () => {})
  assert.equal(outcomes(apart)['unmoved'], 'passed', says(apart, 'unmoved'))
  assert.equal(outcomes(apart)['unmoved-back'], 'warning')
  assert.match(says(apart, 'unmoved-back'), /kept at the old side.*Have the old host pass mail for anna@example\.test on/)
  world.setDns([{ name: 'example.onmicrosoft.com', type: 'MX', value: `0 ${world.newMx}` }])
  await client.cmdlet('Set-Mailbox', { Identity: setup.user, EmailAddresses: { Add: ['anna@example.onmicrosoft.com'] } })
  world.old.forwards.set(setup.user, 'anna@example.onmicrosoft.com')
  const together = await runFlowTest(between, ctx, () => {})
  assert.equal(outcomes(together)['unmoved'], 'passed')
  assert.equal(outcomes(together)['unmoved-back'], 'passed', says(together, 'unmoved-back'))
})

test('a resolver that lies is named, with what it says and what the tenant wants', async () => {
  await using flow = await startFlowWorld()
  const { world, setup, ctx } = flow
  world.switchMx('new')
  world.publishDkim()
  world.setDns([{ name: 'autodiscover.example.test', type: 'CNAME', value: 'autodiscover.outlook.com' }])
  await using liar = await startZoneServer(
    ['example.test'],
    [
      { name: 'example.test', type: 'MX', value: '5 mx.evil.test' },
      { name: 'example.test', type: 'TXT', value: 'v=spf1 +all' },
      { name: 'autodiscover.example.test', type: 'CNAME', value: 'evil.test' },
    ],
  )
  const honest = await recordsHold(new FlowRun(setup, ctx))
  assert.deepEqual([honest.outcome, honest.says.length], ['passed', 1], honest.says.join(' '))
  const { outcome, says } = await recordsHold(new FlowRun({ ...setup, resolvers: [...setup.resolvers, liar] }, ctx))
  assert.equal(outcome, 'failed')
  const by = `(127.0.0.1:${liar.port})`
  assert.ok(says.includes(`MX names mx.evil.test instead of example-test.mail.protection.outlook.com alone. ${by}`), says.join('\n'))
  assert.ok(says.includes(`autodiscover.example.test leads to evil.test instead of autodiscover.outlook.com. ${by}`))
  assert.ok(says.includes(`The SPF record of example.test does not have include:spf.protection.outlook.com itself. ${by}`))
})

test('every criterion of the list has a result, or what proves it', async () => {
  await using flow = await startFlowWorld()
  const setup = { ...flow.setup, graph: null, admin: null, reflector: null, old: null, sender: null, autodiscover: null, resolvers: [] }
  const { criteria } = await runFlowTest({ ...setup, aliases: [], groups: [] }, flow.ctx, () => {})
  const list = [
    ...[1, 2, 3, 4, 5, 6, 7].map((n) => `A${n}`),
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `B${n}`),
    ...'C1 C2 C3 D1 D2 D3 D4 D5 D6 E1 E2 E3 E4 E5 P3 P6 P8 S1 S2 S3'.split(' '),
  ]
  assert.deepEqual(
    criteria.map(({ id }) => id),
    list,
  )
  assert.deepEqual(new Set(criteria.map(({ outcome }) => outcome)), new Set(['not-run']))
  for (const { id, by, routes } of criteria) assert.ok((by === null) !== (routes.length === 0), id)
})

test('what cannot be tried from here is not run, and is no failure', async () => {
  await using flow = await startFlowWorld()
  const { world } = flow
  world.switchMx('new')
  const setup = {
    ...flow.setup,
    reflector: null,
    old: null,
    protection: false,
    largeBytes: null,
    aliases: [],
    groups: [],
    ports: { all: 1, of: {} },
  }
  const report = await runFlowTest(setup, flow.ctx, () => {})
  const byOtherWays = ['inside', 'autodiscover', 'records']
  assert.deepEqual(
    new Set(
      Object.entries(outcomes(report))
        .filter(([route]) => !byOtherWays.includes(route))
        .map(([, outcome]) => outcome),
    ),
    new Set(['not-run']),
  )
  assert.equal(outcomes(report)['inside'], 'passed')
  assert.match(says(report, 'straight'), /Port 25 is closed from many offices/)
})
