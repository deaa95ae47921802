import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../model/failure.ts'
import { Secret } from '../../model/secret.ts'
import { portsFor, startStub } from '../http-stub.fixture.ts'
import { facts, reading, says } from '../reading.fixture.ts'
import { google } from './google.ts'

const ANNA = {
  kind: 'admin#directory#user',
  primaryEmail: 'anna@example.test',
  name: { fullName: 'Anna Example' },
  aliases: ['a@example.test'],
  nonEditableAliases: ['anna@second.test', 'anna@example.test.test-google-a.com'],
  isMailboxSetup: true,
}
const BERT = { primaryEmail: 'bert@example.test', name: { fullName: 'Bert' }, suspended: true, isMailboxSetup: true }
const CARL = { primaryEmail: 'carl@example.test', isMailboxSetup: false }
const EXPECTED = [
  { login: 'anna@example.test', name: 'Anna Example', aliases: ['a@example.test', 'anna@second.test'] },
  { login: 'bert@example.test', name: 'Bert', disabled: true, remarks: ['suspended: unsuspend it, or its mail cannot be read'] },
  { login: 'carl@example.test', remarks: ['has no mailbox'] },
]

test('U04: pages of users.list, one after the other in one file, are read; groups are told apart', async () => {
  const pages = [
    { kind: 'admin#directory#users', users: [ANNA, BERT], nextPageToken: 'next' },
    { kind: 'admin#directory#users', users: [CARL] },
    { kind: 'admin#directory#groups', groups: [{ email: 'all@example.test', name: 'All', aliases: ['everybody@example.test'] }] },
  ]
  const group = { login: 'all@example.test', name: 'All', kind: 'group', aliases: ['everybody@example.test'] }
  for (const text of [pages.map((page) => JSON.stringify(page, null, 2)).join('\n'), JSON.stringify(pages)]) {
    const result = await reading(google, text)
    assert.deepEqual([facts(result), says(result)], [[...EXPECTED, group], []])
  }
})

test('users alone, one a line, are read too', async () => {
  assert.deepEqual(facts(await reading(google, [ANNA, BERT, CARL].map((user) => JSON.stringify(user)).join('\n'))), EXPECTED)
})

test('a missing last page, a cut-off file and broken JSON are told with their lines', async () => {
  const first = JSON.stringify({ users: [ANNA], nextPageToken: 'next' }, null, 1)
  assert.match(says(await reading(google, first)).join(), /^1: the page says that more pages follow/)
  const second = JSON.stringify({ users: [BERT] }, null, 1)
  const text = `${first}\n${second.slice(0, -3)}`
  const cut = await reading(google, text)
  assert.equal(says(cut)[0], `${text.trimEnd().split('\n').length}: the JSON ends too early: it was cut off`)
  assert.equal(cut.found.length, 1)
  assert.equal(says(await reading(google, `${first}\n{"users": [}]}`))[0], `${first.split('\n').length + 1}: this is not JSON`)
})

test('the Directory API is asked page by page with a token of the administrator', async () => {
  await using stub = await startStub((request) => {
    assert.equal(request.headers['authorization'], 'Bearer token-of-admin@example.test')
    assert.equal(request.url.searchParams.get('customer'), 'my_customer')
    return request.url.searchParams.get('pageToken') === null
      ? { json: { users: [ANNA, BERT], nextPageToken: 'p2' } }
      : { json: { users: [CARL] } }
  })
  const settings = { text: { login: 'admin@example.test' }, secret: new Secret('{}'), ca: null }
  const result = await google.live?.list(`google:${stub.url}`, settings, portsFor())
  assert.deepEqual(facts(result ?? assert.fail()), EXPECTED)
  assert.equal(stub.requests, 2)
})

test('a refusal of the API is a sentence', async () => {
  await using stub = await startStub(() => ({ status: 403, json: { error: { message: 'Not Authorized to access this resource/api' } } }))
  const settings = { text: { login: 'admin@example.test' }, secret: new Secret('{}'), ca: null }
  await assert.rejects(
    async () => google.live?.list(`google:${stub.url}`, settings, portsFor()),
    (error) => error instanceof Failure && error.code === 'auth-rejected' && /does not let us list/.test(error.message),
  )
})
