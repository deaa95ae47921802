import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import type { AppIdentity } from './app-identity.ts'
import { CLOUDS } from './clouds.ts'
import { exchangeTokens } from './exchange-token.ts'
import { handClock, startLogin, tokenReply } from './login-server.fixture.ts'

const identity: AppIdentity = { kind: 'secret', tenant: 'contoso.example', clientId: 'app-1', clientSecret: new Secret('s3cret~value') }

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof Failure, inspect(error))
  return error
}

test('an application with a secret gets a token for Exchange, asking only the server it was given', async () => {
  await using login = await startLogin([tokenReply('T1')])
  const tokens = exchangeTokens(identity, { cloud: CLOUDS.global, authority: login.url, ctx: handClock().ctx })
  assert.equal((await tokens.token()).reveal(), 'T1')
  const [request] = login.requests
  assert.equal(request?.path, '/contoso.example/oauth2/v2.0/token')
  assert.equal(request?.form.get('grant_type'), 'client_credentials')
  assert.equal(request?.form.get('scope'), 'https://outlook.office365.com/.default')
  assert.equal(request?.form.get('client_secret'), 's3cret~value')
})

for (const cloud of Object.values(CLOUDS)) {
  test(`the cloud ${cloud.name} is asked for its own scope, without discovery`, async () => {
    await using login = await startLogin([tokenReply('T1')])
    await exchangeTokens(identity, { cloud, authority: login.url, ctx: handClock().ctx }).token()
    assert.deepEqual(
      login.requests.map((request) => request.form.get('scope')),
      [cloud.exchangeScope],
    )
  })
}

test('callers at the same moment share one request, and later ones the cached token', async () => {
  await using login = await startLogin([tokenReply('T1'), tokenReply('T2')])
  const tokens = exchangeTokens(identity, { cloud: CLOUDS.global, authority: login.url, ctx: handClock().ctx })
  const all = await Promise.all([tokens.token(), tokens.token(), tokens.token()])
  assert.deepEqual(
    [...all, await tokens.token()].map((token) => token.reveal()),
    ['T1', 'T1', 'T1', 'T1'],
  )
  assert.equal(login.requests.length, 1)
})

test('a token is renewed before it runs out, at once when the caller needs it for longer, and after renew()', async () => {
  await using login = await startLogin([tokenReply('T1'), tokenReply('T2'), tokenReply('T3'), tokenReply('T4')])
  const clock = handClock()
  const tokens = exchangeTokens(identity, { cloud: CLOUDS.global, authority: login.url, ctx: clock.ctx })
  assert.equal((await tokens.token()).reveal(), 'T1')
  clock.advance((3599 - 301) * 1000)
  assert.equal((await tokens.token()).reveal(), 'T1')
  clock.advance(2000)
  assert.equal((await tokens.token()).reveal(), 'T2')
  clock.advance(2_000_000)
  assert.equal((await tokens.token(1_700_000)).reveal(), 'T3')
  tokens.renew()
  assert.equal((await tokens.token()).reveal(), 'T4')
})

test('tokens that live shorter than asked for are still used for half their life', async () => {
  await using login = await startLogin([tokenReply('T1', 60), tokenReply('T2', 60)])
  const clock = handClock()
  const tokens = exchangeTokens(identity, { cloud: CLOUDS.global, authority: login.url, ctx: clock.ctx })
  await tokens.token()
  clock.advance(29_000)
  assert.equal((await tokens.token()).reveal(), 'T1')
  clock.advance(2000)
  assert.equal((await tokens.token()).reveal(), 'T2')
})

test('Retry-After is waited for, in seconds and as a date, and 503 without it backs off', async () => {
  const clock = handClock()
  const date = new Date(clock.ctx.clock.now() + 40_000).toUTCString()
  await using login = await startLogin([
    { status: 503, headers: { 'retry-after': '20' }, body: { error: 'temporarily_unavailable', error_codes: [90033] } },
    { status: 429, headers: { 'retry-after': date }, body: {} },
    { status: 503, text: '<html>busy</html>' },
    tokenReply('T1'),
  ])
  const tokens = exchangeTokens(identity, { cloud: CLOUDS.global, authority: login.url, ctx: clock.ctx })
  assert.equal((await tokens.token()).reveal(), 'T1')
  assert.deepEqual(clock.slept, [20_000, 20_000, 4000])
})

