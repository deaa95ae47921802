import { randomInt } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Context } from '../../lib/context.ts'
import { Failure } from '../../model/failure.ts'
import { Secret } from '../../model/secret.ts'
import { ask } from '../ask.ts'
import { overTcp, type DnsServer } from '../dns-tcp.ts'
import type { DnsProvider, Settings, Zones } from '../provider.ts'
import { canonicalName, RECORD_TYPES, type RecordSet, type RecordType } from '../record-set.ts'
import { signed, tsigKey, verdict, type TsigKey } from '../tsig.ts'
import { presenceMessage, updateMessage, type Swap } from '../update-message.ts'
import { unknownAt } from '../unknown-types.ts'
import { looksWild } from '../wildcards.ts'

const TIMEOUT_MS = 5000

/** Any name server that takes dynamic updates with a key: BIND, Knot, PowerDNS, NSD's companions, Windows with TSIG. */
export const rfc2136: DnsProvider = {
  name: 'rfc2136',
  title: 'the name server (RFC 2136)',
  nameServers: [],
  settings: [
    { key: 'server', label: 'Primary name server', secret: false, required: true, hint: 'ns1.example.org or 192.0.2.53:53' },
    { key: 'zone', label: 'Zone', secret: false, required: true, hint: 'example.org' },
    { key: 'key', label: 'TSIG key', secret: true, required: true, hint: 'hmac-sha256:name:base64' },
  ],
  can: {
    automatic: true,
    atomic: 'zone',
    compareAndSet: 'native',
    lowestTtlSeconds: 0,
    highestTtlSeconds: 2_147_483_647,
    types: RECORD_TYPES,
    longestTxtBytes: null,
  },
  about: {
    rights: 'A TSIG key (hmac-sha256 or better) that may update MX and TXT of the zone, and autodiscover and _domainkey below it.',
    notes: [
      'Give the primary, also where it is hidden: secondaries take no updates.',
      "Several sets change in one message, or none of them; somebody else's change in between is noticed by the server itself.",
    ],
    tested: 'real server',
  },
  open(settings, ctx) {
    const zone = canonicalName(text(settings, 'zone'))
    const key = tsigKey(text(settings, 'key'))
    const place = serverPlace(text(settings, 'server'))
    let known: Promise<DnsServer> | null = null
    const server = (): Promise<DnsServer> => (known ??= addressOf(place))
    return zonesOf(zone, key, server, ctx)
  },
}

function zonesOf(zone: string, key: TsigKey, server: () => Promise<DnsServer>, ctx: Context): Zones {
  const { signal } = ctx
  return {
    async list() {
      const answer = await ask(await server(), zone, 'SOA', { signal })
      if (answer.status === 'silent')
        throw new Failure('connection-timeout', `The name server does not answer about ${zone}.`, { notDone: true })
      if (!answer.authoritative || answer.soa?.zone !== zone)
        throw new Failure('zone-refused', `The name server has no zone ${zone} of its own.`, { notDone: true })
      return [{ id: zone, name: zone }]
    },
    async read(_, wanted) {
      const at = await server()
      const known = new Map<string, Promise<RecordSet | null>>()
      const asked = async (name: string, type: RecordType): Promise<RecordSet | null> => {
        const answer = await ask(at, name, type, { signal })
        if (answer.status === 'silent' || answer.status === 'server-failed' || !answer.authoritative)
          throw new Failure('server-unavailable', `The name server gives no answer of its own about ${name} ${type}.`, { notDone: true })
        // A CNAME that stands there instead is not the set that was asked for.
        return answer.sets.find((set) => set.name === canonicalName(name) && set.type === type) ?? null
      }
      const once = (name: string, type: RecordType): Promise<RecordSet | null> => {
        const key = `${name} ${type}`
        const found = known.get(key) ?? asked(name, type)
        known.set(key, found)
        return found
      }
      const each = await Promise.all(
        wanted.map(async ({ name, type }) => {
          const set = await once(name, type)
          if (set === null || !(await looksWild(set, zone, once))) return set
          return (await standsThere(zone, key, at, set, ctx)) ? set : null
        }),
      )
      // Only there a type that is not known to us would be in the way.
      const aliases = [...new Set(wanted.filter(({ name, type }) => type === 'CNAME' && name !== zone).map(({ name }) => name))]
      const opaque = await Promise.all(aliases.map((name) => unknownAt(canonicalName(name), zone, at, signal)))
      return { sets: each.flatMap((set) => (set === null ? [] : [set])), opaque: opaque.flat() }
    },
    write: async (_, swaps) => send(zone, key, await server(), swaps, ctx),
    backup: () => Promise.resolve(null),
  }
}

