import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import type { Context } from '../lib/context.ts'
import { silentLog } from '../lib/log.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { delegatedTokens, GMAIL_SCOPE } from './delegated-token.ts'
import type { DelegatedTokens } from './delegated-token.ts'
import { madeUpAccount, startGoogle } from './google.fixture.ts'
import type { Answer, GoogleStub } from './google.fixture.ts'
import { serviceAccount } from './service-account.ts'

const signal = new AbortController().signal

/** A clock that sleeping moves; `aheadMs` of the stub's. */
function clockOf(aheadMs = 0): { readonly ctx: Context; readonly advance: (ms: number) => void; readonly now: () => number } {
  let moved = 0
  const now = (): number => Date.now() + moved
  const clock = { now: () => now() + aheadMs, sleep: async (ms: number) => void (moved += ms) }
  return { ctx: { clock, log: silentLog, signal }, advance: (ms) => void (moved += ms), now }
}

function tokensOf(google: GoogleStub, ctx: Context, key = google.url): DelegatedTokens {
  const { keyFile, publicKeyPem } = madeUpAccount(key)
  google.publicKeyPem = publicKeyPem
  return delegatedTokens(serviceAccount(keyFile), [GMAIL_SCOPE], ctx)
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof Failure, inspect(error))
  return error
}

test('the claim names the account, the user, the scope, the audience and an hour, signed with the key (A24)', async () => {
  await using google = await startGoogle()
  const { ctx } = clockOf()
  const tokens = tokensOf(google, ctx)
  assert.equal((await tokens.token('anna@example.org')).reveal(), 'token-1-for-anna@example.org')
  const [claims] = google.claims
  assert.equal(claims?.sub, 'anna@example.org')
  assert.equal(claims['iss'], 'mover@project.iam.gserviceaccount.com')
  assert.equal(claims['scope'], 'https://mail.google.com/')
  assert.equal(claims['aud'], google.url)
  assert.equal(Number(claims['exp']) - Number(claims['iat']), 3600)
})

test('each user has a token of his own, kept until it runs out or was refused', async () => {
  const { ctx, advance, now } = clockOf()
  await using google = await startGoogle(() => null, now)
  const tokens = tokensOf(google, ctx)
  const token = async (user: string): Promise<string> => (await tokens.token(user)).reveal()
  assert.deepEqual(await Promise.all(['a@x.org', 'a@x.org'].map(token)), ['token-1-for-a@x.org', 'token-1-for-a@x.org'])
  assert.equal(await token('b@x.org'), 'token-2-for-b@x.org')
  advance(3_400_000)
  assert.equal(await token('a@x.org'), 'token-3-for-a@x.org')
  tokens.renew('a@x.org')
  assert.equal(await token('a@x.org'), 'token-4-for-a@x.org')
})

const refused = (error: string, description = ''): Answer => ({ status: 401, body: { error, error_description: description } })

for (const [answer, code, says] of [
  [refused('unauthorized_client', 'Client is unauthorized to retrieve access tokens'), 'grant-pending', /1234567890.*mail\.google\.com/],
  [refused('invalid_client', 'The OAuth client was not found.'), 'token-rejected', /key file/],
  [refused('invalid_grant', 'Invalid email or User ID'), 'mailbox-unknown', /anna@example\.org/],
  [refused('invalid_grant', 'Account suspended'), 'account-locked', /suspended/],
  [refused('invalid_grant', 'Invalid JWT Signature.'), 'token-rejected', /Make a new key/],
  [refused('invalid_grant'), 'auth-rejected', /suspended/],
  [refused('invalid_scope'), 'token-rejected', /scope/],
] as const)
  test(`Google's ${String(answer?.body['error'])} "${String(answer?.body['error_description'])}" is asked about once and means ${code}`, async () => {
    await using google = await startGoogle(() => answer)
    const failure = await failureOf(tokensOf(google, clockOf().ctx).token('anna@example.org'))
    assert.equal(failure.code, code, failure.message)
    assert.match(failure.message, says)
    assert.equal(google.claims.length, 1)
  })

test('a clock that is wrong is told with how much (A24)', async () => {
  const { ctx } = clockOf(20 * 60_000)
  await using google = await startGoogle()
  const failure = await failureOf(tokensOf(google, ctx).token('anna@example.org'))
  assert.equal(failure.code, 'token-rejected')
  assert.match(failure.message, /set the clock.* 20 minutes ahead/)
})

test('an outage is waited out, and no error holds the key or the claim', async () => {
  await using google = await startGoogle((_, count) => (count < 3 ? { status: 503, body: {} } : null))
  assert.equal((await tokensOf(google, clockOf().ctx).token('a@x.org')).reveal(), 'token-3-for-a@x.org')
  const { keyFile } = madeUpAccount(google.url)
  const stranger = await failureOf(delegatedTokens(serviceAccount(keyFile), [GMAIL_SCOPE], clockOf().ctx).token('a@x.org'))
  assert.equal(stranger.code, 'token-rejected')
  assert.doesNotMatch(inspect(stranger, { depth: 9, showHidden: true }), /PRIVATE KEY|eyJ/)
})

for (const [text, says] of [
  ['{"installed": {"client_id": "x"}}', /OAuth client/],
  ['{"refresh_token": "x", "type": "authorized_user"}', /of a person/],
  ['{}', /not the key file/],
  ['-----BEGIN PRIVATE KEY-----', /no JSON/],
  [madeUpAccount('https://evil.example/token').keyFile.reveal(), /not Google/],
  [madeUpAccount('https://oauth2.googleapis.com/token', { private_key: 'x' }).keyFile.reveal(), /cannot be read/],
] as const)
  test(`a file that is no key of a service account is told: ${String(says)}`, () => {
    assert.throws(
      () => serviceAccount(new Secret(text)),
      (error) => error instanceof Failure && error.code === 'bad-input' && says.test(error.message),
    )
  })
