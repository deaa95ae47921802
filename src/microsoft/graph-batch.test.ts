import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import type { StubReply, StubRequest } from './api-stub.fixture.ts'
import { startApi, stubRig } from './api-stub.fixture.ts'
import { CLOUDS } from './clouds.ts'
import { graph } from './graph.ts'
import type { BatchAnswers, BatchPart } from './graph-batch.ts'
import { objectIn, objectsIn } from './wire-json.ts'

type Member = {
  readonly id: unknown
  readonly url: string
  readonly method: unknown
  readonly dependsOn: unknown
  readonly body: unknown
  readonly headers: unknown
}
type MemberReply = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown } | null

/** A Graph that answers each part by `member` (null: leaves it out), backwards, as the order is not promised. */
async function withBatches(
  member: (member: Member, round: number) => MemberReply,
  outer: (nth: number) => StubReply | null = () => null,
  signal?: AbortSignal,
) {
  const rounds: Member[][] = []
  const answer = (request: StubRequest, nth: number): StubReply => {
    const spoilt = outer(nth)
    if (spoilt !== null) return spoilt
    assert.equal(request.path, '/v1.0/$batch')
    const members = objectsIn(request.body['requests']).map((one) => ({
      id: one['id'],
      url: String(one['url']),
      method: one['method'],
      dependsOn: one['dependsOn'],
      body: one['body'],
      headers: one['headers'],
    }))
    rounds.push(members)
    const responses = members.flatMap((one) => {
      const reply = member(one, rounds.length)
      return reply === null ? [] : [{ id: one.id, ...reply }]
    })
    return { status: 200, json: { responses: responses.toReversed() } }
  }
  const api = await startApi(answer)
  const rig = stubRig(signal)
  const client = graph({ cloud: CLOUDS.global, base: api.url, tokens: rig.tokens, ctx: rig.ctx, random: () => 0 })
  return { ...rig, api, rounds, client, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() }
}

const read = (id: string, more: Partial<BatchPart> = {}): BatchPart => ({ id, method: 'GET', path: `/users/${id}`, ...more })
const create = (id: string, more: Partial<BatchPart> = {}): BatchPart => ({ id, method: 'POST', path: `/users/${id}`, body: {}, ...more })
const told = (answers: BatchAnswers): unknown[] =>
  [...answers].map(([id, answer]) => [id, answer.ok ? answer.reply.status : answer.failure.code])
const urls = (round: readonly Member[] | undefined): unknown[] => (round ?? []).map((one) => one.url.slice('/users/'.length))

test('forty-one parts go in three requests, and each has its own answer, in the order of the parts', async () => {
  await using at = await withBatches((one) => ({ status: 200, body: { id: one.url } }))
  const answers = await at.client.batch(Array.from({ length: 41 }, (_, n) => read(`u${n}`)))
  assert.deepEqual(
    at.rounds.map((round) => round.length),
    [20, 20, 1],
  )
  for (const [id, answer] of answers) assert.deepEqual(answer.ok && answer.reply.body, { id: `/users/${id}` })
  assert.deepEqual(objectIn(at.rounds[0]?.[0]?.headers)['prefer'], 'IdType="ImmutableId"')
})

test('parts that fail one by one spoil no other', async () => {
  await using at = await withBatches((one) => {
    if (one.url === '/users/gone') return { status: 404, body: { error: { code: 'Request_ResourceNotFound', message: 'x' } } }
    if (one.url === '/users/twice')
      return {
        status: 400,
        body: {
          error: {
            code: 'Request_BadRequest',
            message: 'Another object with the same value for property userPrincipalName already exists.',
          },
        },
      }
    return { status: 200, body: { id: 'x' } }
  })
  const answers = await at.client.batch([read('a'), read('gone'), create('twice'), read('b')])
  assert.deepEqual(told(answers), [
    ['a', 200],
    ['gone', 'object-unknown'],
    ['twice', 'object-exists'],
    ['b', 200],
  ])
})

