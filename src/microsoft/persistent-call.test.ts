import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HandClock, settled } from '../lib/hand-clock.fixture.ts'
import { Failure } from '../model/failure.ts'
import { retryAfterIn } from './api-http.ts'
import type { StubReply } from './api-stub.fixture.ts'
import { startApi, stubRig } from './api-stub.fixture.ts'
import { CLOUDS } from './clouds.ts'
import { graph } from './graph.ts'
import { inDoubt, waitBefore } from './persistent-call.ts'

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

async function refusals(script: readonly StubReply[], method: 'DELETE' | 'POST' | 'GET'): Promise<readonly [string, boolean, string]> {
  await using api = await startApi((_, nth) => script[nth - 1] ?? { status: 418 })
  const { ctx, tokens } = stubRig()
  const error: unknown = await graph({ cloud: CLOUDS.global, base: api.url, tokens, ctx })
    .send(method, '/users/x')
    .catch((thrown: unknown) => thrown)
  assert.ok(error instanceof Failure && api.requests.length === script.length, String(error))
  return [error.code, error.notDone, error.message]
}

const gone: StubReply = { status: 404, json: { error: { code: 'Request_ResourceNotFound', message: 'gone' } } }

test('a refusal after an attempt in doubt proves nothing: that attempt may be why', async () => {
  assert.deepEqual((await refusals([gone], 'DELETE')).slice(0, 2), ['object-unknown', true])
  assert.deepEqual((await refusals([{ status: 503, json: {} }, gone], 'DELETE')).slice(0, 2), ['object-unknown', false])
  assert.deepEqual((await refusals(['cut', gone], 'DELETE')).slice(0, 2), ['object-unknown', false])
  assert.deepEqual((await refusals([{ status: 429, json: {} }, gone], 'DELETE')).slice(0, 2), ['object-unknown', true])
})

test('a proxy that refuses is not taken for Microsoft', async () => {
  const page: StubReply = { status: 403, text: '<html>Blocked</html>', headers: { 'content-type': 'text/html' } }
  const [code, notDone, message] = await refusals([page], 'POST')
  assert.deepEqual([code, notDone], ['answer-unreadable', true])
  assert.match(message, /answered 403 with something that cannot be read/)
})

test('what changes something is sent nowhere else', async () => {
  const away: StubReply = { status: 302, headers: { location: 'https://example.org/' } }
  assert.equal((await refusals([away], 'POST'))[0], 'answer-unreadable')
})

test('what a service says cannot move the cursor of a terminal', async () => {
  const [, , message] = await refusals([{ status: 400, json: { error: { code: 'X', message: 'a\u001b[2Jb\r\nc\u202ed' } } }], 'GET')
  assert.match(message, /: a \[2Jb c d$/)
})

test('a wait that is broken off is a stop, whatever it was broken off with', async () => {
  const stop = new AbortController()
  await using api = await startApi(() => ({ status: 503, json: {} }))
  const { ctx, tokens } = stubRig(stop.signal)
  const sleep = async (): Promise<void> => {
    stop.abort()
    await Promise.reject(new DOMException('aborted', 'AbortError'))
  }
  const client = graph({ cloud: CLOUDS.global, base: api.url, tokens, ctx: { ...ctx, clock: { ...ctx.clock, sleep } } })
  await assert.rejects(client.object('/users/x'), { code: 'stopped' })
})

test('who is told to wait holds back the others of the same lane, and nobody else', async () => {
  const clock = new HandClock()
  const { ctx, tokens } = stubRig()
  const seen: string[] = []
  await using api = await startApi(({ path }) => {
    seen.push(path.slice('/v1.0/users/'.length))
    return seen.length === 1 ? { status: 429, headers: { 'retry-after': '30' }, json: {} } : { status: 200, json: { id: 'x' } }
  })
  const inFlight = { total: 4, each: 1 }
  const client = graph({ cloud: CLOUDS.global, base: api.url, tokens, ctx: { ...ctx, clock }, inFlight, random: () => 0 })
  const anna = Promise.all([client.object('/users/anna/messages/1'), client.object('/users/anna/messages/2')])
  while (clock.sleeping < 2 && seen.length < 2) await settled()
  await client.object('/users/bo')
  assert.deepEqual(seen, ['anna/messages/1', 'bo'])
  await clock.pass(29_999)
  assert.equal(seen.length, 2)
  await clock.pass(1)
  await anna
  assert.equal(seen.length, 4)
})

test('what a refusal tells is not lost with the doubt', () => {
  const { code, message, retryAfterMs, serverText, requestId, notDone, cause } = inDoubt(
    new Failure('throttled', 'm', { cause: 'c', retryAfterMs: 7, serverText: 's', requestId: 'r', notDone: true }),
  )
  assert.deepEqual(
    { code, message, retryAfterMs, serverText, requestId, notDone, cause },
    { code: 'throttled', message: 'm', retryAfterMs: 7, serverText: 's', requestId: 'r', notDone: false, cause: 'c' },
  )
})
