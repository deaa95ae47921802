import { userTitle } from '../address-book.ts'
import type { Directory, TenantUser } from '../directory.ts'

/** A user of an Active Directory on-premises, as an export has it. */
export type AdUser = {
  /** How a person finds it there: its distinguished name, or its UPN. */
  readonly name: string
  readonly userPrincipalName: string | null
  /** The `SMTP:` entry of proxyAddresses, or `mail` where there is none. */
  readonly primaryAddress: string | null
  /** Further SMTP addresses. */
  readonly addresses: readonly string[]
  /** mS-DS-ConsistencyGuid, or objectGUID, in base64: what Entra Connect takes as the source anchor. */
  readonly immutableId: string | null
}

/**
 * What the next synchronisation would do with a user of Active Directory. hard: joined by its source anchor. soft: joined with a user of
 * the cloud that has its UPN or primary address. new: a new user is made. collides: it is refused.
 */
export type AdMatch = {
  readonly ad: AdUser
  readonly outcome: 'hard' | 'soft' | 'new' | 'collides'
  readonly user: TenantUser | null
  readonly by: readonly ('source anchor' | 'sign-in name' | 'primary address')[]
  readonly says: string
}

/**
 * Whom of the tenant each user of Active Directory would be joined with (Entra Connect: hard match by the source anchor, else soft match
 * by UPN and primary SMTP address of a user that no AD owns yet). Further addresses never join two users, they only collide.
 * Administrators are never joined softly, and a tenant can forbid both kinds; neither can be seen here.
 */
export function matches(directory: Directory, adUsers: readonly AdUser[]): readonly AdMatch[] {
  const byAnchor = new Map(directory.users.flatMap((user) => (user.immutableId === null ? [] : [[user.immutableId, user] as const])))
  const byUpn = new Map(directory.users.map((user) => [user.userPrincipalName, user]))
  const byPrimary = new Map<string, TenantUser>()
  const byAddress = new Map<string, readonly TenantUser[]>()
  for (const user of directory.users) {
    if (user.mail !== null) byPrimary.set(user.mail, user)
    for (const address of new Set([user.userPrincipalName, ...user.addresses]))
      byAddress.set(address, [...(byAddress.get(address) ?? []), user])
  }
  const groups = new Map(directory.groups.flatMap((group) => group.addresses.map((address) => [address, group] as const)))
  const takenBy = new Map<string, AdUser>()

  return adUsers.map((ad): AdMatch => {
    const upn = ad.userPrincipalName?.toLowerCase() ?? ''
    const primary = ad.primaryAddress?.toLowerCase() ?? ''
    const collides = (user: TenantUser | null, by: AdMatch['by'], says: string): AdMatch => ({ ad, outcome: 'collides', user, by, says })
    const joined = (user: TenantUser, outcome: 'hard' | 'soft', by: AdMatch['by'], says: string): AdMatch => {
      const first = takenBy.get(user.id)
      if (first !== undefined) return collides(user, by, `${userTitle(user)} would be joined with ${first.name} already.`)
      takenBy.set(user.id, ad)
      const other = strangerOf([upn, primary, ...ad.addresses.map((address) => address.toLowerCase())], user)
      return other === null ? { ad, outcome, user, by, says } : collides(user, by, other)
    }
    const strangerOf = (addresses: readonly string[], own: TenantUser | null): string | null => {
      for (const address of addresses) {
        const user = byAddress.get(address)?.find(({ id }) => id !== own?.id)
        if (user !== undefined) return `${address} belongs to ${userTitle(user)} in the cloud.`
        const group = groups.get(address)
        if (group !== undefined) return `${address} belongs to the group "${group.displayName}" in the cloud.`
      }
      return null
    }

    const anchored = ad.immutableId === null ? undefined : byAnchor.get(ad.immutableId)
    if (anchored !== undefined)
      return joined(
        anchored,
        'hard',
        ['source anchor'],
        anchored.isSynced
          ? `Joined with ${userTitle(anchored)} already.`
          : `Would take over ${userTitle(anchored)}, who has its source anchor.`,
      )
    const named = byUpn.get(upn)
    const addressed = byPrimary.get(primary)
    const user = named ?? addressed
    if (user === undefined) {
      const other = strangerOf([primary, ...ad.addresses.map((address) => address.toLowerCase())], null)
      return other === null ? { ad, outcome: 'new', user: null, by: [], says: 'Would become a new user.' } : collides(null, [], other)
    }
    const by = [...(named === undefined ? [] : ['sign-in name' as const]), ...(addressed === user ? ['primary address' as const] : [])]
    if (named !== undefined && addressed !== undefined && named !== addressed)
      return collides(
        user,
        ['sign-in name'],
        `Its sign-in name is that of ${userTitle(named)}, and its address that of ${userTitle(addressed)}.`,
      )
    if (user.isGuest) return collides(user, by, `Its ${by.join(' and ')} is that of ${userTitle(user)}.`)
    if (user.isSynced || user.immutableId !== null)
      return collides(user, by, `${capital(userTitle(user))} has its ${by.join(' and ')}, and belongs to another user of Active Directory.`)
    return joined(user, 'soft', by, `Would take over ${userTitle(user)}, who has its ${by.join(' and ')}.`)
  })
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
