import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import type { StubReply, StubRequest } from './api-stub.fixture.ts'
import { startApi, stubRig } from './api-stub.fixture.ts'
import { CLOUDS } from './clouds.ts'
import type { ExchangeAdminOptions } from './exchange-admin.ts'
import { exchangeAdmin } from './exchange-admin.ts'
import { objectIn } from './wire-json.ts'

const TENANT = '11111111-2222-3333-4444-555555555555'

async function withAdmin(
  answer: (request: StubRequest, nth: number) => StubReply | Promise<StubReply>,
  more: Partial<ExchangeAdminOptions> = {},
) {
  const api = await startApi(answer)
  const rig = stubRig()
  const options = {
    cloud: CLOUDS.global,
    base: api.url,
    tenant: TENANT,
    person: null,
    tokens: rig.tokens,
    ctx: rig.ctx,
    perSecond: 1000,
    random: () => 0,
  }
  const admin = exchangeAdmin({ ...options, ...more })
  return { ...rig, api, admin, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() }
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof Failure, inspect(error))
  return error
}

const done: StubReply = { status: 200, json: { value: [] } }
const refused = (status: number, message: string): StubReply => ({
  status,
  json: {
    error: {
      code: 'X',
      message: 'Error executing cmdlet',
      details: [{ code: 'Context', target: '', message }],
      innererror: { message: 'x' },
    },
  },
})

test('a call has the form of the module: envelope, anchor, page size, select', async () => {
  await using at = await withAdmin(() => done)
  await at.admin.invoke('Get-Mailbox', { Identity: 'anna@example.test' }, { select: ['DisplayName', 'Guid'] })
  const [request] = at.api.requests
  assert.equal(request?.path, `/adminapi/beta/${TENANT}/InvokeCommand`)
  assert.equal(request?.query.get('$select'), 'DisplayName,Guid')
  assert.deepEqual(request?.body, { CmdletInput: { CmdletName: 'Get-Mailbox', Parameters: { Identity: 'anna@example.test' } } })
  assert.equal(request?.headers['x-anchormailbox'], `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${TENANT}`)
  assert.equal(request?.headers['x-cmdletname'], 'Get-Mailbox')
  assert.equal(request?.headers['prefer'], 'odata.maxpagesize=1000')
  assert.equal(request?.headers.authorization, 'Bearer token-1')
})

test('values are encoded as the service binds them', async () => {
  await using at = await withAdmin(() => done)
  await at.admin.invoke('Set-Thing', {
    Text: 'x',
    Switch: true,
    Nothing: null,
    List: ['a', 'b'],
    Day: new Date('2026-11-20T08:00:00.123Z'),
    Password: new Secret('xK9'),
    Addresses: { kind: 'change', add: ['smtp:a@example.test'], remove: ['smtp:b@example.test'] },
    Table: { kind: 'table', entries: { a: 1 } },
    CSVData: { kind: 'file', name: 'x.csv', bytes: Buffer.from('a,b') },
  })
  const hash = { '@odata.type': '#Exchange.GenericHashTable' }
  assert.deepEqual(objectIn(at.api.requests[0]?.body['CmdletInput'])['Parameters'], {
    Text: 'x',
    Switch: true,
    Nothing: null,
    List: ['a', 'b'],
    Day: '2026-11-20T08:00:00',
    Password: 'xK9',
    Addresses: { ...hash, Add: ['smtp:a@example.test'], Remove: ['smtp:b@example.test'] },
    Table: { ...hash, a: 1 },
    CSVData: 'YSxi',
  })
})

