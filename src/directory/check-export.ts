import type { AdFinding, AdObject } from './ad-object.ts'
import { addressFindings } from './address-rules.ts'
import { duplicateFindings } from './duplicates.ts'
import { nameFindings } from './name-rules.ts'

const WEIGHT: Readonly<Record<AdFinding['severity'], number>> = { refused: 0, changed: 1, note: 2 }

/**
 * What Entra Connect or Entra would refuse or change of these objects: the rules of IdFix as far as they are published, and those of
 * addresses in Exchange Online. The worst first, then in the order of the file. `verified`: domains of the tenant; [] where none are known.
 */
export function checkExport(objects: readonly AdObject[], verified: readonly string[]): readonly AdFinding[] {
  const domains = verified.map((domain) => domain.toLowerCase())
  const lines = new Map(objects.map(({ dn, line }) => [dn, line]))
  const found = [
    ...objects.flatMap((object) => [...nameFindings(object, domains), ...addressFindings(object, domains)]),
    ...duplicateFindings(objects),
  ]
  return found.sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || (lines.get(a.dn) ?? 0) - (lines.get(b.dn) ?? 0))
}
