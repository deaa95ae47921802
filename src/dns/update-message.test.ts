import assert from 'node:assert/strict'
import { Resolver } from 'node:dns/promises'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { needs } from '../../test/servers/available.ts'
import { startBind, type NameServer } from '../../test/servers/bind.ts'
import { startKnot } from '../../test/servers/knot.ts'
import { UPDATE_KEY, type Zone } from '../../test/servers/zone.ts'
import { overTcp } from './dns-tcp.ts'
import type { RecordSet } from './record-set.ts'
import { signed, tsigKey, verdict, type TsigKey } from './tsig.ts'
import { updateMessage, type Swap } from './update-message.ts'

const ZONE: Zone = {
  name: 'cutover.test',
  records: ['@ IN MX 10 mx.old.test.', '@ IN TXT "v=spf1 mx -all"', '@ IN TXT "other-token=1"', 'autodiscover IN A 127.0.0.11'],
  mayUpdate: { '@': ['MX', 'TXT'], autodiscover: ['CNAME', 'A', 'AAAA'], '_sip._tls': ['SRV'], mail: ['A'] },
}
const KEY = tsigKey(`${UPDATE_KEY.algorithm}:${UPDATE_KEY.name}:${UPDATE_KEY.secret}`)
const set = (name: string, type: RecordSet['type'], data: readonly string[], ttlSeconds = 300): RecordSet => ({
  name,
  type,
  ttlSeconds,
  data,
})
const swap = (before: RecordSet | null, after: RecordSet | null): Swap => {
  const one = before ?? after
  assert.ok(one)
  return { name: one.name, type: one.type, before, after }
}
const OLD_MX = set('cutover.test', 'MX', ['10 mx.old.test'])
const NEW_MX = set('cutover.test', 'MX', ['0 cutover-test.mail.protection.outlook.com'])

async function update(server: NameServer, swaps: readonly Swap[], key: TsigKey = KEY, now = Date.now()) {
  const { wire, mac } = signed(updateMessage(4711, 'cutover.test', swaps), key, now)
  const answer = await overTcp({ address: server.host, port: server.port }, wire, 5000, new AbortController().signal)
  return { code: answer.readUInt16BE(2) & 15, ...verdict(answer, mac, key, Date.now()) }
}

function resolver({ port }: NameServer): Resolver {
  const one = new Resolver()
  one.setServers([`127.0.0.1:${port}`])
  return one
}

for (const [name, start] of [
  ['bind', startBind],
  ['knot', startKnot],
] as const)
  test(`T32 ${name}: an update changes all sets in one go, and nothing where one is not as it was`, { skip: needs(name) }, async () => {
    await using server = await start([ZONE])
    const dns = resolver(server)
    const long = `v=spf1 ip4:192.0.2.9 ${'include:_spf.sender.example '.repeat(14)}"quoted" \\ -all`
    const text = set('cutover.test', 'TXT', ['v=spf1 mx -all', 'other-token=1'])
    const done = await update(server, [
      swap(OLD_MX, NEW_MX),
      swap(text, set('cutover.test', 'TXT', [long, 'other-token=1'])),
      swap(set('autodiscover.cutover.test', 'A', ['127.0.0.11']), null),
      swap(null, set('autodiscover.cutover.test', 'CNAME', ['autodiscover.outlook.com'])),
      swap(null, set('_sip._tls.cutover.test', 'SRV', ['100 1 443 sipdir.online.example'])),
    ])
    assert.deepEqual(done, { code: 0, trusted: true })
    const [mx, ...more] = await dns.resolveMx('cutover.test')
    assert.deepEqual([mx?.priority, mx?.exchange, more.length], [0, 'cutover-test.mail.protection.outlook.com', 0])
    assert.deepEqual((await dns.resolveTxt('cutover.test')).map((strings) => strings.join('')).toSorted(), ['other-token=1', long])
    assert.deepEqual(await dns.resolveCname('autodiscover.cutover.test'), ['autodiscover.outlook.com'])
    assert.equal((await dns.resolveSrv('_sip._tls.cutover.test'))[0]?.port, 443)
    // NXRRSET: what was expected there is gone. Neither of the two is changed.
    const stale = await update(server, [swap(OLD_MX, null), swap(set('cutover.test', 'TXT', [long, 'other-token=1']), null)])
    assert.deepEqual(stale, { code: 8, trusted: true })
    assert.equal((await dns.resolveTxt('cutover.test')).length, 2)
    // A part of a set is not the set.
    assert.equal((await update(server, [swap(set('cutover.test', 'TXT', ['other-token=1']), null)])).code, 8)
    // Another time to live for the same records is a change too.
    const address = set('mail.cutover.test', 'A', ['127.0.0.12'])
    await update(server, [swap(null, address)])
    assert.deepEqual(await update(server, [swap(address, { ...address, ttlSeconds: 60 })]), { code: 0, trusted: true })
    const [again] = await dns.resolve4('mail.cutover.test', { ttl: true })
    assert.deepEqual([again?.address, again?.ttl], ['127.0.0.12', 60])
  })

