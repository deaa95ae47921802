import type { ZoneRef } from '../provider.ts'
import { canonicalName } from '../record-set.ts'
import type { DnsFinding } from './assessment.ts'
import { judge } from './finding.ts'
import type { Zone } from './zone.ts'

/**
 * A zone at a provider that nobody asks: the credentials are right, and what is changed there is never seen. null where the domain
 * is delegated to the provider, at least in part, or where the provider does not tell its name servers.
 */
export function dormantZone(
  { name, nameServers = [] }: ZoneRef,
  zone: Pick<Zone, 'apex' | 'parentNameServers' | 'nameServers'>,
): DnsFinding | null {
  const { add, findings } = judge(zone.apex)
  const theirs = new Set(nameServers.map(canonicalName))
  const asked = zone.parentNameServers ?? zone.nameServers
  if (theirs.size === 0 || asked.length === 0) return null
  if (name !== zone.apex)
    add(
      'block',
      'zone-differs',
      `The provider has the zone ${name}, and the one that is asked is ${zone.apex}.`,
      'Give the account that holds the zone which is asked.',
    )
  else if (asked.every((one) => !theirs.has(one)))
    add(
      'block',
      'zone-dormant',
      `${name} is delegated to ${asked.join(', ')}, and the provider would serve it from ${[...theirs].join(', ')}: nobody asks there.`,
      'Give the account at the host that the domain is delegated to, or change the delegation at the registrar first, and wait for its TTL.',
    )
  else if (asked.some((one) => !theirs.has(one)))
    add(
      'warn',
      'zone-partly-elsewhere',
      `${name} is delegated to name servers that are not the provider's as well: ${asked.filter((one) => !theirs.has(one)).join(', ')}.`,
      'They must take the zone over from the provider. The assessment asks each of them.',
    )
  return findings[0] ?? null
}
