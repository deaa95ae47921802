import type { WantedDns } from '../../model/wanted-dns.ts'
import type { Can } from '../provider.ts'
import { canonicalSet, RECORD_TYPES, type RecordSet, type RecordType } from '../record-set.ts'
import { isSpf } from '../spf/record.ts'
import { walkSpf, type SpfLookup } from '../spf/tree.ts'
import type { DomainFacts } from './facts.ts'
import type { DnsItem, DnsPhase, DomainPlan } from './item.ts'
import { itemsOf } from './item.ts'
import { planDomain } from './plan-domain.ts'
import { decodeDkim, decodeRecords, type TenantRecords } from './tenant-records.ts'

export const DOMAIN = 'example.test'
export const MX = 'example-test.mail.protection.outlook.com'

export const CAN: Can = {
  automatic: true,
  atomic: 'zone',
  compareAndSet: 'native',
  lowestTtlSeconds: 60,
  highestTtlSeconds: 86_400,
  types: RECORD_TYPES,
  longestTxtBytes: null,
}

export const WISHES: WantedDns = {
  domain: DOMAIN,
  provider: 'rfc2136',
  settings: {},
  nameServers: [],
  ttlSeconds: 3600,
  lowTtlSeconds: 300,
  senders: [],
  keep: [],
  dmarcReports: null,
  tlsReports: null,
  services: [],
  retireSenders: [],
  retireNames: [],
  where: 'cutover.yaml line 9',
}

/** A row as Graph sends it. */
export function row(kind: string, label: string, more: Record<string, unknown>): Record<string, unknown> {
  return {
    '@odata.type': `#microsoft.graph.domainDns${kind}Record`,
    supportedService: 'Email',
    ttl: 3600,
    isOptional: false,
    label,
    ...more,
  }
}

export const GRAPH_ROWS = [
  row('Mx', DOMAIN, { mailExchange: MX, preference: 0 }),
  row('Txt', DOMAIN, { text: 'v=spf1 include: spf.protection.outlook.com ~all' }),
  row('Cname', `autodiscover.${DOMAIN}`, { canonicalName: 'autodiscover.outlook.com' }),
]

export const DKIM_TARGETS = [
  'selector1-x._domainkey.customer.n-v1.dkim.mail.microsoft',
  'selector2-x._domainkey.customer.n-v1.dkim.mail.microsoft',
]

export function tenantOf(rows: readonly Record<string, unknown>[] = GRAPH_ROWS, dkim: readonly string[] = DKIM_TARGETS): TenantRecords {
  const [Selector1CNAME, Selector2CNAME] = dkim
  const told = decodeRecords(DOMAIN, rows)
  return {
    domain: DOMAIN,
    isInTenant: true,
    isVerified: true,
    proof: [],
    ...told,
    ...decodeDkim(DOMAIN, [{ Domain: DOMAIN, Selector1CNAME, Selector2CNAME, Enabled: false }]),
  }
}

/** `autodiscover A 192.0.2.1`, `@ 7200 MX 10 mx.example.test`; 3600 seconds where nothing is said. Values with the same name and type are one set. */
export function setsOf(...lines: readonly string[]): readonly RecordSet[] {
  const sets = new Map<string, RecordSet>()
  for (const line of lines) {
    const [, label = '', ttl, type = '', data = ''] = /^(\S+) (?:(\d+) )?([A-Z]+) (.*)$/s.exec(line) ?? []
    const name = label === '@' ? DOMAIN : `${label}.${DOMAIN}`
    const key = `${name} ${type}`
    const all = [...(sets.get(key)?.data ?? []), data]
    sets.set(key, canonicalSet({ name, type: type as RecordType, ttlSeconds: Number(ttl ?? 3600), data: all }))
  }
  return [...sets.values()]
}

export const OLD_MX = ['192.0.2.9', '2001:db8::9']

export async function factsOf(
  now: readonly RecordSet[],
  more: Partial<DomainFacts> = {},
  lookup: SpfLookup = nowhere,
): Promise<DomainFacts> {
  const texts = now.find(({ name, type }) => name === DOMAIN && type === 'TXT')?.data.filter(isSpf) ?? []
  return {
    wishes: WISHES,
    tenant: tenantOf(),
    host: { can: CAN, title: 'the host' },
    now,
    opaque: [],
    pristine: { atMs: 0, sets: now, oldMx: OLD_MX, policy: more.policy ?? null },
    policy: null,
    trees: await Promise.all(texts.map((text) => walkSpf(DOMAIN, text, lookup))),
    includeLookups: 1,
    served: [],
    ...more,
  }
}

const nowhere: SpfLookup = () => Promise.resolve({ status: 'nothing', data: [] })

export async function planOf(now: readonly RecordSet[], more: Partial<DomainFacts> = {}, lookup?: SpfLookup): Promise<DomainPlan> {
  return planDomain(await factsOf(now, more, lookup))
}

/** The sets after these phases. */
export function carriedOut(now: readonly RecordSet[], plan: DomainPlan, ...phases: readonly DnsPhase[]): readonly RecordSet[] {
  const sets = new Map(now.map((set) => [`${set.name} ${set.type}`, set]))
  for (const { name, type, after } of phases.flatMap((phase) => itemsOf(plan, phase)))
    if (after === null) sets.delete(`${name} ${type}`)
    else sets.set(`${name} ${type}`, canonicalSet(after))
  return [...sets.values()]
}

/** `add _dmarc TXT`, without the domain. */
export function brief(items: readonly DnsItem[]): readonly string[] {
  return items.map(({ op, name, type }) => `${op} ${name === DOMAIN ? '@' : name.slice(0, -DOMAIN.length - 1)} ${type}`)
}

export function spfIn(items: readonly DnsItem[]): string | undefined {
  return items.find(({ name, type }) => name === DOMAIN && type === 'TXT')?.after?.data.find(isSpf)
}

export function codes({ findings }: DomainPlan): readonly string[] {
  return findings.map(({ code }) => code)
}
