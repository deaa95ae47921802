import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsOf, textOf } from './props.ts'
import { cmdletError, graphError, newUser, startTenant, type TenantClient } from './tenant-client.fixture.ts'

async function bearer(tenant: TenantClient, fields: Readonly<Record<string, string>>): Promise<string> {
  return `Bearer ${textOf((await tenant.token(fields)).body['access_token'])}`
}

test('a token for Graph opens Graph and not Exchange, and the other way round', async () => {
  await using tenant = await startTenant()
  const graph = await bearer(tenant, {})
  const exchange = await bearer(tenant, { scope: 'https://outlook.office365.com/.default' })
  assert.equal((await tenant.graph('GET', '/organization', undefined, { authorization: graph })).status, 200)
  assert.equal((await tenant.cmdlet('Get-OrganizationConfig', {}, { authorization: exchange })).status, 200)
  const refused = await tenant.graph('GET', '/organization', undefined, { authorization: exchange })
  assert.deepEqual(graphError(refused), [401, 'InvalidAuthenticationToken', 'Access token validation failure. Invalid audience.'])
  assert.equal((await tenant.cmdlet('Get-OrganizationConfig', {}, { authorization: graph })).status, 401)
})

test('a token that ran out, that is damaged, or is not there at all is told at Graph', async () => {
  await using tenant = await startTenant({ tokenLifetimeSeconds: 60 })
  const authorization = await bearer(tenant, {})
  const code = async (header: string): Promise<readonly [number, string, string]> =>
    graphError(await tenant.graph('GET', '/organization', undefined, { authorization: header }))
  assert.equal((await code(authorization))[0], 200)
  assert.equal((await code(`${authorization.slice(0, -4)}AAAA`))[1], 'InvalidAuthenticationToken')
  assert.equal((await code('Basic x'))[2], 'Access token is empty.')
  tenant.simulator.advance(60_000)
  assert.match((await code(authorization))[2], /the token is expired/)
})

test('an expired secret, a disabled application, a blocked one and a resource that is not there are told apart', async () => {
  await using tenant = await startTenant()
  const code = async (fields: Readonly<Record<string, string>> = {}): Promise<unknown> => {
    const codes = (await tenant.token(fields)).body['error_codes']
    return Array.isArray(codes) ? codes[0] : null
  }
  const [app] = tenant.simulator.world.state.apps
  assert.ok(app)
  assert.equal(await code(), null)
  assert.equal(await code({ client_secret: 'wrong' }), 7000215)
  assert.equal(await code({ scope: 'https://graph.microsoft.com/User.Read' }), 1002012)
  assert.equal(await code({ scope: 'https://nowhere.example/.default' }), 500011)
  app.props['accountEnabled'] = false
  assert.equal(await code(), 7000112)
  app.props['accountEnabled'] = true
  app.props['blockedByPolicy'] = true
  assert.equal(await code(), 53003)
  app.props['blockedByPolicy'] = false
  tenant.simulator.advance(366 * 86_400_000)
  assert.equal(await code(), 7000222)
})

