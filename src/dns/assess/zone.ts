import { isIPv6 } from 'node:net'
import type { Answer } from '../ask.ts'
import type { DnsServer } from '../dns-tcp.ts'
import { canonicalName, type RecordSet } from '../record-set.ts'
import { organisationalDomain } from './organisational-domain.ts'
import type { Asking, Outside } from './outside.ts'
import { serverText } from './outside.ts'

/**
 * One server of a zone at one of its addresses. `lame`: it answers, but not from the zone; `no-path`: none of the IPv6 addresses
 * answers, which is as likely to be this machine's fault.
 */
export type FleetServer = {
  /** Its name; the address where it was given without one. */
  readonly name: string
  readonly server: DnsServer
  readonly state: 'serves' | 'lame' | 'refuses' | 'fails' | 'silent' | 'no-path'
  readonly serial: number | null
  /** The name servers of the zone as this one tells them. */
  readonly nameServers: readonly string[] | null
}

export type Zone = {
  readonly apex: string
  /** As the parent delegates it; null where the parent was not asked. */
  readonly parentNameServers: readonly string[] | null
  /** Union of what the servers of the zone say. */
  readonly nameServers: readonly string[]
  readonly nsTtlSeconds: number | null
  readonly servers: readonly FleetServer[]
  readonly soa: Answer['soa']
  /** Digests at the parent; null where they could not be asked for. */
  readonly ds: readonly string[] | null
}

/** Why there is no zone: the name is not there, nobody answers for it, or no resolver answers here at all (`servers` were asked). */
export type NoZone = { readonly missing: 'name' | 'servers' | 'resolver'; readonly servers: readonly string[] }

type Located = { readonly name: string; readonly server: DnsServer }
const MOST_CUTS = 8

/** Finds the zone that a name is in, from the top down or from the given servers, and asks every server of it (RFC 1034 §4.2). */
export async function findZone(domain: string, outside: Outside, asks: Asking): Promise<Zone | NoZone> {
  const given = outside.given.map((server) => ({ name: serverText(server), server }))
  const top = given.length > 0 ? given : await serversOf(domain.split('.').at(-1) ?? domain, outside, asks)
  if ('missing' in top) return top
  let servers: readonly Located[] = top
  let above: readonly Located[] = []
  let parentNameServers: readonly string[] | null = null
  let cut = ''
  for (let depth = 0; depth < MOST_CUTS; depth++) {
    const told = await firstUseful(servers, domain, cut, asks)
    if (told === null) return { missing: 'servers', servers: servers.map(whereIs) }
    if (told.soa !== null && isOfZone(told, domain)) {
      const apex = told.soa.zone
      // Only the registry answers: nobody has registered it.
      if (told.status === 'no-name' && !isWithin(apex, organisationalDomain(domain))) return { missing: 'name', servers: [] }
      return fleet(
        apex,
        apex === cut || cut === '' ? parentNameServers : null,
        servers,
        given.length > 0 ? above : [...above],
        outside,
        asks,
      )
    }
    const delegation = delegationIn(told, domain, cut)
    if (delegation === null) return { missing: 'servers', servers: servers.map(whereIs) }
    above = servers
    parentNameServers = delegation.data
    cut = delegation.name
    servers = await locate(delegation.data, told.referral, outside, (name) => resolvedAddresses(name, asks))
  }
  return { missing: 'servers', servers: servers.map(whereIs) }
}

/** The addresses of name servers: told with the delegation, or looked up. */
export async function locate(
  names: readonly string[],
  glue: readonly RecordSet[],
  outside: Outside,
  lookUp: (name: string) => Promise<readonly string[]>,
): Promise<readonly Located[]> {
  const each = await Promise.all(
    names.map(async (name) => {
      const told = glue.filter((set) => set.name === name && (set.type === 'A' || set.type === 'AAAA')).flatMap(({ data }) => data)
      const addresses = told.length > 0 ? told : await lookUp(name)
      return addresses.map((address) => ({ name, server: outside.at(name, address) }))
    }),
  )
  return each.flat()
}

/** As a resolver knows them. */
export async function resolvedAddresses(name: string, asks: Asking): Promise<readonly string[]> {
  const both = await Promise.all((['A', 'AAAA'] as const).map((type) => asks.resolve(name, type)))
  return both.flatMap(({ sets }) => sets.filter((set) => set.type !== 'CNAME').flatMap(({ data }) => data))
}

/** Where the answer only says who is responsible instead: the zone that begins below `zone` on the way to the name. */
export function delegationIn(answer: Answer, name: string, zone: string): RecordSet | null {
  if (answer.authoritative) return null
  const below = answer.referral.filter(
    (set) => set.type === 'NS' && isWithin(name, set.name) && set.name !== zone && isWithin(set.name, zone),
  )
  return below[0] ?? null
}

/** By whole labels. Everything is within the root, which is ''. */
export function isWithin(name: string, zone: string): boolean {
  return zone === '' || zone === '.' || name === zone || name.endsWith(`.${zone}`)
}

async function serversOf(zone: string, outside: Outside, asks: Asking): Promise<readonly Located[] | NoZone> {
  const { sets, status } = await asks.resolve(zone, 'NS')
  if (status === 'no-name' || status === 'no-data') return { missing: 'name', servers: [] }
  if (status !== 'answer') return { missing: 'resolver', servers: outside.resolvers.map(serverText) }
  return locate(sets.find((set) => set.type === 'NS')?.data ?? [], [], outside, (name) => resolvedAddresses(name, asks))
}

