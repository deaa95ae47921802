import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../model/failure.ts'
import { portsFor, startStub } from '../http-stub.fixture.ts'
import { facts, reading, says } from '../reading.fixture.ts'
import { graph } from './graph.ts'

const LICENCE = [{ skuId: 'a' }]
const USERS = [
  {
    userPrincipalName: 'anna@example.onmicrosoft.com',
    displayName: 'Anna',
    mail: 'anna@example.test',
    mailNickname: 'anna',
    proxyAddresses: ['SMTP:anna@example.test', 'smtp:a@example.test', 'SIP:anna@example.test'],
    accountEnabled: true,
    assignedLicenses: LICENCE,
  },
  { id: 'i/1', userPrincipalName: 'info@example.test', mail: 'info@example.test', accountEnabled: false, assignedLicenses: [] },
  { userPrincipalName: 'left@example.test', mail: 'left@example.test', accountEnabled: false, assignedLicenses: LICENCE },
  { userPrincipalName: 'scanner@example.test', mail: null, accountEnabled: true, assignedLicenses: [] },
  { userPrincipalName: 'p_far.test#EXT#@example.onmicrosoft.com', mail: 'p@far.test', userType: 'Guest', accountEnabled: true },
]
const EXPECTED = [
  { login: 'anna@example.onmicrosoft.com', address: 'anna@example.test', name: 'Anna', mailAlias: 'anna', aliases: ['a@example.test'] },
  { login: 'info@example.test', kind: 'shared', remarks: ['sign-in off and no licence: shared mailbox, room or equipment'] },
  { login: 'left@example.test', disabled: true },
  {
    login: 'p_far.test#EXT#@example.onmicrosoft.com',
    address: 'p@far.test',
    kind: 'contact',
    remarks: ['guest of another organisation'],
  },
]
const settings = { text: {}, secret: null, ca: null }

test('saved pages of /users are read; accounts without mail are no mailboxes', async () => {
  const result = await reading(graph, JSON.stringify({ '@odata.context': 'users', '@odata.nextLink': 'https://graph…', value: USERS }))
  assert.deepEqual(facts(result), EXPECTED)
  assert.match(says(result).join(), /more pages follow/)
})

test('Graph is asked page by page for users and groups, waiting where it says so', async () => {
  let refused = false
  await using stub = await startStub(({ url, headers }) => {
    assert.equal(headers['authorization'], 'Bearer graph-token')
    if (url.pathname === '/v1.0/$batch') return { json: { responses: [{ id: '1', status: 403, body: { error: {} } }] } }
    if (url.pathname === '/v1.0/groups')
      return { json: { value: [{ mail: 'all@example.test', mailEnabled: true, displayName: 'All' }, { mail: null }] } }
    if (url.searchParams.get('$skiptoken') !== null) return { json: { value: USERS.slice(2) } }
    if (!refused) {
      refused = true
      return { status: 429, headers: { 'retry-after': '7' } }
    }
    return { json: { value: USERS.slice(0, 2), '@odata.nextLink': `${stub.url}/v1.0/users?$skiptoken=x` } }
  })
  const result = (await graph.live?.list(`graph:${stub.url}`, settings, portsFor())) ?? assert.fail()
  assert.deepEqual(facts(result), [...EXPECTED, { login: 'all@example.test', name: 'All', kind: 'group' }])
  assert.equal(stub.requests, 5)
})

test('groups that may not be read are told; the token follows no link to another host', async () => {
  await using stub = await startStub(({ url }) => (url.pathname === '/v1.0/groups' ? { status: 403 } : { json: { value: USERS } }))
  const result = (await graph.live?.list(`graph:${stub.url}`, settings, portsFor())) ?? assert.fail()
  assert.match(says(result).join(), /^-: groups are not listed/)
  await using astray = await startStub(() => ({ json: { value: [], '@odata.nextLink': 'https://elsewhere.test/v1.0/users' } }))
  await assert.rejects(
    async () => graph.live?.list(`graph:${astray.url}`, settings, portsFor()),
    (error) => error instanceof Failure && error.code === 'answer-unreadable',
  )
})

test('what a mailbox without a licence is for is asked in batches', async () => {
  const rooms = Array.from({ length: 25 }, (_, at) => ({
    ...USERS[1],
    id: `i/${at}`,
    userPrincipalName: `r${at}@example.test`,
    mail: `r${at}@example.test`,
  }))
  const purposes = ['room', 'equipment', 'shared', 'user']
  let batches = 0
  await using stub = await startStub(({ url, method, body }) => {
    if (url.pathname !== '/v1.0/$batch') return { json: { value: url.pathname === '/v1.0/users' ? rooms : [] } }
    batches++
    const { requests } = JSON.parse(body) as { requests: { id: string; method: string; url: string }[] }
    assert.ok(method === 'POST' && requests.length <= 20)
    const number = (to: string): number => Number(/^\/users\/i%2F(\d+)\/mailboxSettings\/userPurpose$/.exec(to)?.[1])
    const responses = requests.map((each) => ({ id: each.id, status: 200, body: { value: purposes[number(each.url) % 4] } }))
    return { json: { responses: responses.toReversed() } }
  })
  const { found } = (await graph.live?.list(`graph:${stub.url}`, settings, portsFor())) ?? assert.fail()
  assert.equal(batches, 2)
  assert.deepEqual(
    found.slice(0, 4).map(({ kind, disabled, remarks }) => [kind, disabled, remarks]),
    [
      ['room', false, []],
      ['equipment', false, []],
      ['shared', false, []],
      ['user', true, []],
    ],
  )
  assert.equal(found[23]?.kind, 'user')
})

test('only a stand-in on this machine may take the place of Graph', async () => {
  await assert.rejects(
    async () => graph.live?.list('graph:https://elsewhere.test', settings, portsFor()),
    (error) => error instanceof Failure && error.code === 'bad-input',
  )
})