for (const [name, start] of [
  ['bind', startBind],
  ['knot', startKnot],
] as const)
  test(
    `T32 ${name}: a wrong key, a wrong secret, a wrong clock and a name that may not be changed are told apart`,
    { skip: needs(name) },
    async () => {
      await using server = await start([ZONE])
      const other = tsigKey(`hmac-sha256:stranger:${UPDATE_KEY.secret}`)
      const forged = tsigKey(`hmac-sha256:${UPDATE_KEY.name}:${Buffer.from('another secret of thirty-two byte').toString('base64')}`)
      const swaps = [swap(OLD_MX, NEW_MX)]
      assert.deepEqual(await update(server, swaps, other), { code: 9, trusted: false, why: 'BADKEY' })
      assert.deepEqual(await update(server, swaps, forged), { code: 9, trusted: false, why: 'BADSIG' })
      const late = await update(server, swaps, KEY, Date.now() - 3_600_000)
      assert.ok(!late.trusted && late.why === 'BADTIME' && Math.abs(late.serverTimeMs - Date.now()) < 60_000, JSON.stringify(late))
      const outside = await update(server, [swap(null, set('www.cutover.test', 'A', ['192.0.2.1']))])
      assert.ok(outside.code === 5 || outside.code === 9, `code ${outside.code}`)
      assert.equal((await resolver(server).resolveMx('cutover.test'))[0]?.exchange, 'mx.old.test')
    },
  )

test('T32 an answer that is unsigned, forged, old or of another request is not trusted', () => {
  const now = Date.UTC(2026, 10, 20)
  const request = signed(updateMessage(1, 'cutover.test', []), KEY, now)
  const bare = Buffer.from(updateMessage(1, 'cutover.test', []))
  assert.deepEqual(verdict(bare, request.mac, KEY, now), { trusted: false, why: 'absent' })
  assert.deepEqual(verdict(request.wire, request.mac, KEY, now), { trusted: false, why: 'forged' })
  fc.assert(
    fc.property(fc.nat(request.wire.length), fc.nat(request.wire.length - 1), fc.nat(255), (length, at, byte) => {
      const spoilt = Buffer.from(request.wire)
      spoilt[at] = byte
      assert.equal(verdict(spoilt.subarray(0, length), request.mac, KEY, now).trusted, false)
    }),
  )
})

test('a key is read as nsupdate takes it, and a wrong one is told without its secret', () => {
  assert.equal(tsigKey('hmac-sha512:a.key:c2VjcmV0').algorithm, 'hmac-sha512')
  assert.throws(() => tsigKey('hmac-md5:a:c2VjcmV0'), /hmac-sha256/)
  assert.throws(
    () => tsigKey('c2VjcmV0LW9ubHk='),
    (error) => error instanceof Error && !error.message.includes('c2VjcmV0'),
  )
})