/** Asked at the same time, so that dead ones do not add up. */
const ASKED_AT_ONCE = 4

/** The first answer that leads on: from the zone itself, or who is responsible instead. */
async function firstUseful(servers: readonly Located[], domain: string, zone: string, asks: Asking): Promise<Answer | null> {
  // IPv4 first: it works from everywhere.
  const queue = servers.toSorted((a, b) => Number(isIPv6(a.server.address)) - Number(isIPv6(b.server.address)))
  for (let at = 0; at < queue.length; at += ASKED_AT_ONCE) {
    const told = await Promise.all(queue.slice(at, at + ASKED_AT_ONCE).map(({ server }) => soaAbove(server, domain, asks)))
    const useful = told.find((one) => isOfZone(one, domain) || delegationIn(one, domain, zone) !== null)
    if (useful !== undefined) return useful
  }
  return null
}

/** An alias has no SOA of its own zone to tell: the name above it is asked then. */
async function soaAbove(server: DnsServer, domain: string, asks: Asking): Promise<Answer> {
  const told = await asks.ask(server, domain, 'SOA')
  const above = domain.slice(domain.indexOf('.') + 1)
  const isAlias = told.sets.some((set) => set.type === 'CNAME' && set.name === domain)
  return told.authoritative && isAlias && !isOfZone(told, domain) && above.includes('.') ? soaAbove(server, above, asks) : told
}

function isOfZone({ authoritative, soa }: Answer, domain: string): boolean {
  return authoritative && soa !== null && isWithin(domain, soa.zone)
}

async function fleet(
  apex: string,
  parentNameServers: readonly string[] | null,
  first: readonly Located[],
  above: readonly Located[],
  outside: Outside,
  asks: Asking,
): Promise<Zone> {
  const seen = await Promise.all(first.map((one) => look(one, apex, asks)))
  const fromZone = [...new Set(seen.flatMap(({ nameServers }) => nameServers ?? []))].sort()
  const known = new Set(first.map(({ name }) => name))
  const more = outside.given.length > 0 ? [] : fromZone.filter((name) => !known.has(name))
  const serving = seen.find(({ state }) => state === 'serves')
  const glue =
    serving === undefined
      ? []
      : await addressesInZone(
          more.filter((name) => isWithin(name, apex)),
          serving.server,
          asks,
        )
  const others = await locate(more, glue, outside, (name) => resolvedAddresses(name, asks))
  const all = [...seen, ...(await Promise.all(others.map((one) => look(one, apex, asks))))]
  const noSix = all.filter(({ server }) => isIPv6(server.address)).every(({ state }) => state === 'silent')
  const soas = await Promise.all(all.filter(({ state }) => state === 'serves').map(({ server }) => asks.ask(server, apex, 'SOA')))
  const newest = soas.map(({ soa }) => soa).toSorted((a, b) => (b?.serial ?? 0) - (a?.serial ?? 0))[0]
  const ns = serving === undefined ? undefined : (await asks.ask(serving.server, apex, 'NS')).sets.find(({ type }) => type === 'NS')
  return {
    apex,
    parentNameServers: parentNameServers?.toSorted() ?? null,
    nameServers: fromZone,
    nsTtlSeconds: ns?.ttlSeconds ?? null,
    servers: all.map((one) => (noSix && isIPv6(one.server.address) ? { ...one, state: 'no-path' } : one)),
    soa: newest ?? null,
    ds: await digests(apex, above, outside, asks),
  }
}

async function look({ name, server }: Located, apex: string, asks: Asking): Promise<FleetServer> {
  const [soa, ns] = [await asks.ask(server, apex, 'SOA'), await asks.ask(server, apex, 'NS')]
  const nameServers = ns.authoritative ? (ns.sets.find((set) => set.type === 'NS' && set.name === apex)?.data ?? null) : null
  return { name, server, state: stateOf(soa, apex), serial: soa.authoritative ? (soa.soa?.serial ?? null) : null, nameServers }
}

function stateOf({ status, authoritative, soa }: Answer, apex: string): FleetServer['state'] {
  if (status === 'silent') return 'silent'
  if (status === 'refused') return 'refuses'
  if (status === 'server-failed') return 'fails'
  return authoritative && soa?.zone === apex ? 'serves' : 'lame'
}

async function addressesInZone(names: readonly string[], server: DnsServer, asks: Asking): Promise<readonly RecordSet[]> {
  const each = await Promise.all(names.flatMap((name) => (['A', 'AAAA'] as const).map((type) => asks.ask(server, name, type))))
  return each.flatMap(({ sets }) => sets)
}

/** DS is kept by the parent, and only it knows that there is none (RFC 4035 §2.4). */
async function digests(apex: string, above: readonly Located[], outside: Outside, asks: Asking): Promise<readonly string[] | null> {
  for (const { server } of above) {
    const told = await asks.ask(server, apex, 'DS')
    if (told.authoritative) return told.others.map(({ data }) => data)
  }
  const told = above.length > 0 || outside.resolvers.length === 0 ? null : await asks.resolve(apex, 'DS')
  return told === null || told.status === 'silent' || told.status === 'server-failed' || told.status === 'refused'
    ? null
    : told.others.map(({ data }) => data)
}

function whereIs({ name, server }: Located): string {
  const where = serverText(server)
  return name === where ? where : `${canonicalName(name)} (${where})`
}
