import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MailflowInput } from '../../src/api/mailflow.ts'
import { rehearseMail } from '../../src/api/rehearse-mail.ts'
import { operationsIn } from '../../src/api/operations-in.ts'
import { realWorld } from '../../src/app.ts'
import { stage } from '../../src/cli/cli.fixture.ts'
import { startMailWorld, type MailWorld } from '../../src/mail-simulator/mail-world.ts'
import { TIMING } from '../../src/tenant-simulator/timing.ts'
import { TenantClient } from '../../src/tenant-simulator/tenant-client.fixture.ts'

/** Nothing takes time in this tenant. */
const AT_ONCE = Object.fromEntries(Object.keys(TIMING).map((name) => [name, 0]))

const REAL = { mailflowTest: (input: MailflowInput) => operationsIn(realWorld()).mailflowTest(input) }

async function scene(): Promise<MailWorld> {
  const world = await startMailWorld({
    tenantOptions: { timing: { ...AT_ONCE, softDeleteMs: TIMING.softDeleteMs } },
    oldMailboxes: ['anna@example.test'],
  })
  const client = new TenantClient(world.tenant)
  await client.person('anna')
  await client.person('ben')
  return world
}

function words({ tenant, zone, ports, outside }: MailWorld): readonly string[] {
  const reach = Object.entries(ports).flatMap(([host, port]) => ['--port', `${host}=${port}`])
  const at = [`--service ${tenant.url}`, '--user anna@example.test --to ben@example.test --wait 2']
  const reflector = `--reflector ${outside.address} --reflector-imap ${outside.imap.url} --reflector-secret env:PROBE`
  const more = `--reflector-smtp smtp://127.0.0.1:${outside.smtp.port} --resolver ${zone.address}:${zone.port}`
  return [...['mailflow test', ...at, reflector, more].join(' ').split(' '), ...reach]
}

test('the command tells of each criterion in eighty columns, and 0 is that all that was tried works', async () => {
  await using world = await scene()
  world.switchMx('new')
  const seen = stage(REAL, { env: { PROBE: world.outside.password } })
  const { code, out: text, err } = await seen.run(...words(world), '--protection', '--large', '1')
  assert.equal(code, 0, text + err)
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line)
  assert.match(text, /^D1 +Mail inside the tenant arrives +ok$/m)
  assert.match(text, /^D2 .* LOOK$/m)
  assert.match(text, /^E3 +Malware is kept out +ok$/m)
  assert.match(text, /^A1 +Programs find the mailbox \(autodiscover\) +ok$/m)
  assert.match(text, /^A5 .* LOOK$/m)
  assert.match(text, /^S2 .* not run$/m)
  assert.match(text, /^B1, B2, B3, B4, B5, B6: proven by `cutover verify`\.$/m)
  assert.match(text, /^P8 +The old host still takes mail +not run$/m)
  assert.match(text, /DKIM of the\s+domain is not switched on yet/)
})

test('a way that does not work is 1, and the JSON holds the evidence and no secret', async () => {
  await using world = await scene()
  const seen = stage(REAL, { env: { PROBE: world.outside.password } })
  // MX still names the old host: what comes from outside does not come to the tenant.
  const { code, out } = await seen.run(...words(world), '--json')
  assert.equal(code, 1)
  assert.match(out, /Before the switch that is as it should be/)
  const told = JSON.parse(out) as {
    readonly outcome: string
    readonly routes: readonly { readonly route: string; readonly outcome: string; readonly says: readonly string[] }[]
  }
  assert.equal(told.outcome, 'failed')
  assert.equal(told.routes.find(({ route }) => route === 'outside-in')?.outcome, 'failed')
  const records = told.routes.find(({ route }) => route === 'records')
  assert.equal(records?.outcome, 'failed')
  assert.match(records.says.join(' '), /MX names mx\.oldhost\.test instead of example-test\.mail\.protection\.outlook\.com alone\./)
  assert.equal(told.routes.find(({ route }) => route === 'out')?.outcome, 'warning')
  assert.ok(!out.includes(world.outside.password))
})

test('a rehearsal switches MX on this machine, and mail flows on every way', async () => {
  const steps = await rehearseMail(realWorld(), new AbortController().signal)
  assert.deepEqual(
    steps.filter(({ ok }) => !ok).map(({ says }) => says),
    [],
  )
  for (const id of ['D1', 'D2', 'D3', 'D4', 'P3', 'P8', 'E2', 'E3', 'E4', 'E5'])
    assert.ok(
      steps.some(({ says }) => says.startsWith(`Mail ${id}:`)),
      id,
    )
})

test('bad input is told in one sentence', async () => {
  await using world = await scene()
  const seen = stage(REAL, { env: { PROBE: 'x' } })
  const { code, err } = await seen.run(...words(world), '--port', 'smtp')
  assert.equal(code, 2)
  assert.match(err, /"smtp" is no port/)
  assert.equal((await seen.run('mailflow', 'test')).code, 2)
})
