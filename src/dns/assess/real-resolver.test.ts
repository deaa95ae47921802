import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs } from '../../../test/servers/available.ts'
import { startBind, type NameServer } from '../../../test/servers/bind.ts'
import { startUnbound } from '../../../test/servers/unbound.ts'
import { ask } from '../ask.ts'
import type { DnsServer } from '../dns-tcp.ts'
import { assessed, outsideOn, ranks } from './assess.fixture.ts'
import type { Assessment } from './assessment.ts'

const at = ({ port }: NameServer): DnsServer => ({ address: '127.0.0.1', port })
const skip = needs('bind') || needs('unbound')

test('T4 real wildcards give neither keys nor autodiscover, and are told of', { skip: needs('bind') }, async () => {
  const records = [
    '* IN A 127.0.0.80',
    '* IN MX 10 catch.all.test.',
    '* IN TXT "v=DKIM1; p=WILD"',
    '@ IN MX 10 mx.cutover.test.',
    'mx IN A 127.0.0.9',
  ]
  await using server = await startBind([{ name: 'cutover.test', records }])
  const seen = await assessed('cutover.test', outsideOn({ given: [at(server)] }))
  assert.deepEqual(
    [seen.dkim, seen.clients.autodiscover, seen.clients.hosts.map(({ name }) => name), seen.subdomainMail],
    [[], [], ['mx.cutover.test'], []],
  )
  assert.deepEqual(
    seen.wildcard.map(({ name, type }) => `${name} ${type}`),
    ['*.cutover.test A', '*.cutover.test MX', '*.cutover.test TXT'],
  )
  assert.ok(ranks(seen).includes('warn wildcard'))
})

/** BIND makes its key and signs after it has loaded: one step of the serial each. */
async function keyOf(
  server: NameServer,
): Promise<{ readonly algorithm: number; readonly key: { readonly data: readonly number[] } } | undefined> {
  const { signal } = new AbortController()
  for (const until = performance.now() + 10_000; performance.now() < until;) {
    const { soa } = await ask(at(server), 'cutover.test', 'SOA', { signal })
    if ((soa?.serial ?? 0) < 2026010102) continue
    const keys = await ask(at(server), 'cutover.test', 'DNSKEY', { signal })
    return keys.others.map(({ data }) => JSON.parse(data)).find(({ flags }) => flags === 257)
  }
  return undefined
}

test('a signed zone is told from a broken one by a resolver that checks', { skip }, async () => {
  await using server = await startBind([{ name: 'cutover.test', records: ['@ IN MX 10 mx', 'mx IN A 127.0.0.9'], signed: true }])
  const key = await keyOf(server)
  assert.ok(key !== undefined, server.output())
  const text = Buffer.from(key.key.data).toString('base64')
  const assessedBy = async (anchor: string): Promise<Assessment> => {
    await using resolver = await startUnbound([{ name: 'cutover.test', port: server.port, anchor }])
    // The parent is the resolver here: it says that the zone is signed.
    const outside = outsideOn({ given: [at(server)], resolvers: [at(resolver)] })
    return await assessed('cutover.test', {
      ...outside,
      ask: async (where, name, type, options) => {
        const answer = await outside.ask(where, name, type, options)
        return type === 'DS' ? { ...answer, status: 'answer', others: [{ name, type, data: '{"keyTag":1}' }] } : answer
      },
    })
  }
  const good = await assessedBy(`cutover.test. IN DNSKEY 257 3 ${key.algorithm} ${text}`)
  assert.deepEqual(good.dnssec, { state: 'signed', validated: true })
  const bad = await assessedBy(`cutover.test. IN DS 12345 ${key.algorithm} 2 ${'ab'.repeat(32)}`)
  assert.deepEqual(bad.dnssec, { state: 'broken', validated: false })
  assert.ok(ranks(bad).includes('block dnssec-broken'))
})
