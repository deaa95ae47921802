import type { Directory } from '../directory.ts'
import type { Standing } from './mailbox-match.ts'
import type { MailboxPlan } from '../people/plans.ts'
import { mailboxPlan } from '../people/plans.ts'

/** The plan that a mailbox has once the wanted licences are given; null: none, or one that no subscription of the tenant has. */
export function wantedPlan({ wanted, user }: Standing, { skus }: Directory): MailboxPlan | null {
  const asked = wanted.licences.flatMap((part) => skus.filter((sku) => sku.part.toLowerCase() === part.toLowerCase()))
  const held = (user?.licences ?? []).flatMap(({ skuId, disabledPlans }) =>
    skus.filter((sku) => sku.skuId === skuId).map((sku) => ({ ...sku, plans: sku.plans.filter(({ id }) => !disabledPlans.includes(id)) })),
  )
  const plans = [...asked, ...held].map(({ part, plans: all }) =>
    mailboxPlan(
      all.map(({ id }) => id),
      part,
    ),
  )
  return plans.find((plan) => plan !== null) ?? null
}
