import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import dnsPacket from 'dns-packet'
import type { Answer, Packet } from 'dns-packet'

export type ZoneRecord = {
  readonly name: string
  readonly type: 'A' | 'AAAA' | 'CNAME' | 'MX' | 'TXT' | 'NS' | 'SRV' | 'TLSA' | 'CAA'
  /** As a zone file has it, without quotes: `10 mx.example.test` for MX. */
  readonly value: string
  readonly ttl?: number
}

export type ZoneServer = AsyncDisposable & {
  readonly address: string
  readonly port: number
  /** Their names. */
  readonly zones: readonly string[]
  /** Every question, in the order it came: `MX example.test`. */
  readonly asked: readonly string[]
  /** Takes the place of all records of these names and types; an empty value takes them away. */
  set(records: readonly ZoneRecord[]): void
  /** The values of one name and type. */
  values(name: string, type: ZoneRecord['type']): readonly string[]
  /** All records at and below a name. */
  records(zone: string): readonly Required<ZoneRecord>[]
  /** SERVFAIL for these names from now on. */
  fail(...names: readonly string[]): void
}

const TTL = 60

/**
 * A name server on 127.0.0.1, over UDP and TCP on one port, that knows its zones and nothing else; it answers as authority and, to who
 * asks for recursion, as resolver. A name below a zone that has no record is NXDOMAIN; one with records of other types has no data.
 */
export async function startZoneServer(zones: readonly string[], records: readonly ZoneRecord[] = []): Promise<ZoneServer> {
  const zone = new Zone(zones)
  zone.set(records)
  const [udp, tcp, port] = await bothPorts()
  const sockets = new Set<Socket>()
  udp.on('message', (message, from) => {
    const answer = zone.answer(message)
    if (answer === null) return
    const sent = answer.length > zone.udpBytes(message) ? zone.cut(message) : answer
    udp.send(sent, from.port, from.address)
  })
  tcp.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    let rest = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk])
      while (rest.length >= 2 && rest.length >= rest.readUInt16BE(0) + 2) {
        const length = rest.readUInt16BE(0)
        const answer = zone.answer(rest.subarray(2, length + 2))
        rest = rest.subarray(length + 2)
        if (answer === null) continue
        const head = Buffer.alloc(2)
        head.writeUInt16BE(answer.length)
        socket.write(Buffer.concat([head, answer]))
      }
    })
  })
  return {
    address: '127.0.0.1',
    port,
    zones,
    asked: zone.asked,
    set: (changed) => zone.set(changed),
    values: (name, type) => zone.values(name, type),
    records: (name) => zone.below(name),
    fail: (...names) => zone.failing.push(...names),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await Promise.all([new Promise<void>((done) => udp.close(done)), new Promise<void>((done) => tcp.close(() => done()))])
    },
  }
}

/** The same number for both, as resolvers expect it; taken by somebody else, another one is tried. */
async function bothPorts(): Promise<readonly [ReturnType<typeof createSocket>, ReturnType<typeof createServer>, number]> {
  for (let tries = 0; ; tries++) {
    const udp = createSocket('udp4')
    await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve))
    const { port } = udp.address()
    const tcp = createServer()
    const free = await new Promise<boolean>((resolve) => {
      tcp.once('error', () => resolve(false))
      tcp.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (free) return [udp, tcp, port]
    udp.close()
    if (tries > 20) throw new Error('no port is free for both UDP and TCP')
  }
}

class Zone {
  readonly asked: string[] = []
  readonly failing: string[] = []
  readonly #zones: readonly string[]
  #records: readonly Required<ZoneRecord>[] = []
  #serial = 1

  constructor(zones: readonly string[]) {
    this.#zones = zones.map((name) => name.toLowerCase()).toSorted((a, b) => b.length - a.length)
  }

  set(records: readonly ZoneRecord[]): void {
    const fresh = records.map((one) => ({ ttl: TTL, ...one, name: one.name.toLowerCase().replace(/\.$/, '') }))
    const kept = this.#records.filter((old) => !fresh.some(({ name, type }) => name === old.name && type === old.type))
    this.#records = [...kept, ...fresh.filter(({ value }) => value !== '')]
    this.#serial += 1
  }

  values(name: string, type: ZoneRecord['type']): readonly string[] {
    return this.#records.filter((one) => one.name === name.toLowerCase() && one.type === type).map(({ value }) => value)
  }

