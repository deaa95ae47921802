import { badRequest, notFound, objectConflict, type Answer } from './answers.ts'
import { RESOURCES, type Resource } from './app-roles.ts'
import { iso } from './exchange-objects.ts'
import { body, created, listAnswer, NO_CONTENT, oneAnswer, param, referenced, type GraphCall, type Route } from './graph-call.ts'
import { propsOf, textOf, type Props } from './props.ts'
import type { App } from './state.ts'
import { guidFrom } from './world.ts'

const READ = [
  'Application.Read.All',
  'Application.ReadWrite.OwnedBy',
  'Application.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
]
const WRITE = ['Application.ReadWrite.OwnedBy', 'Application.ReadWrite.All']
const ROLES = ['RoleManagement.Read.Directory', 'RoleManagement.ReadWrite.Directory', 'Directory.Read.All', 'Directory.ReadWrite.All']
const LIST = { defaultTop: 100, maxTop: 999 }

export const APPLICATION_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/applications',
    needs: READ,
    run: (call) => listAnswer(call, call.world.state.apps.map(showApp), { ...LIST, what: 'applications' }),
  },
  {
    method: 'GET',
    path: "/applications(appId=':appId')",
    needs: READ,
    run: (call) => oneAnswer(call, 'applications', showApp(appAt(call))),
  },
  { method: 'GET', path: '/applications/:id', needs: READ, run: (call) => oneAnswer(call, 'applications', showApp(appAt(call))) },
  { method: 'POST', path: '/applications', needs: WRITE, run: createApp },
  {
    method: 'PATCH',
    path: '/applications/:id',
    needs: WRITE,
    run: (call) => {
      const app = appAt(call)
      app.props = { ...app.props, ...body(call) }
      return NO_CONTENT
    },
  },
  { method: 'POST', path: '/applications/:id/addPassword', needs: WRITE, run: addPassword },
  {
    method: 'GET',
    path: '/servicePrincipals',
    needs: READ,
    run: (call) => {
      const rows = [...RESOURCES.map(showResource), ...call.world.state.apps.flatMap(showPrincipal)]
      return listAnswer(call, rows, { ...LIST, what: 'servicePrincipals' })
    },
  },
  { method: 'POST', path: '/servicePrincipals', needs: WRITE, run: createPrincipal },
  { method: 'GET', path: "/servicePrincipals(appId=':appId')", needs: READ, run: onePrincipal },
  { method: 'GET', path: '/servicePrincipals/:id', needs: READ, run: onePrincipal },
  {
    method: 'GET',
    path: '/servicePrincipals/:id/appRoleAssignments',
    needs: READ,
    run: (call) => {
      const app = call.world.state.apps.find(({ servicePrincipalId }) => servicePrincipalId === param(call, 'id'))
      if (app === undefined) throw notFound(param(call, 'id'))
      return listAnswer(call, app.appRoles.map(showAssignment(app)), { ...LIST, what: 'appRoleAssignments' })
    },
  },
  { method: 'POST', path: '/servicePrincipals/:id/appRoleAssignedTo', needs: ['AppRoleAssignment.ReadWrite.All'], run: assignRole },
  { method: 'POST', path: '/servicePrincipals/:id/appRoleAssignments', needs: ['AppRoleAssignment.ReadWrite.All'], run: assignRole },
  {
    method: 'GET',
    path: '/directoryRoles',
    needs: ROLES,
    run: (call) => {
      const rows = Object.entries(call.world.state.directoryRoles).map(([roleTemplateId, id]) => ({ id, roleTemplateId }))
      return listAnswer(call, rows, { ...LIST, what: 'directoryRoles' })
    },
  },
  { method: 'GET', path: "/directoryRoles(roleTemplateId=':role')/members", needs: ROLES, run: roleMembers },
  {
    method: 'POST',
    path: "/directoryRoles(roleTemplateId=':role')/members/$ref",
    needs: ['RoleManagement.ReadWrite.Directory'],
    run: addRoleMember,
  },
  { method: 'GET', path: '/roleManagement/directory/roleAssignments', needs: ROLES, run: roleAssignments },
  { method: 'GET', path: '/servicePrincipals/:id/memberOf', needs: READ, run: principalRoles },
  { method: 'GET', path: '/servicePrincipals/:id/transitiveMemberOf', needs: READ, run: principalRoles },
  { method: 'GET', path: '/servicePrincipals/:id/appRoleAssignedTo', needs: READ, run: assignedTo },
]