test('only the parts that were throttled are tried again, each after its own wait, also those that create something', async () => {
  await using at = await withBatches((one, round) => {
    if (one.url === '/users/slow' && round < 4) return { status: 429, headers: { 'Retry-After': '10' } }
    if (one.url === '/users/new' && round === 1) return { status: 429, headers: { 'Retry-After': '2' } }
    return { status: 201, body: {} }
  })
  const answers = await at.client.batch([read('a'), read('slow'), create('new')])
  assert.deepEqual(told(answers), [
    ['a', 201],
    ['slow', 201],
    ['new', 201],
  ])
  assert.deepEqual(at.rounds.map(urls), [['a', 'slow', 'new'], ['new'], ['slow'], ['slow']])
  assert.deepEqual(at.slept, [2000, 8000, 10_000])
})

test('a part that creates something is not tried again when it is in doubt; one that reads is', async () => {
  await using at = await withBatches((one, round) =>
    round === 1 ? (one.url === '/users/lost' ? null : { status: 503 }) : { status: 200, body: { id: 'x' } },
  )
  const answers = await at.client.batch([read('a'), create('new'), create('lost'), read('b')])
  assert.deepEqual(told(answers), [
    ['a', 200],
    ['new', 'server-unavailable'],
    ['lost', 'answer-unreadable'],
    ['b', 200],
  ])
  const failure = answers.get('new')
  assert.equal(failure?.ok === false && failure.failure.notDone, false)
})

test('a part that never stops failing ends, and so does one that is never answered', async () => {
  await using at = await withBatches((one) => (one.url === '/users/mute' ? null : { status: one.url === '/users/busy' ? 503 : 500 }))
  const answers = await at.client.batch([read('mute'), read('busy'), read('broken')])
  assert.deepEqual(told(answers), [
    ['mute', 'answer-unreadable'],
    ['busy', 'server-unavailable'],
    ['broken', 'server-unavailable'],
  ])
})

test('a part that would have to wait longer than the patience is handed back at once, with the length of the wait', async () => {
  await using at = await withBatches(() => ({ status: 429, headers: { 'retry-after': '3600' } }))
  const answer = (await at.client.batch([create('a')])).get('a')
  assert.deepEqual([answer?.ok === false && answer.failure.retryAfterMs, at.slept.length], [3_600_000, 0])
})

test('a chain goes in one request, each part after the one before', async () => {
  await using at = await withBatches(() => ({ status: 201, body: {} }))
  await at.client.batch([create('1'), create('2', { dependsOn: ['1'] }), create('3', { dependsOn: ['2'] })])
  assert.deepEqual(
    at.rounds[0]?.map((one) => one.dependsOn),
    [undefined, ['1'], ['2']],
  )
})

test('several parts after one go in one request with it; mixed patterns, which the service refuses, never', async () => {
  await using at = await withBatches(() => ({ status: 201, body: {} }))
  await at.client.batch([
    create('1'),
    create('2', { dependsOn: ['1'] }),
    create('3', { dependsOn: ['1'] }),
    create('4', { dependsOn: ['2', '3'] }),
  ])
  assert.deepEqual(
    at.rounds.map((round) => round.map((one) => one.dependsOn)),
    [[undefined, ['1'], ['1']], [undefined]],
  )
})

test('what needs a part that failed is told why and never tried, to the end of the chain', async () => {
  await using at = await withBatches((one) => {
    if (one.url === '/users/1') return { status: 404, body: { error: { code: 'Request_ResourceNotFound', message: 'x' } } }
    return one.dependsOn === undefined ? { status: 201, body: {} } : { status: 424, body: {} }
  })
  const answers = await at.client.batch([create('1'), create('2', { dependsOn: ['1'] }), create('3', { dependsOn: ['2'] }), create('4')])
  assert.deepEqual(told(answers), [
    ['1', 'object-unknown'],
    ['2', 'object-unknown'],
    ['3', 'object-unknown'],
    ['4', 201],
  ])
  const last = answers.get('3')
  assert.ok(last?.ok === false && last.failure.notDone && /Not tried/.test(last.failure.message))
})

