import assert from 'node:assert/strict'
import { request as httpRequest, type ClientRequest } from 'node:http'
import { test } from 'node:test'
import { parseFilter } from './odata-filter.ts'
import { propsOf, rowsOf, textOf } from './props.ts'
import { graphError, newUser, startTenant } from './tenant-client.fixture.ts'

test('a batch answers each member for itself, and what depends on a failed one is 424', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const told = await tenant.graph('POST', '/$batch', {
    requests: [
      { id: '1', method: 'GET', url: `/users/${upn}/mailFolders/inbox?$select=id` },
      { id: '2', method: 'GET', url: '/users/nobody@example.test' },
      {
        id: '3',
        method: 'POST',
        url: `/users/${upn}/mailFolders`,
        dependsOn: ['2'],
        headers: { 'Content-Type': 'application/json' },
        body: { displayName: 'Never' },
      },
      {
        id: '4',
        method: 'POST',
        url: `/users/${upn}/mailFolders`,
        dependsOn: ['1'],
        headers: { 'Content-Type': 'application/json' },
        body: { displayName: 'Made' },
      },
    ],
  })
  assert.equal(told.status, 200)
  const responses = rowsOf(told.body['responses'])
  assert.deepEqual(
    responses.map(({ id, status }) => [id, status]),
    [
      ['1', 200],
      ['2', 404],
      ['3', 424],
      ['4', 201],
    ],
  )
  assert.ok(tenant.simulator.store(upn)?.folder('Made') !== undefined && tenant.simulator.store(upn)?.folder('Never') === undefined)
})

test('a batch of more than twenty requests, or with an id twice, is refused whole', async () => {
  await using tenant = await startTenant()
  const member = (id: string) => ({ id, method: 'GET', url: '/organization' })
  const send = async (ids: readonly string[]) => (await tenant.graph('POST', '/$batch', { requests: ids.map(member) })).status
  assert.equal(await send(Array.from({ length: 20 }, (_, i) => `${i}`)), 200)
  assert.equal(await send(Array.from({ length: 21 }, (_, i) => `${i}`)), 400)
  assert.equal(await send(['a', 'A']), 400)
})

test('one member of a batch can be throttled with a Retry-After of its own', async () => {
  await using tenant = await startTenant()
  tenant.simulator.fault({ api: 'graph', path: '/subscribedSkus', status: 429, retryAfterSeconds: 7 })
  const requests = ['/organization', '/subscribedSkus'].map((url, i) => ({ id: `${i}`, method: 'GET', url }))
  const responses = rowsOf((await tenant.graph('POST', '/$batch', { requests })).body['responses'])
  assert.deepEqual(
    responses.map(({ status }) => status),
    [200, 429],
  )
  assert.equal(propsOf(responses[1]?.['headers'])['Retry-After'], '7')
})

test('lists are paged by links that carry the query on', async () => {
  await using tenant = await startTenant({ content: 'prepared' })
  const seen: string[] = []
  let next = '/users?$top=9&$select=userPrincipalName'
  while (next !== '') {
    const page = await tenant.graph('GET', next)
    const rows = rowsOf(page.body['value'])
    assert.ok(rows.length <= 9 && rows.every((row) => Object.keys(row).join() === 'id,userPrincipalName'))
    seen.push(...rows.map(({ id }) => textOf(id)))
    next = textOf(page.body['@odata.nextLink'])
  }
  assert.equal(new Set(seen).size, seen.length)
  assert.ok(seen.length > 25)
})

test('users are filtered by eq, startswith, in and any; ne and endsWith want ConsistencyLevel: eventual', async () => {
  await using tenant = await startTenant({ content: 'prepared' })
  const count = async (filter: string, headers = {}): Promise<number> => {
    const told = await tenant.graph('GET', `/users?$top=999&$count=true&$filter=${encodeURIComponent(filter)}`, undefined, headers)
    return told.status === 200 ? rowsOf(told.body['value']).length : -told.status
  }
  assert.equal(await count("userPrincipalName eq 'ANNA@example.test'"), 1)
  assert.equal(await count("startswith(userPrincipalName,'anna') and accountEnabled eq true"), 1)
  assert.equal(await count("userPrincipalName in ('anna@example.test','ben@example.test')"), 2)
  assert.equal(await count("proxyAddresses/any(x:x eq 'smtp:anna@example.onmicrosoft.com')"), 1)
  assert.equal(await count('onPremisesSyncEnabled eq true'), 1)
  assert.equal(await count("endswith(userPrincipalName,'example.test')"), -400)
  assert.ok((await count("endswith(userPrincipalName,'example.test')", { ConsistencyLevel: 'eventual' })) > 20)
  assert.equal(await count('userPrincipalName eq'), -400)
  const search = `/users?$search=${encodeURIComponent('"displayName:anna"')}`
  assert.equal((await tenant.graph('GET', search)).status, 400)
  const found = await tenant.graph('GET', search, undefined, { ConsistencyLevel: 'eventual' })
  assert.deepEqual(
    rowsOf(found.body['value']).map((row) => row['userPrincipalName']),
    ['anna@example.test'],
  )
})

