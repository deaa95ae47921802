import type { AssessedDomain, AssessRank } from '../assess/assessment.ts'
import { Failure } from '../model/failure.ts'
import type { AssessInput } from './assess.ts'
import type { OpenAssessment } from './assess-open.ts'
import { dnsAssess, type DnsAssessment, type Rank } from './dns-assess.ts'
import type { World } from './world.ts'

const RANKS: Readonly<Record<Rank, AssessRank>> = { block: 'block', 'must-fix': 'note', warn: 'warn', info: 'note' }

/** What DNS says of the domains that move: those of the definition, else those of the targets, and those that were named. */
export async function lookAtDomains(world: World, input: AssessInput, open: OpenAssessment): Promise<readonly AssessedDomain[]> {
  const domains = domainsOf(input, open)
  if (domains.length === 0) return []
  const { definition } = open
  const { dnsOnly } = input.dns
  const servers = input.dns.servers.length > 0 ? input.dns.servers : (definition?.sections.dns?.name_servers ?? [])
  const resolvers = input.dns.resolvers.length > 0 ? input.dns.resolvers : (definition?.sections.switch?.resolvers ?? [])
  const common = { selectors: [], names: [], cloud: definition?.tenant.cloud ?? ('global' as const), csvFile: null, htmlFile: null }
  const tenant = definition === null || dnsOnly ? null : definition.tenant.tenant
  try {
    const { signal } = input
    const told = await dnsAssess(world, { ...common, domains, servers, resolvers, tenant, dnsOnly, signal, onProgress: () => {} })
    return told.domains.map(domainOf)
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'bad-input' || input.signal.aborted) throw error
    return domains.map((domain) => ({ ...NOTHING, domain, failure: error.message }))
  }
}

function domainsOf(input: AssessInput, { definition, mailboxes }: OpenAssessment): readonly string[] {
  const defined = definition?.sections.domains?.map(({ name }) => name) ?? []
  const known = defined.length > 0 ? defined : mailboxes.map(({ who }) => who.target.slice(who.target.lastIndexOf('@') + 1))
  const all = [...known, ...input.domains].map((one) => one.toLowerCase())
  return [...new Set(all)].filter((one) => one !== '' && !one.endsWith('.onmicrosoft.com'))
}

const NOTHING = { dnsHost: null, mailHost: null, exchangers: [], ttlSeconds: null, findings: [] }

function domainOf({ domain, hosts, mail, findings }: DnsAssessment): AssessedDomain {
  return {
    domain,
    dnsHost: hosts.dns?.name ?? null,
    mailHost: hosts.mail?.name ?? null,
    exchangers: mail.exchangers.map(({ preference, host }) => `${preference} ${host}`),
    ttlSeconds: mail.ttlSeconds,
    findings: findings.map(({ rank, code, says, remedy }) => ({ rank: RANKS[rank], code, says, help: remedy === '' ? null : remedy })),
    failure: null,
  }
}
