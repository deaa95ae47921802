import type { Finding } from '../../model/change.ts'
import { userTitle } from '../address-book.ts'
import type { Directory, TenantUser } from '../directory.ts'
import { localOf, nameKey } from './people-names.ts'
import { findingAbout, type Person } from './person.ts'

/** New users who may be there already under another name, or twice in the list. It is told, and they are made all the same. */
export function lookAlikes(persons: readonly Person[], directory: Directory): readonly Finding[] {
  const found = new Set(persons.map(({ user }) => user?.id))
  const strangers = directory.users.filter((user) => !user.isGuest && !found.has(user.id))
  const byName = grouped(strangers, ({ displayName }) => nameKey(displayName))
  const byLocal = grouped(strangers, ({ userPrincipalName }) => localOf(userPrincipalName))
  const wantedBefore = new Map<string, Person>()
  return persons.flatMap((person) => {
    const { wanted, user, others } = person
    // Whoever has the address is told already.
    if (wanted.kind !== 'user' || user !== null || others.length > 0) return []
    const name = nameKey(wanted.displayName ?? '')
    const known = (name === '' ? undefined : byName.get(name)?.[0]) ?? byLocal.get(localOf(wanted.userPrincipalName))?.[0]
    const before = name === '' ? undefined : wantedBefore.get(name)
    if (name !== '' && before === undefined) wantedBefore.set(name, person)
    if (known !== undefined)
      return [
        findingAbout(
          wanted,
          'warning',
          'looks-alike',
          `${wanted.address} is made new, and ${userTitle(known)} looks like the same person.`,
          `If so, write ${known.userPrincipalName} into the column upn. If not, nothing is to be done.`,
        ),
      ]
    if (before === undefined) return []
    return [
      findingAbout(
        wanted,
        'warning',
        'looks-alike',
        `${wanted.address} and ${before.wanted.address} (${before.wanted.where}) have the same name.`,
        'If it is one person, leave one of the two and make the other address a further address of it.',
      ),
    ]
  })
}

function grouped(users: readonly TenantUser[], of: (user: TenantUser) => string): ReadonlyMap<string, readonly TenantUser[]> {
  return Map.groupBy(
    users.filter((user) => of(user) !== ''),
    of,
  )
}
