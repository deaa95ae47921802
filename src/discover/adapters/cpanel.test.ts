import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../model/failure.ts'
import { Secret } from '../../model/secret.ts'
import { portsFor, startStub } from '../http-stub.fixture.ts'
import { joined } from '../join.ts'
import { facts, reading, says } from '../reading.fixture.ts'
import { cpanel } from './cpanel.ts'

const POPS = [
  { email: 'example', login: 'Main Account', suspended_login: 0, _diskused: '0' },
  {
    email: 'anna@example.test',
    login: 'anna@example.test',
    suspended_login: 0,
    _diskused: '5242880',
    diskused: '5',
    domain: 'example.test',
  },
  { email: 'bert@example.test', login: 'bert@example.test', suspended_login: 1, diskused: 0.5, domain: 'example.test' },
]
const EXPECTED = [
  { login: 'anna@example.test', sizeBytes: 5_242_880 },
  { login: 'bert@example.test', sizeBytes: 524_288, disabled: true, remarks: ['sign-in suspended'] },
]

test('U04: the answers of uapi and of the HTTP API are read; the account of the panel is no mailbox', async () => {
  const wrapped = { apiversion: 3, func: 'list_pops_with_disk', module: 'Email', result: { data: POPS, errors: null, status: 1 } }
  for (const answer of [wrapped, { data: POPS, errors: null, status: 1 }])
    assert.deepEqual(facts(await reading(cpanel, JSON.stringify(answer))), EXPECTED)
})

test('an error that uapi printed is told instead of an empty list', async () => {
  const answer = { apiversion: 3, module: 'Email', result: { data: null, errors: ['You do not have the feature "popaccts".'], status: 0 } }
  const result = await reading(cpanel, JSON.stringify(answer))
  assert.deepEqual(says(result), ['1: cPanel answered with an error: You do not have the feature "popaccts".'])
})

const settings = { text: { login: 'example' }, secret: new Secret('TOKEN'), ca: null }

test('the API is asked with a token, and forwarders become aliases of their mailboxes', async () => {
  await using stub = await startStub(({ url, headers }) => {
    assert.equal(headers['authorization'], 'cpanel example:TOKEN')
    if (url.pathname === '/execute/Email/list_pops_with_disk') return { json: { status: 1, errors: null, data: POPS } }
    assert.equal(url.pathname, '/execute/Email/list_forwarders')
    return { json: { status: 1, errors: null, data: [{ dest: 'hello@example.test', forward: 'anna@example.test' }] } }
  })
  const result = (await cpanel.live?.list(stub.url, settings, portsFor())) ?? assert.fail()
  assert.deepEqual(facts(result), [...EXPECTED, { login: 'hello@example.test', kind: 'alias', leadsTo: ['anna@example.test'] }])
  assert.deepEqual(joined([result])[0]?.found.aliases, ['hello@example.test'])
})

test('a wrong token, a web page in place of the API, and an address in the clear are told apart', async () => {
  const list = async (url: string): Promise<string> => {
    const error: unknown = await cpanel.live?.list(url, settings, portsFor()).catch((caught: unknown) => caught)
    assert.ok(error instanceof Failure)
    assert.equal(`${error.message}${error.serverText ?? ''}`.includes('TOKEN'), false)
    return error.message
  }
  await using wrong = await startStub(() => ({ status: 401, text: 'Access denied' }))
  assert.match(await list(wrong.url), /does not let us list its mailboxes \(401\)/)
  await using page = await startStub(() => ({ text: '<!DOCTYPE html><title>Login</title>' }))
  assert.match(await list(page.url), /a web page instead of JSON/)
  await using elsewhere = await startStub(() => ({ status: 301, headers: { location: 'https://example.test/' } }))
  assert.match(await list(elsewhere.url), /sends us elsewhere/)
  assert.match(await list('http://panel.example.test:2082'), /over http:\/\/ everybody/)
  assert.match(await list('ftp://panel.example.test'), /begins with https:/)
})

test('a panel that is busy is asked again, but not for ever', async () => {
  let calls = 0
  await using stub = await startStub(() =>
    ++calls < 3 ? { status: 503, headers: { 'retry-after': '1' } } : { json: { data: [], errors: null } },
  )
  assert.deepEqual((await cpanel.live?.list(stub.url, settings, portsFor()))?.found, [])
  await using busy = await startStub(() => ({ status: 429 }))
  await assert.rejects(
    async () => cpanel.live?.list(busy.url, settings, portsFor()),
    (error) => error instanceof Failure && error.code === 'throttled',
  )
  assert.equal(busy.requests, 5)
})
