import { badRequest, notFound, objectConflict, type Answer } from './answers.ts'
import { domainOf, localPartOf, mailboxOf, ownerOf, userOf } from './address-book.ts'
import { iso, readObject } from './exchange-objects.ts'
import { body, created, listAnswer, NO_CONTENT, oneAnswer, param, type GraphCall, type Route } from './graph-call.ts'
import { planOf } from './plans.ts'
import { pick, propsOf, sameText, textOf, without, words, type Props } from './props.ts'
import { assignedPlans, plansOf, reconsider, softDelete } from './provisioning.ts'
import type { User } from './state.ts'
import type { TenantWorld } from './world.ts'

const READ = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All']
const WRITE = ['User.ReadWrite.All', 'Directory.ReadWrite.All']
/** What a user object shows unless asked for more. */
export const SHOWN = [
  ...words('id businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage'),
  ...words('surname userPrincipalName'),
]
/** On-premises AD owns these of a synced user. */
const MASTERED = new Set(
  [
    'displayName',
    'givenName',
    'surname',
    'mailNickname',
    'userPrincipalName',
    'jobTitle',
    'department',
    'officeLocation',
    'accountEnabled',
  ].concat([
    'mobilePhone',
    'businessPhones',
    'streetAddress',
    'city',
    'postalCode',
    'country',
    'companyName',
    'employeeId',
    'mail',
    'proxyAddresses',
  ]),
)
const WRITABLE = new Set([
  ...MASTERED,
  ...words('usageLocation preferredLanguage passwordProfile passwordPolicies onPremisesImmutableId state userType otherMails'),
])

export const USER_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/users',
    needs: READ,
    run: (call) => {
      const rows = call.world.state.users.filter((user) => isVisible(call.world, user)).map((user) => showUser(call.world, user))
      return listAnswer(call, rows, { what: 'users', defaultTop: 100, maxTop: 999, shown: SHOWN, directory: true })
    },
  },
  {
    method: 'GET',
    path: '/users/$count',
    needs: READ,
    run: (call) => {
      const rows = call.world.state.users.filter((user) => isVisible(call.world, user))
      return { status: 200, body: `${rows.length}`, headers: { 'content-type': 'text/plain' } }
    },
  },
  {
    method: 'GET',
    path: '/me',
    needs: ['User.Read', ...READ],
    run: (call) => {
      if (call.claims.upn === undefined) throw badRequest('/me request is only valid with delegated authentication flow.')
      return oneAnswer(call, 'users', showUser(call.world, userAt({ ...call, at: { id: call.claims.upn } })), SHOWN)
    },
  },
  { method: 'POST', path: '/users', needs: WRITE, run: createUser },
  { method: 'GET', path: '/users/:id', needs: READ, run: (call) => oneAnswer(call, 'users', showUser(call.world, userAt(call)), SHOWN) },
  { method: 'PATCH', path: '/users/:id', needs: WRITE, run: changeUser },
  { method: 'DELETE', path: '/users/:id', needs: WRITE, run: deleteUser },
  {
    method: 'GET',
    path: '/users/:id/licenseDetails',
    needs: READ,
    run: (call) => {
      const rows = userAt(call).licences.map((licence) => ({
        id: `${licence.skuId}-details`,
        skuId: licence.skuId,
        skuPartNumber: planOf(licence.skuId)?.part ?? '',
        servicePlans: plansOf(licence).map(({ id, name }) => ({
          servicePlanId: id,
          servicePlanName: name,
          provisioningStatus: 'Success',
          appliesTo: 'User',
        })),
      }))
      return listAnswer(call, rows, { what: 'licenseDetails', defaultTop: 100, maxTop: 999 })
    },
  },
  {
    method: 'GET',
    path: '/users/:id/memberOf',
    needs: [...READ, 'GroupMember.Read.All'],
    run: (call) => {
      const { id } = userAt(call)
      const groups = call.world.state.groups.filter(({ members, deletedAtMs }) => deletedAtMs === null && members.includes(id))
      const rows = groups.map((group) => ({ '@odata.type': '#microsoft.graph.group', id: group.id, ...group.props }))
      return listAnswer(call, rows, { what: 'directoryObjects', defaultTop: 100, maxTop: 999 })
    },
  },
  {
    method: 'POST',
    path: '/users/:id/revokeSignInSessions',
    needs: WRITE,
    run: (call) => (userAt(call), { status: 200, body: { value: true } }),
  },
  {
    method: 'GET',
    path: '/directoryObjects/:id',
    needs: ['Directory.Read.All', 'Directory.ReadWrite.All'],
    run: (call) => oneAnswer(call, 'directoryObjects', { '@odata.type': '#microsoft.graph.user', ...showUser(call.world, userAt(call)) }),
  },
]

