import type { WantedTenant } from '../model/wanted-tenant.ts'
import type { Actual } from './part.ts'

/** Exchange takes no longer names of objects. */
export const LARGEST_NAME = 64

/** A name that no other recipient has or will have: the wanted one, or else the address, which is one of a kind by itself. */
export function freeName(name: string, address: string, wanted: WantedTenant, { recipients }: Actual): string {
  const asked = [
    ...wanted.mailboxes.map((one) => ({ address: one.address, name: one.displayName ?? localPart(one.address) })),
    ...wanted.groups,
    ...wanted.contacts,
  ]
  const taken =
    recipients.all.some((one) => same(one.name, name)) || asked.some((one) => same(one.name, name) && !same(one.address, address))
  return (taken || name.trim() === '' ? address : name).slice(0, LARGEST_NAME)
}

/** The local part of the address, and the domain too where two addresses share their local part. */
export function freeAlias(address: string, wanted: WantedTenant, { recipients }: Actual): string {
  const local = localPart(address)
  const others = [
    ...recipients.mailboxes.map(({ alias, primaryAddress }) => ({ alias, address: primaryAddress })),
    ...recipients.all.map(({ primaryAddress }) => ({ alias: localPart(primaryAddress), address: primaryAddress })),
    ...wanted.mailboxes.map((one) => ({ alias: one.alias ?? localPart(one.address), address: one.address })),
    ...wanted.groups.map((one) => ({ alias: localPart(one.address), address: one.address })),
  ]
  const taken = others.some((one) => same(one.alias, local) && !same(one.address, address))
  return (taken ? address.replace('@', '.') : local).slice(0, LARGEST_NAME)
}

function localPart(address: string): string {
  return address.slice(0, Math.max(0, address.lastIndexOf('@')))
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
