/** What is particular to one host of DNS. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cloudflare } from '../../src/dns/adapters/cloudflare.ts'
import { reversed } from '../../src/dns/carry-out.ts'
import { zoneFor } from '../../src/dns/zone-choice.ts'
import { Failure } from '../../src/model/failure.ts'
import { DNS_HOSTS } from './dns-hosts.ts'
import { CLOUDFLARE_TOKEN, startCloudflare } from './dns-stubs/cloudflare.ts'
import { GODADDY_KEY, startGodaddy } from './dns-stubs/godaddy.ts'
import { stubRig } from './dns-stubs/rig.ts'
import { ROUTE53_KEY, startRoute53 } from './dns-stubs/route53.ts'
import type { StubRecord } from './dns-stubs/stub-zone.ts'
import type { DnsHost } from './dns.ts'
import { opened, set, swap } from './dns-zone.ts'

const NEW_MX = '0 cutover-test.mail.protection.outlook.com'

function hostCalled(name: string): DnsHost {
  const found = DNS_HOSTS.find(({ provider }) => provider.name === name)
  assert.ok(found)
  return found
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof Failure, String(error))
  return error
}

const startCloud = () =>
  stubRig(startCloudflare, {
    settings: (url) => ({ base: `${url}/client/v4/`, token: CLOUDFLARE_TOKEN }),
    withoutRights: () => ({}),
  })

for (const type of ['CNAME', 'A'] as const)
  test(`cloudflare: a proxied ${type} becomes a plain CNAME, and comes back behind the proxy with comment, tags and its automatic time (T28)`, async () => {
    await using rig = await startCloud()
    const { zone } = rig.host
    const name = `autodiscover.${rig.zone}`
    const more = { proxied: true, comment: 'by the web people', tags: ['team:web'], settings: {} }
    const data = type === 'A' ? ['127.0.0.11'] : ['old-host.test.']
    zone.change([...zone.without(name, 'A'), zone.make({ name, type, ttl: 1, data, more })])
    const at = await opened({ ...hostCalled('cloudflare'), provider: cloudflare }, rig)
    const before = await at.one(name, type)
    assert.equal(before?.proxied, true)
    assert.equal(before.ttlSeconds, 300)
    const wanted = set(rig, 'autodiscover', 'CNAME', ['autodiscover.outlook.com'], 300)
    const swaps = type === 'A' ? [swap(before, null), swap(null, wanted)] : [swap(before, wanted)]
    const recordAt = (): StubRecord | undefined => zone.records.find((one) => one.name === name)
    await at.carryOut(swaps)
    assert.deepEqual([recordAt()?.data, recordAt()?.more['proxied']], [['autodiscover.outlook.com.'], false])
    if (type === 'CNAME') assert.deepEqual([recordAt()?.more['comment'], recordAt()?.more['tags']], ['by the web people', ['team:web']])
    await at.carryOut(reversed(swaps))
    const { id: _, ...back } = recordAt() ?? { id: '' }
    assert.deepEqual(back, { name, type, ttl: 1, data, more })
  })

test('cloudflare: a CNAME that differs only in being proxied is not taken for done (T28)', async () => {
  await using rig = await startCloud()
  const { zone } = rig.host
  const name = `autodiscover.${rig.zone}`
  zone.change([
    ...zone.without(name, 'A'),
    zone.make({ name, type: 'CNAME', ttl: 1, data: ['autodiscover.outlook.com.'], more: { proxied: true } }),
  ])
  const at = await opened(hostCalled('cloudflare'), rig)
  const wanted = set(rig, 'autodiscover', 'CNAME', ['autodiscover.outlook.com'], 300)
  assert.equal(await at.carryOut([swap(await at.one(name, 'CNAME'), wanted)]), 'done')
  assert.equal(zone.records.find((one) => one.name === name)?.more['proxied'], false)
})

test('cloudflare: MX of Email Routing stop the change, and say where to switch it off (T28)', async () => {
  await using rig = await startCloud()
  const { zone } = rig.host
  const meta = { email_routing: true, read_only: true }
  zone.change([
    ...zone.without(rig.zone, 'MX'),
    zone.make({ name: rig.zone, type: 'MX', ttl: 1, data: ['10', 'route1.mx.cloudflare.net.'], more: { meta } }),
  ])
  const at = await opened(hostCalled('cloudflare'), rig)
  const failure = await failureOf(at.carryOut([swap(await at.one(rig.zone, 'MX'), set(rig, '', 'MX', [NEW_MX], 300))]))
  assert.equal(failure.code, 'record-opaque')
  assert.match(failure.message, /Email Routing/)
  assert.equal(rig.writes(), 0)
})

const startAws = () =>
  stubRig(startRoute53, {
    settings: (url) => ({ base: `${url}/2013-04-01/`, accessKeyId: ROUTE53_KEY.id, secretAccessKey: ROUTE53_KEY.secret }),
    withoutRights: () => ({}),
  })

test('route53: an alias for the web at the apex is no matter to MX; one in the place of autodiscover is, and so are weighted MX (T29)', async () => {
  await using rig = await startAws()
  const { zone } = rig.host
  const at = await opened(hostCalled('route53'), rig)
  zone.change([...zone.records, zone.make({ name: rig.zone, type: 'A', ttl: 60, data: [], more: { alias: 'd1.cloudfront.net.' } })])
  const mx = await at.one(rig.zone, 'MX')
  const toMicrosoft = swap(mx, set(rig, '', 'MX', [NEW_MX], 300))
  assert.equal(await at.carryOut([toMicrosoft]), 'done')
  assert.equal(await at.carryOut(reversed([toMicrosoft])), 'done')
  const name = `autodiscover.${rig.zone}`
  zone.change([...zone.without(name, 'A'), zone.make({ name, type: 'A', ttl: 60, data: [], more: { alias: 'elb.amazonaws.com.' } })])
  const wanted = set(rig, 'autodiscover', 'CNAME', ['autodiscover.outlook.com'], 300)
  const refusal = await failureOf(at.carryOut([swap(null, wanted)]))
  assert.equal(refusal.code, 'record-opaque')
  assert.match(refusal.message, /elb\.amazonaws\.com/)
  zone.change([
    ...zone.without(rig.zone, 'MX'),
    zone.make({ name: rig.zone, type: 'MX', ttl: 60, data: ['10', 'mx.old.test.'], more: { weighted: 'half' } }),
  ])
  assert.equal((await failureOf(at.carryOut([swap(null, set(rig, '', 'MX', [NEW_MX], 300))]))).code, 'record-opaque')
})

test('route53: of two zones with one name it is told which the domain is delegated to; a change is waited for until it is INSYNC (T29)', async () => {
  await using rig = await startAws()
  const at = await opened(hostCalled('route53'), rig)
  const zones = await at.zones.list()
  assert.equal(zones.filter(({ name }) => name === rig.zone).length, 2)
  assert.equal(zoneFor(rig.zone, zones, ['NS1.host.test.']).id, 'Z123')
  assert.throws(() => zoneFor(rig.zone, zones, ['ns.elsewhere.test']), /Z123.*Z999/)
  const before = rig.stub?.waitedMs() ?? 0
  await at.carryOut([swap(await at.one(rig.zone, 'MX'), set(rig, '', 'MX', [NEW_MX], 300))])
  assert.equal((rig.stub?.waitedMs() ?? 0) - before, 9000)
  assert.equal(rig.host.seen.filter(({ path }) => path.includes('/change/')).length, 3)
})

test('godaddy: an account without the API is told so and offered the manual way; no call is wider than one set (T27)', async () => {
  const host = hostCalled('godaddy')
  await using refused = await host.start()
  const at = await opened(host, refused, refused.withoutRights ?? {})
  const failure = await failureOf(at.carryOut(await (await opened(host, refused)).switchSwaps()))
  assert.equal(failure.code, 'zone-refused')
  assert.match(failure.message, /ACCESS_DENIED.*"manual"/)

  await using rig = await stubRig(startGodaddy, {
    settings: (url) => ({ base: `${url}/v1/`, ...GODADDY_KEY }),
    withoutRights: () => ({}),
  })
  const free = await opened(host, rig)
  const swaps = await free.switchSwaps()
  await free.carryOut(swaps)
  await free.carryOut(reversed(swaps))
  const written = rig.host.seen.filter(({ method }) => method !== 'GET')
  assert.ok(written.length > 5)
  for (const { method, path } of written)
    assert.match(`${method} ${path}`, /^(?:PUT|DELETE) \/v1\/domains\/cutover\.test\/records\/[A-Z]+\/[^/]+$/)
  const source = readFileSync(join(import.meta.dirname, '../../src/dns/adapters/godaddy.ts'), 'utf8')
  assert.equal(source.match(/method: '(?:PUT|PATCH|POST|DELETE)'/g)?.length, 2)
  assert.equal(source.match(/method: '(?:PUT|DELETE)', path[ ,}]/g)?.length, 2)
})

test('powerdns: a change that conflicts in itself leaves nothing behind (T34)', { skip: hostCalled('powerdns').skip }, async () => {
  const host = hostCalled('powerdns')
  await using rig = await host.start()
  const at = await opened(host, rig)
  const beside = swap(null, set(rig, 'autodiscover', 'CNAME', ['autodiscover.outlook.com']))
  const mx = swap(await at.one(rig.zone, 'MX'), set(rig, '', 'MX', [NEW_MX], 300))
  // Past what carryOut looks for.
  const failure = await failureOf(at.zones.write(at.zone, [mx, beside]))
  assert.equal(failure.code, 'record-refused')
  assert.deepEqual(await rig.served(rig.zone, 'MX'), ['10 mx.old.test'])
})

test('azure: the next page at another host is not asked for, as the token would go along', async () => {
  const host = hostCalled('azure')
  await using rig = await host.start()
  rig.stub?.faults.calls.push(null, { status: 200, json: { value: [], nextLink: 'https://management.evil.example/page2' } })
  const failure = await failureOf(host.provider.open(rig.settings, rig.ctx).list())
  assert.equal(failure.code, 'answer-unreadable')
  assert.match(failure.message, /management\.evil\.example/)
})

test('azure: neither an empty text nor a null MX is sent, and nothing before it', async () => {
  const host = hostCalled('azure')
  await using rig = await host.start()
  const at = await opened(host, rig)
  for (const after of [set(rig, '', 'MX', ['0 .']), set(rig, 'x', 'TXT', [''])]) {
    const failure = await failureOf(at.carryOut([swap(await at.one(after.name, after.type), after)]))
    assert.equal(failure.code, 'record-refused')
  }
  assert.equal(rig.writes(), 0)
})

for (const name of ['azure', 'google'])
  test(`${name}: a token that the host no longer takes is replaced by another, once`, async () => {
    const host = hostCalled(name)
    await using rig = await host.start()
    const zones = host.provider.open(rig.settings, rig.ctx)
    await zones.list()
    const refusal = { status: 401, json: { error: { code: 'ExpiredToken', message: 'The token has expired.' } } }
    rig.stub?.faults.calls.push(refusal)
    assert.ok((await zones.list()).length > 0)
    rig.stub?.faults.calls.push(refusal, null, refusal)
    assert.equal((await failureOf(zones.list())).code, 'zone-refused')
  })
