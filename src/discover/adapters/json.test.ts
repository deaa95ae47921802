import assert from 'node:assert/strict'
import { test } from 'node:test'
import { facts, readAs, reading, says } from '../reading.fixture.ts'
import { json } from './json.ts'

test('lists of users of other APIs are read by the names of their fields, however they are wrapped', async () => {
  const workmail = {
    Users: [
      { Id: '1', Email: 'anna@example.test', DisplayName: 'Anna', State: 'ENABLED', UserRole: 'USER' },
      { Email: 'hall@example.test', State: 'DISABLED', UserRole: 'RESOURCE' },
    ],
  }
  assert.deepEqual(facts(await reading(json, JSON.stringify(workmail))), [
    { login: 'anna@example.test', name: 'Anna' },
    { login: 'hall@example.test', kind: 'equipment', disabled: true },
  ])
  const yandex = {
    page: 1,
    users: [{ email: 'b@example.test', aliases: ['bert@example.test'], isEnabled: false, name: { first: 'Bert', last: 'Example' } }],
  }
  assert.deepEqual(facts(await reading(json, JSON.stringify(yandex))), [
    { login: 'b@example.test', name: 'Bert Example', aliases: ['bert@example.test'], disabled: true },
  ])
  assert.deepEqual(facts(await reading(json, '[{"username":"carl@example.test"}]')), [{ login: 'carl@example.test' }])
})

test('JSON without any user is told', async () => {
  assert.deepEqual(says(await readAs(json, '{"a": [1, {"b": 2}]}')), ['1: no list in it has a field called email, address, login or user'])
})