function appAt(call: GraphCall): App {
  const id = param(call, 'id') || param(call, 'appId')
  const app = call.world.state.apps.find(({ objectId, appId }) => objectId === id || (param(call, 'appId') !== '' && appId === id))
  if (app === undefined) throw notFound(id)
  return app
}

function showApp(app: App): Props {
  const passwordCredentials = app.secrets.map(({ keyId, endsAtMs, text, props }) => ({
    ...props,
    keyId,
    endDateTime: iso(endsAtMs),
    hint: text.slice(0, 3),
    secretText: null,
  }))
  return { signInAudience: 'AzureADMyOrg', keyCredentials: [], ...app.props, id: app.objectId, appId: app.appId, passwordCredentials }
}

function showPrincipal(app: App): Props[] {
  if (app.servicePrincipalId === null) return []
  const { displayName = null, accountEnabled = true } = app.props
  return [
    {
      id: app.servicePrincipalId,
      appId: app.appId,
      displayName,
      appDisplayName: displayName,
      accountEnabled,
      servicePrincipalType: 'Application',
      appRoles: [],
    },
  ]
}

function showResource({ id, appId, displayName, roles }: Resource): Props {
  const appRoles = roles.map((one) => ({ id: one.id, value: one.value, isEnabled: true, allowedMemberTypes: ['Application'] }))
  return { id, appId, displayName, appDisplayName: displayName, accountEnabled: true, servicePrincipalType: 'Application', appRoles }
}

const showAssignment =
  (app: App) =>
  ({ id, resourceId, appRoleId, sinceMs }: App['appRoles'][number]): Props => ({
    id,
    appRoleId,
    principalId: app.servicePrincipalId,
    principalDisplayName: textOf(app.props['displayName']),
    principalType: 'ServicePrincipal',
    resourceId,
    resourceDisplayName: RESOURCES.find((one) => one.id === resourceId)?.displayName ?? '',
    createdDateTime: iso(sinceMs),
  })

function createApp(call: GraphCall): Answer {
  const asked = body(call)
  if (textOf(asked['displayName']) === '') throw badRequest("A value is required for property 'displayName' of resource 'Application'.")
  const { world } = call
  const app: App = {
    appId: world.id(),
    objectId: world.id(),
    servicePrincipalId: null,
    props: { signInAudience: 'AzureADMyOrg', ...asked },
    secrets: [],
    appRoles: [],
    directoryRoles: [],
  }
  world.state.apps.push(app)
  return created(showApp(app))
}

function addPassword(call: GraphCall): Answer {
  const app = appAt(call)
  const props = propsOf(body(call)['passwordCredential'])
  const asked = Date.parse(textOf(props['endDateTime']))
  const endsAtMs = Number.isFinite(asked) ? asked : call.world.now() + 730 * 86_400_000
  const keyId = call.world.id()
  const text = `${keyId.slice(0, 3)}~${guidFrom(`${call.world.state.signingKey} ${keyId}`)}`
  app.secrets.push({ keyId, text, endsAtMs, props })
  return { status: 200, body: { ...props, keyId, endDateTime: iso(endsAtMs), hint: text.slice(0, 3), secretText: text } }
}

function createPrincipal(call: GraphCall): Answer {
  const appId = textOf(body(call)['appId'])
  const { apps } = call.world.state
  const at = apps.findIndex((app) => app.appId === appId)
  const known = apps[at]
  if (known !== undefined && known.servicePrincipalId !== null) throw objectConflict('servicePrincipalNames')
  const app: App = {
    objectId: call.world.id(),
    appId,
    props: { displayName: appId },
    secrets: [],
    appRoles: [],
    directoryRoles: [],
    ...known,
    servicePrincipalId: call.world.id(),
  }
  if (at < 0) apps.push(app)
  else apps[at] = app
  return created(showPrincipal(app)[0] ?? {})
}

