import type { WantedTenant } from '../model/wanted-tenant.ts'
import type { Actual } from './part.ts'

/** Those of the domains that neither the tenant has nor the definition wants: Exchange refuses settings for them. */
export function strangeDomains(domains: readonly string[], wanted: WantedTenant, { directory, recipients }: Actual): readonly string[] {
  const known = new Set([
    ...wanted.domains.map(({ name }) => name.toLowerCase()),
    ...directory.domains.map(({ name }) => name),
    ...recipients.acceptedDomains.map(({ domain }) => domain),
  ])
  return domains.filter((domain) => !known.has(domain.toLowerCase()))
}
