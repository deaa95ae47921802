import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { test } from 'node:test'
import { needs } from '../../test/servers/available.ts'
import { startBind, type NameServer } from '../../test/servers/bind.ts'
import { startKnot } from '../../test/servers/knot.ts'
import type { Zone } from '../../test/servers/zone.ts'
import { ask, type QuestionType } from './ask.ts'

const LONG = `v=spf1 ${'ip4:192.0.2.1 '.repeat(60)}-all`
const ZONE: Zone = {
  name: 'cutover.test',
  records: [
    '@ 300 IN MX 10 Mx1.OLD.test.',
    '@ 300 IN MX 20 mx2.old.test.',
    `@ IN TXT ${
      LONG.match(/.{1,200}/g)
        ?.map((part) => JSON.stringify(part))
        .join(' ') ?? ''
    }`,
    '@ IN TXT "plain; \\"quoted\\" \\\\ \\195\\188"',
    '@ IN CAA 0 issue "ca.example"',
    '_25._tcp.mx IN TLSA 3 1 1 0d6fce3320e2b1a5a6d7a5a6d7a5a6d70d6fce3320e2b1a5a6d7a5a6d7a5a6d7',
    '_imaps._tcp IN SRV 0 1 993 imap.old.test.',
    '_pop3s._tcp IN SRV 0 0 0 .',
    'autodiscover IN CNAME target.cutover.test.',
    'target IN A 192.0.2.7',
    'deep.under IN A 192.0.2.8',
  ],
}
const asking = (server: NameServer, name: string, type: QuestionType) =>
  ask({ address: server.host, port: server.port }, name, type, { signal: new AbortController().signal })

for (const [name, start] of [
  ['bind', startBind],
  ['knot', startKnot],
] as const)
  test(`${name}: every kind of record is read whole, also what UDP has no room for`, { skip: needs(name) }, async () => {
    await using server = await start([ZONE])
    const mx = await asking(server, 'CUTOVER.test', 'MX')
    assert.deepEqual([mx.status, mx.authoritative], ['answer', true])
    assert.deepEqual(mx.sets, [{ name: 'cutover.test', type: 'MX', ttlSeconds: 300, data: ['10 mx1.old.test', '20 mx2.old.test'] }])
    const txt = await asking(server, 'cutover.test', 'TXT')
    assert.deepEqual(txt.sets[0]?.data, ['plain; "quoted" \\ \u00c3\u00bc', LONG])
    const all = await Promise.all(
      (
        [
          ['cutover.test', 'CAA'],
          ['_25._tcp.mx.cutover.test', 'TLSA'],
          ['_imaps._tcp.cutover.test', 'SRV'],
          ['_pop3s._tcp.cutover.test', 'SRV'],
        ] as const
      ).map(async ([at, type]) => (await asking(server, at, type)).sets[0]?.data[0]),
    )
    assert.deepEqual(all, [
      '0 issue "ca.example"',
      '3 1 1 0d6fce3320e2b1a5a6d7a5a6d7a5a6d70d6fce3320e2b1a5a6d7a5a6d7a5a6d7',
      '0 1 993 imap.old.test',
      '0 0 0 .',
    ])
    const chain = await asking(server, 'autodiscover.cutover.test', 'A')
    assert.deepEqual(
      chain.sets.map(({ type, data }) => `${type} ${data.join()}`),
      ['CNAME target.cutover.test', 'A 192.0.2.7'],
    )
  })

for (const [name, start] of [
  ['bind', startBind],
  ['knot', startKnot],
] as const)
  test(
    `${name}: a name without such a record, a name that is not there and a foreign zone are three things`,
    { skip: needs(name) },
    async () => {
      await using server = await start([ZONE])
      const [nothing, empty, missing, foreign] = await Promise.all([
        asking(server, 'target.cutover.test', 'MX'),
        asking(server, 'under.cutover.test', 'A'),
        asking(server, 'not-there.cutover.test', 'A'),
        asking(server, 'elsewhere.example', 'A'),
      ])
      assert.deepEqual([nothing.status, empty.status, missing.status, foreign.status], ['no-data', 'no-data', 'no-name', 'refused'])
      assert.deepEqual([missing.soa?.zone, missing.soa?.serial, missing.soa?.negativeSeconds], ['cutover.test', 2026010100, 60])
      assert.equal((await asking(server, 'cutover.test', 'SOA')).soa?.primary, 'ns1.cutover.test')
    },
  )

test('a server that says nothing, sends garbage or answers another question is silent, within the time allowed', async () => {
  const socket = createSocket('udp4')
  let asked = 0
  socket.on('message', (message, from) => {
    asked++
    // Garbage, then somebody else's answer; both with the right id.
    const answer = asked === 1 ? Buffer.concat([message.subarray(0, 2), Buffer.alloc(30, 0xc0)]) : Buffer.from(message)
    if (asked === 2) {
      answer[2] = 0x80
      answer[13] = 'x'.charCodeAt(0)
    }
    if (asked <= 2) socket.send(answer, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  const options = { signal: new AbortController().signal, timeoutMs: 100 }
  assert.equal((await ask({ address: '127.0.0.1', port }, 'cutover.test', 'MX', options)).status, 'silent')
  assert.equal(asked, 3)
  socket.close()
  assert.equal((await ask({ address: '127.0.0.1', port }, 'cutover.test', 'MX', options)).status, 'silent')
  await assert.rejects(
    ask({ address: '127.0.0.1', port }, 'cutover.test', 'MX', { ...options, signal: AbortSignal.abort(new Error('stop')) }),
    /stop/,
  )
})