test('a long Retry-After is handed to the caller, and attempts are bounded', async () => {
  const clock = handClock()
  await using login = await startLogin([
    { status: 429, headers: { 'retry-after': '3600' }, body: {} },
    ...Array.from({ length: 4 }, () => ({ status: 500, body: {} })),
  ])
  const tokens = exchangeTokens(identity, { cloud: CLOUDS.global, authority: login.url, ctx: clock.ctx })
  const throttled = await failureOf(tokens.token())
  assert.deepEqual([throttled.code, throttled.retryAfterMs, clock.slept.length], ['throttled', 3_600_000, 0])
  assert.equal((await failureOf(tokens.token())).code, 'server-unavailable')
  assert.equal(login.requests.length, 5)
})

test('while the sign-in service is down, a token that still works is handed out', async () => {
  await using login = await startLogin([tokenReply('T1'), ...Array.from({ length: 4 }, () => ({ status: 503, body: {} }))])
  const clock = handClock()
  const tokens = exchangeTokens(identity, { cloud: CLOUDS.global, authority: login.url, ctx: clock.ctx })
  await tokens.token()
  clock.advance(3_500_000)
  assert.equal((await tokens.token()).reveal(), 'T1')
})

test('a token that the server called no good is not handed out again during an outage', async () => {
  await using login = await startLogin([tokenReply('T1'), ...Array.from({ length: 4 }, () => ({ status: 503, body: {} }))])
  const clock = handClock()
  const tokens = exchangeTokens(identity, { cloud: CLOUDS.global, authority: login.url, ctx: clock.ctx })
  await tokens.token()
  clock.advance(3_500_000)
  const asked = tokens.token()
  tokens.renew()
  assert.equal((await failureOf(asked)).code, 'server-unavailable')
})

test('a redirect is not followed: the request holds the secret', async () => {
  await using elsewhere = await startLogin([tokenReply('T1')])
  await using login = await startLogin(Array.from({ length: 4 }, () => ({ status: 307, headers: { location: elsewhere.url }, body: {} })))
  await failureOf(exchangeTokens(identity, { cloud: CLOUDS.global, authority: login.url, ctx: handClock().ctx }).token())
  assert.equal(elsewhere.requests.length, 0)
})

test('a wrong secret is explained once, without retry and without the secret anywhere', async () => {
  await using login = await startLogin([
    {
      status: 401,
      body: {
        error: 'invalid_client',
        error_description: 'AADSTS7000215: Invalid client secret s3cret~value provided.',
        error_codes: [7000215],
      },
    },
  ])
  const tokens = exchangeTokens(identity, { cloud: CLOUDS.global, authority: login.url, ctx: handClock().ctx })
  const failure = await failureOf(tokens.token())
  assert.equal(failure.code, 'token-rejected')
  assert.match(failure.message, /secret is wrong.*AADSTS7000215/)
  assert.match(failure.serverText ?? '', /Invalid client secret \*\*\* provided/)
  assert.doesNotMatch(inspect(failure, { depth: 9, showHidden: true }), /s3cret/)
  assert.equal(login.requests.length, 1)
})

test('a server that is not there is named, and nothing but loopback may stand in for Microsoft', async () => {
  const login = await startLogin([])
  await login[Symbol.asyncDispose]()
  const clock = handClock()
  const failure = await failureOf(exchangeTokens(identity, { cloud: CLOUDS.global, authority: login.url, ctx: clock.ctx }).token())
  assert.equal(failure.code, 'connection-refused')
  assert.match(failure.message, /127\.0\.0\.1/)
  const elsewhere = { cloud: CLOUDS.global, authority: 'http://login.example.org', ctx: clock.ctx }
  assert.throws(() => exchangeTokens(identity, elsewhere), { code: 'bad-input' })
  const crooked = { ...identity, tenant: '../common' }
  assert.throws(() => exchangeTokens(crooked, { ...elsewhere, authority: null }), { code: 'bad-input' })
})

test('an answer that is no token and no error is a failure', async () => {
  await using login = await startLogin([{ status: 200, text: 'hello' }])
  const failure = await failureOf(exchangeTokens(identity, { cloud: CLOUDS.global, authority: login.url, ctx: handClock().ctx }).token())
  assert.equal(failure.code, 'token-rejected')
})
