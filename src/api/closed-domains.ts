import type { Wanted } from '../definition/wanted.ts'
import type { JournalRow } from '../change/journal-row.ts'
import type { TenantCall } from '../tenant/call.ts'

/** What the journal of the tenant knows a domain by that the switch has closed. */
export function closedKey(domain: string): string {
  return `domain-closed ${domain}`
}

/**
 * What is wanted, where domains that the switch has closed stay closed: the definition still says how they were while people moved.
 * A finding tells of each. `journal`: what was done to the tenant, read only where it matters.
 */
export function withClosedDomains({ wanted, findings }: Wanted, journal: () => readonly JournalRow<TenantCall>[]): Wanted {
  const relays = wanted.domains.filter(({ type }) => type === 'internal-relay')
  if (relays.length === 0) return { wanted, findings }
  const rows = journal()
  const closed = relays.filter(({ name }) =>
    rows.some(({ change, state }) => state === 'done' && change.key === closedKey(name.toLowerCase())),
  )
  return {
    wanted: { ...wanted, domains: wanted.domains.map((one) => (closed.includes(one) ? { ...one, type: 'authoritative' } : one)) },
    findings: [
      ...findings,
      ...closed.map(({ name, where }) => ({
        code: 'domain-closed',
        severity: 'note' as const,
        about: name,
        says: `${name} was closed by the switch and stays authoritative, though the definition says internal-relay.`,
        remedy: 'Write type: authoritative into the definition.',
        where,
      })),
    ],
  }
}
