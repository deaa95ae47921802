import type { Answer, QuestionType } from '../ask.ts'
import type { DnsServer } from '../dns-tcp.ts'
import type { RecordSet, RecordType } from '../record-set.ts'
import type { SpfFound, SpfLookup } from '../spf/tree.ts'
import type { Asking, Outside } from './outside.ts'
import { delegationIn, isWithin, locate, resolvedAddresses, type Zone } from './zone.ts'

/** A part of the zone that others are responsible for. */
export type Cut = { readonly name: string; readonly nameServers: readonly string[] }

/** What stands at a name. */
export type Found = {
  readonly status: Answer['status']
  readonly name: string
  /** The set of the asked type, at the name itself or at the end of its CNAMEs. */
  readonly set: RecordSet | null
  /** CNAMEs on the way, first to last. */
  readonly aliases: readonly RecordSet[]
  readonly others: Answer['others']
}

export type Names = {
  /** Names of the domain from its own servers, any other from a resolver; CNAMEs are followed. */
  find(name: string, type: QuestionType): Promise<Found>
  /** The same question to every server of the zone that serves it. */
  everywhere(
    name: string,
    type: RecordType,
  ): Promise<readonly { readonly server: DnsServer; readonly serial: number | null; readonly answer: Answer }[]>
  readonly spf: SpfLookup
  readonly cuts: readonly Cut[]
}

const MOST_ALIASES = 8

export function namesOf(zones: readonly Zone[], outside: Outside, asks: Asking): Names {
  const cuts = new Map<string, { readonly cut: Cut; readonly servers: readonly DnsServer[] }>()
  let turn = 0
  const zoneOf = (name: string): Zone | null =>
    zones.filter(({ apex }) => isWithin(name, apex)).toSorted((a, b) => b.apex.length - a.apex.length)[0] ?? null

  const inside = async (name: string, type: QuestionType, zone: string, servers: readonly DnsServer[]): Promise<Answer> => {
    const below = [...cuts.values()].find(({ cut }) => cut.name !== zone && isWithin(cut.name, zone) && isWithin(name, cut.name))
    if (below !== undefined) return inside(name, type, below.cut.name, below.servers)
    let last: Answer | null = null
    for (let at = 0; at < servers.length; at++) {
      const server = servers[(turn + at) % servers.length]
      if (server === undefined) break
      last = await asks.ask(server, name, type)
      const delegation = delegationIn(last, name, zone)
      if (delegation !== null) {
        const located = await locate(delegation.data, last.referral, outside, (host) => addressesOf(host, delegation.name))
        cuts.set(delegation.name, {
          cut: { name: delegation.name, nameServers: delegation.data },
          servers: located.map((one) => one.server),
        })
        return inside(
          name,
          type,
          delegation.name,
          located.map((one) => one.server),
        )
      }
      if (last.authoritative) {
        turn++
        return last
      }
    }
    return last ?? { status: 'silent', authoritative: false, authenticated: false, sets: [], referral: [], soa: null, others: [] }
  }

  /** Of a name server of a part of the zone; the zone itself may know it. */
  const addressesOf = async (host: string, cut: string): Promise<readonly string[]> => {
    if (isWithin(host, cut)) return resolvedAddresses(host, asks)
    const both = await Promise.all((['A', 'AAAA'] as const).map((type) => find(host, type)))
    return both.flatMap(({ set }) => set?.data ?? [])
  }

  const one = (name: string, type: QuestionType): Promise<Answer> => {
    const zone = zoneOf(name)
    return zone === null ? asks.resolve(name, type) : inside(name, type, zone.apex, newest(zone))
  }

  const find: Names['find'] = async (name, type) => {
    const aliases: RecordSet[] = []
    for (let at = name; ;) {
      const { status, sets, others } = await one(at, type)
      const from = at
      // A server tells as much of the chain as it knows; the rest is asked for.
      const alias = (): RecordSet | null => (type === 'CNAME' ? null : aliasAt(sets, at))
      for (let next = alias(); next !== null && aliases.length < MOST_ALIASES; next = alias()) {
        aliases.push(next)
        at = next.data[0] ?? at
      }
      const set = sets.find((each) => each.name === at && each.type === type) ?? null
      if (set !== null || at === from || aliases.length >= MOST_ALIASES)
        return { status: set === null && status === 'answer' && others.length === 0 ? 'no-data' : status, name, set, aliases, others }
    }
  }

  return {
    find,
    everywhere: async (name, type) => {
      const serving = zoneOf(name)?.servers.filter(({ state }) => state === 'serves') ?? []
      return Promise.all(serving.map(async ({ server, serial }) => ({ server, serial, answer: await asks.ask(server, name, type) })))
    },
    spf: async (name, type): Promise<SpfFound> => {
      const { status, set } = await find(name, type)
      if (set !== null) return { status: 'found', data: set.data }
      return { status: status === 'no-name' || status === 'no-data' ? 'nothing' : 'failed', data: [] }
    },
    get cuts() {
      return [...cuts.values()].map(({ cut }) => cut)
    },
  }
}

/** Those that serve the newest state of the zone; a lagging one would tell of yesterday. */
function newest({ servers }: Zone): readonly DnsServer[] {
  const serving = servers.filter(({ state }) => state === 'serves')
  const best = Math.max(...serving.map(({ serial }) => serial ?? 0))
  return serving.filter(({ serial }) => (serial ?? 0) === best).map(({ server }) => server)
}

function aliasAt(sets: readonly RecordSet[], name: string): RecordSet | null {
  return sets.find((set) => set.type === 'CNAME' && set.name === name) ?? null
}
