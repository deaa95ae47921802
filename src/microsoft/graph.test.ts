import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import type { StubReply, StubRequest } from './api-stub.fixture.ts'
import { startApi, stubRig } from './api-stub.fixture.ts'
import { CLOUDS } from './clouds.ts'
import type { Graph } from './graph.ts'
import { graph } from './graph.ts'
import { graphPath, odataText } from './graph-path.ts'

const cloud = CLOUDS.global

async function withGraph(answer: (request: StubRequest, nth: number) => StubReply | Promise<StubReply>, signal?: AbortSignal) {
  const api = await startApi(answer)
  const rig = stubRig(signal)
  const client: Graph = graph({ cloud, base: api.url, tokens: rig.tokens, ctx: rig.ctx, random: () => 0 })
  return { ...rig, api, client, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() }
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof Failure, inspect(error))
  return error
}

const error = (code: string, message: string, more: Readonly<Record<string, unknown>> = {}) => ({ error: { code, message, ...more } })

test('a request goes to v1.0 with the token, an id of its own and the wish for ids that last', async () => {
  await using at = await withGraph(() => ({ status: 200, json: { id: 'u1' } }))
  const user = await at.client.object(graphPath`/users/${"o'neil/../x@example.test"}`, { query: { $select: 'id,mail' } })
  assert.deepEqual(user, { id: 'u1' })
  const [request] = at.api.requests
  assert.equal(request?.path, "/v1.0/users/o'neil%2F..%2Fx%40example.test")
  assert.equal(request?.query.get('$select'), 'id,mail')
  assert.equal(request?.headers.authorization, 'Bearer token-1')
  assert.match(String(request?.headers['client-request-id']), /^[0-9a-f-]{36}$/)
  assert.equal(request?.headers['prefer'], 'IdType="ImmutableId"')
})

test('a name that would turn one object into all of them, or climb, is refused before anything is sent', () => {
  for (const name of ['', ' ', '.', '..']) assert.throws(() => graphPath`/users/${name}`, { code: 'bad-input' })
  assert.equal(odataText("o'neil"), "'o''neil'")
})

test('an advanced query says that it takes answers of an index that lags', async () => {
  await using at = await withGraph(() => ({ status: 200, json: { value: [], '@odata.count': 7 } }))
  for await (const page of at.client.pages('/users', { eventual: true, query: { $filter: "endsWith(mail,'@example.test')" } }))
    assert.equal(page.count, 7)
  assert.equal(at.api.requests[0]?.headers['consistencylevel'], 'eventual')
  assert.equal(at.api.requests[0]?.query.get('$count'), 'true')
})

test('all pages are followed as the service writes them, and a row that comes again is given once', async () => {
  await using at = await withGraph(({ query }) => {
    if (query.get('$skiptoken') === null)
      return { status: 200, json: { value: [{ id: 'a' }, { id: 'b' }], '@odata.nextLink': `${at.api.url}/v1.0/users?$skiptoken=1&x=%2B` } }
    if (query.get('x') === '+') return { status: 200, json: { value: [], '@odata.nextLink': `${at.api.url}/v1.0/users?$skiptoken=2` } }
    return { status: 200, json: { value: [{ id: 'b' }, { id: 'c' }] } }
  })
  const ids: unknown[] = []
  for await (const row of at.client.rows('/users', { query: { $top: '2' } })) ids.push(row['id'])
  assert.deepEqual(ids, ['a', 'b', 'c'])
})

test('pages that go round in a circle, and a next page at another host, end in a failure', async () => {
  await using at = await withGraph(({ path }) => {
    const link = path === '/v1.0/users' ? `${at.api.url}/v1.0/users` : 'https://example.org/v1.0/groups?$skiptoken=1'
    return { status: 200, json: { value: [], '@odata.nextLink': link } }
  })
  const all = async (path: string): Promise<void> => {
    for await (const _ of at.client.rows(path)) assert.fail('there are no rows')
  }
  assert.match((await failureOf(all('/users'))).message, /circle/)
  const elsewhere = await failureOf(all('/groups'))
  assert.deepEqual([elsewhere.code, at.api.requests.length], ['answer-unreadable', 2])
})

test('a throttled request waits as long as it was told, in seconds or until a date by the clock of the service', async () => {
  await using at = await withGraph((_, nth) => {
    if (nth === 1) return { status: 429, headers: { 'retry-after': '20' }, json: error('TooManyRequests', 'slow') }
    const skewed = { date: 'Sun, 22 Nov 2026 03:00:00 GMT', 'retry-after': 'Sun, 22 Nov 2026 03:00:40 GMT' }
    if (nth === 2) return { status: 503, headers: skewed, json: error('ServiceUnavailable', '') }
    return { status: 200, json: { id: 'x' } }
  })
  await at.client.object('/users/x')
  assert.deepEqual(at.slept, [20_000, 40_000])
})

