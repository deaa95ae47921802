import { listOf, sameText, textOf } from './props.ts'
import type { ExchangeObject, User } from './state.ts'
import type { TenantWorld } from './world.ts'

/** Kinds of Exchange objects that have addresses. */
export const RECIPIENTS = ['Mailbox', 'DistributionGroup', 'MailContact'] as const

export type AddressOwner = { readonly id: string; readonly name: string; readonly what: 'user' | 'group' | 'recipient' }

/** Who has this address: also a user or mailbox that was deleted within the last thirty days. `but` is left out, whatever it owns. */
export function ownerOf(world: TenantWorld, address: string, but: readonly string[] = []): AddressOwner | null {
  const has = (addresses: readonly string[]): boolean => addresses.some((one) => sameText(one.replace(/^[a-z]+:/i, ''), address))
  for (const object of world.state.objects) {
    if (!RECIPIENTS.some((kind) => kind === object.kind) || but.includes(object.guid)) continue
    if (but.includes(textOf(object.props['ExternalDirectoryObjectId']))) continue
    if (has(addressesOf(object))) return { id: object.guid, name: textOf(object.props['Identity']), what: 'recipient' }
  }
  for (const user of world.state.users) {
    const own = [textOf(user.props['userPrincipalName']), ...listOf(user.props['proxyAddresses'])]
    if (!but.includes(user.id) && has(own)) return { id: user.id, name: textOf(user.props['displayName']), what: 'user' }
  }
  for (const group of world.state.groups)
    if (!but.includes(group.id) && has(listOf(group.props['proxyAddresses'])))
      return { id: group.id, name: textOf(group.props['displayName']), what: 'group' }
  return null
}

export function addressesOf(object: ExchangeObject): string[] {
  return [textOf(object.props['PrimarySmtpAddress']), ...listOf(object.props['EmailAddresses'])].filter((address) => address !== '')
}

export function userOf(world: TenantWorld, idOrName: string): User | undefined {
  const upn = (user: User): string => textOf(user.props['userPrincipalName'])
  return world.state.users.find(
    (user) => user.deletedAtMs === null && (user.id === idOrName.toLowerCase() || sameText(upn(user), idOrName)),
  )
}

/** The mailbox that belongs to a user, deleted ones only when asked for. */
export function mailboxOf(world: TenantWorld, userId: string, removed = false): ExchangeObject | undefined {
  return world.state.objects.find(
    ({ kind, props, removedAtMs }) =>
      kind === 'Mailbox' && props['ExternalDirectoryObjectId'] === userId && (removed ? removedAtMs !== null : removedAtMs === null),
  )
}

/** The mailbox with this address, name or id, whether or not readers find it yet. */
export function mailboxAt(world: TenantWorld, address: string): ExchangeObject | undefined {
  return world.state.objects.find(
    (object) =>
      object.kind === 'Mailbox' &&
      object.removedAtMs === null &&
      (sameText(textOf(object.props['UserPrincipalName']), address) ||
        addressesOf(object).some((one) => sameText(one.replace(/^smtp:/i, ''), address))),
  )
}

/** Verified domains that Exchange takes mail for by now. */
export function acceptedDomains(world: TenantWorld): string[] {
  return world.state.domains.filter(({ acceptedAtMs }) => acceptedAtMs !== null && acceptedAtMs <= world.now()).map(({ id }) => id)
}

/** The domain that the tenant was born with. */
export function initialDomain(world: TenantWorld): string {
  return world.state.domains.find(({ props }) => props['isInitial'] === true)?.id ?? 'example.onmicrosoft.com'
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

export function localPartOf(address: string): string {
  return address.slice(0, Math.max(0, address.lastIndexOf('@')))
}
