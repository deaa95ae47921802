import { once } from 'node:events'
import dgram from 'node:dgram'
import dnsPacket from 'dns-packet'
import type { Answer, StringAnswer } from 'dns-packet'

export type DnsServer = AsyncDisposable & {
  /** As a resolver is written: "127.0.0.1:5353". */
  readonly address: string
  /** "A imap.example.test", in the order they were asked. */
  readonly asked: readonly string[]
}

/** For tests: a DNS server on loopback that knows these records and denies all other names. */
export async function dnsServer(records: readonly Answer[]): Promise<DnsServer> {
  const socket = dgram.createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (message, from) => {
    const query = dnsPacket.decode(message)
    const question = query.questions?.[0]
    if (question === undefined) return
    asked.push(`${question.type} ${question.name}`)
    const named = records.filter(({ name }) => name === question.name.toLowerCase())
    const answers = named.filter(({ type }) => type === question.type)
    const noSuchName = named.length === 0 ? 3 : 0
    const flags = dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE | noSuchName
    socket.send(dnsPacket.encode({ type: 'response', id: query.id ?? 0, flags, questions: [question], answers }), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    async [Symbol.asyncDispose]() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

export function a(name: string, data = '127.0.0.1'): StringAnswer {
  return { type: 'A', name, data }
}

export function srv(name: string, target: string, port: number, priority = 10): Answer {
  return { type: 'SRV', name, data: { target, port, priority, weight: 0 } }
}

export function mx(name: string, exchange: string, preference = 10): Answer {
  return { type: 'MX', name, data: { exchange, preference } }
}
