import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs } from '../../../test/servers/available.ts'
import { startBind, type NameServer } from '../../../test/servers/bind.ts'
import { startKnot } from '../../../test/servers/knot.ts'
import { startUnbound } from '../../../test/servers/unbound.ts'
import { UPDATE_KEY } from '../../../test/servers/zone.ts'
import { systemClock } from '../../lib/clock.ts'
import { Secret } from '../../model/secret.ts'
import { rfc2136 } from '../adapters/rfc2136.ts'
import { ask } from '../ask.ts'
import type { DnsServer } from '../dns-tcp.ts'
import { assessed, contextOf, outsideOn, ranks } from './assess.fixture.ts'

const at = ({ port }: NameServer): DnsServer => ({ address: '127.0.0.1', port })
const NOBODY: DnsServer = { address: '127.0.0.1', port: 1 }
const needsAll = needs('bind') !== false ? needs('bind') : needs('knot')

const MAIL = ['@ 300 IN MX 10 mx.old.test.', '@ IN TXT "v=spf1 mx -all"', '@ IN TXT "other=value"', '_dmarc IN TXT "v=DMARC1; p=none"']

test(
  'T1 T2 the zone is found from the top down, its parent and itself are compared, and a lagging server is told of',
  { skip: needsAll },
  async () => {
    const [child, second] = ['ns1.cutover.example', 'ns2.cutover.example']
    const records = [...MAIL, '@ IN NS ns2', 'ns2 IN A 127.0.0.1', '@ IN NS ns3', 'ns3 IN A 127.0.0.1']
    await using newer = await startBind([{ name: 'cutover.example', records, serial: 2026010105 }])
    await using older = await startKnot([
      { name: 'cutover.example', records: records.map((one) => one.replace('mx.old.test', 'older.test')), serial: 2026010101 },
    ])
    await using top = await startKnot([
      {
        name: 'example',
        records: ['cutover IN NS ns1.cutover', 'cutover IN NS ns2.cutover', 'ns1.cutover IN A 127.0.0.1', 'ns2.cutover IN A 127.0.0.1'],
      },
    ])
    const places: Readonly<Record<string, DnsServer>> = { 'ns1.example': at(top), [child]: at(newer), [second]: at(older) }
    const seen = await assessed('cutover.example', outsideOn({ resolvers: [at(top)], at: (name) => places[name] ?? NOBODY }))
    assert.ok('apex' in seen.zone)
    assert.deepEqual([seen.zone.apex, seen.zone.parentNameServers], ['cutover.example', [child, second]])
    assert.deepEqual(seen.zone.nameServers, [child, second, 'ns3.cutover.example'])
    assert.deepEqual(
      seen.zone.servers.map(({ name, state, serial }) => [name, state, serial]),
      [
        [child, 'serves', 2026010105],
        [second, 'serves', 2026010101],
        ['ns3.cutover.example', 'silent', null],
      ],
    )
    const found = ranks(seen)
    for (const one of ['warn delegation-differs', 'warn zone-lags', 'warn name-server-dead', 'warn servers-disagree'])
      assert.ok(found.includes(one), one)
    assert.ok(!found.some((one) => one.startsWith('block')), found.join())
    // What the lagging server says is kept as evidence, and no more.
    assert.deepEqual(
      seen.mail.exchangers.map(({ host }) => host),
      ['mx.old.test'],
    )
    assert.ok(seen.evidence.some(({ sets }) => sets.some(({ data }) => data.includes('10 older.test'))))
    assert.equal(seen.zone.ds?.length, 0)
  },
)

test('T1 keys in a zone of their own are found where that zone is served', { skip: needsAll }, async () => {
  await using parent = await startBind([{ name: 'cutover.test', records: [...MAIL, '_domainkey IN NS keys', 'keys IN A 127.0.0.1'] }])
  await using keys = await startKnot([
    { name: '_domainkey.cutover.test', records: ['google IN TXT "v=DKIM1; p=MIGf"', 's1 IN TXT "v=DKIM1; p="'] },
  ])
  const seen = await assessed(
    'cutover.test',
    outsideOn({ given: [at(parent)], at: (name) => (name === 'keys.cutover.test' ? at(keys) : NOBODY) }),
  )
  assert.deepEqual(seen.cuts, [{ name: '_domainkey.cutover.test', nameServers: ['keys.cutover.test'] }])
  assert.deepEqual(
    seen.dkim.map(({ selector, key }) => [selector, key]),
    [
      ['google', 'published'],
      ['s1', 'revoked'],
    ],
  )
  assert.ok(ranks(seen).includes('warn delegated-below'))
})

