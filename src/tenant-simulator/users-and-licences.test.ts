import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listOf, propsOf, rowsOf, textOf } from './props.ts'
import { cmdletError, graphError, newUser, startTenant } from './tenant-client.fixture.ts'

const USER = 'anna@example.test'

test('a new user is 404 for other readers at first, and is found three seconds later', async () => {
  await using tenant = await startTenant()
  const made = await tenant.graph('POST', '/users', newUser(USER))
  assert.equal(made.status, 201)
  assert.deepEqual(graphError(await tenant.graph('GET', `/users/${USER}`)).slice(0, 2), [404, 'Request_ResourceNotFound'])
  tenant.simulator.advance(3_000)
  const found = await tenant.graph('GET', `/users/${USER}?$select=usageLocation,accountEnabled`)
  assert.deepEqual([found.body['usageLocation'], found.body['accountEnabled'], found.body['id']], ['DE', true, made.body['id']])
})

test('a user needs a free UPN in a verified domain, a strong password and a plain nickname', async () => {
  await using tenant = await startTenant({ content: 'prepared' })
  const message = async (more: Parameters<typeof newUser>[1], upn = USER): Promise<string> =>
    graphError(await tenant.graph('POST', '/users', newUser(upn, more)))[2]
  assert.match(
    await message({ userPrincipalName: 'anna@example.test' }),
    /^Another object with the same value for property userPrincipalName already exists\.$/,
  )
  assert.match(await message({}, 'info@example.test'), /userPrincipalName already exists/)
  assert.match(await message({}, 'taken-by-group@example.test'), /proxyAddresses already exists/)
  assert.match(await message({}, 'soft-deleted@example.test'), /already exists/)
  assert.match(await message({}, 'x@elsewhere.example'), /verified domain names/)
  assert.match(await message({}, 'x@new.example.test'), /verified domain names/)
  assert.match(await message({}, 'jürgen@example.test'), /Invalid value specified for property 'userPrincipalName'/)
  assert.match(await message({ mailNickname: 'a b' }, 'x@example.test'), /mailNickname/)
  assert.match(await message({ passwordProfile: { password: 'short' } }, 'x@example.test'), /password complexity/)
  const taken = await tenant.graph('POST', '/users', newUser(USER))
  assert.equal(rowsOf(propsOf(taken.body['error'])['details'])[0]?.['code'], 'ObjectConflict')
})

test('a licence needs a usage location that the directory has had for two seconds', async () => {
  await using tenant = await startTenant()
  const skuId = await tenant.sku('ENTERPRISEPACK')
  const assign = async (): Promise<readonly [number, string, string]> =>
    graphError(await tenant.graph('POST', `/users/${USER}/assignLicense`, { addLicenses: [{ skuId }], removeLicenses: [] }))
  await tenant.graph('POST', '/users', newUser(USER, { usageLocation: null }))
  tenant.simulator.advance(3_000)
  const refused = [400, 'Request_BadRequest', 'License assignment cannot be done for user with invalid usage location.'] as const
  assert.deepEqual(await assign(), refused)
  assert.equal((await tenant.graph('PATCH', `/users/${USER}`, { usageLocation: 'DE' })).status, 204)
  assert.deepEqual(await assign(), refused)
  tenant.simulator.advance(2_000)
  assert.equal((await assign())[0], 200)
})

test('seats are counted, and the last one gone is told in the words of the service', async () => {
  await using tenant = await startTenant({ tenant: { seats: { EXCHANGESTANDARD: 1, ENTERPRISEPACK: 1 } } })
  await tenant.person('anna', 'EXCHANGESTANDARD')
  await tenant.graph('POST', '/users', newUser('ben@example.test'))
  tenant.simulator.advance(3_000)
  const skuId = await tenant.sku('EXCHANGESTANDARD')
  const told = await tenant.graph('POST', '/users/ben@example.test/assignLicense', { addLicenses: [{ skuId }], removeLicenses: [] })
  assert.deepEqual(graphError(told), [400, 'Request_BadRequest', `Subscription with SKU ${skuId} does not have any available licenses.`])
  const skus = rowsOf((await tenant.graph('GET', '/subscribedSkus')).body['value'])
  assert.equal(skus.find((sku) => sku['skuId'] === skuId)?.['consumedUnits'], 1)
})

