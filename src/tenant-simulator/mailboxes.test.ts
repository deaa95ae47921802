import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listOf, textOf, type Props } from './props.ts'
import { cmdletError, startTenant, type TenantClient } from './tenant-client.fixture.ts'

const change = (table: Readonly<Record<string, readonly string[]>>): Props => ({ '@odata.type': '#Exchange.GenericHashTable', ...table })

async function addresses(tenant: TenantClient, identity: string): Promise<string[]> {
  tenant.simulator.advance(5_000)
  return listOf((await tenant.cmdlet('Get-Mailbox', { Identity: identity })).rows[0]?.['EmailAddresses'])
}

test('addresses are added and removed by a hashtable, and a whole list has exactly one primary', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  await tenant.cmdlet('Set-Mailbox', { Identity: upn, EmailAddresses: change({ Add: ['smtp:a.b@example.test'] }) })
  assert.deepEqual(await addresses(tenant, upn), [`SMTP:${upn}`, 'smtp:anna@example.onmicrosoft.com', 'smtp:a.b@example.test'])
  await tenant.cmdlet('Set-Mailbox', { Identity: upn, EmailAddresses: change({ Remove: ['smtp:A.B@example.test'] }) })
  assert.equal((await addresses(tenant, upn)).length, 2)
  await tenant.cmdlet('Set-Mailbox', { Identity: upn, EmailAddresses: ['new@example.test', `smtp:${upn}`] })
  assert.deepEqual(await addresses(tenant, 'new@example.test'), ['SMTP:new@example.test', `smtp:${upn}`])
  const two = await tenant.cmdlet('Set-Mailbox', { Identity: upn, EmailAddresses: ['SMTP:x@example.test', 'SMTP:y@example.test'] })
  assert.match(cmdletError(two)[2], /multiple primary addresses/)
})

test('an address that another object has, that is damaged, or is in a foreign domain is refused', async () => {
  await using tenant = await startTenant({ content: 'prepared' })
  const add = async (address: string): Promise<readonly [number, string, string]> =>
    cmdletError(await tenant.cmdlet('Set-Mailbox', { Identity: 'info@example.test', EmailAddresses: change({ Add: [`smtp:${address}`] }) }))
  for (const taken of [
    'sales@example.test',
    'staff@example.test',
    'anna@example.test',
    'soft-deleted@example.test',
    'other-upn@example.test',
  ]) {
    const [status, exception, text] = await add(taken)
    assert.deepEqual([status, exception], [400, 'ProxyAddressExistsException'], taken)
    assert.match(text, /is already being used by the proxy addresses or LegacyExchangeDN of/)
  }
  assert.match((await add('x@elsewhere.example'))[2], /not an accepted domain/)
  assert.match((await add('x..y@example.test'))[2], /isn't correct/)
})

test('quotas keep their order and the size of the licence; messages 150 MB, retention 30 days', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna', 'EXCHANGESTANDARD')
  const set = async (parameters: Props): Promise<string> => {
    const told = await tenant.cmdlet('Set-Mailbox', { Identity: upn, ...parameters })
    return told.status === 200 ? '' : cmdletError(told)[2]
  }
  assert.match(await set({ ProhibitSendReceiveQuota: '60GB' }), /exceeds the maximum allowed for user 'anna'\. Maximum value is 50 GB/)
  assert.match(
    await set({ IssueWarningQuota: '40GB', ProhibitSendQuota: '30GB' }),
    /must be less than or equal to that of property 'ProhibitSendQuota'/,
  )
  assert.equal(await set({ IssueWarningQuota: '30GB', ProhibitSendQuota: '31GB', ProhibitSendReceiveQuota: '32GB' }), '')
  assert.match(await set({ MaxReceiveSize: '151MB' }), /Maximum value is 150 MB/)
  assert.match(await set({ RetainDeletedItemsFor: '31.00:00:00' }), /Maximum value is 30 days/)
  assert.equal(await set({ RetainDeletedItemsFor: '30.00:00:00', RetentionHoldEnabled: true }), '')
  assert.match(await set({ LitigationHoldEnabled: true }), /license that allows Litigation Hold/)
})

test('a licence of Plan 2 takes a litigation hold, with a warning that it takes an hour', async () => {
  await using tenant = await startTenant()
  const told = await tenant.cmdlet('Set-Mailbox', { Identity: await tenant.person('anna'), LitigationHoldEnabled: true })
  assert.match(told.warnings[0] ?? '', /60 minutes/)
})