test('503 for minutes is waited out, ever longer, and longer than the patience it is not', async () => {
  let awayMs = 6 * 60_000
  await using at = await withGraph(() => {
    const gone = at.slept.reduce((sum, ms) => sum + ms, 0)
    return gone < awayMs
      ? { status: 503, text: '<html>busy</html>', headers: { 'content-type': 'text/html' } }
      : { status: 200, json: { id: 'x' } }
  })
  await at.client.object('/users/x')
  assert.deepEqual(at.slept.slice(0, 4), [1000, 2000, 4000, 8000])
  awayMs = Infinity
  const before = at.ctx.clock.now()
  const failure = await failureOf(at.client.object('/users/x'))
  assert.equal(failure.code, 'server-unavailable')
  assert.ok(at.ctx.clock.now() - before <= 15 * 60_000)
})

test('a wait that is longer than the patience is handed to the caller with its length', async () => {
  await using at = await withGraph(() => ({ status: 429, headers: { 'retry-after': '3600' }, json: {} }))
  const failure = await failureOf(at.client.send('POST', '/users', { body: {} }))
  assert.deepEqual([failure.code, failure.retryAfterMs, failure.notDone, at.slept.length], ['throttled', 3_600_000, true, 0])
})

test('what creates something is sent again after 429, and never after a doubt', async () => {
  const answers: StubReply[] = [
    { status: 429, headers: { 'retry-after': '1' }, json: {} },
    { status: 503, json: {} },
    'cut',
    { status: 200, text: '{"id":' },
  ]
  await using at = await withGraph((_, nth) => answers[nth - 1] ?? { status: 418 })
  const create = (): Promise<Failure> => failureOf(at.client.send('POST', '/users', { body: {} }))
  const failures = [await create(), await create(), await create()]
  assert.deepEqual(
    failures.map(({ code, notDone }) => [code, notDone]),
    [
      ['server-unavailable', false],
      ['connection-lost', false],
      ['answer-unreadable', false],
    ],
  )
  assert.match(failures[0]?.message ?? '', /not known whether it was carried out/)
  assert.equal(at.api.requests.length, 4)
})

test('what may be repeated survives broken JSON, a page of a proxy and a broken connection, but not for ever', async () => {
  const answers: StubReply[] = [
    'cut',
    { status: 200, text: '{"id":"x"' },
    { status: 200, text: '<html>Sign in to the proxy</html>', headers: { 'content-type': 'text/html' } },
  ]
  await using at = await withGraph((_, nth) => answers[nth - 1] ?? { status: 200, json: { id: 'x' } })
  assert.deepEqual(await at.client.object('/users/x'), { id: 'x' })
  await using never = await withGraph(() => ({ status: 200, text: '<html>', headers: { 'content-type': 'text/html' } }))
  assert.equal((await failureOf(never.client.object('/users/x'))).code, 'answer-unreadable')
  assert.equal(never.api.requests.length, 3)
})

test('a token that runs out in the middle is renewed once for all who had it, also for what creates something', async () => {
  const seen: string[] = []
  await using at = await withGraph(({ headers }) => {
    seen.push(String(headers.authorization))
    return headers.authorization === 'Bearer token-1'
      ? { status: 401, json: error('InvalidAuthenticationToken', 'expired') }
      : { status: 201, json: { id: 'x' } }
  })
  await Promise.all([1, 2, 3].map(() => at.client.send('POST', '/users', { body: {} })))
  assert.deepEqual(new Set(seen), new Set(['Bearer token-1', 'Bearer token-2']))
  await using refused = await withGraph(() => ({ status: 401, json: error('InvalidAuthenticationToken', 'no') }))
  assert.equal((await failureOf(refused.client.object('/users/x'))).code, 'token-rejected')
  assert.equal(refused.api.requests.length, 2)
})

test('no more than four requests of one mailbox are in flight', async () => {
  await using at = await withGraph(async () => {
    await new Promise((resolve) => void setImmediate(resolve))
    return { status: 200, json: { id: 'x' } }
  })
  await Promise.all(Array.from({ length: 30 }, (_, n) => at.client.object(`/users/anna/messages/${n}`)))
  assert.ok(at.api.mostInFlight() <= 4, String(at.api.mostInFlight()))
})

test('neither a secret nor the token is in an error or in the log, even when the service repeats them', async () => {
  await using at = await withGraph(({ body, headers }) => ({
    status: 400,
    json: error('Request_BadRequest', `Password ${JSON.stringify(body)} does not comply. ${String(headers.authorization)}`),
  }))
  const body = { passwordProfile: { password: new Secret('xK9!vv-Example') } }
  const failure = await failureOf(at.client.send('POST', '/users', { body }))
  assert.deepEqual(at.api.requests[0]?.body, { passwordProfile: { password: 'xK9!vv-Example' } })
  for (const said of [inspect(failure, { depth: 9, showHidden: true }), at.logged()]) assert.doesNotMatch(said, /xK9|token-1/)
})

test('a stop ends the waiting at once', async () => {
  const stop = new AbortController()
  await using at = await withGraph(async () => {
    stop.abort(new Failure('stopped', 'Stopped.'))
    await new Promise((resolve) => void setImmediate(resolve))
    return { status: 503, json: {} }
  }, stop.signal)
  assert.equal((await failureOf(at.client.object('/users/x'))).code, 'stopped')
})

test('nothing but this machine may stand in for Microsoft', () => {
  const { ctx, tokens } = stubRig()
  for (const base of ['https://example.org', 'ftp://127.0.0.1', 'graph'])
    assert.throws(() => graph({ cloud, base, tokens, ctx }), { code: 'bad-input' })
})