test('a filter reads nested parts, dates, quotes and parentheses as OData means them', () => {
  const row = { name: "O'Neil", flag: { flagStatus: 'flagged' }, received: '2026-01-02T00:00:00Z', n: 5, tags: ['a', 'b'] }
  const cases: readonly (readonly [string, boolean])[] = [
    ["name eq 'O''Neil'", true],
    ["flag/flagStatus eq 'flagged' and n gt 4", true],
    ['received ge 2026-01-01T00:00:00Z and received lt 2026-01-02T00:00:00Z', false],
    ["not (n eq 5 or name eq 'x')", false],
    ["tags/any(t:t eq 'b')", true],
    ["tags/any(t:startswith(t,'c'))", false],
    ["n eq 5 or n eq 6 and name eq 'x'", true],
  ]
  for (const [filter, holds] of cases) assert.equal(parseFilter(filter)(row), holds, filter)
})

test('errors carry the ids of the request, and the answer repeats the id that the client gave', async () => {
  await using tenant = await startTenant()
  const id = '3e3e3e3e-0000-4000-8000-000000000002'
  const told = await tenant.graph('GET', '/users/nobody@example.test', undefined, { 'client-request-id': id })
  assert.equal(told.headers.get('client-request-id'), id)
  const inner = propsOf(propsOf(told.body['error'])['innerError'])
  assert.deepEqual([inner['client-request-id'], inner['request-id']], [id, told.headers.get('request-id')])
})

test('more than four requests at a time about one mailbox are throttled, and others go on', async () => {
  await using tenant = await startTenant()
  const [anna, ben] = [await tenant.person('anna'), await tenant.person('ben')]
  const authorization = `Bearer ${tenant.simulator.token('graph')}`
  const open: ClientRequest[] = []
  for (let n = 0; n < 4; n++) {
    const one = httpRequest(`${tenant.simulator.url}/v1.0/users/${anna}/mailFolders`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'content-length': '20', expect: '100-continue' },
    })
    one.on('error', () => {})
    // The server says "continue" when it has begun with the request.
    await new Promise<void>((resolve) => {
      one.on('continue', resolve)
      one.flushHeaders()
    })
    open.push(one)
  }
  const headers = { authorization }
  const fifth = await tenant.graph('GET', `/users/${anna}/mailFolders`, undefined, headers)
  assert.deepEqual(graphError(fifth), [429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.'])
  assert.equal(fifth.headers.get('retry-after'), '1')
  assert.equal((await tenant.graph('GET', `/users/${ben}/mailFolders`, undefined, headers)).status, 200)
  for (const one of open) one.destroy()
})

test('too many writes to the directory are throttled with their scope, until the window is over', async () => {
  await using tenant = await startTenant({ limits: { directoryWritesPer150Seconds: 2 } })
  for (const local of ['a', 'b']) assert.equal((await tenant.graph('POST', '/users', newUser(`${local}@example.test`))).status, 201)
  const third = await tenant.graph('POST', '/users', newUser('c@example.test'))
  assert.deepEqual(graphError(third).slice(0, 2), [429, 'TooManyRequests'])
  assert.equal(third.headers.get('retry-after'), '150')
  assert.equal(third.headers.get('x-ms-throttle-information'), 'WriteLimitExceeded')
  assert.match(third.headers.get('x-ms-throttle-scope') ?? '', /^Tenant_Application\/Write\//)
  tenant.simulator.advance(151_000)
  assert.equal((await tenant.graph('POST', '/users', newUser('c@example.test'))).status, 201)
})

test('mail requests are counted per application and mailbox within ten minutes, uploads by their bytes', async () => {
  await using tenant = await startTenant({ limits: { graphMailPer10Minutes: 3, graphMailUploadBytesPer5Minutes: 100 } })
  const upn = await tenant.person('anna')
  assert.equal((await tenant.graph('POST', `/users/${upn}/mailFolders`, { displayName: 'x'.repeat(120) })).status, 429)
  for (let n = 0; n < 2; n++) assert.equal((await tenant.graph('GET', `/users/${upn}/mailFolders`)).status, 200)
  assert.equal((await tenant.graph('GET', `/users/${upn}/mailFolders`)).status, 429)
  tenant.simulator.advance(600_000)
  assert.equal((await tenant.graph('GET', `/users/${upn}/mailFolders`)).status, 200)
})

test('the message trace needs a service principal that nobody made, and then tells what was sent a minute ago', async () => {
  await using tenant = await startTenant()
  const [anna, ben] = [await tenant.person('anna'), await tenant.person('ben')]
  const path = '/admin/exchange/tracing/messageTraces'
  assert.match(graphError(await tenant.graph('GET', path))[2], /^Service principal-less Authentication failed/)
  await tenant.graph('POST', '/servicePrincipals', { appId: '8bd644d1-64a1-4d4b-ae52-2e0cbf64e373' })
  const message = { subject: 'probe 7f3a', body: { contentType: 'text', content: 'x' }, toRecipients: [{ emailAddress: { address: ben } }] }
  assert.equal((await tenant.graph('POST', `/users/${anna}/sendMail`, { message })).status, 202)
  assert.equal(tenant.simulator.store(ben)?.folder('INBOX')?.messages.length, 1)
  assert.equal(rowsOf((await tenant.graph('GET', path)).body['value']).length, 0)
  tenant.simulator.advance(60_000)
  const [row] = rowsOf((await tenant.graph('GET', path)).body['value'])
  assert.deepEqual([row?.['senderAddress'], row?.['recipientAddress'], row?.['status']], [anna, ben, 'delivered'])
  const cmdlet = await tenant.cmdlet('Get-MessageTraceV2', { Subject: 'probe', SubjectFilterType: 'StartsWith' })
  assert.equal(cmdlet.rows.length, 1)
})