test('a role granted just now is in tokens a minute later, and in none given out before', async () => {
  await using tenant = await startTenant({ tenant: { onboarded: false } })
  const { url, world } = tenant.simulator
  const [app] = world.state.apps
  assert.ok(app)
  app.appRoles.push({ id: 'a', resourceId: 'x', appRoleId: 'x', value: 'x', sinceMs: 0 })
  const denied = await tenant.graph('GET', '/users')
  assert.deepEqual(graphError(denied), [403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'])
  const old = tenant.simulator.token('graph')
  const { grantRole } = await import('./app-roles.ts')
  grantRole(app, 'User.Read.All', world.now())
  assert.equal((await tenant.graph('GET', '/users')).status, 403)
  tenant.simulator.advance(60_000)
  assert.equal((await tenant.graph('GET', '/users')).status, 200)
  assert.equal((await fetch(`${url}/v1.0/users`, { headers: { authorization: `Bearer ${old}` } })).status, 403)
})

test('each permission that is missing gives the error of its resource', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const [app] = tenant.simulator.world.state.apps
  assert.ok(app)
  app.appRoles = app.appRoles.filter(
    ({ value }) => !['Mail.ReadWrite', 'Mail.Read', 'Mail.ReadBasic', 'User.ReadWrite.All', 'Directory.ReadWrite.All'].includes(value),
  )
  assert.equal((await tenant.graph('GET', `/users/${upn}`)).status, 200)
  assert.deepEqual(graphError(await tenant.graph('POST', '/users', newUser('ben@example.test'))).slice(0, 2), [
    403,
    'Authorization_RequestDenied',
  ])
  assert.deepEqual(graphError(await tenant.graph('GET', `/users/${upn}/mailFolders`)).slice(0, 2), [403, 'ErrorAccessDenied'])
})

test('without Exchange.ManageAsApp or a directory role the admin endpoint is closed, and says which', async () => {
  await using tenant = await startTenant()
  const [app] = tenant.simulator.world.state.apps
  assert.ok(app)
  const roles = app.directoryRoles
  app.directoryRoles = []
  const noRole = await tenant.cmdlet('Get-Mailbox')
  assert.deepEqual(graphError(noRole).slice(0, 2), [403, 'Forbidden'])
  assert.match(graphError(noRole)[2], /The role assigned to application 0a1b2c3d-\S+ isn't supported in this scenario/)
  app.directoryRoles = roles
  app.appRoles = app.appRoles.filter(({ value }) => value !== 'Exchange.ManageAsApp')
  assert.deepEqual(graphError(await tenant.cmdlet('Get-Mailbox')), [403, 'Forbidden', ''])
})

test('a weaker directory role sees fewer cmdlets: the others do not exist for it', async () => {
  await using tenant = await startTenant()
  const [app] = tenant.simulator.world.state.apps
  assert.ok(app)
  app.directoryRoles = [{ roleTemplateId: '31392ffb-586c-42d1-9346-e59415a2cc4e', sinceMs: 0 }]
  assert.equal((await tenant.cmdlet('Get-Mailbox')).status, 200)
  const hidden = cmdletError(await tenant.cmdlet('Get-TransportRule'))
  assert.match(hidden[2], /isn't present in the role definition of the current user/)
  app.directoryRoles = [{ roleTemplateId: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451', sinceMs: 0 }]
  assert.equal((await tenant.cmdlet('Get-TransportRule')).status, 200)
  assert.equal((await tenant.cmdlet('New-TransportRule', { Name: 'x', DeleteMessage: true })).status, 400)
})

test('the set-up of an application through Graph ends in a working token, and each step twice is told', async () => {
  await using tenant = await startTenant()
  const app = (await tenant.graph('POST', '/applications', { displayName: 'second' })).body
  const principal = (await tenant.graph('POST', '/servicePrincipals', { appId: app['appId'] ?? '' })).body
  assert.notEqual(principal['id'], app['id'])
  const secret = (
    await tenant.graph('POST', `/applications/${textOf(app['id'])}/addPassword`, { passwordCredential: { displayName: 'k' } })
  ).body
  const exchange = (await tenant.graph('GET', "/servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')?$select=id,appRoles")).body
  const role = rowsOf(exchange['appRoles']).find(({ value }) => value === 'IMAP.AccessAsApp')
  const assignment = { principalId: principal['id'] ?? '', resourceId: exchange['id'] ?? '', appRoleId: role?.['id'] ?? '' }
  const path = `/servicePrincipals/${textOf(exchange['id'])}/appRoleAssignedTo`
  assert.equal((await tenant.graph('POST', path, assignment)).status, 201)
  assert.match(graphError(await tenant.graph('POST', path, assignment))[2], /already exists on the object/)
  const member = { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${textOf(principal['id'])}` }
  const members = "/directoryRoles(roleTemplateId='29232cdf-9323-42fd-ade2-1d097af3e4de')/members/$ref"
  assert.equal((await tenant.graph('POST', members, member)).status, 204)
  assert.match(graphError(await tenant.graph('POST', members, member))[2], /references already exist/)
  tenant.simulator.advance(60_000)
  const given = await tenant.token({
    client_id: textOf(app['appId']),
    client_secret: textOf(secret['secretText']),
    scope: 'https://outlook.office365.com/.default',
  })
  const claims = tenant.simulator.tenant.check(textOf(given.body['access_token']))
  assert.deepEqual([claims?.roles, claims?.oid], [['IMAP.AccessAsApp'], principal['id']])
})
