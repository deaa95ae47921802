/** The name server of a stand-in, on loopback: what the world is told, over UDP. */
import { createSocket } from 'node:dgram'
import dnsPacket, { type Answer as PacketRecord } from 'dns-packet'
import type { StubRecord } from './stub-zone.ts'

/** Of other types it has nothing, though the name is there. */
const SPOKEN = 'A AAAA CNAME MX TXT NS SRV CAA TLSA DNSKEY'.split(' ')

export type StubNames = AsyncDisposable & { readonly address: string }

/** `records`: asked anew for each question, which may look like a stale reading. */
export async function startNames(zone: string, records: () => readonly StubRecord[]): Promise<StubNames> {
  const socket = createSocket('udp4')
  socket.on('message', (message, from) => {
    const query = dnsPacket.decode(message)
    const [question] = query.questions ?? []
    const name = (question?.name ?? '').toLowerCase()
    const all = records()
    const at = (owner: string): readonly StubRecord[] => all.filter((one) => one.name === owner)
    const isThere = all.some((one) => one.name === name || one.name.endsWith(`.${name}`))
    const here = isThere ? at(name) : at(`*.${name.split('.').slice(1).join('.')}`)
    const told = here
      .filter(({ type }) => SPOKEN.includes(type))
      .filter(({ type }) => type === 'CNAME' || type === question?.type || String(question?.type) === 'ANY')
    const reply = dnsPacket.encode({
      type: 'response',
      id: query.id ?? 0,
      // Authoritative; the code of "no such name".
      flags: dnsPacket.AUTHORITATIVE_ANSWER | (isThere || here.length > 0 ? 0 : 3),
      questions: query.questions ?? [],
      answers: told.map((one) => packetOf({ ...one, name })),
      authorities: [
        {
          type: 'SOA',
          name: zone,
          ttl: 3600,
          data: { mname: `ns1.${zone}`, rname: `root.${zone}`, serial: 1, minimum: 60 },
        },
      ],
    })
    socket.send(reply, from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${socket.address().port}`,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        socket.close(() => resolve())
      })
    },
  }
}

function packetOf({ name, type, ttl, data }: StubRecord): PacketRecord {
  const bare = (at: number): string => (data[at] ?? '').replace(/\.$/, '')
  const number = (at: number): number => Number(data[at])
  const wire: Readonly<Record<string, () => unknown>> = {
    TXT: () => data.map((one) => Buffer.from(one, 'latin1')),
    MX: () => ({ preference: number(0), exchange: bare(1) }),
    SRV: () => ({ priority: number(0), weight: number(1), port: number(2), target: bare(3) }),
    CAA: () => ({ flags: number(0), tag: data[1], value: data.slice(2).join(' ').replaceAll('"', '') }),
    DNSKEY: () => ({ flags: 257, algorithm: 13, key: Buffer.from('key') }),
    TLSA: () => ({ usage: number(0), selector: number(1), matchingType: number(2), certificate: Buffer.from(data[3] ?? '', 'hex') }),
  }
  return { name, type, ttl, class: 'IN', data: wire[type]?.() ?? bare(0) } as PacketRecord
}