function isVisible(world: TenantWorld, user: User): boolean {
  return user.deletedAtMs === null && user.visibleAtMs <= world.now()
}

/** The user that a route names by id or UPN; 404 for a moment after it was created. */
export function userAt(call: GraphCall): User {
  const user = userOf(call.world, param(call, 'id'))
  if (user === undefined || !isVisible(call.world, user)) throw notFound(param(call, 'id'))
  return user
}

/** All of a user, with what is computed from licences and the mailbox. */
export function showUser(world: TenantWorld, user: User): Props {
  const mailbox = mailboxOf(world, user.id)
  const exchange = mailbox === undefined ? undefined : readObject(world, mailbox)
  const states = user.licences.map(({ skuId, disabledPlans, byGroup, sinceMs }) => {
    const error = user.licenceErrors.find((one) => one.skuId === skuId)
    const state = error === undefined ? 'Active' : 'ActiveWithError'
    return { skuId, disabledPlans, assignedByGroup: byGroup, state, error: error?.error ?? 'None', lastUpdatedDateTime: iso(sinceMs) }
  })
  const failed = user.licenceErrors
    .filter((one) => !user.licences.some(({ skuId }) => skuId === one.skuId))
    .map(({ skuId, error, byGroup }) => ({ skuId, disabledPlans: [], assignedByGroup: byGroup, state: 'Error', error }))
  const plans = assignedPlans(world, user)
  return {
    businessPhones: [],
    givenName: null,
    jobTitle: null,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: null,
    usageLocation: null,
    onPremisesSyncEnabled: null,
    onPremisesImmutableId: null,
    userType: 'Member',
    ...user.props,
    id: user.id,
    mail: exchange?.['PrimarySmtpAddress'] ?? user.props['mail'] ?? null,
    proxyAddresses: exchange?.['EmailAddresses'] ?? user.props['proxyAddresses'] ?? [],
    assignedLicenses: user.licences.map(({ skuId, disabledPlans }) => ({ skuId, disabledPlans })),
    assignedPlans: plans,
    provisionedPlans: plans.map((plan) => ({ ...pick(plan, ['capabilityStatus', 'service']), provisioningStatus: 'Success' })),
    licenseAssignmentStates: [...states, ...failed],
    createdDateTime: iso(user.createdAtMs),
    ...(user.deletedAtMs === null ? {} : { deletedDateTime: iso(user.deletedAtMs) }),
  }
}

function createUser(call: GraphCall): Answer {
  const { world } = call
  const asked = body(call)
  for (const name of ['accountEnabled', 'displayName', 'mailNickname', 'passwordProfile', 'userPrincipalName'])
    if (asked[name] === undefined || asked[name] === '' || asked[name] === null)
      throw badRequest(`A value is required for property '${name}' of resource 'User'.`)
  checkUser(world, asked, null)
  const now = world.now()
  const kept = without(asked, 'passwordProfile')
  const user: User = {
    id: world.id(),
    props: { ...kept, passwordProfile: null, lastPasswordChangeDateTime: iso(now) },
    licences: [],
    licenceErrors: [],
    visibleAtMs: now + world.timing.userVisibleMs,
    createdAtMs: now,
    usageLocationAtMs: now,
    deletedAtMs: null,
  }
  world.state.users.push(user)
  return created({
    '@odata.context': `${call.request.url.origin}/v1.0/$metadata#users/$entity`,
    ...pick(showUser(world, user), SHOWN),
  })
}

