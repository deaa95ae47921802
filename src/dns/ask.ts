import { createSocket } from 'node:dgram'
import { randomInt } from 'node:crypto'
import dnsPacket from 'dns-packet'
import type { DecodedPacket, Answer as PacketRecord, Question } from 'dns-packet'
import { Failure } from '../model/failure.ts'
import type { DnsServer } from './dns-tcp.ts'
import { overTcp } from './dns-tcp.ts'
import { canonicalName, canonicalSet, RECORD_TYPES, type RecordSet, type RecordType } from './record-set.ts'
import { withStrings } from './txt-strings.ts'

/** `ANY`: all that stands at the name, of every type; some servers tell only a part (RFC 8482). */
export type QuestionType = RecordType | 'SOA' | 'DS' | 'DNSKEY' | 'SPF' | 'ANY' | OtherType
/** Types that are only asked for to know that they are there; SVCB, HTTPS and URI by their numbers. */
export type OtherType = 'SSHFP' | 'NAPTR' | 'PTR' | 'LOC' | 'RP' | 'DNAME' | 'UNKNOWN_64' | 'UNKNOWN_65' | 'UNKNOWN_256'

/**
 * What one server says. `no-data`: the name is there, a record of that type is not; `no-name`: the name is not there at all, nor
 * anything below it. `silent`: no answer within time, over UDP and TCP.
 */
export type Answer = {
  readonly status: 'answer' | 'no-data' | 'no-name' | 'refused' | 'server-failed' | 'silent'
  /** The server answers from its own zone, not from a cache. */
  readonly authoritative: boolean
  /** A resolver has checked the signatures of DNSSEC. */
  readonly authenticated: boolean
  /** In the order of the answer, a chain of CNAMEs first; of the types in RECORD_TYPES. */
  readonly sets: readonly RecordSet[]
  /** Where the answer has nothing: who is responsible instead (NS), with their addresses where they were told. */
  readonly referral: readonly RecordSet[]
  /** Of the zone that the name is in, where it was told. `negativeSeconds`: how long "not there" is remembered (RFC 2308 §5). */
  readonly soa: { readonly zone: string; readonly primary: string; readonly serial: number; readonly negativeSeconds: number } | null
  /** For types that are no RecordSet (PTR, DS, DNSKEY; at ANY all others): each record as JSON. */
  readonly others: readonly { readonly name: string; readonly type: string; readonly data: string }[]
}

export type AskOptions = {
  readonly signal: AbortSignal
  /** true: a resolver is to find out. false (the default): only what the server itself knows. */
  readonly recursion?: boolean
  readonly timeoutMs?: number
  readonly tries?: number
}

/** What most paths carry in one piece (DNS Flag Day 2020). */
const UDP_BYTES = 1232

/** Asks one server, over UDP and then over TCP where the answer was cut or none came. Never throws for what a server says or does not say. */
export async function ask(server: DnsServer, name: string, type: QuestionType, options: AskOptions): Promise<Answer> {
  const { signal, recursion = false, timeoutMs = 2000, tries = 3 } = options
  const question = { name: canonicalName(name), type, class: 'IN' as const }
  const encode = (): Buffer =>
    dnsPacket.encode({
      type: 'query',
      id: randomInt(65_536),
      flags: recursion ? dnsPacket.RECURSION_DESIRED : 0,
      // Its types have forgotten SPF (type 99), which old zones still have.
      questions: [question as Question],
      additionals: [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize: UDP_BYTES,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: recursion ? dnsPacket.DNSSEC_OK : 0,
          flag_do: recursion,
          options: [],
        },
      ],
    })
  for (let attempt = 0; attempt < tries; attempt++) {
    const query = encode()
    const reply = await overUdp(server, query, timeoutMs, signal)
    const read = reply === null ? null : decoded(reply, question)
    if (read !== null && !read.flag_tc) return answerOf(read, question.name, type)
    if (read !== null) break
  }
  try {
    const read = decoded(await overTcp(server, encode(), timeoutMs, signal), question)
    if (read !== null) return answerOf(read, question.name, type)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Failure)) throw error
  }
  return { status: 'silent', authoritative: false, authenticated: false, sets: [], referral: [], soa: null, others: [] }
}

async function overUdp(server: DnsServer, query: Buffer, timeoutMs: number, signal: AbortSignal): Promise<Buffer | null> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | null>()
  const socket = createSocket(server.address.includes(':') ? 'udp6' : 'udp4')
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => resolve(null), timeoutMs)
  socket.on('error', () => resolve(null))
  socket.on('message', (message) => {
    // Anything else is not for us, or forged.
    if (message.length >= 12 && message.readUInt16BE(0) === query.readUInt16BE(0)) resolve(message)
  })
  // Connected, so that only this server can answer, and a closed port is told at once.
  socket.connect(server.port, server.address, () => socket.send(query))
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    socket.close()
  }
}