function onePrincipal(call: GraphCall): Answer {
  const wanted = param(call, 'id') || param(call, 'appId')
  const rows = [...RESOURCES.map(showResource), ...call.world.state.apps.flatMap(showPrincipal)]
  const row = rows.find(({ id, appId }) => (param(call, 'id') === '' ? appId : id) === wanted)
  if (row === undefined) throw notFound(wanted)
  return oneAnswer(call, 'servicePrincipals', row)
}

function assignRole(call: GraphCall): Answer {
  const asked = body(call)
  const principal = textOf(asked['principalId'])
  const app = call.world.state.apps.find(({ servicePrincipalId }) => servicePrincipalId === principal)
  const resource = RESOURCES.find(({ id }) => id === textOf(asked['resourceId']))
  if (app === undefined) throw notFound(principal)
  if (resource === undefined) throw notFound(textOf(asked['resourceId']))
  const found = resource.roles.find(({ id }) => id === textOf(asked['appRoleId']))
  if (found === undefined) throw badRequest('Permission entitlement being assigned was not found on application.')
  if (app.appRoles.some(({ appRoleId }) => appRoleId === found.id))
    throw badRequest('Permission being assigned already exists on the object')
  const assignment = { id: call.world.id(), resourceId: resource.id, appRoleId: found.id, value: found.value, sinceMs: call.world.now() }
  app.appRoles.push(assignment)
  return created(showAssignment(app)(assignment))
}

function assignedTo(call: GraphCall): Answer {
  const rows = call.world.state.apps.flatMap((app) => app.appRoles.map(showAssignment(app)))
  return listAnswer(
    call,
    rows.filter(({ resourceId }) => resourceId === param(call, 'id')),
    { ...LIST, what: 'appRoleAssignments' },
  )
}

function roleMembers(call: GraphCall): Answer {
  const apps = call.world.state.apps.filter(({ directoryRoles }) =>
    directoryRoles.some((one) => one.roleTemplateId === param(call, 'role')),
  )
  const rows = apps.flatMap(showPrincipal).map((row) => ({ '@odata.type': '#microsoft.graph.servicePrincipal', ...row }))
  return listAnswer(call, rows, { ...LIST, what: 'directoryObjects' })
}

function addRoleMember(call: GraphCall): Answer {
  const role = param(call, 'role')
  const id = referenced(call)
  const app = call.world.state.apps.find(({ servicePrincipalId }) => servicePrincipalId === id)
  if (app === undefined) throw notFound(id)
  if (app.directoryRoles.some(({ roleTemplateId }) => roleTemplateId === role))
    throw badRequest("One or more added object references already exist for the following modified properties: 'members'.")
  call.world.state.directoryRoles[role] ??= call.world.id()
  app.directoryRoles.push({ roleTemplateId: role, sinceMs: call.world.now() })
  return NO_CONTENT
}

function roleAssignments(call: GraphCall): Answer {
  const rows = call.world.state.apps.flatMap(({ servicePrincipalId, directoryRoles }) =>
    directoryRoles.map(({ roleTemplateId }) => ({
      id: guidFrom(`${servicePrincipalId ?? ''} ${roleTemplateId}`),
      principalId: servicePrincipalId ?? '',
      roleDefinitionId: roleTemplateId,
      directoryScopeId: '/',
    })),
  )
  return listAnswer(call, rows, { ...LIST, what: 'roleManagement/directory/roleAssignments' })
}

function principalRoles(call: GraphCall): Answer {
  const app = call.world.state.apps.find(({ servicePrincipalId }) => servicePrincipalId === param(call, 'id'))
  if (app === undefined) throw notFound(param(call, 'id'))
  const rows = app.directoryRoles.map(({ roleTemplateId }) => ({
    '@odata.type': '#microsoft.graph.directoryRole',
    id: call.world.state.directoryRoles[roleTemplateId] ?? roleTemplateId,
    roleTemplateId,
  }))
  return listAnswer(call, rows, { ...LIST, what: 'directoryObjects' })
}
