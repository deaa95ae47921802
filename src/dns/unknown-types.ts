import { ask, type Answer, type OtherType } from './ask.ts'
import type { DnsServer } from './dns-tcp.ts'
import type { Opaque } from './provider.ts'

/** Made by name servers themselves, or of the zone as a whole: a change of records goes by them. HINFO stands for "not all is told" (RFC 8482). */
const BY_ITSELF = new Set('RRSIG NSEC NSEC3 NSEC3PARAM DNSKEY CDS CDNSKEY SOA TSIG OPT HINFO'.split(' '))

/** Asked for one by one, as some servers (Knot) answer ANY with one set alone. */
const LIKELY: readonly OtherType[] = ['UNKNOWN_65', 'UNKNOWN_64', 'SSHFP', 'NAPTR', 'PTR', 'LOC', 'RP', 'DNAME', 'UNKNOWN_256']

type Seen = { readonly type: string; readonly data: string }

/**
 * Records at a name of types that we do not handle, as far as the server tells them: nothing can take their place, and a CNAME beside them
 * is refused in silence. What a wildcard above says as well stands at no name by itself. A rare type beside others may stay unseen at a
 * server that tells only a part.
 */
export async function unknownAt(name: string, zone: string, server: DnsServer, signal: AbortSignal): Promise<readonly Opaque[]> {
  const at = async (where: string): Promise<readonly Seen[]> => {
    // Some do not answer that at all.
    const told = await ask(server, where, 'ANY', { signal, tries: 1 })
    const own = ({ others }: Answer): readonly Seen[] => others.filter(({ type }) => !BY_ITSELF.has(type))
    const isAlias = told.sets.some((set) => set.type === 'CNAME')
    const isAll = own(told).length > 0 || told.status === 'no-name' || told.status === 'no-data' || isAlias || told.sets.length > 1
    if (isAll) return own(told)
    return (await Promise.all(LIKELY.map((type) => ask(server, where, type, { signal })))).flatMap(own)
  }
  const found = await at(name)
  if (found.length === 0) return []
  const above = name.split('.').slice(1)
  const depth = above.length - zone.split('.').length
  const wild = (await Promise.all(Array.from({ length: depth + 1 }, (_, down) => at(`*.${above.slice(down).join('.')}`)))).flat()
  const own = found.filter(({ type, data }) => !wild.some((one) => one.type === type && one.data === data))
  return [...new Set(own.map(({ type }) => plainType(type)))].map((type) => ({
    name,
    type,
    says: 'records of this type are not known to us',
  }))
}

function plainType(type: string): string {
  return NAMES[type] ?? type.replace(/^UNKNOWN_/, 'TYPE')
}

const NAMES: Readonly<Record<string, string>> = { UNKNOWN_64: 'SVCB', UNKNOWN_65: 'HTTPS', UNKNOWN_256: 'URI' }
