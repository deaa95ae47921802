import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RawClient, xoauth2 } from '../simulator/raw-client.fixture.ts'
import { textOf } from './props.ts'
import { newUser, startTenant, type TenantClient } from './tenant-client.fixture.ts'

/** How a sign-in over IMAP ends: let in, refused, or let in without a mailbox. */
async function signIn(tenant: TenantClient, address: string, token = tenant.simulator.token('exchange')): Promise<string> {
  await using client = new RawClient(tenant.simulator.imap.port)
  await client.until(/^\* /)
  const reply = await client.ask(`AUTHENTICATE XOAUTH2 ${xoauth2(address, token)}`)
  if (/NO AUTHENTICATE failed\./.test(reply)) return 'no'
  const select = await client.ask('SELECT INBOX', 'B')
  if (/BAD User is authenticated but not connected\./.test(select)) return 'not connected'
  return /^B OK/m.test(select) ? 'in' : select
}

async function grant(tenant: TenantClient, upn: string): Promise<void> {
  const User = tenant.simulator.world.state.apps[0]?.servicePrincipalId ?? ''
  const told = await tenant.cmdlet('Add-MailboxPermission', { Identity: upn, User, AccessRights: ['FullAccess'], AutoMapping: false })
  assert.equal(told.status, 200)
}

test('IMAP opens a mailbox only when it is licensed, provisioned, and the grant took effect', async () => {
  await using tenant = await startTenant()
  const upn = 'anna@example.test'
  assert.equal(await signIn(tenant, upn), 'no')
  await tenant.graph('POST', '/users', newUser(upn))
  tenant.simulator.advance(3_000)
  assert.equal(await signIn(tenant, upn), 'not connected')
  await tenant.graph('POST', `/users/${upn}/assignLicense`, {
    addLicenses: [{ skuId: await tenant.sku('ENTERPRISEPACK') }],
    removeLicenses: [],
  })
  tenant.simulator.advance(123_000)
  await grant(tenant, upn)
  assert.equal(await signIn(tenant, upn), 'not connected')
  tenant.simulator.advance(59_000)
  assert.equal(await signIn(tenant, upn), 'not connected')
  tenant.simulator.advance(1_000)
  assert.equal(await signIn(tenant, upn), 'in')
})

test('a mailbox without the licence that it had is closed to IMAP again', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  await grant(tenant, upn)
  tenant.simulator.advance(60_000)
  assert.equal(await signIn(tenant, upn), 'in')
  await tenant.graph('POST', `/users/${upn}/assignLicense`, { addLicenses: [], removeLicenses: [await tenant.sku('ENTERPRISEPACK')] })
  tenant.simulator.advance(60_000)
  assert.equal(await signIn(tenant, upn), 'not connected')
})

test('a service principal made with the object id of the application lets nobody in', async () => {
  await using tenant = await startTenant({ tenant: { onboarded: false } })
  const upn = await preparedPerson(tenant)
  const [app] = tenant.simulator.world.state.apps
  assert.ok(app)
  const register = async (ObjectId: string): Promise<void> => {
    assert.equal((await tenant.cmdlet('New-ServicePrincipal', { AppId: app.appId, ObjectId })).status, 200)
    tenant.simulator.advance(3_000)
    await tenant.cmdlet('Add-MailboxPermission', { Identity: upn, User: ObjectId, AccessRights: ['FullAccess'] })
    tenant.simulator.advance(60_000)
  }
  await register(app.objectId)
  assert.equal(await signIn(tenant, upn), 'not connected')
  await tenant.cmdlet('Remove-ServicePrincipal', { Identity: app.objectId })
  await register(app.servicePrincipalId ?? '')
  assert.equal(await signIn(tenant, upn), 'in')
})

/** The application may do everything but is not known to Exchange. */
async function preparedPerson(tenant: TenantClient): Promise<string> {
  const { EXCHANGE_RESOURCE, GRAPH_RESOURCE, DIRECTORY_ROLES, grantRole } = await import('./app-roles.ts')
  const [app] = tenant.simulator.world.state.apps
  assert.ok(app)
  for (const { value } of [...EXCHANGE_RESOURCE.roles, ...GRAPH_RESOURCE.roles]) grantRole(app, value)
  app.directoryRoles.push({ roleTemplateId: DIRECTORY_ROLES.exchangeAdministrator, sinceMs: 0 })
  return tenant.person('anna')
}

test('a change of ImapEnabled reaches IMAP a minute later, both ways', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  await grant(tenant, upn)
  tenant.simulator.advance(60_000)
  await tenant.cmdlet('Set-CASMailbox', { Identity: upn, ImapEnabled: false })
  assert.equal(await signIn(tenant, upn), 'in')
  tenant.simulator.advance(60_000)
  assert.equal(await signIn(tenant, upn), 'not connected')
  await tenant.cmdlet('Set-CASMailbox', { Identity: upn, ImapEnabled: true })
  tenant.simulator.advance(60_000)
  assert.equal(await signIn(tenant, upn), 'in')
})

