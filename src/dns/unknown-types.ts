import { ask } from './ask.ts'
import type { DnsServer } from './dns-tcp.ts'
import type { Opaque } from './provider.ts'

/** Made by name servers themselves, or of the zone as a whole: a change of records goes by them. HINFO stands for "not all is told" (RFC 8482). */
const BY_ITSELF = new Set('RRSIG NSEC NSEC3 NSEC3PARAM DNSKEY CDS CDNSKEY SOA TSIG OPT HINFO'.split(' '))

/**
 * Records at a name of types that we do not handle, where the server tells them: nothing can take their place, and a CNAME beside them is
 * refused in silence. What a wildcard above says as well stands at no name by itself.
 */
export async function unknownAt(name: string, zone: string, server: DnsServer, signal: AbortSignal): Promise<readonly Opaque[]> {
  const at = async (where: string): Promise<readonly { readonly type: string; readonly data: string }[]> => {
    const { others } = await ask(server, where, 'ANY', { signal })
    return others.filter(({ type }) => !BY_ITSELF.has(type))
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
  return type.replace(/^UNKNOWN_/, 'TYPE')
}
