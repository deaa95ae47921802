import type { Finding } from '../model/change.ts'
import type { Directory, Sku } from './directory.ts'
import { activePlan, fullPlan, type Held } from './licences.ts'
import { findingAbout, type Person } from './person.ts'
import { mayGrow, skuTitle } from './plans.ts'

const GB = 1024 ** 3
/** No plan has more. */
const LARGEST_BYTES = 100 * GB
/** From there on little room is left for what comes after the migration. */
const NEARLY_FULL = 0.9

/** Whether the mailbox that a person gets with its licences will have room for the old one. Mailboxes that are there tell it themselves. */
export function quotaFindings(person: Person, held: readonly Held[], directory: Directory): readonly Finding[] {
  const { wanted, mailbox } = person
  const { address, sourceBytes } = wanted
  const giving = held.find((one) => activePlan(one) !== null)
  const plan = giving === undefined ? null : activePlan(giving)
  if (giving === undefined || plan === null || sourceBytes === null || !wanted.isMigrated) return []
  const isNew = person.user?.licences.some(({ skuId }) => skuId === giving.sku.skuId) !== true
  const { part } = giving.sku
  if ((mailbox !== null && !isNew) || sourceBytes <= plan.quotaBytes * NEARLY_FULL) return []
  const says = `The old mailbox of ${address} has ${shownGb(sourceBytes)}, and one with ${skuTitle(part)} takes ${shownGb(plan.quotaBytes)}.`
  if (sourceBytes <= plan.quotaBytes)
    return [
      findingAbout(
        wanted,
        'warning',
        'mailbox-nearly-full',
        says,
        'Little room is left there: have old mail archived, or give it a larger licence.',
      ),
    ]
  if (mayGrow(part) && sourceBytes <= LARGEST_BYTES)
    return [
      findingAbout(
        wanted,
        'warning',
        'mailbox-too-large',
        `${says} Microsoft is enlarging mailboxes of this licence to 100 GB.`,
        'Look at the quota as soon as the mailbox is there: the next plan reads it.',
      ),
    ]
  return [findingAbout(wanted, 'blocker', 'mailbox-too-large', says, remedyFor(sourceBytes, directory))]
}

function remedyFor(sourceBytes: number, { skus }: Directory): string {
  const room = (sku: Sku): number => fullPlan(sku)?.quotaBytes ?? 0
  const [best] = skus.filter((sku) => room(sku) >= sourceBytes).toSorted((a, b) => room(a) - room(b) || b.free - a.free)
  const seats = best === undefined || best.free === 0 ? 'no seat is free' : `${best.free} free`
  if (best !== undefined)
    return `Give it ${skuTitle(best.part)} (${shownGb(room(best))}, ${seats}), or have old mail archived or left behind.`
  if (sourceBytes <= LARGEST_BYTES)
    return 'Give it a licence with Exchange Online Plan 2 (100 GB), or have old mail archived or left behind.'
  return 'No licence has room for that: have old mail archived first, or move a part of it only.'
}

function shownGb(bytes: number): string {
  const gb = bytes / GB
  return `${gb >= 10 || Number.isInteger(gb) ? Math.ceil(gb) : gb.toFixed(1)} GB`
}