test('the next page is the same call at the address that was told, and rows come without notes on types', async () => {
  await using at = await withAdmin(({ query }) => {
    const row = {
      '@odata.type': '#X',
      Name: 'a',
      Guid: 'g',
      'Guid@odata.type': '#Guid',
      'Quota@data.type': 'Unlimited`1',
      Inner: [{ '@odata.type': '#Y', x: 1 }],
    }
    if (query.get('$skiptoken') === null)
      return {
        status: 200,
        json: { value: [row], '@adminapi.warnings': ['w1'], '@odata.nextLink': `${at.api.url}/adminapi/beta/x/InvokeCommand?$skiptoken=1` },
      }
    return {
      status: 200,
      json: { value: [{ Name: 'b' }], '@adminapi.warnings': ['w2'], 'adminapi.warnings@odata.type': '#Collection(String)' },
    }
  })
  const result = await at.admin.invoke('Get-Mailbox', { ResultSize: 'Unlimited' })
  assert.deepEqual(result, { rows: [{ Name: 'a', Guid: 'g', Inner: [{ x: 1 }] }, { Name: 'b' }], warnings: ['w1', 'w2'] })
  assert.deepEqual(at.api.requests[1]?.body, at.api.requests[0]?.body)
  assert.equal(at.api.requests[1]?.method, 'POST')
})

test('pages that go round in a circle, or lead elsewhere, end in a failure', async () => {
  for (const link of ['', 'https://outlook.office365.com.example.org/x']) {
    await using at = await withAdmin(({ path }) => ({
      status: 200,
      json: { value: [], '@odata.nextLink': link === '' ? `${at.api.url}${path}?$skiptoken=1` : link },
    }))
    assert.equal((await failureOf(at.admin.invoke('Get-Mailbox'))).code, 'answer-unreadable')
    assert.equal(at.api.requests.length, link === '' ? 2 : 1)
  }
})

test('what looks into a mailbox is anchored there, and an administrator anchors with his own address', async () => {
  await using at = await withAdmin(() => done)
  await at.admin.invoke('Get-MailboxFolderStatistics', { Identity: 'anna@example.test:\\Inbox' })
  await at.admin.invoke('Get-MailboxStatistics', { Identity: 'änna\n@example.test' })
  await using person = await withAdmin(() => done, { person: 'admin@example.test' })
  await person.admin.invoke('Get-Mailbox')
  const anchors = [...at.api.requests, ...person.api.requests].map(({ headers }) => headers['x-anchormailbox'])
  assert.deepEqual(anchors, [
    'UPN:anna@example.test',
    `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${TENANT}`,
    'UPN:admin@example.test',
  ])
})

test('an empty identity is never sent', async () => {
  await using at = await withAdmin(() => done)
  for (const Identity of ['', '  ', null]) assert.equal((await failureOf(at.admin.invoke('Get-Mailbox', { Identity }))).code, 'bad-input')
  assert.equal(at.api.requests.length, 0)
})

test('a change that may be repeated survives a 503 after it was carried out', async () => {
  let set = false
  await using at = await withAdmin(() => {
    if (set)
      return {
        status: 200,
        json: { value: [], '@adminapi.warnings': ["The command completed successfully but no settings of 'anna' have been modified."] },
      }
    set = true
    return { status: 503, text: '<html>Service Unavailable</html>', headers: { 'content-type': 'text/html' } }
  })
  const { warnings } = await at.admin.invoke('Set-Mailbox', { Identity: 'anna@example.test', MaxSendSize: '150MB' })
  assert.match(warnings.join(), /no settings of/)
})

test('what makes something, or adds to a list, is not repeated in doubt, and says so', async () => {
  await using at = await withAdmin((_, nth) =>
    nth === 3 ? 'cut' : { status: 504, text: '<html>Gateway</html>', headers: { 'content-type': 'text/html' } },
  )
  const failures = [
    await failureOf(at.admin.invoke('New-Mailbox', { Name: 'x', Shared: true })),
    await failureOf(at.admin.invoke('Set-Mailbox', { Identity: 'x', EmailAddresses: { kind: 'change', add: ['smtp:a@example.test'] } })),
    await failureOf(at.admin.invoke('Enable-OrganizationCustomization')),
  ]
  assert.deepEqual(
    failures.map(({ code, notDone }) => [code, notDone]),
    [
      ['server-unavailable', false],
      ['server-unavailable', false],
      ['connection-lost', false],
    ],
  )
  assert.match(failures[0]?.message ?? '', /New-Mailbox for x\. It is not known whether/)
  assert.equal(at.api.requests.length, 3)
})

