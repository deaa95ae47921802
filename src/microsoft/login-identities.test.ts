import assert from 'node:assert/strict'
import { constants, createHash, verify, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import type { AppIdentity } from './app-identity.ts'
import { CLOUDS } from './clouds.ts'
import { exchangeTokens } from './exchange-token.ts'
import { handClock, startLogin, tokenReply } from './login-server.fixture.ts'
import { selfSigned } from './self-signed.fixture.ts'

const YEAR_MS = 365 * 86_400_000
const NOW = Date.UTC(2026, 10, 22)
const pair = selfSigned(new Date(NOW - YEAR_MS), new Date(NOW + YEAR_MS))
const certificate: AppIdentity = {
  kind: 'certificate',
  tenant: 'contoso.example',
  clientId: 'app-1',
  privateKeyPem: new Secret(pair.privateKeyPem),
  certificatePem: pair.certificatePem,
}
const cloud = CLOUDS.global

function jwtPart(jwt: string, part: 0 | 1): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[part] ?? '', 'base64url').toString())
}

test('an application with a certificate signs PS256 with the SHA-256 thumbprint, for the token endpoint of its tenant', async () => {
  await using login = await startLogin([tokenReply('T1')])
  await exchangeTokens(certificate, { cloud, authority: login.url, ctx: handClock().ctx }).token()
  const assertion = login.requests[0]?.form.get('client_assertion') ?? ''
  const der = new X509Certificate(pair.certificatePem).raw
  const header = jwtPart(assertion, 0)
  assert.equal(header['alg'], 'PS256')
  assert.equal(header['x5t#S256'], createHash('sha256').update(der).digest('base64url'))
  assert.deepEqual(header['x5c'], [der.toString('base64')])
  const claims = jwtPart(assertion, 1)
  assert.equal(claims['aud'], 'https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token')
  assert.deepEqual([claims['iss'], claims['sub']], ['app-1', 'app-1'])
  const at = assertion.lastIndexOf('.')
  const key = { key: new X509Certificate(pair.certificatePem).publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  assert.ok(verify('sha256', Buffer.from(assertion.slice(0, at)), key, Buffer.from(assertion.slice(at + 1), 'base64url')))
})

test('an assertion outside its time window is signed again, once', async () => {
  const stale = { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS700024: outside', error_codes: [700024] } }
  await using login = await startLogin([stale, tokenReply('T1'), stale, stale, tokenReply('never')])
  const tokens = exchangeTokens(certificate, { cloud, authority: login.url, ctx: handClock().ctx })
  assert.equal((await tokens.token()).reveal(), 'T1')
  const ids = login.requests.map((request) => jwtPart(request.form.get('client_assertion') ?? '', 1)['jti'])
  assert.equal(new Set(ids).size, 2)
  tokens.renew()
  await assert.rejects(tokens.token(), { code: 'token-rejected', message: /clock of this machine/ })
  assert.equal(login.requests.length, 4)
})

test('a certificate that cannot work is told before anything is sent', async () => {
  await using login = await startLogin([])
  const other = selfSigned(new Date(NOW - YEAR_MS), new Date(NOW + YEAR_MS))
  const old = selfSigned(new Date(NOW - 2 * YEAR_MS), new Date(NOW - YEAR_MS))
  const cases: readonly (readonly [AppIdentity, RegExp])[] = [
    [{ ...certificate, certificatePem: 'nonsense' }, /certificate cannot be read/],
    [{ ...certificate, privateKeyPem: new Secret('nonsense') }, /private key cannot be read/],
    [{ ...certificate, privateKeyPem: new Secret(other.privateKeyPem) }, /does not belong/],
    [{ ...certificate, certificatePem: old.certificatePem, privateKeyPem: new Secret(old.privateKeyPem) }, /expired on 2025-11-22/],
  ]
  for (const [identity, message] of cases)
    await assert.rejects(exchangeTokens(identity, { cloud, authority: login.url, ctx: handClock().ctx }).token(), {
      code: 'bad-input',
      message,
    })
  assert.equal(login.requests.length, 0)
})

const codeReply = {
  status: 200,
  body: {
    user_code: 'C4T7',
    device_code: 'D1',
    verification_uri: 'https://microsoft.example/devicelogin',
    expires_in: 900,
    interval: 0,
    message: 'Enter C4T7.',
  },
}
const pending = { status: 400, body: { error: 'authorization_pending', error_codes: [70016] } }

function device(shown: string[]): AppIdentity {
  return { kind: 'device', tenant: 'contoso.example', clientId: 'app-1', show: (message) => shown.push(message) }
}

test('a person is shown the device code once; polling heeds slow_down; later tokens come from the newest refresh token', async () => {
  await using login = await startLogin([
    codeReply,
    pending,
    { status: 400, body: { error: 'slow_down' } },
    tokenReply('T1', 3599, { refresh_token: 'R1' }),
    tokenReply('T2', 3599, { refresh_token: 'R2' }),
    tokenReply('T3', 3599, { refresh_token: 'R3' }),
  ])
  const shown: string[] = []
  const clock = handClock()
  const tokens = exchangeTokens(device(shown), { cloud, authority: login.url, ctx: clock.ctx })
  assert.equal((await tokens.token()).reveal(), 'T1')
  assert.deepEqual(clock.slept, [5000])
  tokens.renew()
  assert.equal((await tokens.token()).reveal(), 'T2')
  tokens.renew()
  assert.equal((await tokens.token()).reveal(), 'T3')
  assert.deepEqual(shown, ['Enter C4T7.'])
  assert.deepEqual(
    login.requests.slice(-2).map((request) => [request.form.get('grant_type'), request.form.get('refresh_token')]),
    [
      ['refresh_token', 'R1'],
      ['refresh_token', 'R2'],
    ],
  )
  const scopes = login.requests[0]?.form.get('scope')?.split(' ') ?? []
  assert.ok(scopes.includes('https://outlook.office.com/IMAP.AccessAsUser.All') && scopes.includes('offline_access'))
})

test('a refused refresh token fails once, and the next call asks the person again', async () => {
  await using login = await startLogin([
    codeReply,
    tokenReply('T1', 3599, { refresh_token: 'R1' }),
    { status: 400, body: { error: 'invalid_grant', error_codes: [50173], error_description: 'AADSTS50173: revoked' } },
    codeReply,
    tokenReply('T2'),
  ])
  const shown: string[] = []
  const tokens = exchangeTokens(device(shown), { cloud, authority: login.url, ctx: handClock().ctx })
  await tokens.token()
  tokens.renew()
  await assert.rejects(tokens.token(), { code: 'token-rejected', message: /AADSTS50173/ })
  assert.equal((await tokens.token()).reveal(), 'T2')
  assert.equal(shown.length, 2)
})

for (const [error, message] of [
  ['authorization_declined', /declined/],
  ['expired_token', /ran out/],
] as const) {
  test(`a device sign-in that ends with ${error} says so`, async () => {
    await using login = await startLogin([codeReply, { status: 400, body: { error } }])
    const tokens = exchangeTokens(device([]), { cloud, authority: login.url, ctx: handClock().ctx })
    await assert.rejects(tokens.token(), { code: 'token-rejected', message })
  })
}

test('waiting for a person ends at once when the work is stopped', async () => {
  await using login = await startLogin([{ ...codeReply, body: { ...codeReply.body, interval: 1 } }, pending])
  const stop = new AbortController()
  const identity: AppIdentity = {
    ...certificate,
    kind: 'device',
    show: () => setImmediate(() => stop.abort(new Failure('stopped', 'Stopped.'))),
  }
  await assert.rejects(exchangeTokens(identity, { cloud, authority: login.url, ctx: handClock(stop.signal).ctx }).token(), {
    code: 'stopped',
  })
})
