import type { ExchangeMailbox } from '../../microsoft/exchange-reads.ts'
import { graphPath } from '../../microsoft/graph-path.ts'
import type { Finding } from '../../model/change.ts'
import type { WantedMailbox, WantedTenant } from '../../model/wanted-tenant.ts'
import { addressBook, type Holder } from '../address-book.ts'
import type { TenantUser } from '../directory.ts'
import { key } from '../key.ts'
import type { Actual } from '../part.ts'
import { domainOf } from './people-names.ts'

/** One of the wanted mailboxes, and what of it is in the tenant. */
export type Person = {
  readonly wanted: WantedMailbox
  readonly user: TenantUser | null
  readonly mailbox: ExchangeMailbox | null
  /** Others that have the address now, or had it and were deleted. */
  readonly others: readonly Holder[]
  /** The tenant is synced, and nothing says that this one is made in the cloud. */
  readonly belongsToAd: boolean
}

/**
 * The user of a wanted mailbox is the one with its UPN; without one, whoever has its address as the primary one. A further address
 * does not make somebody the same person.
 */
export function personsOf(mailboxes: readonly WantedMailbox[], tenant: WantedTenant, actual: Actual): readonly Person[] {
  const { directory, recipients } = actual
  const book = addressBook(actual)
  const byId = new Map(directory.users.map((user) => [user.id, user]))
  const byUpn = new Map(directory.users.filter(({ isGuest }) => !isGuest).map((user) => [user.userPrincipalName, user]))
  const mailboxOf = new Map(recipients.mailboxes.map((one) => [one.userId, one]))
  const mailboxAt = new Map(recipients.mailboxes.map((one) => [one.primaryAddress, one]))

  return mailboxes.map((wanted) => {
    const upn = wanted.userPrincipalName.toLowerCase()
    const address = wanted.address.toLowerCase()
    const holders = book(address)
    const primary = holders.find((one) => one.deletedMs === null && one.isPrimary && one.user?.isGuest === false)
    const known = byUpn.get(upn) ?? primary?.user ?? null
    const mailbox = (known === null ? mailboxAt.get(address) : mailboxOf.get(known.id)) ?? null
    const user = known ?? byId.get(mailbox?.userId ?? '') ?? null
    const heldUpn = upn === address ? [] : book(upn)
    return {
      wanted,
      user,
      mailbox,
      others: [...holders, ...heldUpn].filter((one, at, all) => one.id !== user?.id && all.findIndex(({ id }) => id === one.id) === at),
      belongsToAd: directory.isSynced && !isCloudOnly(wanted, tenant),
    }
  })
}

function isCloudOnly({ address, userPrincipalName }: WantedMailbox, { cloudOnly = [] }: WantedTenant): boolean {
  const names = [address, userPrincipalName, domainOf(userPrincipalName), '*'].map((one) => one.toLowerCase())
  return cloudOnly.some((one) => names.includes(one.trim().replace(/^@/, '').toLowerCase()))
}

/** The path of the user, who may not be there yet. Throws `bad-input` where that would name nothing. */
export function userPath({ user, wanted }: Person): string {
  return graphPath`/users/${user?.id ?? wanted.userPrincipalName}`
}

/** What must hold before anything is done to the user. */
export function afterUser({ wanted }: Person): readonly string[] {
  return wanted.kind === 'user' ? [key.user(wanted.userPrincipalName)] : [key.mailbox(wanted.address)]
}

export function findingAbout(
  { address, where }: WantedMailbox,
  severity: Finding['severity'],
  code: string,
  says: string,
  remedy: string,
): Finding {
  return { code, severity, about: address, says, remedy, where }
}
