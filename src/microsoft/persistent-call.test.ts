import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { retryAfterIn } from './api-http.ts'
import { startApi, stubRig } from './api-stub.fixture.ts'
import { CLOUDS } from './clouds.ts'
import { graph } from './graph.ts'
import { waitBefore } from './persistent-call.ts'

const header = (name: string, value: string) => ({ get: (asked: string) => (asked === name ? value : null) })

test('where nothing left this machine, even what creates something is tried again, and it is certain that nothing was done', async () => {
  const api = await startApi(() => ({ status: 200 }))
  await api[Symbol.asyncDispose]()
  const { ctx, tokens, slept } = stubRig()
  const client = graph({ cloud: CLOUDS.global, base: api.url, tokens, ctx, random: () => 0 })
  const error: unknown = await client.send('POST', '/users', { body: {} }).catch((thrown: unknown) => thrown)
  assert.ok(error instanceof Failure)
  assert.deepEqual([error.code, error.notDone], ['connection-refused', true])
  assert.match(error.message, /Microsoft Graph service at 127\.0\.0\.1/)
  assert.deepEqual(slept, [1000, 2000, 4000, 8000])
})

test('an internal error is tried a few times only: it may never pass', async () => {
  await using api = await startApi(() => ({ status: 500, json: { error: { code: 'InternalServerError', message: 'x' } } }))
  const { ctx, tokens } = stubRig()
  const client = graph({ cloud: CLOUDS.global, base: api.url, tokens, ctx })
  await assert.rejects(client.object('/users/x'), { code: 'server-unavailable', requestId: 'r-4' })
  assert.equal(api.requests.length, 4)
})

test('a wait without Retry-After doubles up to five minutes, and is spread so that not all come back at once', () => {
  assert.deepEqual(
    [1, 2, 3, 20].map((attempt) => waitBefore(attempt, null, () => 1)),
    [2000, 4000, 8000, 300_000],
  )
  assert.deepEqual(
    [1, 20].map((attempt) => waitBefore(attempt, null, () => 0)),
    [1000, 150_000],
  )
  assert.deepEqual([waitBefore(9, 20_000, () => 0), waitBefore(9, 20_000, () => 1)], [20_000, 21_000])
  assert.equal(
    waitBefore(1, 0, () => 0),
    1000,
  )
})

test('Retry-After is seconds or a date; anything else, and a date that is past, is no reason to come back at once', () => {
  const now = Date.UTC(2026, 10, 22, 12)
  assert.equal(retryAfterIn(header('retry-after', '7'), now), 7000)
  assert.equal(retryAfterIn(header('retry-after', 'Sun, 22 Nov 2026 12:00:09 GMT'), now), 9000)
  assert.equal(retryAfterIn(header('retry-after', 'soon'), now), null)
  assert.equal(retryAfterIn(header('date', 'x'), now), null)
  for (const odd of ['1.5', '-3', 'Sun, 22 Nov 2026 11:00:00 GMT'])
    assert.ok(waitBefore(1, retryAfterIn(header('retry-after', odd), now), () => 0) >= 1000, odd)
})
