import { badRequest, notFound, objectConflict, type Answer } from './answers.ts'
import { initialDomain, ownerOf } from './address-book.ts'
import { existing, iso } from './exchange-objects.ts'
import { body, created, listAnswer, NO_CONTENT, oneAnswer, param, referenced, type GraphCall, type Route } from './graph-call.ts'
import { showUser, SHOWN } from './graph-users.ts'
import { listOf, pick, rowsOf, textOf, type Props } from './props.ts'
import type { Group } from './state.ts'
import type { TenantWorld } from './world.ts'

const READ = ['Group.Read.All', 'Group.ReadWrite.All', 'GroupMember.Read.All', 'Directory.Read.All', 'Directory.ReadWrite.All']
const WRITE = ['Group.ReadWrite.All', 'Directory.ReadWrite.All']
const MEMBERS = [...WRITE, 'GroupMember.ReadWrite.All']
const ALREADY = "One or more added object references already exist for the following modified properties: 'members'."

export const GROUP_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/groups',
    needs: READ,
    run: (call) => {
      const rows = [
        ...call.world.state.groups.filter(({ deletedAtMs }) => deletedAtMs === null).map(show(call.world)),
        ...mailGroups(call.world),
      ]
      return listAnswer(call, rows, { what: 'groups', defaultTop: 100, maxTop: 999, directory: true })
    },
  },
  { method: 'POST', path: '/groups', needs: WRITE, run: createGroup },
  {
    method: 'GET',
    path: '/groups/:id',
    needs: READ,
    run: (call) => {
      const mail = mailGroups(call.world).find(({ id }) => id === param(call, 'id'))
      return oneAnswer(call, 'groups', mail ?? show(call.world)(groupAt(call)))
    },
  },
  {
    method: 'PATCH',
    path: '/groups/:id',
    needs: WRITE,
    run: (call) => {
      const group = groupAt(call)
      group.props = { ...group.props, ...body(call) }
      return NO_CONTENT
    },
  },
  {
    method: 'DELETE',
    path: '/groups/:id',
    needs: WRITE,
    run: (call) => {
      groupAt(call).deletedAtMs = call.world.now()
      return NO_CONTENT
    },
  },
  { method: 'GET', path: '/groups/:id/members', needs: READ, run: (call) => people(call, 'members') },
  { method: 'GET', path: '/groups/:id/owners', needs: READ, run: (call) => people(call, 'owners') },
  { method: 'POST', path: '/groups/:id/members/$ref', needs: MEMBERS, run: (call) => addReference(call, 'members') },
  { method: 'POST', path: '/groups/:id/owners/$ref', needs: WRITE, run: (call) => addReference(call, 'owners') },
  { method: 'DELETE', path: '/groups/:id/members/:member/$ref', needs: MEMBERS, run: (call) => removeReference(call, 'members') },
  { method: 'DELETE', path: '/groups/:id/owners/:member/$ref', needs: WRITE, run: (call) => removeReference(call, 'owners') },
  {
    method: 'POST',
    path: '/groups/:id/assignLicense',
    needs: ['LicenseAssignment.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
    run: assignLicense,
  },
]

function groupAt(call: GraphCall): Group {
  const group = call.world.state.groups.find(({ id, deletedAtMs }) => id === param(call, 'id').toLowerCase() && deletedAtMs === null)
  if (group !== undefined && group.visibleAtMs <= call.world.now()) return group
  if (mailGroups(call.world).some(({ id }) => id === param(call, 'id')))
    throw badRequest('Cannot Update a mail-enabled security groups and or distribution list.')
  throw notFound(param(call, 'id'))
}

const show =
  (world: TenantWorld) =>
  (group: Group): Props => ({
    id: group.id,
    description: null,
    onPremisesSyncEnabled: null,
    ...group.props,
    assignedLicenses: group.licences.map((one) => ({ ...one })),
    hasMembersWithLicenseErrors: world.state.users.some(({ licenceErrors }) => licenceErrors.some(({ byGroup }) => byGroup === group.id)),
  })

/** Distribution lists of Exchange: Graph shows them and changes nothing. */
function mailGroups(world: TenantWorld): Props[] {
  return existing(world, 'DistributionGroup').map(({ props }) => ({
    id: textOf(props['ExternalDirectoryObjectId']),
    displayName: props['DisplayName'] ?? '',
    mail: props['PrimarySmtpAddress'] ?? '',
    mailEnabled: true,
    mailNickname: props['Alias'] ?? '',
    securityEnabled: props['GroupType'] === 'Universal, SecurityEnabled',
    groupTypes: [],
    proxyAddresses: props['EmailAddresses'] ?? [],
    onPremisesSyncEnabled: props['IsDirSynced'] === true ? true : null,
  }))
}

