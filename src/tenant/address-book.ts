import type { Actual } from './part.ts'
import type { TenantUser } from './directory.ts'

/** Who has an address. */
export type Holder = {
  /** Of the object in Entra, where it has one there. */
  readonly id: string
  /** In a sentence: `the shared mailbox "Info"`. */
  readonly title: string
  /** null: not a user's. */
  readonly user: TenantUser | null
  /** As Exchange tells it; '' where Exchange does not know it. */
  readonly kind: string
  readonly isPrimary: boolean
  /** null: it was not deleted; NaN: nobody knows when. */
  readonly deletedMs: number | null
}
export type AddressBook = (address: string) => readonly Holder[]

/** Everything that keeps an address from being given to another one, also what was deleted within 30 days. */
export function addressBook({ directory, recipients }: Actual): AddressBook {
  const book = new Map<string, Map<string, Holder>>()
  const add = (addresses: Iterable<string>, primary: string, holder: Omit<Holder, 'isPrimary'>): void => {
    for (const address of new Set(addresses)) {
      const holders = book.get(address) ?? new Map<string, Holder>()
      book.set(address, holders)
      const known = holders.get(holder.id)
      const isPrimary = address === primary || known?.isPrimary === true
      // The directory tells a user, Exchange of what kind it is there.
      holders.set(holder.id, known === undefined ? { ...holder, isPrimary } : { ...holder, user: holder.user ?? known.user, isPrimary })
    }
  }
  for (const user of directory.users)
    add([user.userPrincipalName, ...user.addresses], user.mail ?? user.userPrincipalName, {
      id: user.id,
      title: userTitle(user),
      user,
      kind: '',
      deletedMs: null,
    })
  for (const { id, displayName, addresses } of directory.groups)
    add(addresses, addresses[0] ?? '', { id, title: `the group "${displayName}"`, user: null, kind: '', deletedMs: null })
  const users = new Map(directory.users.map((user) => [user.id, user]))
  for (const { id, name, kind, primaryAddress, addresses } of recipients.all) {
    const user = users.get(id) ?? null
    const title = kind === 'UserMailbox' && user !== null ? userTitle(user) : `the ${KINDS[kind] ?? 'object of Exchange'} "${name}"`
    add(addresses, primaryAddress, { id, title, user, kind, deletedMs: null })
  }
  for (const { guid, userId, displayName, primaryAddress, addresses } of recipients.deletedMailboxes) {
    const bare = addresses.filter((one) => /^smtp:/i.test(one)).map((one) => one.slice('smtp:'.length).toLowerCase())
    const title = `the deleted mailbox "${displayName}"`
    if (!users.has(userId))
      add([primaryAddress, ...bare], primaryAddress, { id: userId || guid, title, user: null, kind: '', deletedMs: NaN })
  }
  for (const user of directory.deletedUsers)
    add([user.userPrincipalName, ...user.addresses], user.mail ?? user.userPrincipalName, {
      id: user.id,
      title: `the deleted ${userTitle(user).slice('the '.length)}`,
      user,
      kind: '',
      deletedMs: user.deletedMs ?? NaN,
    })
  return (address) => [...(book.get(address.toLowerCase())?.values() ?? [])]
}

export function userTitle({ displayName, userPrincipalName, isGuest }: TenantUser): string {
  return `the ${isGuest ? 'guest' : 'user'} "${displayName}" (${userPrincipalName})`
}

const KINDS: Readonly<Record<string, string>> = {
  UserMailbox: 'mailbox',
  SharedMailbox: 'shared mailbox',
  RoomMailbox: 'room mailbox',
  EquipmentMailbox: 'equipment mailbox',
  GroupMailbox: 'Microsoft 365 group',
  MailUniversalDistributionGroup: 'distribution group',
  MailUniversalSecurityGroup: 'mail-enabled security group',
  DynamicDistributionGroup: 'dynamic distribution group',
  RoomList: 'room list',
  MailContact: 'mail contact',
  MailUser: 'mail user',
  GuestMailUser: 'guest',
  PublicFolder: 'public folder',
}
