import { isIP } from 'node:net'
import { ask } from '../dns/ask.ts'
import type { DnsServer } from '../dns/dns-tcp.ts'
import type { RecordType } from '../dns/record-set.ts'
import type { SmtpTarget } from './smtp-wire.ts'

/** As `node:dns` has it: TXT as lists of strings, everything else as one text each. Throws an error with a `code` where nothing is there. */
export type Resolver = (name: string, type: string) => Promise<readonly (string | readonly string[])[]>

/** Where the mail of a domain goes, as one resolver of the outside sees it. */
export type MailRoute = {
  readonly domain: string
  readonly resolver: string
  readonly status: 'found' | 'null-mx' | 'no-name' | 'failed'
  /** The best first; a domain without MX is its own host (RFC 5321 §5.1). */
  readonly hosts: readonly { readonly host: string; readonly preference: number; readonly addresses: readonly string[] }[]
}

/** Asks one resolver for the MX hosts of a domain and their addresses. Throws nothing but a stop. */
export async function mailRoute(domain: string, resolver: DnsServer, signal: AbortSignal): Promise<MailRoute> {
  const shown = `${resolver.address}${resolver.port === 53 ? '' : `:${resolver.port}`}`
  const answer = await ask(resolver, domain, 'MX', { signal, recursion: true })
  const about = { domain, resolver: shown }
  if (answer.status === 'no-name') return { ...about, status: 'no-name', hosts: [] }
  if (answer.status !== 'answer' && answer.status !== 'no-data') return { ...about, status: 'failed', hosts: [] }
  const listed = answer.sets
    .filter(({ type }) => type === 'MX')
    .flatMap(({ data }) => data.map((text) => ({ preference: Number(text.split(' ')[0]), host: text.split(' ')[1] ?? '' })))
    .toSorted((a, b) => a.preference - b.preference)
  if (listed.length === 1 && listed[0]?.host === '.') return { ...about, status: 'null-mx', hosts: [] }
  const hosts = listed.length === 0 ? [{ preference: 0, host: domain }] : listed
  const found = await Promise.all(hosts.map(async (one) => ({ ...one, addresses: await addressesOf(one.host, resolver, signal) })))
  return { ...about, status: 'found', hosts: found }
}

async function addressesOf(host: string, resolver: DnsServer, signal: AbortSignal): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host]
  const answers = await Promise.all((['A', 'AAAA'] as const).map((type) => ask(resolver, host, type, { signal, recursion: true })))
  return answers.flatMap(({ sets }) => sets.filter(({ type }) => type === 'A' || type === 'AAAA').flatMap(({ data }) => data))
}

/** Port 25, unless said otherwise for this host or for all. */
export type Ports = { readonly all: number; readonly of: Readonly<Record<string, number>> }

export const PORT_25: Ports = { all: 25, of: {} }

export function targetOf(host: string, address: string | null, ports: Ports, ca: string | null): SmtpTarget {
  return { host, address, port: ports.of[host.toLowerCase()] ?? ports.all, ca }
}

/** One resolver as the checks of SPF, DKIM and DMARC ask. */
export function resolverBy(server: DnsServer, signal: AbortSignal): Resolver {
  return async (name, type) => {
    const answer = await ask(server, name, type as RecordType, { signal, recursion: true })
    const data = answer.sets.filter((set) => set.type === type).flatMap((set) => set.data)
    if (data.length > 0) return type === 'TXT' ? data.map((text) => [text]) : data
    const code =
      answer.status === 'no-name' ? 'ENOTFOUND' : answer.status === 'no-data' || answer.status === 'answer' ? 'ENODATA' : 'ESERVFAIL'
    throw Object.assign(new Error(`${name} ${type}: ${answer.status}`), { code })
  }
}