test('an archive is made once, needs a licence, and expands only when it is there', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const kiosk = await tenant.person('kiosk', 'EXCHANGEDESKLESS')
  assert.equal((await tenant.cmdlet('Enable-Mailbox', { Identity: upn, AutoExpandingArchive: true })).status, 400)
  assert.equal((await tenant.cmdlet('Enable-Mailbox', { Identity: upn, Archive: true })).rows[0]?.['ArchiveStatus'], 'Active')
  assert.match(cmdletError(await tenant.cmdlet('Enable-Mailbox', { Identity: upn, Archive: true }))[2], /already has an archive/)
  assert.equal((await tenant.cmdlet('Enable-Mailbox', { Identity: upn, AutoExpandingArchive: true })).status, 200)
  assert.match(cmdletError(await tenant.cmdlet('Enable-Mailbox', { Identity: kiosk, Archive: true }))[2], /license that allows an archive/)
  await tenant.cmdlet('Disable-Mailbox', { Identity: upn, Archive: true, Confirm: false })
  tenant.simulator.advance(5_000)
  const [row] = (await tenant.cmdlet('Get-Mailbox', { Identity: upn })).rows
  assert.deepEqual([row?.['ArchiveStatus'], row?.['ArchiveName']], ['None', []])
})

test('a shared mailbox comes with a disabled user and no licence, and a user can be turned into one', async () => {
  await using tenant = await startTenant()
  const [made] = (await tenant.cmdlet('New-Mailbox', { Name: 'Info', Shared: true, PrimarySmtpAddress: 'info@example.test' })).rows
  assert.equal(made?.['RecipientTypeDetails'], 'SharedMailbox')
  tenant.simulator.advance(3_000)
  const user = (await tenant.graph('GET', `/users/${textOf(made?.['ExternalDirectoryObjectId'])}?$select=accountEnabled,mail`)).body
  assert.deepEqual([user['accountEnabled'], user['mail']], [false, 'info@example.test'])
  assert.equal((await tenant.cmdlet('New-Mailbox', { Name: 'info', Shared: true })).status, 400)
  const upn = await tenant.person('anna')
  await tenant.cmdlet('Set-Mailbox', { Identity: upn, Type: 'Shared' })
  await tenant.graph('POST', `/users/${upn}/assignLicense`, { addLicenses: [], removeLicenses: [await tenant.sku('ENTERPRISEPACK')] })
  tenant.simulator.advance(3_600_000)
  assert.equal((await tenant.cmdlet('Get-Mailbox', { Identity: upn })).rows[0]?.['RecipientTypeDetails'], 'SharedMailbox')
})

test('sizes of a mailbox plan are those of mailboxes that are made later', async () => {
  await using tenant = await startTenant()
  const old = await tenant.person('anna')
  const plan = (await tenant.cmdlet('Get-MailboxPlan')).rows.find((row) => row['DisplayName'] === 'ExchangeOnlineEnterprise')
  await tenant.cmdlet('Set-MailboxPlan', { Identity: textOf(plan?.['Name']), MaxReceiveSize: '150MB' })
  const next = await tenant.person('ben')
  const size = async (upn: string) => (await tenant.cmdlet('Get-Mailbox', { Identity: upn })).rows[0]?.['MaxReceiveSize']
  assert.deepEqual([await size(old), await size(next)], ['36 MB (37,748,736 bytes)', '150 MB (157,286,400 bytes)'])
})

