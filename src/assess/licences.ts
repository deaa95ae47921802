import type { Directory, Sku } from '../tenant/directory.ts'
import { mailboxPlan, skuTitle } from '../tenant/people/plans.ts'
import type { WantedMailbox } from '../model/wanted-tenant.ts'
import type { LicenceNeed } from './assessment.ts'

export type LicencedMailbox = Pick<WantedMailbox, 'address' | 'licences' | 'kind'> & {
  readonly name: string
  /** As it was read; null: it was not. */
  readonly bytes: number | null
}

/** Which licences the mailboxes want that they do not have, against what the tenant has left, and which mailboxes do not fit. */
export function licenceNeeds(mailboxes: readonly LicencedMailbox[], directory: Pick<Directory, 'skus' | 'users'>): readonly LicenceNeed[] {
  const parts = new Set(mailboxes.flatMap(({ licences }) => licences.map(folded)))
  return [...parts].map((part) => {
    const sku = directory.skus.find((one) => folded(one.part) === part) ?? null
    const wanting = mailboxes.filter(({ licences }) => licences.some((one) => folded(one) === part))
    const has = (address: string): boolean => sku !== null && holds(directory, sku, address)
    const needed = wanting.filter(({ address }) => !has(address)).length
    const plan =
      sku === null
        ? null
        : mailboxPlan(
            sku.plans.map(({ id }) => id),
            sku.part,
          )
    const mailboxBytes = plan?.quotaBytes ?? null
    const written = wanting[0]?.licences.find((one) => folded(one) === part) ?? part
    return {
      licence: skuTitle(sku?.part ?? written),
      bought: sku?.total ?? 0,
      assigned: sku === null ? 0 : sku.total - sku.free,
      needed,
      missing: Math.max(0, needed - (sku?.free ?? 0)),
      mailboxBytes,
      tooBig: wanting.flatMap(({ name, bytes }) =>
        mailboxBytes !== null && bytes !== null && bytes > mailboxBytes ? [{ name, bytes }] : [],
      ),
    }
  })
}

function holds({ users }: Pick<Directory, 'users'>, sku: Sku, address: string): boolean {
  const lower = address.toLowerCase()
  const user = users.find((one) => one.userPrincipalName === lower || one.addresses.includes(lower))
  return user?.licences.some(({ skuId }) => skuId === sku.skuId) === true
}

function folded(part: string): string {
  return part.trim().toUpperCase()
}