/** What a wildcard says is no set that an update could name. */
async function standsThere(zone: string, key: TsigKey, server: DnsServer, set: RecordSet, ctx: Context): Promise<boolean> {
  const { wire, mac } = signed(presenceMessage(randomInt(65_536), zone, set), key, ctx.clock.now())
  const answer = await overTcp(server, wire, TIMEOUT_MS, ctx.signal)
  return !verdict(answer, mac, key, ctx.clock.now()).trusted || ![3, 8].includes(answer.readUInt16BE(2) & 15)
}

/** RFC 2136 §2.2 and RFC 8945 §5.2, as BIND and Knot use them: outside of what a key may do one says REFUSED, the other NOTAUTH. */
const REFUSALS: Readonly<Record<number, readonly [code: 'record-changed' | 'zone-refused' | 'server-unavailable', says: string]>> = {
  1: ['zone-refused', 'could not read the update'],
  2: ['server-unavailable', 'failed inside'],
  5: ['zone-refused', 'does not let this key change these records'],
  6: ['record-changed', 'has a name that was not there'],
  7: ['record-changed', 'has a set that was not there'],
  8: ['record-changed', 'has another set there than was read'],
  9: ['zone-refused', 'is not responsible for the zone, or does not let this key change these records'],
  10: ['zone-refused', 'has these names in another zone'],
}

async function send(zone: string, key: TsigKey, server: DnsServer, swaps: readonly Swap[], ctx: Context): Promise<void> {
  const { wire, mac } = signed(updateMessage(randomInt(65_536), zone, swaps), key, ctx.clock.now())
  const answer = await overTcp(server, wire, TIMEOUT_MS, ctx.signal)
  const code = answer.readUInt16BE(2) & 15
  const found = verdict(answer, mac, key, ctx.clock.now())
  if (!found.trusted) throw untrusted(found, ctx.clock.now())
  if (code === 0) return
  const [failure, says] = REFUSALS[code] ?? ['zone-refused', `refused the update (code ${code})`]
  throw new Failure(failure, `The name server ${says}.`, { notDone: true })
}

function untrusted(found: Exclude<ReturnType<typeof verdict>, { trusted: true }>, nowMs: number): Failure {
  if (found.why === 'BADTIME') {
    const minutes = Math.round((found.serverTimeMs - nowMs) / 60_000)
    return new Failure(
      'zone-refused',
      `The clocks are ${Math.abs(minutes)} minutes apart: set the one of this machine or of the name server.`,
      {
        notDone: true,
      },
    )
  }
  if (found.why === 'BADKEY') return new Failure('zone-refused', 'The name server does not know a key of this name.', { notDone: true })
  if (found.why === 'BADSIG')
    return new Failure('zone-refused', 'The secret of the key is not the one the name server has.', { notDone: true })
  // It may be forged, and the real one be lost: then the update may have been done.
  return new Failure('answer-unreadable', `The answer of the name server is not signed as it must be (${found.why}).`)
}

function text(settings: Settings, name: string): string {
  const value = settings[name]
  const given = value instanceof Secret ? value.reveal() : (value ?? '')
  if (given.trim() === '') throw new Failure('bad-input', `The DNS provider rfc2136 needs "${name}".`)
  return given.trim()
}

function serverPlace(given: string): DnsServer {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(given)
  const [, host = given, port = '53'] = bracketed ?? (isIP(given) === 6 ? [given, given] : (/^([^:]+)(?::(\d+))?$/.exec(given) ?? []))
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535 || host === '')
    throw new Failure('bad-input', `"${given}" is no name server: write ns1.example.org or 192.0.2.53:53.`)
  return { address: host, port: Number(port) }
}

async function addressOf({ address, port }: DnsServer): Promise<DnsServer> {
  if (isIP(address) !== 0) return { address, port }
  try {
    return { address: (await lookup(address)).address, port }
  } catch (cause) {
    throw new Failure('host-unknown', `The name server ${address} cannot be found.`, { cause, notDone: true })
  }
}
