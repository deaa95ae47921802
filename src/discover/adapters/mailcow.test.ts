import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../model/failure.ts'
import { Secret } from '../../model/secret.ts'
import { portsFor, startStub } from '../http-stub.fixture.ts'
import { facts, reading } from '../reading.fixture.ts'
import { mailcow } from './mailcow.ts'

const MAILBOXES = [
  { username: 'anna@example.test', local_part: 'anna', domain: 'example.test', name: 'Anna', active: 1, quota_used: 2048, messages: 3 },
  { username: 'bert@example.test', local_part: 'bert', domain: 'example.test', name: '', active: '0', quota_used: 0, messages: 0 },
]
const ALIASES = [{ id: 1, address: 'hello@example.test', goto: 'anna@example.test,bert@example.test', active: 1 }]
const EXPECTED = [
  { login: 'anna@example.test', name: 'Anna', sizeBytes: 2048, messages: 3 },
  { login: 'bert@example.test', disabled: true, sizeBytes: 0, messages: 0 },
  { login: 'hello@example.test', kind: 'alias', leadsTo: ['anna@example.test', 'bert@example.test'] },
]

test('the answers for mailboxes and aliases are read, also one after the other', async () => {
  assert.deepEqual(facts(await reading(mailcow, `${JSON.stringify(MAILBOXES)}\n${JSON.stringify(ALIASES)}`)), EXPECTED)
})

test('the API is asked with its key; a key that is not accepted is told', async () => {
  const settings = { text: {}, secret: new Secret('KEY'), ca: null }
  await using stub = await startStub(({ url, headers }) => {
    assert.equal(headers['x-api-key'], 'KEY')
    return { json: url.pathname === '/api/v1/get/mailbox/all' ? MAILBOXES : ALIASES }
  })
  assert.deepEqual(facts((await mailcow.live?.list(stub.url, settings, portsFor())) ?? assert.fail()), EXPECTED)
  await using refuses = await startStub(() => ({ json: { type: 'error', msg: 'api access not allowed for ip' } }))
  await assert.rejects(
    async () => mailcow.live?.list(refuses.url, settings, portsFor()),
    (error) => error instanceof Failure && error.code === 'auth-rejected',
  )
})
