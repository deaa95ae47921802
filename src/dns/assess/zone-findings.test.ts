import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assessed, madeUp, ranks, type Told } from './assess.fixture.ts'
import { dormantZone } from './dormant-zone.ts'
import type { Outside } from './outside.ts'

const PLAIN: Told = {
  zones: { 'example.org': ['ns1.example.org'] },
  records: [
    'example.org 300 MX 10 mx.example.org',
    'mx.example.org 300 A 192.0.2.9',
    'example.org 300 TXT v=spf1 mx -all',
    '_dmarc.example.org 300 TXT v=DMARC1; p=none',
  ],
}
const GIVEN = ['192.0.2.1', '2001:db8::1', '2001:db8::2'].map((address) => ({ address, port: 53 }))

/** Answers as `silent` for these addresses. */
function without(outside: Outside, silent: readonly string[]): Outside {
  return {
    ...outside,
    given: GIVEN,
    ask: async (server, name, type, options) => {
      const answer = await outside.ask({ address: '192.0.2.1', port: 53 }, name, type, options)
      return silent.includes(server.address) ? { ...answer, status: 'silent', authoritative: false, sets: [], soa: null } : answer
    },
  }
}

test('where no IPv6 address answers, this machine is doubted and not the servers', async () => {
  const none = await assessed('example.org', without(madeUp(PLAIN), ['2001:db8::1', '2001:db8::2']))
  assert.deepEqual(ranks(none), ['info no-ipv6'])
  const one = await assessed('example.org', without(madeUp(PLAIN), ['2001:db8::2']))
  assert.deepEqual(ranks(one), ['warn name-server-dead'])
})

test('where no resolver answers, that is said, and not that the domain is not there', async () => {
  const silent = { status: 'silent', authoritative: false, sets: [], soa: null } as const
  const none = { ...madeUp(PLAIN, () => silent), given: [] }
  assert.deepEqual(ranks(await assessed('example.org', none)), ['block no-resolver'])
  const unknown = await assessed('example.nowhere', { ...madeUp(PLAIN), given: [] })
  assert.deepEqual(ranks(unknown), ['block domain-unknown'])
})

test('a long memory for names that are not there is told of', async () => {
  const outside = madeUp(PLAIN, (name) => ({
    soa: { zone: 'example.org', primary: 'ns1.example.org', serial: 1, negativeSeconds: name === '' ? 0 : 86_400 },
  }))
  assert.deepEqual(ranks(await assessed('example.org', outside)), ['warn negative-ttl'])
})

test('a zone whose parent says that it is signed, and that is not, is broken', async () => {
  const outside = madeUp(PLAIN, (_, type) =>
    type === 'DS' ? { status: 'answer', authoritative: true, others: [{ name: 'example.org', type: 'DS', data: '{}' }] } : null,
  )
  const seen = await assessed('example.org', outside)
  assert.equal(seen.dnssec.state, 'broken')
  assert.deepEqual(ranks(seen), ['block dnssec-broken'])
})

test('a signed zone of which the parent knows nothing is an island', async () => {
  const outside = madeUp(PLAIN, (_, type) =>
    type === 'DNSKEY' ? { status: 'answer', others: [{ name: 'example.org', type: 'DNSKEY', data: '{}' }] } : null,
  )
  assert.equal((await assessed('example.org', outside)).dnssec.state, 'island')
})

test('a host of DNS that takes no short TTL is named, with what that means', async () => {
  const seen = await assessed(
    'example.org',
    madeUp({ ...PLAIN, zones: { 'example.org': ['ns07.domaincontrol.com', 'ns08.domaincontrol.com'] } }),
  )
  assert.deepEqual([seen.hosts.dns?.name, seen.hosts.provider, ranks(seen)], ['GoDaddy', 'godaddy', ['warn lowest-ttl']])
})

test('SPF as a record of the dead type is told of', async () => {
  const outside = madeUp(PLAIN, (_, type) =>
    type === 'SPF' ? { status: 'answer', others: [{ name: 'example.org', type: 'SPF', data: '{}' }] } : null,
  )
  assert.deepEqual(ranks(await assessed('example.org', outside)), ['must-fix spf-old-type'])
})

test('a zone at a provider that nobody asks stands in the way; one that is asked in part is told of', () => {
  const code = (
    theirs: readonly string[],
    parent: readonly string[] | null,
    own: readonly string[] = [],
    name = 'example.org',
  ): string | undefined => {
    const found = dormantZone({ id: '1', name, nameServers: theirs }, { apex: 'example.org', parentNameServers: parent, nameServers: own })
    return found === null ? undefined : `${found.rank} ${found.code}`
  }
  const theirs = ['A.host.example.', 'b.host.example']
  assert.equal(code(theirs, ['a.host.example', 'b.host.example']), undefined)
  assert.equal(code(theirs, ['ns1.else.example']), 'block zone-dormant')
  assert.equal(code(theirs, ['a.host.example', 'ns1.else.example']), 'warn zone-partly-elsewhere')
  assert.equal(code(theirs, null, ['ns1.else.example']), 'block zone-dormant')
  assert.equal(code(theirs, ['a.host.example'], [], 'sub.example.org'), 'block zone-differs')
  assert.equal(code([], ['ns1.else.example']), undefined)
})
