/** What is particular to OVH: nothing is served before the zone is published, and types that are TXT to the world. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ovh } from '../../src/dns/adapters/ovh.ts'
import { reversed } from '../../src/dns/carry-out.ts'
import { Failure } from '../../src/model/failure.ts'
import { Secret } from '../../src/model/secret.ts'
import { OVH_KEY, startOvh } from './dns-stubs/ovh.ts'
import { stubRig } from './dns-stubs/rig.ts'
import type { DnsHost } from './dns.ts'
import { opened, set, swap } from './dns-zone.ts'

const HOST: DnsHost = { provider: ovh, skip: false, stubbed: true, start: () => startRig() }
const NEW_MX = '0 cutover-test.mail.protection.outlook.com'
const SPF = 'v=spf1 ip4:192.0.2.9 include:spf.protection.outlook.com -all'
const TAKEN = { status: 200, json: null }

function startRig() {
  const { applicationKey, applicationSecret, consumerKey } = OVH_KEY
  const settings = (url: string, names: string) => ({
    base: `${url}/1.0/`,
    applicationKey,
    applicationSecret: new Secret(applicationSecret),
    consumerKey: new Secret(consumerKey),
    servers: names,
  })
  return stubRig(startOvh, { settings, withoutRights: settings })
}

async function rigAndZone() {
  const rig = await startRig()
  return { rig, at: await opened(HOST, rig) }
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.catch((thrown: unknown) => thrown)
  assert.ok(error instanceof Failure, String(error))
  return error
}

const refreshes = (rig: Awaited<ReturnType<typeof startRig>>): number =>
  rig.host.seen.filter(({ path }) => path.endsWith('/refresh')).length

test('ovh: edits that were never published are no success: the failure says to publish them, and running again does (T25)', async () => {
  const { rig, at } = await rigAndZone()
  await using _ = rig
  const swaps = [swap(await at.one(rig.zone, 'MX'), set(rig, '', 'MX', [NEW_MX], 300))]
  rig.host.faults.writes.push(null, TAKEN)
  const failure = await failureOf(at.carryOut(swaps))
  assert.equal(failure.code, 'not-visible-yet')
  assert.match(failure.message, /cutover\.test MX[\s\S]*before the zone is published \("refresh"\): run this again/)
  assert.deepEqual(await rig.served(rig.zone, 'MX'), ['10 mx.old.test'])
  const before = rig.host.seen.length
  assert.equal(await at.carryOut(swaps), 'done')
  const written = rig.host.seen.slice(before).filter(({ method }) => method !== 'GET')
  assert.deepEqual(
    written.map(({ method, path }) => `${method} ${path}`),
    ['POST /1.0/domain/zone/cutover.test/refresh'],
  )
  assert.deepEqual(await rig.served(rig.zone, 'MX'), [NEW_MX])
})

test('ovh: a whole switch is published once, after all of its edits (T25)', async () => {
  const { rig, at } = await rigAndZone()
  await using _ = rig
  assert.equal(await at.carryOut(await at.switchSwaps()), 'done')
  assert.equal(refreshes(rig), 1)
  assert.match(rig.host.seen.findLast(({ method }) => method !== 'GET')?.path ?? '', /refresh$/)
  assert.equal(rig.host.zone.states.length, 2)
})

test('ovh: records of its types SPF and DMARC are TXT, keep their type when edited, and come back with the time of the zone (T25)', async () => {
  const { rig, at } = await rigAndZone()
  await using _ = rig
  const { zone } = rig.host
  const name = `_dmarc.${rig.zone}`
  const native = (kind: string) => ({ native: kind, ttl: 0 })
  zone.change([
    ...zone.without(rig.zone, 'TXT'),
    zone.make({ name: rig.zone, type: 'TXT', ttl: 3600, data: ['v=spf1 mx -all'], more: native('SPF') }),
    zone.make({ name: rig.zone, type: 'TXT', ttl: 3600, data: ['MS=ms12345678'], more: { ttl: 0 } }),
    zone.make({ name, type: 'TXT', ttl: 3600, data: ['v=DMARC1; p=reject'], more: native('DMARC') }),
  ])
  const bare = () => zone.records.filter(({ type }) => type === 'TXT').map(({ data, more }) => ({ data, more }))
  const first = bare()
  const [texts, policy] = [await at.one(rig.zone, 'TXT'), await at.one(name, 'TXT')]
  assert.ok(texts !== null && policy !== null)
  assert.deepEqual(texts.data, ['MS=ms12345678', 'v=spf1 mx -all'])
  const swaps = [
    swap(texts, { ...texts, ttlSeconds: 300, data: ['MS=ms12345678', SPF] }),
    swap(policy, { ...policy, data: ['v=DMARC1; p=none'] }),
  ]
  assert.equal(await at.carryOut(swaps), 'done')
  assert.deepEqual(bare(), [
    { data: [SPF], more: { ttl: 300, native: 'SPF' } },
    { data: ['MS=ms12345678'], more: { ttl: 300 } },
    { data: ['v=DMARC1; p=none'], more: { ttl: 0, native: 'DMARC' } },
  ])
  assert.equal(await at.carryOut(reversed(swaps)), 'done')
  assert.deepEqual(bare(), first)
})

test('ovh: a native SPF record does not become another text: it goes, and the text is made (T25)', async () => {
  const { rig, at } = await rigAndZone()
  await using _ = rig
  const { zone } = rig.host
  const record = zone.make({ name: rig.zone, type: 'TXT', ttl: 3600, data: ['v=spf1 mx -all'], more: { native: 'SPF' } })
  zone.change([...zone.without(rig.zone, 'TXT'), record])
  assert.equal(await at.carryOut([swap(await at.one(rig.zone, 'TXT'), set(rig, '', 'TXT', ['MS=ms12345678']))]), 'done')
  assert.deepEqual(
    zone.records.filter(({ type }) => type === 'TXT').map(({ data, more }) => [data, more['native']]),
    [[['MS=ms12345678'], undefined]],
  )
})

test("ovh: somebody's edit of the same set that was not published stops the change, and is not published", async () => {
  const { rig, at } = await rigAndZone()
  await using _ = rig
  const before = await at.one(rig.zone, 'MX')
  rig.host.faults.writes.push(null, TAKEN)
  await failureOf(at.carryOut([swap(before, set(rig, '', 'MX', ['5 mx.third.test']))]))
  const failure = await failureOf((await opened(HOST, rig)).carryOut([swap(before, set(rig, '', 'MX', [NEW_MX]))]))
  assert.ok(failure.code === 'record-changed' && failure.notDone)
  assert.match(failure.message, /is not what is served: 5 mx\.third\.test\. Publish that edit in the panel, or drop it/)
  assert.deepEqual(await rig.served(rig.zone, 'MX'), ['10 mx.old.test'])
})

test('ovh: where one edit is refused the others are taken back, and nobody can publish half of it', async () => {
  const { rig, at } = await rigAndZone()
  await using _ = rig
  const swaps = await at.switchSwaps()
  const no = { status: 400, json: { message: 'Invalid target' } }
  const asBefore = await at.read(['', 'autodiscover'])
  rig.host.faults.writes.push(null, no, no, no)
  const failure = await failureOf(at.carryOut(swaps))
  assert.equal(failure.code, 'record-refused')
  assert.match(failure.message, /OVH refused the change: Invalid target/)
  assert.equal(refreshes(rig), 0)
  assert.equal(await at.carryOut([swap(null, set(rig, 'other', 'TXT', ['x']))]), 'done')
  assert.deepEqual(await at.read(['', 'autodiscover']), asBefore)
})

test('ovh: a wildcard does not make a set of a name that has none', async () => {
  const { rig, at } = await rigAndZone()
  await using _ = rig
  const { zone } = rig.host
  zone.change([...zone.records, zone.make({ name: `*.${rig.zone}`, type: 'TXT', ttl: 3600, data: ['wild'] })])
  assert.equal(await at.one(`_new.${rig.zone}`, 'TXT'), null)
  assert.equal(await at.carryOut([swap(null, set(rig, '_new', 'TXT', ['x']))]), 'done')
  assert.deepEqual(await rig.served(`_new.${rig.zone}`, 'TXT'), ['x'])
})