test('two Exchange plans exclude each other, and one call swaps them', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna', 'EXCHANGESTANDARD')
  const [old, next] = [await tenant.sku('EXCHANGESTANDARD'), await tenant.sku('ENTERPRISEPACK')]
  const change = (remove: readonly string[]) =>
    tenant.graph('POST', `/users/${upn}/assignLicense`, { addLicenses: [{ skuId: next }], removeLicenses: remove })
  assert.match(graphError(await change([]))[2], /mutually exclusive/)
  assert.equal((await change([old])).status, 200)
  tenant.simulator.advance(300_000)
  const [row] = (await tenant.cmdlet('Get-Mailbox', { Identity: upn })).rows
  assert.match(textOf(row?.['ProhibitSendReceiveQuota']), /^100 GB \(107,374,182,400 bytes\)$/)
})

test('what cannot be assigned or removed is refused: a SKU that is not owned, one that the user lacks, a plan without its base', async () => {
  await using tenant = await startTenant({ tenant: { seats: { ENTERPRISEPACK: 5, EXCHANGEARCHIVE_ADDON: 5 } } })
  await tenant.graph('POST', '/users', newUser(USER))
  tenant.simulator.advance(3_000)
  const refused = async (add: readonly string[], remove: readonly string[] = []): Promise<string> =>
    graphError(
      await tenant.graph('POST', `/users/${USER}/assignLicense`, { addLicenses: add.map((skuId) => ({ skuId })), removeLicenses: remove }),
    )[2]
  assert.match(await refused(['00000000-0000-0000-0000-000000000001']), /does not correspond to a valid company License/)
  assert.equal(await refused([], [await tenant.sku('ENTERPRISEPACK')]), 'User does not have a corresponding license.')
  assert.match(await refused([await tenant.sku('EXCHANGEARCHIVE_ADDON')]), /depends on the service plan\(s\)/)
})

test('a licence becomes a plan, a mailbox, a mailbox for Graph, each after its time', async () => {
  await using tenant = await startTenant()
  await tenant.graph('POST', '/users', newUser(USER))
  tenant.simulator.advance(3_000)
  await tenant.graph('POST', `/users/${USER}/assignLicense`, {
    addLicenses: [{ skuId: await tenant.sku('ENTERPRISEPACK') }],
    removeLicenses: [],
  })
  const plans = async (): Promise<number> =>
    rowsOf((await tenant.graph('GET', `/users/${USER}?$select=assignedPlans`)).body['assignedPlans']).filter(
      (plan) => plan['service'] === 'exchange',
    ).length
  assert.equal(await plans(), 0)
  tenant.simulator.advance(20_000)
  assert.ok((await plans()) > 0)
  assert.deepEqual(cmdletError(await tenant.cmdlet('Get-Mailbox', { Identity: USER })).slice(0, 2), [
    404,
    'ManagementObjectNotFoundException',
  ])
  tenant.simulator.advance(100_000 + 3_000)
  assert.equal((await tenant.cmdlet('Get-Mailbox', { Identity: USER })).rows[0]?.['RecipientTypeDetails'], 'UserMailbox')
  assert.deepEqual(graphError(await tenant.graph('GET', `/users/${USER}/mailFolders/inbox`)).slice(0, 2), [
    404,
    'MailboxNotEnabledForRESTAPI',
  ])
  tenant.simulator.advance(30_000)
  assert.equal((await tenant.graph('GET', `/users/${USER}/mailFolders/inbox`)).status, 200)
  const user = await tenant.graph('GET', `/users/${USER}?$select=mail,proxyAddresses`)
  assert.equal(user.body['mail'], USER)
  assert.deepEqual(listOf(user.body['proxyAddresses']), [`SMTP:${USER}`, 'smtp:anna@example.onmicrosoft.com'])
})

test('a licence whose Exchange plan is switched off gives no mailbox', async () => {
  await using tenant = await startTenant()
  await tenant.graph('POST', '/users', newUser(USER))
  tenant.simulator.advance(3_000)
  const add = { skuId: await tenant.sku('ENTERPRISEPACK'), disabledPlans: ['efb87545-963c-4e0d-99df-69c6916d9eb0'] }
  await tenant.graph('POST', `/users/${USER}/assignLicense`, { addLicenses: [add], removeLicenses: [] })
  tenant.simulator.advance(3_600_000)
  assert.equal((await tenant.cmdlet('Get-Mailbox', { Identity: USER })).status, 404)
})

