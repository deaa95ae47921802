import type { Finding } from '../../model/change.ts'
import type { Sku } from '../directory.ts'
import { findingAbout, type Person } from './person.ts'
import { skuTitle } from './plans.ts'

export type Need = { readonly person: Person; readonly added: readonly Sku[] }

/**
 * Seats are given in the order of the list, and to nobody who would lack another licence all the same. Those that a change of licence
 * makes free are not counted: they are free only after it.
 */
export function seatFindings(needs: readonly Need[]): readonly Finding[] {
  const left = new Map<string, number>()
  const needed = new Map<string, number>()
  const short = new Set<Sku>()
  const findings: Finding[] = []
  for (const { person, added } of needs) {
    const lacking = added.filter((sku) => (left.get(sku.skuId) ?? sku.free) <= 0)
    for (const sku of added) needed.set(sku.skuId, (needed.get(sku.skuId) ?? 0) + 1)
    if (lacking.length === 0) for (const sku of added) left.set(sku.skuId, (left.get(sku.skuId) ?? sku.free) - 1)
    for (const sku of lacking) {
      short.add(sku)
      findings.push(
        findingAbout(
          person.wanted,
          'blocker',
          'licence-short',
          `No licence ${skuTitle(sku.part)} is left for ${person.wanted.address}.`,
          'Buy more of them, take one from somebody who no longer needs it, or write another licence.',
        ),
      )
    }
  }
  return [...findings, ...[...short].map((sku) => summary(sku, needed.get(sku.skuId) ?? 0))]
}

function summary(sku: Sku, needed: number): Finding {
  const buy = needed - sku.free
  return {
    code: 'licences-to-buy',
    severity: 'warning',
    about: sku.part,
    says: `${skuTitle(sku.part)}: ${needed} needed, ${sku.free === 0 ? 'none' : sku.free} free of ${sku.total}.`,
    remedy: `Buy ${buy} more, then plan again.`,
    where: null,
  }
}
