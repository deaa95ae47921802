import type { ExchangeMailbox } from '../../microsoft/exchange-reads.ts'
import type { WantedMailbox, WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantUser } from '../directory.ts'
import type { Actual } from '../part.ts'

/** A wanted mailbox, and what stands in its place. */
export type Standing = {
  readonly wanted: WantedMailbox
  /** null: it is not there yet. */
  readonly mailbox: ExchangeMailbox | null
  /** null: there is none yet, or one that Exchange makes along with the mailbox. */
  readonly user: TenantUser | null
  /** Names the mailbox in a cmdlet: an address that it keeps whatever is changed, or what its person signs in with. */
  readonly identity: string
}

/** Kinds of `RecipientTypeDetails`. */
export const MAILBOX_KIND: Readonly<Record<WantedMailbox['kind'], string>> = {
  user: 'UserMailbox',
  shared: 'SharedMailbox',
  room: 'RoomMailbox',
  equipment: 'EquipmentMailbox',
}

/** A mailbox or user belongs to a wanted one by what the person signs in with, or by its primary address; an alias is not enough. */
export function standings(wanted: WantedTenant, { directory, recipients }: Actual): readonly Standing[] {
  const byUpn = new Map(recipients.mailboxes.map((one) => [one.userPrincipalName, one]))
  const byAddress = new Map(recipients.mailboxes.map((one) => [one.primaryAddress, one]))
  const userById = new Map(directory.users.map((user) => [user.id, user]))
  const userByUpn = new Map(directory.users.map((user) => [user.userPrincipalName.toLowerCase(), user]))
  const userByMail = new Map(directory.users.flatMap((user) => (user.mail === null || user.isGuest ? [] : [[user.mail, user]])))
  return firstOfEach(wanted.mailboxes).map((one) => {
    const [upn, address] = [one.userPrincipalName.toLowerCase(), one.address.toLowerCase()]
    const mailbox = byUpn.get(upn) ?? byAddress.get(address) ?? null
    const user = (mailbox === null ? undefined : userById.get(mailbox.userId)) ?? userByUpn.get(upn) ?? userByMail.get(address) ?? null
    return {
      wanted: one,
      mailbox,
      user,
      identity: mailbox?.primaryAddress ?? (one.kind === 'user' ? (user?.userPrincipalName ?? upn) : address),
    }
  })
}

/** Addresses of mail without `smtp:`. */
export function smtpAddresses(mailbox: ExchangeMailbox): readonly string[] {
  return mailbox.addresses.filter((one) => /^smtp:/i.test(one)).map((one) => one.slice('smtp:'.length).toLowerCase())
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

/** Domains that Exchange takes mail for, or will when the plan is carried out. */
export function ownDomains(wanted: WantedTenant, { recipients }: Actual): ReadonlySet<string> {
  return new Set([...recipients.acceptedDomains.map(({ domain }) => domain), ...wanted.domains.map(({ name }) => name.toLowerCase())])
}

/** What Exchange takes as an address of its own: letters of ASCII, no dot at an end and no two in a row. */
export function isExchangeAddress(address: string): boolean {
  return /^[\w!#$%&'*+\-/=?^`{|}~]+(?:\.[\w!#$%&'*+\-/=?^`{|}~]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(address)
}

/** What is wanted twice is planned once; that it is, is told where the definition is read. */
export function firstOfEach<T extends { readonly address: string }>(all: readonly T[]): readonly T[] {
  return [...new Map(all.toReversed().map((one) => [one.address.toLowerCase(), one])).values()].toReversed()
}