test('without its licence a mailbox is soft-deleted after a minute, and comes back with the licence', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const skuId = await tenant.sku('ENTERPRISEPACK')
  const before = (await tenant.cmdlet('Get-Mailbox', { Identity: upn })).rows[0]?.['ExchangeGuid']
  await tenant.graph('POST', `/users/${upn}/assignLicense`, { addLicenses: [], removeLicenses: [skuId] })
  assert.equal((await tenant.cmdlet('Get-Mailbox', { Identity: upn })).status, 200)
  tenant.simulator.advance(60_000)
  assert.equal((await tenant.cmdlet('Get-Mailbox', { Identity: upn })).status, 404)
  assert.equal((await tenant.cmdlet('Get-Mailbox', { Identity: upn, SoftDeletedMailbox: true })).rows.length, 1)
  await tenant.graph('POST', `/users/${upn}/assignLicense`, { addLicenses: [{ skuId }], removeLicenses: [] })
  tenant.simulator.advance(300_000)
  assert.equal((await tenant.cmdlet('Get-Mailbox', { Identity: upn })).rows[0]?.['ExchangeGuid'], before)
})

test('a deleted user keeps its addresses until it is restored or purged', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const { id } = (await tenant.graph('GET', `/users/${upn}`)).body
  assert.equal((await tenant.graph('DELETE', `/users/${upn}`)).status, 204)
  assert.match(graphError(await tenant.graph('POST', '/users', newUser(upn)))[2], /already exists/)
  const deleted = rowsOf((await tenant.graph('GET', '/directory/deletedItems/microsoft.graph.user')).body['value'])
  assert.deepEqual(
    deleted.map((user) => user['id']),
    [id],
  )
  assert.equal((await tenant.graph('POST', `/directory/deletedItems/${textOf(id)}/restore`)).status, 200)
  tenant.simulator.advance(300_000)
  assert.equal((await tenant.cmdlet('Get-Mailbox', { Identity: upn })).status, 200)
  await tenant.graph('DELETE', `/users/${upn}`)
  assert.equal((await tenant.graph('DELETE', `/directory/deletedItems/${textOf(id)}`)).status, 204)
  assert.equal((await tenant.graph('POST', '/users', newUser(upn))).status, 201)
})

test('on-premises AD owns the properties of a synced user, and licensing stays possible', async () => {
  await using tenant = await startTenant({ content: 'prepared' })
  const upn = tenant.simulator.prepared?.synced ?? ''
  assert.match(
    graphError(await tenant.graph('PATCH', `/users/${upn}`, { displayName: 'New' }))[2],
    /on-premises mastered Directory Sync objects/,
  )
  assert.equal((await tenant.graph('PATCH', `/users/${upn}`, { usageLocation: 'AT' })).status, 204)
  const told = await tenant.cmdlet('Set-Mailbox', {
    Identity: upn,
    EmailAddresses: { '@odata.type': '#Exchange.GenericHashTable', Add: ['smtp:s2@example.test'] },
  })
  assert.match(cmdletError(told)[2], /being synchronized from your on-premises organization/)
  assert.equal((await tenant.cmdlet('Set-Mailbox', { Identity: upn, MaxReceiveSize: '150MB' })).status, 200)
})

test('licences by group are worked out later, and what fails shows in the member only', async () => {
  await using tenant = await startTenant({ tenant: { seats: { EXCHANGESTANDARD: 1 } } })
  const group = (
    await tenant.graph('POST', '/groups', { displayName: 'Licensed', mailEnabled: false, mailNickname: 'licensed', securityEnabled: true })
  ).body
  const ids: string[] = []
  for (const local of ['anna', 'ben']) ids.push(textOf((await tenant.graph('POST', '/users', newUser(`${local}@example.test`))).body['id']))
  tenant.simulator.advance(3_000)
  for (const id of ids)
    assert.equal(
      (
        await tenant.graph('POST', `/groups/${textOf(group['id'])}/members/$ref`, {
          '@odata.id': `${tenant.simulator.url}/v1.0/directoryObjects/${id}`,
        })
      ).status,
      204,
    )
  await tenant.graph('POST', `/groups/${textOf(group['id'])}/assignLicense`, {
    addLicenses: [{ skuId: await tenant.sku('EXCHANGESTANDARD') }],
    removeLicenses: [],
  })
  const states = async (id: string) =>
    rowsOf((await tenant.graph('GET', `/users/${id}?$select=licenseAssignmentStates`)).body['licenseAssignmentStates']).map((one) =>
      textOf(one['error']),
    )
  assert.deepEqual(await states(ids[0] ?? ''), [])
  tenant.simulator.advance(20_000)
  assert.deepEqual([await states(ids[0] ?? ''), await states(ids[1] ?? '')], [['None'], ['CountViolation']])
  const failing = await tenant.graph('GET', '/groups?$filter=hasMembersWithLicenseErrors eq true')
  assert.deepEqual(
    rowsOf(failing.body['value']).map((one) => one['id']),
    [group['id']],
  )
})
