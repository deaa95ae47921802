import type { Finding } from '../../model/change.ts'
import type { WantedMailbox, WantedTenant } from '../../model/wanted-tenant.ts'
import { userTitle, type Holder } from '../address-book.ts'
import type { Directory, TenantDomain } from '../directory.ts'
import { addressProblem, domainOf, plainAddress, upnProblem } from './people-names.ts'
import { findingAbout, type Person } from './person.ts'

const KEPT_MS = 30 * 86_400_000

/** What stands between a wanted user mailbox and its person: names, domains, and others who have the address. */
export function personFindings(person: Person, wanted: WantedTenant, directory: Directory): readonly Finding[] {
  return [
    ...nameFindings(person),
    ...domainFindings(person, wanted, directory),
    ...person.others.map((holder) => holderFinding(person.wanted, holder)),
    ...userFindings(person),
  ]
}

function nameFindings({ wanted, user }: Person): readonly Finding[] {
  const { address, userPrincipalName } = wanted
  const finding = (what: string, name: string, problem: string): Finding => {
    const plain = plainAddress(name)
    const other = plain === null || plain === name.toLowerCase() ? 'Write another one.' : `Write ${plain}, for example.`
    return findingAbout(wanted, 'blocker', 'name-invalid', `The ${what} ${name} ${problem}.`, other)
  }
  const ofAddress = addressProblem(address)
  const ofUpn = user === null ? upnProblem(userPrincipalName) : null
  if (ofUpn !== null) return [finding('sign-in name', userPrincipalName, ofUpn)]
  return ofAddress === null ? [] : [finding('address', address, ofAddress)]
}

function domainFindings({ wanted, user }: Person, tenant: WantedTenant, directory: Directory): readonly Finding[] {
  const names = new Set([domainOf(wanted.address), ...(user === null ? [domainOf(wanted.userPrincipalName)] : [])])
  const known = (name: string): TenantDomain | undefined => directory.domains.find((domain) => domain.name === name)
  return [...names].flatMap((name) => {
    const domain = known(name)
    if (domain?.isVerified === true) {
      if (user !== null || domain.authenticationType !== 'Federated' || name !== domainOf(wanted.userPrincipalName)) return []
      return [
        findingAbout(
          wanted,
          'blocker',
          'domain-federated',
          `Users of ${name} sign in with another system (the domain is federated), so that none can be made here with a password.`,
          'Make the user in that system, or give the user a name in another domain.',
        ),
      ]
    }
    // Its own change verifies it first.
    if (tenant.domains.some((one) => one.name.toLowerCase() === name)) return []
    return [
      findingAbout(
        wanted,
        'blocker',
        'domain-not-verified',
        `The domain ${name} of ${wanted.address} is ${domain === undefined ? 'not in' : 'not verified in'} this tenant.`,
        `Add ${name} to the domains of the definition and prove that it is yours, or write an address in another domain.`,
      ),
    ]
  })
}

/** Somebody or something else has the address or the sign-in name. */
function holderFinding(wanted: WantedMailbox, { user, kind, title, deletedMs }: Holder): Finding {
  const { address } = wanted
  if (deletedMs !== null) {
    const free = Number.isNaN(deletedMs) ? 'for up to 30 days after it was deleted' : `until about ${dayOf(deletedMs + KEPT_MS)}`
    return findingAbout(
      wanted,
      'blocker',
      'address-deleted',
      `${capital(title)} keeps ${address} ${free}.`,
      'If it is the same person, restore that user (Entra admin centre: Deleted users). If not, delete it there for good.',
    )
  }
  if (user?.isGuest === true)
    return findingAbout(
      wanted,
      'blocker',
      'guest-account',
      `${capital(title)} has ${address} already: a guest has no mailbox here.`,
      'Make the guest an internal user (Entra admin centre: Convert to internal user), or delete the guest.',
    )
  // Exchange knows shared mailboxes and rooms as what they are.
  if (user !== null && (kind === '' || kind === 'UserMailbox'))
    return findingAbout(
      wanted,
      'blocker',
      'upn-differs',
      `${address} belongs to ${title}, so no second user is made.`,
      `If it is the same person, write ${user.userPrincipalName} into the column upn; if not, take the address away there.`,
    )
  return findingAbout(
    wanted,
    'blocker',
    'address-taken',
    `${address} belongs to ${title}.`,
    'Take the address away there, or write another one in the list.',
  )
}

function userFindings({ wanted, user, belongsToAd }: Person): readonly Finding[] {
  const { address, userPrincipalName } = wanted
  if (user === null) {
    if (!belongsToAd) return []
    return [
      findingAbout(
        wanted,
        'blocker',
        'create-in-ad',
        `This tenant is synced from an Active Directory, and ${userPrincipalName} is not there yet.`,
        'Create the user in Active Directory and let it be synced. If it is to be made in the cloud, write it or its domain under cloud_only of the tenant.',
      ),
    ]
  }
  const found: Finding[] = []
  if (user.userPrincipalName !== userPrincipalName.toLowerCase())
    found.push(
      findingAbout(
        wanted,
        'warning',
        'upn-differs',
        `${address} belongs to ${userTitle(user)}, who signs in with another name than ${userPrincipalName}. That name is left as it is.`,
        `Write ${user.userPrincipalName} into the column upn, or rename the user in ${user.isSynced ? 'Active Directory' : 'Entra'}.`,
      ),
    )
  else if (user.userPrincipalName !== address.toLowerCase())
    found.push(
      findingAbout(
        wanted,
        'note',
        'upn-not-address',
        `${userTitle(user)} signs in with another name than the address ${address}.`.replace(/^t/, 'T'),
        'Tell the person: programs ask for the sign-in name, and people type their address.',
      ),
    )
  if (!user.isEnabled)
    found.push(
      findingAbout(
        wanted,
        'warning',
        'user-disabled',
        `${capital(userTitle(user))} may not sign in.`,
        'Allow the sign-in before the cutover, or write shared as the kind of the mailbox.',
      ),
    )
  return found
}

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
