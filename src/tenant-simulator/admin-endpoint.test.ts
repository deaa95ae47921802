import assert from 'node:assert/strict'
import { test } from 'node:test'
import { propsOf, rowsOf, textOf } from './props.ts'
import { cmdletError, startTenant } from './tenant-client.fixture.ts'

test('a cmdlet answers rows with type notes strewn in, and sizes as text', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const told = await tenant.cmdlet('Get-Mailbox', { Identity: upn })
  const [row] = told.rows
  assert.equal(row?.['@odata.type'], '#Exchange.GenericHashTable')
  assert.equal(row?.['ExchangeGuid@odata.type'], '#Guid')
  assert.match(textOf(row?.['ProhibitSendReceiveQuota@data.type']), /^Microsoft\.Exchange\.Data\.Unlimited/)
  assert.equal(row?.['MaxReceiveSize'], '36 MB (37,748,736 bytes)')
  assert.match(textOf(told.body['@odata.context']), /#Collection\(Exchange\.GenericHashTable\)$/)
})

test('pages follow when the same body is posted to the next link, and $select trims', async () => {
  await using tenant = await startTenant({ content: 'prepared' })
  const { simulator } = tenant
  const first = await tenant.cmdlet('Get-Mailbox', {}, { prefer: 'odata.maxpagesize=5' }, '?$select=PrimarySmtpAddress')
  assert.equal(first.rows.length, 5)
  assert.deepEqual(Object.keys(first.rows[0] ?? {}), ['@odata.type', 'PrimarySmtpAddress'])
  const next = await fetch(textOf(first.body['@odata.nextLink']), {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.token('exchange')}`, prefer: 'odata.maxpagesize=5' },
    body: JSON.stringify({ CmdletInput: { CmdletName: 'Get-Mailbox', Parameters: {} } }),
  })
  const body: unknown = await next.json()
  const rows = rowsOf(propsOf(JSON.parse(JSON.stringify(body)))['value'])
  assert.ok(rows.length === 5 && rows[0]?.['PrimarySmtpAddress'] !== first.rows[0]?.['PrimarySmtpAddress'])
})

test('more rows than ResultSize are cut off with a warning', async () => {
  await using tenant = await startTenant({ content: 'prepared' })
  const told = await tenant.cmdlet('Get-Mailbox', { ResultSize: 3 })
  assert.equal(told.rows.length, 3)
  assert.match(told.warnings[0] ?? '', /There are more results available/)
  assert.equal((await tenant.cmdlet('Get-Mailbox', { ResultSize: 'Unlimited' })).warnings.length, 0)
})

test('an object that is not there is 404 with id, exception class and text between pipes', async () => {
  await using tenant = await startTenant()
  const told = await tenant.cmdlet('Get-Mailbox', { Identity: 'nobody@example.test' })
  const [detail] = rowsOf(propsOf(told.body['error'])['details'])
  assert.equal(told.status, 404)
  assert.match(
    textOf(detail?.['message']),
    /^Ex[0-9A-F]{6}\|Microsoft\.Exchange\.Configuration\.Tasks\.ManagementObjectNotFoundException\|The operation couldn't be performed because object 'nobody@example\.test' couldn't be found on '\S+\.PROD\.OUTLOOK\.COM'\.$/,
  )
})

test('a misspelt parameter, a missing one and a wrong value are told as PowerShell tells them', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const text = async (name: string, parameters: Parameters<typeof tenant.cmdlet>[1]): Promise<string> =>
    cmdletError(await tenant.cmdlet(name, parameters))[2]
  assert.equal(
    await text('Set-Mailbox', { Identity: upn, MaxRecieveSize: '1MB' }),
    "A parameter cannot be found that matches parameter name 'MaxRecieveSize'.",
  )
  assert.match(await text('Set-Mailbox', { MaxReceiveSize: '1MB' }), /missing mandatory parameters: Identity/)
  assert.match(await text('Set-Mailbox', { Identity: upn, Type: 'Wide' }), /enumerator names and try again: Regular, Shared, Room/)
  assert.match(await text('Set-Mailbox', { Identity: upn, MaxReceiveSize: 'much' }), /to a size/)
  assert.match(await text('Get-Nothing', {}), /isn't present in the role definition/)
})

test('setting what is so already is a success with a warning', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  assert.deepEqual((await tenant.cmdlet('Set-Mailbox', { Identity: upn, MaxReceiveSize: '150MB' })).warnings, [])
  const again = await tenant.cmdlet('Set-Mailbox', { Identity: upn, MaxReceiveSize: '150MB' })
  assert.equal(again.status, 200)
  assert.deepEqual(again.warnings, ["The command completed successfully but no settings of 'anna' have been modified."])
})

test('for five seconds after a change readers see the old and the new state in turn', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  await tenant.cmdlet('Set-Mailbox', { Identity: upn, CustomAttribute1: 'batch1' })
  const read = async () => (await tenant.cmdlet('Get-Mailbox', { Identity: upn })).rows[0]?.['CustomAttribute1']
  assert.deepEqual([await read(), await read(), await read()], ['', 'batch1', ''])
  tenant.simulator.advance(5_000)
  assert.deepEqual([await read(), await read()], ['batch1', 'batch1'])
})

test('a new object is not found for three seconds', async () => {
  await using tenant = await startTenant()
  assert.equal((await tenant.cmdlet('New-Mailbox', { Name: 'Info', Shared: true })).status, 200)
  assert.equal(
    cmdletError(await tenant.cmdlet('Set-Mailbox', { Identity: 'Info', CustomAttribute1: 'x' }))[1],
    'ManagementObjectNotFoundException',
  )
  tenant.simulator.advance(3_000)
  assert.equal((await tenant.cmdlet('Set-Mailbox', { Identity: 'Info', CustomAttribute1: 'x' })).status, 200)
})

test('a dehydrated tenant refuses policies until it was customised and a minute passed, and the second time is an error', async () => {
  await using tenant = await startTenant({ tenant: { dehydrated: true } })
  const create = () => tenant.cmdlet('New-RetentionPolicy', { Name: 'Keep' })
  assert.equal((await tenant.cmdlet('Get-OrganizationConfig')).rows[0]?.['IsDehydrated'], true)
  assert.match(cmdletError(await create())[2], /you first need to run the command: Enable-OrganizationCustomization\.$/)
  assert.equal((await tenant.cmdlet('Enable-OrganizationCustomization')).status, 200)
  assert.equal((await create()).status, 400)
  tenant.simulator.advance(60_000)
  assert.equal((await create()).status, 200)
  assert.equal((await tenant.cmdlet('Enable-OrganizationCustomization')).status, 400)
})

test('too many cmdlets are answered by 429 with Retry-After, message traces earlier than others', async () => {
  await using tenant = await startTenant({ limits: { cmdletsPer5Seconds: 4, messageTracesPer5Minutes: 1 } })
  assert.equal((await tenant.cmdlet('Get-MessageTraceV2')).status, 200)
  const trace = await tenant.cmdlet('Get-MessageTraceV2')
  assert.deepEqual([trace.status, trace.headers.get('retry-after')], [429, '300'])
  await tenant.cmdlet('Get-AcceptedDomain')
  await tenant.cmdlet('Get-AcceptedDomain')
  assert.equal((await tenant.cmdlet('Get-AcceptedDomain')).status, 429)
  tenant.simulator.advance(6_000)
  assert.equal((await tenant.cmdlet('Get-AcceptedDomain')).status, 200)
})

test('a change that was made and reported as failed shows as "no settings modified" when it is made again', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  tenant.simulator.fault({ api: 'admin', cmdlet: 'Set-Mailbox', status: 503, afterwards: true })
  const first = await tenant.cmdlet('Set-Mailbox', { Identity: upn, MaxSendSize: '150MB' })
  assert.equal(first.status, 503)
  assert.match(first.text, /^<html>/)
  const second = await tenant.cmdlet('Set-Mailbox', { Identity: upn, MaxSendSize: '150MB' })
  assert.deepEqual([second.status, second.warnings.length], [200, 1])
})

test('a batch runs ten cmdlets at most and answers each for itself', async () => {
  await using tenant = await startTenant()
  const { url, tenantId } = tenant.simulator
  const member = (id: number, CmdletName: string) => ({
    id: `${id}`,
    method: 'POST',
    url: `https://outlook.office365.com/adminapi/beta/${tenantId}/InvokeCommand`,
    headers: {},
    body: { CmdletInput: { CmdletName, Parameters: {} } },
  })
  const send = async (requests: object[]) => {
    const answer = await fetch(`${url}/adminapi/beta/${tenantId}/$batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tenant.simulator.token('exchange')}` },
      body: JSON.stringify({ requests }),
    })
    return { status: answer.status, responses: rowsOf(propsOf(JSON.parse(await answer.text()))['responses']) }
  }
  const { status, responses } = await send([member(1, 'Get-AcceptedDomain'), member(2, 'Get-Nothing')])
  assert.deepEqual([status, responses.map((one) => one['status'])], [200, [200, 400]])
  assert.equal(rowsOf(propsOf(responses[0]?.['body'])['value']).length, 2)
  assert.equal((await send(Array.from({ length: 11 }, (_, i) => member(i, 'Get-AcceptedDomain')))).status, 400)
})

test('the documented endpoints run their own cmdlets only, and need their own permission', async () => {
  await using tenant = await startTenant()
  const { url, tenantId, world } = tenant.simulator
  const run = async (endpoint: string, CmdletName: string): Promise<number> => {
    const headers = { authorization: `Bearer ${tenant.simulator.token('exchange')}` }
    return (
      await fetch(`${url}/adminapi/v2.0/${tenantId}/${endpoint}`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ CmdletInput: { CmdletName, Parameters: {} } }),
      })
    ).status
  }
  assert.equal(await run('AcceptedDomain', 'Get-AcceptedDomain'), 200)
  assert.equal(await run('AcceptedDomain', 'Get-Mailbox'), 400)
  assert.equal(await run('TransportRule', 'Get-TransportRule'), 404)
  const [app] = world.state.apps
  if (app !== undefined) app.appRoles = app.appRoles.filter(({ value }) => value !== 'Exchange.ManageAsAppV2')
  assert.equal(await run('AcceptedDomain', 'Get-AcceptedDomain'), 403)
})
