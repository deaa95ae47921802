import type { Json } from '../../model/change.ts'
import type { WantedMailbox } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import type { Directory } from '../directory.ts'
import { key } from '../key.ts'
import { domainOf, nickname } from './people-names.ts'
import { afterUser, type Person, userPath } from './person.ts'

/** The user that is made, or what of an existing one is changed. */
export function userChanges(person: Person, directory: Directory): readonly TenantChange[] {
  if (person.wanted.kind === 'user' && person.user === null) return [newUser(person, directory)]
  return [...nameChange(person), ...locationChange(person)]
}

/** Deleted again by undo, it can be restored for 30 days; its name is taken as long. */
function newUser(person: Person, directory: Directory): TenantChange {
  const { wanted } = person
  const { address, userPrincipalName, givenName, surname, usageLocation } = wanted
  const name = displayNameOf(wanted)
  const mailNickname = nickname(wanted.alias ?? address) || nickname(userPrincipalName)
  const verified = directory.domains.some((domain) => domain.isVerified && domain.name === domainOf(userPrincipalName))
  const body: Record<string, Json> = {
    accountEnabled: true,
    displayName: name,
    ...(givenName === null ? {} : { givenName }),
    ...(surname === null ? {} : { surname }),
    mailNickname,
    userPrincipalName,
    ...(usageLocation === null ? {} : { usageLocation: usageLocation.toUpperCase() }),
    passwordProfile: { password: { $: 'secret.password' }, forceChangePasswordNextSignIn: true },
    passwordPolicies: 'None',
  }
  const location = usageLocation === null ? '' : `, location ${usageLocation.toUpperCase()}`
  const as = address.toLowerCase() === userPrincipalName.toLowerCase() ? '' : ` for ${address}`
  return {
    key: key.user(userPrincipalName),
    kind: 'user',
    about: address,
    says: `Create the user ${userPrincipalName}${as} ("${name}"${location}) with a password that must be changed at the first sign-in`,
    after: verified ? [] : [key.domainVerified(domainOf(userPrincipalName))],
    look: { call: { graph: 'GET', path: `${userPath(person)}?$select=id,userPrincipalName` } },
    expect: { is: 'there', id: 'id' },
    calls: [{ graph: 'POST', path: '/users', body }],
    undo: [{ graph: 'DELETE', path: '/users/{made.id}' }],
    takes: 'seconds',
    secrets: ['password'],
  }
}

function displayNameOf({ displayName, givenName, surname, address }: WantedMailbox): string {
  const full = [givenName, surname].filter((part) => part !== null && part !== '').join(' ')
  return displayName ?? (full === '' ? address.slice(0, address.lastIndexOf('@')) : full)
}

/** Of a synced user Active Directory alone changes the names. */
function nameChange(person: Person): readonly TenantChange[] {
  const { wanted, user } = person
  if (user === null || user.isSynced || wanted.kind !== 'user') return []
  const all = { displayName: wanted.displayName, givenName: wanted.givenName, surname: wanted.surname }
  const different = Object.entries(all).flatMap(([name, to]) => {
    const was = { ...user }[name as keyof typeof all]
    return to === null || to.normalize('NFC') === (was ?? '').normalize('NFC') ? [] : [{ name, to, was }]
  })
  if (different.length === 0) return []
  return [
    {
      key: key.userNames(wanted.userPrincipalName),
      kind: 'user',
      about: wanted.address,
      says: `Rename the user ${user.userPrincipalName}: ${different.map(({ name, to, was }) => `${NAMES[name] ?? name} "${to}" (was ${shown(was)})`).join(', ')}`,
      after: [],
      look: { call: { graph: 'GET', path: `${userPath(person)}?$select=id,${different.map(({ name }) => name).join(',')}` } },
      expect: { is: 'set', values: Object.fromEntries(different.map(({ name, to }) => [name, { to, as: 'exact' }])) },
      calls: [{ graph: 'PATCH', path: userPath(person), body: Object.fromEntries(different.map(({ name, to }) => [name, to])) }],
      undo: [
        { graph: 'PATCH', path: userPath(person), body: Object.fromEntries(different.map(({ name }) => [name, { $: `before.${name}` }])) },
      ],
      takes: 'seconds',
    },
  ]
}

const NAMES: Readonly<Record<string, string>> = { displayName: 'display name', givenName: 'first name', surname: 'last name' }

/** May be set in the cloud for a synced user too. */
function locationChange(person: Person): readonly TenantChange[] {
  const { wanted, user } = person
  const { usageLocation, address, userPrincipalName } = wanted
  const to = usageLocation?.toUpperCase() ?? null
  // A shared mailbox has a user as soon as it is there; it needs a location for a licence only.
  const isNew = wanted.kind !== 'user' && user === null && wanted.licences.length > 0
  if (to === null || (user === null && !isNew) || user?.usageLocation === to) return []
  if (wanted.kind !== 'user' && wanted.licences.length === 0) return []
  return [
    {
      key: key.usageLocation(userPrincipalName),
      kind: 'user',
      about: address,
      says: `Set the location of ${user?.userPrincipalName ?? userPrincipalName} to ${to} (was ${shown(user?.usageLocation ?? null)})`,
      after: afterUser(person),
      look: { call: { graph: 'GET', path: `${userPath(person)}?$select=id,usageLocation` } },
      expect: { is: 'set', values: { usageLocation: { to, as: 'exact' } } },
      calls: [{ graph: 'PATCH', path: userPath(person), body: { usageLocation: to } }],
      undo: [{ graph: 'PATCH', path: userPath(person), body: { usageLocation: { $: 'before.usageLocation' } } }],
      takes: 'seconds',
    },
  ]
}

function shown(text: string | null | undefined): string {
  return text === null || text === undefined || text === '' ? 'nothing' : `"${text}"`
}