test('a token for Graph, one without the role, one that ran out and one of nobody open nothing', async () => {
  await using tenant = await startTenant({ tokenLifetimeSeconds: 60 })
  const upn = await tenant.person('anna')
  await grant(tenant, upn)
  tenant.simulator.advance(60_000)
  assert.equal(await signIn(tenant, upn, tenant.simulator.token('graph')), 'no')
  assert.equal(await signIn(tenant, upn, 'made.up.token'), 'no')
  const old = tenant.simulator.token('exchange')
  tenant.simulator.advance(60_000)
  assert.equal(await signIn(tenant, upn, old), 'no')
  const [app] = tenant.simulator.world.state.apps
  if (app !== undefined) app.appRoles = app.appRoles.filter(({ value }) => value !== 'IMAP.AccessAsApp')
  assert.equal(await signIn(tenant, upn), 'no')
})

test('each cause of a refusal can look the other way, as it does on part of the fleet', async () => {
  await using tenant = await startTenant({ imapRefusals: { 'no-permission': 'no', 'bad-token': 'not-connected' } })
  const upn = await tenant.person('anna')
  assert.equal(await signIn(tenant, upn), 'no')
  assert.equal(await signIn(tenant, upn, 'x'), 'not connected')
})

test('a session ends when its token runs out, also by the clock of the tenant', async () => {
  await using tenant = await startTenant({ tokenLifetimeSeconds: 60 })
  const upn = await tenant.person('anna')
  await grant(tenant, upn)
  tenant.simulator.advance(60_000)
  await using client = new RawClient(tenant.simulator.imap.port)
  await client.until(/^\* /)
  await client.ask(`AUTHENTICATE XOAUTH2 ${xoauth2(upn, tenant.simulator.token('exchange'))}`)
  assert.match(await client.ask('NOOP', 'B'), /^B OK/m)
  tenant.simulator.advance(60_000)
  client.send('C NOOP\r\n')
  assert.match(await client.rest(), /\* BYE Session invalidated - AccessTokenExpired/)
})

test('what IMAP appends, Graph and the admin endpoint count', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  await grant(tenant, upn)
  tenant.simulator.advance(60_000)
  await using client = new RawClient(tenant.simulator.imap.port)
  await client.until(/^\* /)
  await client.ask(`AUTHENTICATE XOAUTH2 ${xoauth2(upn, tenant.simulator.token('exchange'))}`)
  const mail = 'Subject: probe\r\n\r\nHi\r\n'
  client.send(`B APPEND INBOX {${mail.length}+}\r\n${mail}\r\n`)
  assert.match(await client.until(/^B /), /^B OK \[APPENDUID/m)
  assert.equal((await tenant.graph('GET', `/users/${upn}/mailFolders/inbox`)).body['totalItemCount'], 1)
  assert.equal((await tenant.cmdlet('Get-MailboxStatistics', { Identity: upn })).rows[0]?.['ItemCount'], 1)
})

test('a grant to an address that is slow about grants takes thirty times as long', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('late-grant')
  await grant(tenant, upn)
  tenant.simulator.advance(60_000)
  assert.equal(await signIn(tenant, upn), 'not connected')
  tenant.simulator.advance(30 * 60_000)
  assert.equal(await signIn(tenant, upn), 'in')
  assert.equal(textOf((await tenant.graph('GET', `/users/${upn}`)).body['mail']), upn)
})

test('IMAP takes messages up to MaxReceiveSize and the quota, and more as soon as both are raised', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  await grant(tenant, upn)
  tenant.simulator.advance(60_000)
  await using client = new RawClient(tenant.simulator.imap.port)
  await client.until(/^\* /)
  await client.ask(`AUTHENTICATE XOAUTH2 ${xoauth2(upn, tenant.simulator.token('exchange'))}`)
  const append = async (size: number): Promise<string> => {
    client.send(`B APPEND INBOX {${size}}\r\n`)
    const reply = await client.until(/^(?:\+|B )/)
    if (!reply.startsWith('+')) return reply
    client.send(`Subject: x\r\n\r\n${'x'.repeat(70)}\r\n`.padEnd(size, 'y\r\n'))
    client.send('\r\n')
    return client.until(/^B /)
  }
  const set = (parameters: Readonly<Record<string, string>>) => tenant.cmdlet('Set-Mailbox', { Identity: upn, ...parameters })
  await set({ MaxReceiveSize: '1KB' })
  assert.match(await append(2000), /NO Maximum size of appendable message has been exceeded/)
  await set({ MaxReceiveSize: '2KB' })
  assert.match(await append(2000), /^B OK \[APPENDUID/m)
  await set({ IssueWarningQuota: '1KB', ProhibitSendQuota: '2KB', ProhibitSendReceiveQuota: '3KB' })
  assert.match(await append(2000), /NO Server Unavailable\. 15/)
  await set({ ProhibitSendReceiveQuota: '1GB' })
  assert.match(await append(2000), /^B OK \[APPENDUID/m)
})