  below(zone: string): readonly Required<ZoneRecord>[] {
    return this.#records.filter(({ name }) => name === zone || name.endsWith(`.${zone}`))
  }

  udpBytes(message: Buffer): number {
    const opt = (read(message)?.additionals ?? []).find(({ type }) => type === 'OPT')
    return opt !== undefined && 'udpPayloadSize' in opt ? Math.max(512, opt.udpPayloadSize) : 512
  }

  /** So long that it has to be asked for again over TCP. */
  cut(message: Buffer): Buffer {
    const query = read(message)
    return dnsPacket.encode({
      type: 'response',
      id: query?.id ?? 0,
      flags: dnsPacket.AUTHORITATIVE_ANSWER | dnsPacket.TRUNCATED_RESPONSE,
      questions: query?.questions ?? [],
    })
  }

  answer(message: Buffer): Buffer | null {
    const query = read(message)
    const question = query?.questions?.[0]
    if (query === null || question === undefined) return null
    const name = question.name.toLowerCase().replace(/\.$/, '')
    this.asked.push(`${question.type} ${name}`)
    const zone = this.#zones.find((one) => name === one || name.endsWith(`.${one}`))
    const base = { type: 'response' as const, id: query.id ?? 0, questions: query.questions ?? [] }
    const flags = dnsPacket.AUTHORITATIVE_ANSWER | ((query.flags ?? 0) & dnsPacket.RECURSION_DESIRED) | dnsPacket.RECURSION_AVAILABLE
    if (this.failing.includes(name)) return dnsPacket.encode({ ...base, flags: flags | RCODE.serverFailed })
    if (zone === undefined) return dnsPacket.encode({ ...base, flags: RCODE.refused })
    const soa = this.#soa(zone)
    if (question.type === 'SOA' && name === zone) return dnsPacket.encode({ ...base, flags, answers: [soa] })
    const answers = this.#follow(name, question.type)
    const known = this.#records.some((one) => one.name === name || one.name.endsWith(`.${name}`)) || name === zone
    if (answers.length > 0) return dnsPacket.encode({ ...base, flags, answers })
    return dnsPacket.encode({ ...base, flags: flags | (known ? 0 : RCODE.noName), authorities: [soa] })
  }

  /** The chain of CNAMEs first, then what is at its end. */
  #follow(name: string, type: string): Answer[] {
    const answers: Answer[] = []
    for (let at = name, hops = 0; hops < 8; hops++) {
      const here = this.#records.filter((one) => one.name === at)
      const found = here.filter((one) => one.type === type)
      if (found.length > 0) return [...answers, ...found.map(wireRecord)]
      const [alias] = here.filter((one) => one.type === 'CNAME')
      if (alias === undefined) return answers
      answers.push(wireRecord(alias))
      at = alias.value.toLowerCase().replace(/\.$/, '')
    }
    return answers
  }

  #soa(zone: string): Answer {
    const serial = this.#serial
    const data = { mname: `ns1.${zone}`, rname: `hostmaster.${zone}`, serial, refresh: 3600, retry: 600, expire: 1_209_600, minimum: 60 }
    return { type: 'SOA', name: zone, ttl: TTL, data }
  }
}

const RCODE = { serverFailed: 2, noName: 3, refused: 5 } as const

function read(message: Buffer): Packet | null {
  try {
    return dnsPacket.decode(message)
  } catch {
    return null
  }
}

function wireRecord({ name, type, value, ttl }: Required<ZoneRecord>): Answer {
  const words = value.split(/\s+/)
  const number = (at: number): number => Number(words[at] ?? 0)
  const bare = (text: string): string => text.replace(/\.$/, '')
  if (type === 'MX') return { name, type, ttl, data: { preference: number(0), exchange: bare(words[1] ?? '') } }
  if (type === 'TXT') return { name, type, ttl, data: value.match(/.{1,255}/gs) ?? [''] }
  if (type === 'SRV')
    return { name, type, ttl, data: { priority: number(0), weight: number(1), port: number(2), target: bare(words[3] ?? '') } }
  if (type === 'CAA') return { name, type, ttl, data: { flags: number(0), tag: 'issue', value: words[2] ?? '' } }
  if (type === 'TLSA') {
    const certificate = Buffer.from(words[3] ?? '', 'hex')
    return { name, type, ttl, data: { usage: number(0), selector: number(1), matchingType: number(2), certificate } }
  }
  return { name, type, ttl, data: bare(value) }
}