/** null for what is no answer to this question. */
function decoded(message: Buffer, question: { readonly name: string; readonly type: string }): DecodedPacket | null {
  try {
    const packet = dnsPacket.decode(message)
    const [asked] = packet.questions ?? []
    const same = asked === undefined || (asked.name.toLowerCase() === question.name && asked.type === question.type)
    return packet.type === 'response' && same ? packet : null
  } catch {
    return null
  }
}

const CODES: Readonly<Record<string, Answer['status']>> = {
  NOERROR: 'no-data',
  NXDOMAIN: 'no-name',
  REFUSED: 'refused',
  NOTAUTH: 'refused',
}

function answerOf(packet: DecodedPacket, name: string, type: QuestionType): Answer {
  const answers = packet.answers ?? []
  const authorities = packet.authorities ?? []
  // The name of a CNAME's target stands for the name that was asked.
  const found = answers.some((record) => record.type === type)
  const soa = [...answers, ...authorities].find((record) => record.type === 'SOA')
  const code = 'rcode' in packet && typeof packet.rcode === 'string' ? packet.rcode : 'SERVFAIL'
  return {
    status: found || (code === 'NOERROR' && answers.length > 0) ? 'answer' : (CODES[code] ?? 'server-failed'),
    authoritative: packet.flag_aa,
    authenticated: packet.flag_ad,
    sets: setsOf(answers),
    referral: setsOf([...authorities.filter((record) => record.type === 'NS'), ...(packet.additionals ?? [])]),
    soa:
      soa?.type === 'SOA'
        ? {
            zone: canonicalZone(soa.name),
            primary: soa.data.mname.toLowerCase(),
            serial: soa.data.serial ?? 0,
            negativeSeconds: Math.min(soa.ttl ?? 0, soa.data.minimum ?? 0),
          }
        : null,
    others: answers
      .filter((record) => (record.type === type || type === 'ANY') && !isRecordType(record.type))
      .map((record) => ({ name, type: record.type, data: 'data' in record ? JSON.stringify(record.data) : '' })),
  }
}

/** Records of one name and type together, as the set that they are; its time to live is the shortest (RFC 2181 §5.2). */
export function setsOf(records: readonly PacketRecord[]): readonly RecordSet[] {
  const sets = new Map<string, RecordSet>()
  for (const record of records) {
    if (!isRecordType(record.type) || !('ttl' in record)) continue
    const { type } = record
    const data = dataOf(record)
    if (data === null) continue
    const name = writable(record.name).toLowerCase()
    const key = `${name} ${type}`
    const same = sets.get(key)
    const ttlSeconds = Math.min(record.ttl ?? 0, same?.ttlSeconds ?? Infinity)
    const held = record.type === 'TXT' ? withStrings(same?.held, [record.data].flat().map(latin1)) : undefined
    sets.set(key, canonicalOrRaw({ name, type, ttlSeconds, data: [...(same?.data ?? []), data], ...(held === undefined ? {} : { held }) }))
  }
  return [...sets.values()]
}

function dataOf(record: PacketRecord): string | null {
  if (record.type === 'A' || record.type === 'AAAA' || record.type === 'CNAME' || record.type === 'NS') return writable(record.data)
  if (record.type === 'TXT') return [record.data].flat().map(latin1).join('')
  if (record.type === 'MX') return `${record.data.preference ?? 0} ${rooted(record.data.exchange)}`
  if (record.type === 'SRV') {
    const { priority = 0, weight = 0, port, target } = record.data
    return `${priority} ${weight} ${port} ${rooted(target)}`
  }
  if (record.type === 'CAA') {
    const { flags, issuerCritical, tag, value } = record.data
    return `${flags ?? (issuerCritical === true ? 128 : 0)} ${tag} "${value}"`
  }
  if (record.type === 'TLSA') {
    const { usage, selector, matchingType, certificate } = record.data
    return `${usage} ${selector} ${matchingType} ${certificate.toString('hex')}`
  }
  return null
}

/** The root, which stands for "none" in MX and SRV, is decoded as nothing. */
function rooted(name: string): string {
  return name === '' ? '.' : writable(name)
}

/** A name may hold any byte; what would end a word or is no ASCII is written as zone files do (RFC 1035 §5.1). */
function writable(name: string): string {
  const odd = (char: string): string => [...Buffer.from(char)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')
  return name.replaceAll(/[^\u0021-\u007e]|["\\]/gu, odd)
}

/** What no zone file could hold either is told as it came. */
function canonicalOrRaw(set: RecordSet): RecordSet {
  try {
    return canonicalSet(set)
  } catch (error) {
    if (error instanceof Failure) return set
    throw error
  }
}

function latin1(part: string | Buffer): string {
  return typeof part === 'string' ? part : part.toString('latin1')
}

function isRecordType(type: string): type is RecordType {
  return RECORD_TYPES.some((one) => one === type)
}

function canonicalZone(name: string): string {
  return name === '.' || name === '' ? '.' : writable(name).toLowerCase()
}
