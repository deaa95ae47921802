import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { test } from 'node:test'
import dnsPacket, { type Answer as PacketRecord } from 'dns-packet'
import { mergeSpf } from '../spf/merge.ts'
import { assessed, outsideOn, ranks } from './assess.fixture.ts'

test('records that name what no name can be are told and judged, and end nothing', async () => {
  const name = 'cutover.test'
  const odd = [
    'two words.example.test',
    'quo"ted.example.test',
    'n\u00fcll.example.test',
    'back\\slash.test',
    '\u0000.test',
    `${'\u00e9'.repeat(30)}.test`,
  ]
  const soa: PacketRecord = { type: 'SOA', name, ttl: 60, data: { mname: `ns.${name}`, rname: `a.${name}`, serial: 1 } }
  const records: readonly PacketRecord[] = [
    ...odd.map((exchange) => ({ type: 'MX' as const, name, ttl: 60, data: { exchange, preference: 10 } })),
    ...odd.map((target) => ({ type: 'NS' as const, name, ttl: 60, data: target })),
    { type: 'TXT', name, ttl: 60, data: ['v=spf1 include:"quoted".test include:a..b include:. mx:a..b exists:%{ a:%{d}..x -all'] },
    { type: 'SRV', name: `_imaps._tcp.${name}`, ttl: 60, data: { target: 'two words.test', port: 1 } },
    { type: 'CNAME', name: `autodiscover.${name}`, ttl: 60, data: 'two words.test' },
    { type: 'TXT', name: `_dmarc.${name}`, ttl: 60, data: ['v=DMARC1; p=none; rua=mailto:x@a..b,mailto:x@"'] },
  ]
  const socket = createSocket('udp4')
  socket.on('message', (message, from) => {
    const query = dnsPacket.decode(message)
    const [question] = query.questions ?? []
    if (question === undefined) return
    const found = [...records, soa].filter((one) => one.name === question.name && (one.type === question.type || one.type === 'CNAME'))
    const flags = dnsPacket.AUTHORITATIVE_ANSWER | (found.length === 0 && question.name !== name ? 3 : 0)
    const answer = {
      type: 'response' as const,
      id: query.id ?? 0,
      flags,
      questions: [question],
      answers: found,
      authorities: found.length > 0 ? [] : [soa],
    }
    socket.send(dnsPacket.encode(answer), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  try {
    const seen = await assessed(name, outsideOn({ given: [{ address: '127.0.0.1', port: socket.address().port }] }))
    assert.equal(seen.mail.exchangers.length, odd.length)
    assert.ok(seen.mail.exchangers.some(({ host }) => host === String.raw`two\032words.example.test`))
    assert.ok(ranks(seen).includes('info autodiscover-old'))
    assert.ok(mergeSpf(seen.spf.records, { domain: name, include: 'spf.example.test', oldMx: [], trees: seen.spf.trees }).notes.length >= 0)
  } finally {
    socket.close()
  }
})
