import { badRequest, notFound, type Answer } from './answers.ts'
import { ownerOf } from './address-book.ts'
import { listAnswer, NO_CONTENT, oneAnswer, param, type GraphCall, type Route } from './graph-call.ts'
import { restoreUser, showUser, SHOWN } from './graph-users.ts'
import { listOf, pick, textOf, type Props } from './props.ts'
import type { Group, User } from './state.ts'

const READ = ['Organization.Read.All', 'Organization.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All', 'User.Read.All']
const DELETED_READ = [
  'User.Read.All',
  'User.ReadWrite.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
]
const DELETED_WRITE = ['User.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All', 'User.DeleteRestore.All']
const LIST = { defaultTop: 100, maxTop: 999, directory: true }

/** The organisation itself, and what was deleted within the last thirty days. */
export const ORGANIZATION_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/organization',
    needs: READ,
    run: (call) => listAnswer(call, [organization(call)], { ...LIST, what: 'organization' }),
  },
  { method: 'GET', path: '/organization/:id', needs: READ, run: (call) => oneAnswer(call, 'organization', organization(call)) },
  {
    method: 'GET',
    path: '/directory/deletedItems/microsoft.graph.user',
    needs: DELETED_READ,
    run: (call) => {
      const rows = call.world.state.users.filter(({ deletedAtMs }) => deletedAtMs !== null).map((user) => showUser(call.world, user))
      return listAnswer(call, rows, { ...LIST, what: 'users', shown: [...SHOWN, 'deletedDateTime'] })
    },
  },
  {
    method: 'GET',
    path: '/directory/deletedItems/microsoft.graph.group',
    needs: DELETED_READ,
    run: (call) => {
      const rows = call.world.state.groups.filter(({ deletedAtMs }) => deletedAtMs !== null).map(({ id, props }) => ({ id, ...props }))
      return listAnswer(call, rows, { ...LIST, what: 'groups' })
    },
  },
  { method: 'GET', path: '/directory/deletedItems/:id', needs: DELETED_READ, run: oneDeleted },
  { method: 'POST', path: '/directory/deletedItems/:id/restore', needs: DELETED_WRITE, run: restore },
  { method: 'DELETE', path: '/directory/deletedItems/:id', needs: DELETED_WRITE, run: purge },
]

function organization(call: GraphCall): Props {
  const { domains, organization } = call.world.state
  const synced = organization['onPremisesSyncEnabled'] ?? null
  return {
    id: call.tenantId,
    displayName: organization['DisplayName'] ?? 'Example',
    tenantType: 'AAD',
    countryLetterCode: organization['countryLetterCode'] ?? 'DE',
    preferredLanguage: 'en',
    onPremisesSyncEnabled: synced,
    onPremisesLastSyncDateTime: synced === true ? (organization['onPremisesLastSyncDateTime'] ?? null) : null,
    assignedPlans: [],
    verifiedDomains: domains
      .filter(({ props }) => props['isVerified'] === true)
      .map(({ id, props }) => ({
        capabilities: listOf(props['supportedServices']).join(', '),
        isDefault: props['isDefault'] === true,
        isInitial: props['isInitial'] === true,
        name: id,
        type: 'Managed',
      })),
  }
}

function deletedUser(call: GraphCall): User | undefined {
  return call.world.state.users.find(({ id, deletedAtMs }) => id === param(call, 'id') && deletedAtMs !== null)
}

function deletedGroup(call: GraphCall): Group | undefined {
  return call.world.state.groups.find(({ id, deletedAtMs }) => id === param(call, 'id') && deletedAtMs !== null)
}

function oneDeleted(call: GraphCall): Answer {
  const user = deletedUser(call)
  if (user !== undefined)
    return oneAnswer(call, 'directoryObjects', { '@odata.type': '#microsoft.graph.user', ...showUser(call.world, user) })
  const group = deletedGroup(call)
  if (group === undefined) throw notFound(param(call, 'id'))
  return oneAnswer(call, 'directoryObjects', { '@odata.type': '#microsoft.graph.group', id: group.id, ...group.props })
}

function restore(call: GraphCall): Answer {
  const { world } = call
  const group = deletedGroup(call)
  if (group !== undefined) {
    group.deletedAtMs = null
    return { status: 200, body: { '@odata.type': '#microsoft.graph.group', id: group.id, ...group.props } }
  }
  const user = deletedUser(call)
  if (user === undefined) throw notFound(param(call, 'id'))
  if (ownerOf(world, textOf(user.props['userPrincipalName']), [user.id]) !== null)
    throw badRequest('Another object with the same value for property userPrincipalName already exists.')
  restoreUser(world, user)
  return { status: 200, body: { '@odata.type': '#microsoft.graph.user', ...pick(showUser(world, user), SHOWN) } }
}

function purge(call: GraphCall): Answer {
  const { users, groups, objects } = call.world.state
  const user = deletedUser(call)
  const group = deletedGroup(call)
  if (group !== undefined) groups.splice(groups.indexOf(group), 1)
  else if (user === undefined) throw notFound(param(call, 'id'))
  else {
    users.splice(users.indexOf(user), 1)
    for (const mailbox of objects.filter(({ props }) => props['ExternalDirectoryObjectId'] === user.id))
      if (mailbox.kind === 'Mailbox') objects.splice(objects.indexOf(mailbox), 1)
  }
  return NO_CONTENT
}