function createGroup(call: GraphCall): Answer {
  const { world } = call
  const asked = body(call)
  for (const name of ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'])
    if (asked[name] === undefined) throw badRequest(`A value is required for property '${name}' of resource 'Group'.`)
  const unified = listOf(asked['groupTypes']).includes('Unified')
  if (asked['mailEnabled'] === true && !unified)
    throw badRequest('Mail-enabled security groups and distribution lists cannot be created through this API.')
  const nickname = textOf(asked['mailNickname'])
  if (!/^[!-~]{1,64}$/.test(nickname) || /[@()\\[\]";:<>,\s]/.test(nickname))
    throw badRequest("Invalid value specified for property 'mailNickname' of resource 'Group'.")
  const mail = `${nickname}@${world.state.domains.find(({ props }) => props['isDefault'] === true)?.id ?? initialDomain(world)}`
  if (unified && ownerOf(world, mail) !== null) throw objectConflict('proxyAddresses')
  const { 'members@odata.bind': members, 'owners@odata.bind': owners, ...kept } = asked
  const ids = (links: readonly string[]): string[] => links.map((link) => link.slice(link.lastIndexOf('/') + 1))
  const group: Group = {
    id: world.id(),
    props: {
      groupTypes: [],
      ...kept,
      createdDateTime: iso(world.now()),
      mail: unified ? mail : null,
      proxyAddresses: unified ? [`SMTP:${mail}`] : [],
    },
    members: ids(listOf(members)),
    owners: ids(listOf(owners)),
    licences: [],
    visibleAtMs: world.now() + world.timing.userVisibleMs,
    deletedAtMs: null,
  }
  world.state.groups.push(group)
  return created(show(world)(group))
}

function people(call: GraphCall, which: 'members' | 'owners'): Answer {
  const distribution = existing(call.world, 'DistributionGroup').find(
    ({ props }) => props['ExternalDirectoryObjectId'] === param(call, 'id'),
  )
  const ids = distribution === undefined ? groupAt(call)[which] : listOf(distribution.props['Members'])
  const rows = ids.flatMap((id) => {
    const user = call.world.state.users.find((one) => one.id === id && one.deletedAtMs === null)
    return user === undefined ? [] : [{ '@odata.type': '#microsoft.graph.user', ...pick(showUser(call.world, user), SHOWN) }]
  })
  return listAnswer(call, rows, { what: 'directoryObjects', defaultTop: 100, maxTop: 999 })
}

function addReference(call: GraphCall, which: 'members' | 'owners'): Answer {
  const group = groupAt(call)
  const id = referenced(call)
  const { users, groups, apps } = call.world.state
  const known = users.some((user) => user.id === id && user.deletedAtMs === null && user.visibleAtMs <= call.world.now())
  if (!known && !groups.some((one) => one.id === id) && !apps.some((app) => app.servicePrincipalId === id)) throw notFound(id)
  if (group[which].includes(id)) throw badRequest(which === 'members' ? ALREADY : ALREADY.replace('members', 'owners'))
  group[which].push(id)
  relicense(call.world, group)
  return NO_CONTENT
}

function removeReference(call: GraphCall, which: 'members' | 'owners'): Answer {
  const group = groupAt(call)
  const id = param(call, 'member')
  if (!group[which].includes(id)) throw notFound(id)
  group[which] = group[which].filter((one) => one !== id)
  relicense(call.world, group)
  return NO_CONTENT
}

function relicense(world: TenantWorld, group: Group): void {
  world.schedule('group-licence', group.id, world.timing.groupLicenceMs)
}

function assignLicense(call: GraphCall): Answer {
  const group = groupAt(call)
  const asked = body(call)
  if (!Array.isArray(asked['addLicenses']) || !Array.isArray(asked['removeLicenses']))
    throw badRequest("Bad request. Parameters 'addLicenses' and 'removeLicenses' are required.")
  const add = rowsOf(asked['addLicenses']).map((one) => ({
    skuId: textOf(one['skuId']).toLowerCase(),
    disabledPlans: listOf(one['disabledPlans']),
  }))
  const gone = [...listOf(asked['removeLicenses']), ...add.map(({ skuId }) => skuId)]
  const unknown = add.find(({ skuId }) => !call.world.state.skus.some((sku) => sku.skuId === skuId))
  if (unknown !== undefined) throw badRequest(`License ${unknown.skuId} does not correspond to a valid company License.`)
  group.licences = [...group.licences.filter(({ skuId }) => !gone.includes(skuId)), ...add]
  relicense(call.world, group)
  return { status: 202, body: show(call.world)(group) }
}