test('T1 a domain that is no zone is looked up in the zone above it', { skip: needs('bind') }, async () => {
  await using server = await startBind([
    { name: 'cutover.test', records: ['mail.sub IN A 127.0.0.9', 'sub IN MX 10 mail.sub', '_dmarc IN TXT "v=DMARC1; p=none; sp=reject"'] },
  ])
  const seen = await assessed('sub.cutover.test', outsideOn({ given: [at(server)] }))
  assert.ok('apex' in seen.zone)
  assert.deepEqual(
    [seen.zone.apex, seen.mail.exchangers[0]?.host, seen.dmarc.at, seen.dmarc.policy],
    ['cutover.test', 'mail.sub.cutover.test', 'cutover.test', 'reject'],
  )
})

test('T16 a domain that is an alias is told as that by real servers, wherever it leads', { skip: needsAll }, async () => {
  const zone = { name: 'cutover.test', records: ['www IN CNAME www.other.test.', 'web IN CNAME mx.cutover.test.', 'mx IN A 127.0.0.9'] }
  for (const start of [startBind, startKnot]) {
    await using server = await start([zone])
    for (const [domain, alias] of [
      ['www.cutover.test', 'www.other.test'],
      ['web.cutover.test', 'mx.cutover.test'],
    ] as const) {
      const seen = await assessed(domain, outsideOn({ given: [at(server)] }))
      assert.ok('apex' in seen.zone, domain)
      assert.deepEqual(
        [seen.zone.apex, seen.apexAlias, ranks(seen).filter((one) => one.startsWith('block'))],
        ['cutover.test', alias, ['block apex-alias']],
      )
    }
  }
})

test('T2 where all servers are dead, nothing goes on', { skip: needs('bind') }, async () => {
  await using top = await startBind([{ name: 'example', records: ['cutover IN NS ns1.cutover', 'ns1.cutover IN A 127.0.0.1'] }])
  const seen = await assessed(
    'cutover.example',
    outsideOn({ resolvers: [at(top)], at: (name) => (name === 'ns1.example' ? at(top) : NOBODY) }),
  )
  assert.deepEqual(
    [seen.zone, ranks(seen)],
    [{ missing: 'servers', servers: ['ns1.cutover.example (127.0.0.1:1)'] }, ['block zone-unreachable']],
  )
})

test(
  'T3 a name that is not there, one without that type, a server that refuses, one that fails and one that is silent are five things',
  { skip: needs('bind') },
  async () => {
    await using server = await startBind([
      {
        name: 'cutover.test',
        records: ['deep.under IN A 127.0.0.8', `long IN TXT ${Array.from({ length: 9 }, () => `"${'x'.repeat(250)}"`).join(' ')}`],
      },
      // BIND takes no host with an underscore, and then serves nothing of the zone.
      { name: 'broken.test', records: ['no_host IN A 127.0.0.1'] },
    ])
    const { signal } = new AbortController()
    const status = async (name: string, where = at(server)): Promise<string> =>
      (await ask(where, name, 'TXT', { signal, timeoutMs: 400, tries: 1 })).status
    assert.deepEqual(
      [
        await status('gone.cutover.test'),
        await status('under.cutover.test'),
        await status('other.test'),
        await status('broken.test'),
        await status('cutover.test', NOBODY),
        await status('long.cutover.test'),
      ],
      ['no-name', 'no-data', 'refused', 'server-failed', 'silent', 'answer'],
    )
  },
)

test(
  'T17 after an assessment a resolver finds a name at once that is made right then',
  { skip: needs('bind') || needs('unbound') },
  async () => {
    await using server = await startBind([{ name: 'cutover.test', records: MAIL }])
    await using resolver = await startUnbound([{ name: 'cutover.test', port: server.port }])
    const seen = await assessed('cutover.test', outsideOn({ given: [at(server)], resolvers: [at(resolver)] }))
    assert.equal(seen.mail.exchangers[0]?.host, 'mx.old.test')
    const name = 'selector2._domainkey.cutover.test'
    assert.ok(seen.evidence.some((one) => one.name === name && one.status === 'no-name'))
    const zones = rfc2136.open(
      {
        server: `127.0.0.1:${server.port}`,
        zone: 'cutover.test',
        key: new Secret(`${UPDATE_KEY.algorithm}:${UPDATE_KEY.name}:${UPDATE_KEY.secret}`),
      },
      { ...contextOf(), clock: systemClock },
    )
    const [zone] = await zones.list()
    assert.ok(zone !== undefined)
    await zones.write(zone, [
      { name, type: 'CNAME', before: null, after: { name, type: 'CNAME', ttlSeconds: 60, data: ['key.dkim.test'] } },
    ])
    const { signal } = new AbortController()
    const answer = await ask(at(resolver), name, 'CNAME', { signal, recursion: true })
    assert.deepEqual([answer.status, answer.sets[0]?.data], ['answer', ['key.dkim.test']])
  },
)
