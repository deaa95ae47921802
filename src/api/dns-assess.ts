import { assess } from '../dns/assess/assess.ts'
import type { Assessment } from '../dns/assess/assessment.ts'
import type { Outside } from '../dns/assess/outside.ts'
import { dnsServer } from '../dns/assess/system-outside.ts'
import type { DnsServer } from '../dns/dns-tcp.ts'
import { canonicalName } from '../dns/record-set.ts'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { forEachAtOnce } from './at-once.ts'
import type { CloudName } from './operations.ts'
import type { World } from './world.ts'

export type DnsAssessInput = {
  readonly domains: readonly string[]
  /** "192.0.2.1", "127.0.0.1:5301", "ns1.example.org": the servers of the zones; empty: found by delegation. */
  readonly servers: readonly string[]
  /** As `servers`, addresses only; empty: those of this machine. */
  readonly resolvers: readonly string[]
  /** Selectors of DKIM that are known. */
  readonly selectors: readonly string[]
  /** Names below the domains whose MX is looked at, too. */
  readonly names: readonly string[]
  /** Id of the tenant that the domains are to be in, or a domain of it. */
  readonly tenant: string | null
  readonly cloud: CloudName
  /** Asks no web server and not Microsoft. */
  readonly dnsOnly: boolean
  readonly csvFile: string | null
  readonly htmlFile: string | null
  readonly signal: AbortSignal
  readonly onProgress: (progress: { readonly domain: string; readonly done: number; readonly total: number }) => void
}

export type { Assessment as DnsAssessment, DnsFinding, Rank } from '../dns/assess/assessment.ts'
export type DnsAssessResult = {
  readonly domains: readonly Assessment[]
  /** How many findings stand in the way, over all domains. */
  readonly blockers: number
  readonly csvFile: string | null
  readonly htmlFile: string | null
}

/** Each one asks a server eight questions at a time. */
const DOMAINS_AT_ONCE = 4

/** What DNS says of the mail of these domains. Changes nothing. Throws `bad-input` before anything is asked. */
export async function dnsAssess(world: World, input: DnsAssessInput): Promise<DnsAssessResult> {
  const domains = [...new Set(input.domains.map(domainOf))]
  if (domains.length === 0) throw new Failure('bad-input', 'Say which domain is to be looked at.')
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const settings = { resolvers: input.resolvers.map(address), cloud: input.cloud, dnsOnly: input.dnsOnly }
  const open = await world.dnsOutside({ ...settings, servers: [] }, ctx)
  const servers = (await Promise.all(input.servers.map((one) => serversAt(one, open, ctx)))).flat()
  const outside = servers.length === 0 ? open : await world.dnsOutside({ ...settings, servers }, ctx)
  const tenantId = await tenantIdOf(input.tenant, outside, ctx)
  const options = { selectors: input.selectors.map(label), names: input.names.map(canonicalName), tenantId }
  const done = new Map<string, Assessment>()
  await forEachAtOnce(domains, DOMAINS_AT_ONCE, input.signal, async (domain) => {
    done.set(domain, await assess(domain, outside, options, ctx))
    input.onProgress({ domain, done: done.size, total: domains.length })
  })
  input.signal.throwIfAborted()
  const result = domains.flatMap((domain) => done.get(domain) ?? [])
  if (input.csvFile !== null || input.htmlFile !== null) {
    const { writeFindings } = await import('./dns-findings-files.ts')
    await writeFindings(result, input)
  }
  const blockers = result.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'blocker').length
  return { domains: result, blockers, csvFile: input.csvFile, htmlFile: input.htmlFile }
}

function domainOf(text: string): string {
  const name = canonicalName(text)
  if (!name.includes('.') || !/^[a-z0-9_.-]+$/.test(name) || name.includes('@'))
    throw new Failure('bad-input', `"${text}" is no domain: write it like example.org.`)
  return name
}

function label(text: string): string {
  const name = canonicalName(text)
  if (!/^[a-z0-9_.-]+$/.test(name))
    throw new Failure('bad-input', `"${text}" is no selector: it is the s= of a DKIM-Signature, such as selector1.`)
  return name
}

function address(text: string): DnsServer {
  const server = dnsServer(text)
  if (server === null)
    throw new Failure('bad-input', `"${text}" is no DNS server: write its IP address, such as 192.0.2.53 or 192.0.2.53:5353.`)
  return server
}

/** A server that is given by its name is where a resolver says. */
async function serversAt(text: string, outside: Outside, { signal }: Context): Promise<readonly DnsServer[]> {
  const known = dnsServer(text)
  if (known !== null) return [known]
  const [, host, port = '53'] = /^([^:]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  if (host === undefined)
    throw new Failure(
      'bad-input',
      `"${text}" is no name server: write its name or its IP address, such as ns1.example.org or 192.0.2.53:5353.`,
    )
  const name = canonicalName(host)
  for (const resolver of outside.resolvers) {
    const { sets } = await outside.ask(resolver, name, 'A', { signal, recursion: true })
    const addresses = sets.filter(({ type }) => type === 'A').flatMap(({ data }) => data)
    if (addresses.length > 0) return addresses.map((one) => ({ address: one, port: Number(port) }))
  }
  throw new Failure('bad-input', `The name server ${name} has no address: write its IP address, such as 192.0.2.1 or 192.0.2.1:5301.`)
}

async function tenantIdOf(tenant: string | null, { tenantOf }: Outside, { signal }: Context): Promise<string | null> {
  if (tenant === null || /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(tenant)) return tenant
  const seen = await tenantOf?.(domainOf(tenant), signal)
  if (seen === undefined || seen.seen === 'unknown') return null
  if (seen.seen === 'tenant') return seen.tenantId
  throw new Failure('bad-input', `There is no Microsoft tenant ${tenant}: give its id, or a domain verified in it.`)
}
