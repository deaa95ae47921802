import { planDomain } from '../dns/plan/plan-domain.ts'
import { readPristine } from '../dns/plan/pristine.ts'
import { readFacts } from '../dns/plan/read-facts.ts'
import { PHASES, type DomainPlan } from '../dns/plan/item.ts'
import type { DomainFacts } from '../dns/plan/facts.ts'
import type { DnsSite } from '../dns/plan/hands.ts'
import { readTenantRecords, type TenantRecords } from '../dns/plan/tenant-records.ts'
import { Failure } from '../model/failure.ts'
import { forEachAtOnce } from './at-once.ts'
import { dnsDirectory, openDomains, serversIn, type DnsInput, type OpenDomain, type OpenDomains } from './dns-open.ts'
import type { DnsDomainPlan, DnsPlanResult } from './dns-results.ts'
import { identityIn } from './tenant-access.ts'
import type { World } from './world.ts'

/** A plan with what it was made of; `site` null where the domain could not be read. */
export type PlannedDomain = {
  readonly plan: DomainPlan
  readonly wanted: OpenDomain['wanted']
  readonly site: DnsSite | null
  readonly facts: DomainFacts | null
}
export type PlannedDns = OpenDomains & { readonly tenantId: string; readonly planned: readonly PlannedDomain[] }

const DOMAINS_AT_ONCE = 4

/** Compares the records of each domain with what the tenant wants. Changes nothing. */
export async function dnsPlan(world: World, input: DnsInput): Promise<DnsPlanResult> {
  return planResult(await plannedDns(world, input))
}

/** Reads the definition, signs in, and plans: for the operations that carry something out, too. */
export async function plannedDns(world: World, input: DnsInput): Promise<PlannedDns> {
  const open = await openDomains(world, input, { secrets: input.identity === null })
  const { definition, ctx, chosen } = open
  const identity = input.identity ?? identityIn(definition.tenant, input.show)
  const cloud = input.cloud ?? definition.tenant.cloud
  const door = await world.tenant(identity, cloud, input.service ?? definition.tenant.service, ctx)
  const told = await readTenantRecords(
    door,
    chosen.map(({ wanted }) => wanted.domain),
  )
  const planned = new Map<string, PlannedDomain>()
  await forEachAtOnce(chosen, DOMAINS_AT_ONCE, input.signal, async (one) => {
    const { wanted } = one
    const tenant = told.find(({ domain }) => domain === wanted.domain)
    if (tenant === undefined) return
    if ('failure' in one) {
      planned.set(wanted.domain, unread(one.wanted, one.failure))
      return
    }
    try {
      const outside = await world.dnsOutside({ servers: serversIn(wanted), resolvers: [], dnsOnly: false, cloud }, ctx)
      const facts = await factsOf(one.site, wanted, tenant, outside)
      planned.set(wanted.domain, { plan: planDomain(facts), wanted, site: one.site, facts })
    } catch (error) {
      if (!(error instanceof Failure) || input.signal.aborted) throw error
      planned.set(wanted.domain, unread(wanted, error))
    }
  })
  input.signal.throwIfAborted()
  return { ...open, tenantId: door.tenantId, planned: chosen.flatMap(({ wanted }) => planned.get(wanted.domain) ?? []) }

  async function factsOf(
    site: DnsSite,
    wanted: OpenDomain['wanted'],
    tenant: TenantRecords,
    outside: Awaited<ReturnType<World['dnsOutside']>>,
  ): Promise<DomainFacts> {
    return readFacts(site, wanted, tenant, await readPristine(dnsDirectory(input.stateDir), wanted.domain), outside, ctx)
  }
}

/** One that cannot be read holds up no other. */
function unread(wanted: OpenDomain['wanted'], { code, message, help }: Failure): PlannedDomain {
  const { domain, where } = wanted
  const isOfDns = code === 'zone-refused' || code.startsWith('record-')
  const remedy = isOfDns ? help : 'Look at the settings of its host under dns: in the definition, and at the way to it; then plan again.'
  const finding = {
    code: 'host-unread',
    severity: 'blocker' as const,
    about: domain,
    says: `The records of ${domain} cannot be read: ${message}`,
    remedy,
    where,
    holds: PHASES,
  }
  return {
    plan: { domain, isSwitched: false, items: [], findings: [finding], waits: [], oldTtlSeconds: 0 },
    wanted,
    site: null,
    facts: null,
  }
}

export function planResult({ tenantId, planned }: Pick<PlannedDns, 'tenantId' | 'planned'>): DnsPlanResult {
  return {
    tenantId,
    domains: planned.map(({ plan, wanted, site }): DnsDomainPlan => ({
      ...plan,
      provider: wanted.provider,
      host: site?.provider.title ?? null,
      zone: site?.zone.name ?? null,
    })),
  }
}
