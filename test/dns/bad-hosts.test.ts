/** Hosts of DNS that do half of what they are asked, under `dns apply` as a person runs it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rfc2136 } from '../../src/dns/adapters/rfc2136.ts'
import { ask } from '../../src/dns/ask.ts'
import { carryOut } from '../../src/dns/carry-out.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { Secret } from '../../src/model/secret.ts'
import type { DnsRig, StubControl } from '../conformance/dns.ts'
import { DNS_HOSTS } from '../conformance/dns-hosts.ts'
import { needs } from '../servers/available.ts'
import { startKnot } from '../servers/knot.ts'
import { UPDATE_KEY } from '../servers/zone.ts'
import { OWN, zone } from './bad-zones.ts'
import { dnsPlanRig, type DnsPlanRig } from './rig.ts'

const skip = needs('bind')
const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
const TOUCHED = [
  ['cutover.test', 'MX'],
  ['cutover.test', 'TXT'],
  ['autodiscover.cutover.test', 'A'],
  ['_dmarc.cutover.test', 'TXT'],
] as const

/** The rig with a domain at a stand-in of this host. */
async function at(name: string, host: DnsRig): Promise<DnsPlanRig> {
  const secrets: Record<string, string> = {}
  const settings = Object.entries(host.settings).map(([key, value]) => {
    if (!(value instanceof Secret)) return `${key}: "${value ?? ''}"`
    secrets[`HOST_${key.toUpperCase()}`] = value.reveal()
    return `${key}: env:HOST_${key.toUpperCase()}`
  })
  const sections = `domains: [{ name: cutover.test }]\ndns:\n  provider: ${name}\n  settings: { ${settings.join(', ')} }\n  name_servers: 127.0.0.1:PORT\n`
  const rig = await dnsPlanRig([], sections)
  rig.isInTenant('cutover.test')
  return { ...rig, input: { ...rig.input, env: { ...rig.env, ...secrets } } }
}

const hurried = (rig: DnsPlanRig, phase: 'prepare' | 'lower-ttl') =>
  rig.hurried.dnsApply({ ...rig.input, phase, approve: () => Promise.resolve(true) })

for (const name of ['godaddy', 'azure'])
  test(`${name} that does half and is gone: told as that, finished by the next run, and undone to what was`, { skip }, async () => {
    const host = DNS_HOSTS.find(({ provider }) => provider.name === name)
    assert.ok(host !== undefined)
    await using stand = await host.start()
    const stub = controlOf(stand)
    await using rig = await at(name, stand)
    const seen = async () => Promise.all(TOUCHED.map(([set, type]) => stand.served(set, type)))
    const before = await seen()
    stub.faults.writes.push(null, ...Array.from({ length: 40 }, () => 'cut' as const))
    const half = await hurried(rig, 'prepare')
    assert.ok((half.statement?.open.length ?? 0) > 0 || half.failure !== null, 'somebody is told')
    for (const { failure } of half.statement?.open ?? []) assert.ok((failure?.text ?? '').length > 0)
    assert.deepEqual((await seen())[0], before[0], 'mail goes where it went')
    stub.faults.writes.length = 0
    const whole = await hurried(rig, 'prepare')
    assert.deepEqual(whole.statement?.open, [])
    const texts = (await seen())[1] ?? []
    assert.equal(texts.filter((text) => text.startsWith('v=spf1')).length, 1)
    assert.ok(texts.some((text) => text.includes('include:spf.protection.outlook.com')))
    const undone = await rig.hurried.dnsUndo({ ...rig.input, approve: () => Promise.resolve(true) })
    assert.deepEqual(undone.statement?.open, [])
    assert.deepEqual(await seen(), before)
  })

test('a time to live that cannot be lowered so far is lowered as far as it goes, after what comes first, and told', { skip }, async () => {
  const host = DNS_HOSTS.find(({ provider }) => provider.name === 'godaddy')
  assert.ok(host !== undefined)
  await using stand = await host.start()
  await using rig = await at('godaddy', stand)
  const [plan] = (await rig.hurried.dnsPlan(rig.input)).domains
  assert.match(
    plan?.findings.find(({ code }) => code === 'ttl-clamped')?.says ?? '',
    /takes no time to live of 300 seconds: it becomes 600, also for what is waited for/,
  )
  const early = await hurried(rig, 'lower-ttl')
  assert.equal(early.statement, null)
  assert.match(
    early.held[0]?.why[0]?.says ?? '',
    /cutover\.test TXT of cutover\.test is changed by prepare first: lower-ttl comes after that/,
  )
  await hurried(rig, 'prepare')
  const lowered = await hurried(rig, 'lower-ttl')
  assert.deepEqual(lowered.statement?.open, [])
  assert.deepEqual(
    lowered.waits.map(({ seconds }) => seconds),
    [3600],
  )
  assert.equal((await hurried(rig, 'lower-ttl')).statement, null)
})

test(
  'a zone that changes while somebody reads the plan is not written over; the next plan starts from what is there',
  {
    skip: skip || needs('knot'),
  },
  async () => {
    await using server = await startKnot([zone([])])
    await using rig = await dnsPlanRig([], OWN.replaceAll('PORT', String(server.port)))
    const key = new Secret(`${UPDATE_KEY.algorithm}:${UPDATE_KEY.name}:${UPDATE_KEY.secret}`)
    const zones = rfc2136.open({ server: `127.0.0.1:${server.port}`, zone: 'example.test', key }, ctx)
    const ref = { id: 'example.test', name: 'example.test' }
    const name = { name: 'example.test', type: 'TXT' } as const
    const texts = async () => (await ask({ address: server.host, port: server.port }, 'example.test', 'TXT', ctx)).sets[0]?.data ?? []
    const [before = null] = (await zones.read(ref, [name])).sets
    const theirs = { ...name, ttlSeconds: 3600, data: ['kept=1', 'v=spf1 mx include:_spf.new.test -all'] }
    const { statement } = await rig.apply('prepare', {
      approve: async () => {
        await carryOut(rfc2136, zones, ref, [{ ...name, before, after: theirs }], ctx)
        return true
      },
    })
    assert.deepEqual(
      statement?.open.map(({ state, failure }) => [state, failure?.code]),
      [['failed', 'record-changed']],
    )
    assert.match(statement?.open[0]?.failure?.text ?? '', /expected: [\s\S]*there now: .*_spf\.new[\s\S]*wanted: /)
    assert.deepEqual((await rig.apply('prepare')).statement?.open, [])
    assert.ok((await texts()).some((text) => text.includes('include:_spf.new.test') && text.includes('include:spf.protection.outlook.com')))
    assert.deepEqual((await rig.undo()).statement?.open, [])
    assert.deepEqual(await texts(), theirs.data)
  },
)

function controlOf({ stub }: DnsRig): StubControl {
  if (stub === null) throw new Error('no stand-in')
  return stub
}