test('statistics of a mailbox that nobody used are a warning, and later counts', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const none = await tenant.cmdlet('Get-MailboxStatistics', { Identity: upn })
  assert.deepEqual([none.rows.length, /hasn't logged on/.test(none.warnings[0] ?? '')], [0, true])
  const { heldContent } = await import('../simulator/mail-store.ts')
  tenant.simulator.store(upn)?.addMessage('INBOX', heldContent(Buffer.alloc(3402)))
  const [row] = (await tenant.cmdlet('Get-MailboxStatistics', { Identity: upn })).rows
  assert.deepEqual([row?.['ItemCount'], row?.['TotalItemSize']], [1, '3.322 KB (3,402 bytes)'])
})

test('a permission is added once, shown, and removed; the second time is a warning each', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const ObjectId = tenant.simulator.world.state.apps[0]?.servicePrincipalId ?? ''
  const parameters = { Identity: upn, User: ObjectId, AccessRights: ['FullAccess'] }
  assert.deepEqual((await tenant.cmdlet('Add-MailboxPermission', { ...parameters, AutoMapping: false })).warnings, [])
  assert.match((await tenant.cmdlet('Add-MailboxPermission', parameters)).warnings[0] ?? '', /already present/)
  const users = async () => (await tenant.cmdlet('Get-MailboxPermission', { Identity: upn })).rows.map((row) => row['User'])
  assert.deepEqual(await users(), ['NT AUTHORITY\\SELF', ObjectId])
  await tenant.cmdlet('Remove-MailboxPermission', { ...parameters, Confirm: false })
  assert.deepEqual(await users(), ['NT AUTHORITY\\SELF'])
  assert.match((await tenant.cmdlet('Remove-MailboxPermission', parameters)).warnings[0] ?? '', /ACE doesn't exist/)
  assert.match(
    cmdletError(await tenant.cmdlet('Add-MailboxPermission', { ...parameters, User: 'nobody' }))[2],
    /Couldn't find object "nobody"/,
  )
})

test('who may send as a mailbox can be asked for one trustee', async () => {
  await using tenant = await startTenant()
  const [anna, ben] = [await tenant.person('anna'), await tenant.person('ben')]
  await tenant.cmdlet('Add-RecipientPermission', { Identity: anna, Trustee: ben, AccessRights: ['SendAs'], Confirm: false })
  const rows = async (Trustee: string) => (await tenant.cmdlet('Get-RecipientPermission', { Identity: anna, Trustee })).rows.length
  assert.deepEqual([await rows(ben), await rows(anna)], [1, 0])
})

test('a service principal is made once, and a role for applications is in force within its scope', async () => {
  await using tenant = await startTenant({ tenant: { onboarded: true } })
  const [anna, ben] = [await tenant.person('anna'), await tenant.person('ben')]
  const [app] = tenant.simulator.world.state.apps
  assert.ok(app)
  assert.match(cmdletError(await tenant.cmdlet('New-ServicePrincipal', { AppId: app.appId, ObjectId: 'x' }))[2], /already exists/)
  await tenant.cmdlet('Set-Mailbox', { Identity: anna, CustomAttribute1: 'batch1' })
  await tenant.cmdlet('New-ManagementScope', { Name: 'Batch-1', RecipientRestrictionFilter: "CustomAttribute1 -eq 'batch1'" })
  tenant.simulator.advance(5_000)
  await tenant.cmdlet('New-ManagementRoleAssignment', {
    App: app.servicePrincipalId ?? '',
    Role: 'Application Mail.ReadWrite',
    CustomResourceScope: 'Batch-1',
  })
  const inScope = async (Resource: string) =>
    (await tenant.cmdlet('Test-ServicePrincipalAuthorization', { Identity: 'mail-mover', Resource })).rows[0]?.['InScope']
  assert.deepEqual([await inScope(anna), await inScope(ben)], ['True', 'False'])
  app.appRoles = app.appRoles.filter(({ value }) => !value.startsWith('Mail.'))
  assert.equal((await tenant.graph('GET', `/users/${anna}/mailFolders`)).status, 200)
  assert.equal((await tenant.graph('GET', `/users/${ben}/mailFolders`)).status, 403)
  assert.equal((await tenant.graph('POST', `/users/${anna}/mailFolders`, { displayName: 'In scope' })).status, 201)
  assert.equal((await tenant.graph('POST', `/users/${ben}/mailFolders`, { displayName: 'Out of scope' })).status, 403)
})

test('a distribution group has members once each, its own address, and outsiders shut out by default', async () => {
  await using tenant = await startTenant()
  const [anna, ben] = [await tenant.person('anna'), await tenant.person('ben')]
  const [made] = (
    await tenant.cmdlet('New-DistributionGroup', { Name: 'Staff', PrimarySmtpAddress: 'staff@example.test', Members: [anna] })
  ).rows
  assert.equal(made?.['RequireSenderAuthenticationEnabled'], true)
  tenant.simulator.advance(3_000)
  const add = (Member: string) => tenant.cmdlet('Add-DistributionGroupMember', { Identity: 'Staff', Member })
  assert.equal((await add(ben)).status, 200)
  assert.equal(cmdletError(await add(ben))[1], 'MemberAlreadyExistsException')
  assert.equal((await add('nobody@example.test')).status, 404)
  tenant.simulator.advance(5_000)
  const members = async () =>
    (await tenant.cmdlet('Get-DistributionGroupMember', { Identity: 'Staff' })).rows.map((row) => row['PrimarySmtpAddress'])
  assert.deepEqual(await members(), [anna, ben])
  await tenant.cmdlet('Update-DistributionGroupMember', { Identity: 'Staff', Members: [ben] })
  tenant.simulator.advance(5_000)
  assert.deepEqual(await members(), [ben])
  assert.equal(
    (await tenant.cmdlet('Get-Recipient', { Identity: 'staff@example.test' })).rows[0]?.['RecipientType'],
    'MailUniversalDistributionGroup',
  )
  await tenant.cmdlet('Set-DistributionGroup', { Identity: 'Staff', ManagedBy: change({ Add: [ben] }) })
  tenant.simulator.advance(5_000)
  const ownedBy = async (ManagedBy: string) => (await tenant.cmdlet('Get-DistributionGroup', { ManagedBy })).rows.map((row) => row['Name'])
  assert.deepEqual([await ownedBy('ben'), await ownedBy(anna)], [['Staff'], []])
  assert.equal(
    cmdletError(await tenant.cmdlet('New-DistributionGroup', { Name: 'Other', PrimarySmtpAddress: anna }))[1],
    'ProxyAddressExistsException',
  )
})
