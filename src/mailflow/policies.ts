import { ask } from '../dns/ask.ts'
import type { DnsServer } from '../dns/dns-tcp.ts'
import type { StsPolicy } from '../dns/assess/assessment.ts'
import { policyIn } from '../dns/assess/mta-sts.ts'
import type { Outside } from '../dns/assess/outside.ts'

/** What a domain says of encrypted mail to it (MTA-STS, RFC 8461), as one resolver and its web server tell it now. */
export type StsSeen = {
  readonly records: readonly string[]
  readonly policy: StsPolicy | null
  /** Why there is no policy though there is a record; null where nothing is wrong. */
  readonly problem: string | null
}

/** The record, and the policy over HTTPS with a certificate that holds. Throws nothing but a stop. */
export async function stsOf(domain: string, resolver: DnsServer, page: Outside['page'], signal: AbortSignal): Promise<StsSeen> {
  const records = (await texts(`_mta-sts.${domain}`, resolver, signal)).filter((text) => /^v=STSv1\s*;/i.test(text))
  if (records.length === 0) return { records, policy: null, problem: null }
  if (records.length > 1) return { records, policy: null, problem: 'there is more than one record, so that senders take none' }
  if (!/;\s*id\s*=\s*[a-z0-9]{1,32}\s*(?:;|$)/i.test(records[0] ?? '')) return { records, policy: null, problem: 'the record has no id' }
  if (page === null) return { records, policy: null, problem: null }
  const host = `mta-sts.${domain}`
  const addresses = await addressesOf(host, resolver, signal)
  if (addresses.length === 0) return { records, policy: null, problem: `${host} has no address` }
  const answer = await page(`https://${host}/.well-known/mta-sts.txt`, addresses, signal)
  if (answer.status === null) return { records, policy: null, problem: answer.why.replace(/\.$/, '') }
  const policy = answer.status === 200 ? policyIn(answer.body) : null
  const problem = answer.status === 200 ? `what ${host} gives is no policy` : `${host} answers ${answer.status} in the place of the policy`
  return { records, policy, problem: policy === null ? problem : null }
}

/** Where senders are asked to report what they could not send encrypted (TLS-RPT, RFC 8460 §3). */
export async function tlsReportsOf(domain: string, resolver: DnsServer, signal: AbortSignal): Promise<readonly string[]> {
  return (await texts(`_smtp._tls.${domain}`, resolver, signal)).filter((text) => /^v=TLSRPTv1\s*;/i.test(text))
}

export async function addressesOf(host: string, resolver: DnsServer, signal: AbortSignal): Promise<readonly string[]> {
  const both = await Promise.all((['A', 'AAAA'] as const).map((type) => ask(resolver, host, type, { signal, recursion: true })))
  return both.flatMap(({ sets }) => sets.filter(({ type }) => type === 'A' || type === 'AAAA').flatMap(({ data }) => data))
}

async function texts(name: string, resolver: DnsServer, signal: AbortSignal): Promise<readonly string[]> {
  const { sets } = await ask(resolver, name, 'TXT', { signal, recursion: true })
  return sets.filter(({ type }) => type === 'TXT').flatMap(({ data }) => data)
}