test('a storm of throttling is waited out by everybody, also by what makes something', async () => {
  let storm = 6
  await using at = await withAdmin(() => (storm-- > 0 ? { status: 429, headers: { 'retry-after': '30' }, json: {} } : done))
  await Promise.all([1, 2, 3].map((n) => at.admin.invoke('New-Mailbox', { Name: `m${n}`, Shared: true })))
  assert.ok(at.slept.every((ms) => ms <= 30_000))
  assert.equal(at.api.requests.length, 9)
})

test('no more than four calls are in flight, and no more than two begin in a second', async () => {
  await using at = await withAdmin(async () => {
    await new Promise((resolve) => void setImmediate(resolve))
    return done
  })
  await Promise.all(Array.from({ length: 20 }, () => at.admin.invoke('Get-Mailbox')))
  assert.ok(at.api.mostInFlight() <= 4, String(at.api.mostInFlight()))
  await using paced = await withAdmin(() => done, { perSecond: 2 })
  const before = paced.ctx.clock.now()
  for (let n = 0; n < 12; n++) await paced.admin.invoke('Get-Mailbox')
  assert.equal(paced.ctx.clock.now() - before, 5000)
})

test('a token that runs out between two pages is renewed, and no page is lost', async () => {
  await using at = await withAdmin(({ query, headers }) => {
    if (query.get('$skiptoken') === null)
      return { status: 200, json: { value: [{ n: 1 }], '@odata.nextLink': `${at.api.url}/adminapi/beta/x/InvokeCommand?$skiptoken=1` } }
    return headers.authorization === 'Bearer token-1' ? { status: 401 } : { status: 200, json: { value: [{ n: 2 }] } }
  })
  assert.deepEqual((await at.admin.invoke('Get-Mailbox')).rows, [{ n: 1 }, { n: 2 }])
})

test('a question that is answered with nothing, broken JSON or a page of a proxy has no answer', async () => {
  for (const reply of [
    { status: 200, text: '' },
    { status: 200, text: '{"value":[' },
    { status: 200, text: '<html>' },
    { status: 200, json: { value: 'x' } },
  ] as const) {
    await using at = await withAdmin(() => reply)
    assert.equal((await failureOf(at.admin.invoke('Get-Mailbox'))).code, 'answer-unreadable')
  }
  await using silent = await withAdmin(() => ({ status: 200, text: '' }))
  assert.deepEqual(await silent.admin.invoke('Set-Mailbox', { Identity: 'x' }), { rows: [], warnings: [] })
})

test('one redirect is followed and remembered; a token goes to no stranger', async () => {
  await using region = await startApi(() => done)
  await using at = await withAdmin(({ path, query }) => ({
    status: 307,
    headers: { location: `${region.url}${path}?${query.toString()}` },
  }))
  await at.admin.invoke('Get-Mailbox')
  await at.admin.invoke('Get-Mailbox')
  assert.deepEqual([at.api.requests.length, region.requests.length], [1, 2])
  await using astray = await withAdmin(() => ({ status: 302, headers: { location: 'https://example.org/adminapi' } }))
  const failure = await failureOf(astray.admin.invoke('New-Mailbox', { Name: 'x', Shared: true }))
  assert.match(failure.message, /sent us to example\.org/)
  assert.ok(failure.notDone)
})

test('when the place of a redirect is gone, the next call begins at the first one again', async () => {
  const region = await startApi(() => done)
  await using at = await withAdmin((_, nth) => (nth === 1 ? { status: 307, headers: { location: region.url } } : done))
  await at.admin.invoke('Get-Mailbox')
  await region[Symbol.asyncDispose]()
  assert.equal((await failureOf(at.admin.invoke('New-Mailbox', { Name: 'x', Shared: true }))).code, 'connection-refused')
  await at.admin.invoke('Get-Mailbox')
  assert.equal(at.api.requests.length, 2)
})

test('neither a password nor the token is in an error or in the log', async () => {
  await using at = await withAdmin(({ body, headers }) =>
    refused(400, `Ex1|X.ValidationException|bad ${JSON.stringify(body)} ${String(headers.authorization)}`),
  )
  const failure = await failureOf(at.admin.invoke('New-Mailbox', { Name: 'x', Password: new Secret('xK9"vv') }))
  for (const said of [inspect(failure, { depth: 9, showHidden: true }), at.logged()]) assert.doesNotMatch(said, /xK9|token-1/)
})
