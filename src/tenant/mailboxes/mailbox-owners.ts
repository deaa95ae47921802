import type { AddressBook, Holder } from '../address-book.ts'
import { addressBook } from '../address-book.ts'
import type { Actual } from '../part.ts'

/** Whoever has an address and is none of these objects; what is there counts before what was deleted. */
export type OtherHolder = (address: string, but?: readonly string[]) => Owner | null
export type Owner = Holder & { readonly isInactive: boolean }

export function otherHolders(actual: Actual): OtherHolder {
  const book: AddressBook = addressBook(actual)
  const inactive = new Set(actual.recipients.deletedMailboxes.flatMap((one) => (one.isInactive ? [one.userId || one.guid] : [])))
  const unified = new Set(actual.directory.groups.flatMap(({ id, isUnified }) => (isUnified ? [id] : [])))
  return (address, but = []) => {
    const others = book(address).filter(({ id }) => !but.includes(id))
    const holder = others.find(({ deletedMs }) => deletedMs === null) ?? others[0]
    if (holder === undefined) return null
    return { ...holder, kind: unified.has(holder.id) ? 'GroupMailbox' : holder.kind, isInactive: inactive.has(holder.id) }
  }
}

/** What to do about an address that somebody else has. */
export function freeing({ deletedMs, isInactive }: Owner, address: string): string {
  if (isInactive) return 'It is kept because it is on hold. Release the hold, or restore the mailbox and use that; then plan again.'
  return deletedMs === null
    ? `Take ${address} away from it, rename it, or want another address; then plan again.`
    : `Restore it and use it, or delete it for good; then plan again. It gives up ${address} by itself after 30 days.`
}