test('a chain whose first part is throttled again and again is carried out in the end', async () => {
  await using at = await withBatches((one, round) => {
    if (round > 8) return { status: 201, body: {} }
    return one.dependsOn === undefined ? { status: 429, headers: { 'retry-after': '1' } } : { status: 424, body: {} }
  })
  const answers = await at.client.batch([create('1'), create('2', { dependsOn: ['1'] }), create('3', { dependsOn: ['2'] })])
  assert.deepEqual(told(answers), [
    ['1', 201],
    ['2', 201],
    ['3', 201],
  ])
  assert.ok(
    at.rounds
      .slice(0, 8)
      .flat()
      .every((one) => one.url === '/users/1' || one.dependsOn !== undefined),
  )
})

test('a token that runs out inside a batch is renewed, and the parts that it hit are tried once more', async () => {
  await using at = await withBatches((one, round) =>
    round === 1 && one.url !== '/users/a'
      ? { status: 401, body: { error: { code: 'InvalidAuthenticationToken', message: 'x' } } }
      : { status: 200, body: {} },
  )
  assert.deepEqual(told(await at.client.batch([read('a'), read('b'), create('c')])), [
    ['a', 200],
    ['b', 200],
    ['c', 200],
  ])
  assert.equal(at.api.requests[1]?.headers.authorization, 'Bearer token-2')
})

test('a whole request in doubt leaves what creates something in doubt, and reads again what reads', async () => {
  await using at = await withBatches(
    () => ({ status: 200, body: {} }),
    (nth) => (nth === 1 ? 'cut' : null),
  )
  assert.deepEqual(told(await at.client.batch([read('a'), create('new'), read('b')])), [
    ['a', 200],
    ['new', 'connection-lost'],
    ['b', 200],
  ])
})

test('a secret in a part is on the wire and in nothing that is said', async () => {
  await using at = await withBatches((one) => ({
    status: 400,
    body: { error: { code: 'Request_BadRequest', message: `bad ${JSON.stringify(one.body)}` } },
  }))
  const answers = await at.client.batch([create('a', { body: { password: new Secret('p"w') } })])
  assert.deepEqual(at.rounds[0]?.[0]?.body, { password: 'p"w' })
  const answer = answers.get('a')
  assert.match(answer?.ok === false ? answer.failure.message : '', /bad \{"password":"\*\*\*"\}/)
})

test('a batch that cannot be meant is a bug', async () => {
  await using at = await withBatches(() => null)
  await assert.rejects(at.client.batch([read('a'), read('a')]), /called a/)
  await assert.rejects(at.client.batch([read('a', { dependsOn: ['b'] }), read('b')]), /not further up/)
})

test('a stop half-way leaves told what was done, what is in doubt and what was never tried', async () => {
  const stop = new AbortController()
  await using at = await withBatches(
    (one) => {
      if (one.url === '/users/slow') return { status: 429, headers: { 'retry-after': '60' } }
      return one.url === '/users/doubt' ? { status: 503 } : { status: 201, body: {} }
    },
    (nth) => {
      if (nth === 2) stop.abort(new Failure('stopped', 'Stopped.'))
      return null
    },
    stop.signal,
  )
  const answers = await at.client.batch([create('done'), create('slow'), read('doubt'), create('after', { dependsOn: ['slow'] })])
  assert.deepEqual(told(answers), [
    ['done', 201],
    ['slow', 'stopped'],
    ['doubt', 'stopped'],
    ['after', 'stopped'],
  ])
  assert.deepEqual(
    [...answers.values()].map((answer) => (answer.ok ? null : answer.failure.notDone)),
    [null, true, false, true],
  )
})

test('when signing in fails half-way, what was done stays told', async () => {
  await using at = await withBatches(
    () => ({ status: 201, body: {} }),
    (nth) => (nth > 1 ? { status: 401, json: { error: { code: 'InvalidAuthenticationToken', message: 'x' } } } : null),
  )
  const answers = told(await at.client.batch(Array.from({ length: 45 }, (_, n) => create(`u${n}`))))
  assert.deepEqual(
    [answers[19], answers[20], answers[44]],
    [
      ['u19', 201],
      ['u20', 'token-rejected'],
      ['u44', 'token-rejected'],
    ],
  )
  assert.equal(at.api.requests.length, 3)
})
