import { createHash } from 'node:crypto'
import { ask } from '../dns/ask.ts'
import type { DnsServer } from '../dns/dns-tcp.ts'
import type { TlsState } from './tls-state.ts'

/** TLSA records of a mail host, as a resolver that checks DNSSEC tells them. */
export type Dane = {
  readonly host: string
  /**
   * `secure`: senders that know DANE go by them. `unsigned`: they are there, and nobody vouches for them, so that nobody goes by them.
   * `broken`: the zone is signed and the question fails, so that such senders wait (RFC 7672 §2.1.1).
   */
  readonly state: 'none' | 'unsigned' | 'secure' | 'broken'
  /** Each `3 1 1 hex`. */
  readonly tlsa: readonly string[]
}

/** Asks for the TLSA records of port 25. Whether the signatures hold is the resolver's word. Throws nothing but a stop. */
export async function daneOf(host: string, resolver: DnsServer, signal: AbortSignal): Promise<Dane> {
  const options = { signal, recursion: true }
  const [address, records] = await Promise.all([ask(resolver, host, 'A', options), ask(resolver, `_25._tcp.${host}`, 'TLSA', options)])
  const tlsa = records.sets.filter(({ type }) => type === 'TLSA').flatMap(({ data }) => data)
  if (tlsa.length > 0) return { host, state: records.authenticated ? 'secure' : 'unsigned', tlsa }
  const isUnknown = records.status === 'server-failed' || records.status === 'silent'
  // Name servers of old that fail at new types are no matter where nothing is signed.
  return { host, state: isUnknown && address.authenticated ? 'broken' : 'none', tlsa: [] }
}

/**
 * What a sender makes of the records and the certificates that the host showed (RFC 7672 §3.1). `unusable`: none of them is of a kind
 * that counts for mail, so that encryption is demanded and no proof.
 */
export function daneVerdict(records: readonly string[], { certificate }: TlsState): 'match' | 'no-match' | 'unusable' {
  const usable = records.map(tlsaIn).filter((one) => one !== null)
  if (usable.length === 0) return 'unusable'
  if (certificate === null) return 'no-match'
  const [own] = certificate.chain
  const isProven = usable.some(({ usage, selector, matching, data }) => {
    const holds = (one: (typeof certificate.chain)[number] | undefined): boolean => {
      if (one === undefined) return false
      if (matching === 2) return data === (selector === 1 ? one.keySha512 : one.sha512)
      // The whole thing instead of its digest: the digests of both are compared.
      const digest = matching === 1 ? data : createHash('sha256').update(Buffer.from(data, 'hex')).digest('hex')
      return digest === (selector === 1 ? one.keySha256 : one.sha256)
    }
    // Usage 3 is the host's own certificate, whatever its name and its dates say; usage 2 an authority, which the name must hold to.
    return usage === 3 ? holds(own) : certificate.namesHost && certificate.chain.some(holds)
  })
  return isProven ? 'match' : 'no-match'
}

function tlsaIn(record: string): { usage: 2 | 3; selector: 0 | 1; matching: 0 | 1 | 2; data: string } | null {
  const [usage, selector, matching, ...data] = record.toLowerCase().split(/\s+/)
  if ((usage !== '2' && usage !== '3') || (selector !== '0' && selector !== '1')) return null
  if (matching !== '0' && matching !== '1' && matching !== '2') return null
  return {
    usage: usage === '2' ? 2 : 3,
    selector: selector === '0' ? 0 : 1,
    matching: matching === '0' ? 0 : matching === '1' ? 1 : 2,
    data: data.join(''),
  }
}