function changeUser(call: GraphCall): Answer {
  const { world } = call
  const user = userAt(call)
  const asked = body(call)
  const names = Object.keys(asked).filter((name) => !name.startsWith('@'))
  if (user.props['onPremisesSyncEnabled'] === true && names.some((name) => MASTERED.has(name)))
    throw badRequest(
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    )
  const unknown = names.find((name) => !WRITABLE.has(name))
  if (unknown !== undefined) throw badRequest(`Invalid property '${unknown}'.`)
  if (names.some((name) => name === 'proxyAddresses' || (name === 'mail' && mailboxOf(world, user.id) !== undefined)))
    throw badRequest("Property 'proxyAddresses' is read-only and cannot be set.")
  checkUser(world, asked, user)
  if (asked['usageLocation'] !== undefined && asked['usageLocation'] !== user.props['usageLocation']) user.usageLocationAtMs = world.now()
  const { passwordProfile, ...kept } = asked
  user.props = { ...user.props, ...kept }
  if (passwordProfile !== undefined) user.props['lastPasswordChangeDateTime'] = iso(world.now())
  const mailbox = mailboxOf(world, user.id)
  if (mailbox !== undefined) {
    mailbox.props['UserPrincipalName'] = textOf(user.props['userPrincipalName'])
    mailbox.props['DisplayName'] = textOf(user.props['displayName'])
  }
  return NO_CONTENT
}

function deleteUser(call: GraphCall): Answer {
  const { world } = call
  const user = userAt(call)
  user.deletedAtMs = world.now()
  world.schedule('purge-user', user.id, world.timing.softDeleteMs)
  const mailbox = mailboxOf(world, user.id)
  if (mailbox !== undefined) softDelete(world, mailbox)
  for (const group of world.state.groups) group.members = group.members.filter((id) => id !== user.id)
  return NO_CONTENT
}

/** Restores a user; its mailbox comes back when it is licensed, or at once when it needs no licence. */
export function restoreUser(world: TenantWorld, user: User): void {
  user.deletedAtMs = null
  const mailbox = mailboxOf(world, user.id, true)
  if (mailbox !== undefined && mailbox.props['RecipientTypeDetails'] !== 'UserMailbox') mailbox.removedAtMs = null
  reconsider(world, user)
}

function checkUser(world: TenantWorld, asked: Props, user: User | null): void {
  const upn = asked['userPrincipalName']
  if (upn !== undefined) checkUpn(world, textOf(upn), user)
  const nickname = asked['mailNickname']
  if (nickname !== undefined && !isNickname(textOf(nickname)))
    throw badRequest("Invalid value specified for property 'mailNickname' of resource 'User'.")
  const { passwordProfile } = asked
  if (passwordProfile !== undefined && !isStrong(textOf(propsOf(passwordProfile)['password'])))
    throw badRequest('The specified password does not comply with password complexity requirements. Please provide a different password.')
  const { usageLocation } = asked
  if (usageLocation !== undefined && usageLocation !== null && !/^[A-Z]{2}$/.test(textOf(usageLocation)))
    throw badRequest("Invalid value specified for property 'usageLocation' of resource 'User'.")
  const displayName = asked['displayName']
  if (displayName !== undefined && textOf(displayName).length > 256)
    throw badRequest("Invalid value specified for property 'displayName' of resource 'User'.")
}

function checkUpn(world: TenantWorld, upn: string, user: User | null): void {
  const local = localPartOf(upn)
  const domain = domainOf(upn)
  if (!/^[A-Za-z0-9'.\-_!#^~]{1,64}$/.test(local) || local.endsWith('.') || domain.length > 48)
    throw badRequest("Invalid value specified for property 'userPrincipalName' of resource 'User'.")
  if (!world.state.domains.some(({ id, props }) => id === domain && props['isVerified'] === true))
    throw badRequest(
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.',
    )
  const owner = ownerOf(world, upn, user === null ? [] : [user.id])
  if (owner === null) return
  const same = world.state.users.some((one) => one !== user && sameText(textOf(one.props['userPrincipalName']), upn))
  throw objectConflict(same ? 'userPrincipalName' : 'proxyAddresses')
}

function isNickname(text: string): boolean {
  // ASCII without what an address cannot hold.
  return text.length >= 1 && text.length <= 64 && /^[!-~]+$/.test(text) && !/[@()\\[\]";:<>,]/.test(text)
}

/** At least eight characters of three kinds. */
function isStrong(password: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length
  return password.length >= 8 && password.length <= 256 && kinds >= 3
}
