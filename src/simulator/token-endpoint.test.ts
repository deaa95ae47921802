import assert from 'node:assert/strict'
import { constants, createHash, generateKeyPairSync, sign, X509Certificate, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { selfSigned } from './self-signed.fixture.ts'
import { startSimulator, type Simulator } from './simulator.ts'

const SCOPE = 'https://outlook.office365.com/.default'

async function ask(simulator: Simulator, fields: Readonly<Record<string, string>>, tenant = simulator.exchange.tenantId, path = 'token') {
  const url = `http://127.0.0.1:${simulator.exchange.httpPort}/${tenant}/oauth2/v2.0/${path}`
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ client_id: simulator.exchange.clientId, ...fields }) })
  const body: unknown = await answer.json()
  assert.ok(typeof body === 'object' && body !== null)
  return { status: answer.status, body: new Map<string, unknown>(Object.entries(body)) }
}

function assertion(
  simulator: Simulator,
  key: KeyObject,
  header: Readonly<Record<string, string>>,
  claims: Readonly<Record<string, unknown>> = {},
): string {
  const { tenantId, clientId } = simulator.exchange
  const now = Math.floor(Date.now() / 1000)
  const aud = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${encode({ typ: 'JWT', ...header })}.${encode({ aud, iss: clientId, sub: clientId, jti: '1', nbf: now, exp: now + 300, ...claims })}`
  const padding = header['alg'] === 'PS256' ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : key
  return `${body}.${sign('sha256', Buffer.from(body), padding).toString('base64url')}`
}

test('wrong secret, unknown application, unknown tenant and a scope without .default are told apart', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  const good = { grant_type: 'client_credentials', client_secret: simulator.exchange.clientSecret, scope: SCOPE }
  const codes = async (fields: Readonly<Record<string, string>>, tenant?: string): Promise<unknown> =>
    (await ask(simulator, { ...good, ...fields }, tenant)).body.get('error_codes')
  assert.equal((await ask(simulator, good)).status, 200)
  assert.deepEqual(await codes({ client_secret: 'wrong' }), [7000215])
  assert.deepEqual(await codes({ client_id: 'other' }), [700016])
  assert.deepEqual(await codes({}, 'nobody.example'), [90002])
  assert.deepEqual(await codes({ scope: 'https://outlook.office365.com/IMAP' }), [1002012])
  const refused = await ask(simulator, { ...good, client_secret: 'wrong' })
  assert.equal(refused.status, 401)
  assert.equal(refused.body.get('error'), 'invalid_client')
})

test('an assertion signed with the registered certificate gives a token, by RS256 and PS256, and another key does not', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const certificate = new X509Certificate(selfSigned(privateKey, publicKey))
  const post = async (client_assertion: string): Promise<unknown> => {
    const { status, body } = await ask(simulator, { grant_type: 'client_credentials', scope: SCOPE, client_assertion })
    return status === 200 ? 'token' : body.get('error_codes')
  }
  const x5t = createHash('sha1').update(certificate.raw).digest('base64url')
  const x5t256 = createHash('sha256').update(certificate.raw).digest('base64url')
  assert.deepEqual(await post(assertion(simulator, privateKey, { alg: 'RS256', x5t })), [700027])
  simulator.tenant.registerCertificate(certificate)
  assert.equal(await post(assertion(simulator, privateKey, { alg: 'RS256', x5t })), 'token')
  assert.equal(await post(assertion(simulator, privateKey, { alg: 'PS256', 'x5t#S256': x5t256 })), 'token')
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
  assert.deepEqual(await post(assertion(simulator, other.privateKey, { alg: 'PS256', 'x5t#S256': x5t256 })), [700027])
  assert.deepEqual(await post(assertion(simulator, privateKey, { alg: 'RS256', x5t }, { exp: 1000 })), [700024])
  assert.deepEqual(await post(assertion(simulator, privateKey, { alg: 'RS256', x5t }, { aud: 'https://example.org' })), [700023])
})

test('a device code is pending twice, then gives tokens that can be renewed once each', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  const device = await ask(simulator, { scope: 'offline_access' }, undefined, 'devicecode')
  const poll = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: String(device.body.get('device_code')) }
  assert.equal((await ask(simulator, poll)).body.get('error'), 'authorization_pending')
  assert.equal((await ask(simulator, poll)).body.get('error'), 'authorization_pending')
  const tokens = await ask(simulator, poll)
  assert.equal(tokens.status, 200)
  const renewal = { grant_type: 'refresh_token', refresh_token: String(tokens.body.get('refresh_token')) }
  assert.equal((await ask(simulator, renewal)).status, 200)
  assert.equal((await ask(simulator, renewal)).body.get('error'), 'invalid_grant')
})

test('a token that the tenant did not give is refused at sign-in', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  const token = simulator.tenant.issue()
  assert.ok(simulator.tenant.check(token))
  assert.equal(simulator.tenant.check(`${token.slice(0, -2)}xx`), null)
  assert.equal(simulator.tenant.check('not.a.token'), null)
})

test('discovery names the tenant and its token endpoint', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  const base = `http://127.0.0.1:${simulator.exchange.httpPort}`
  const answer: unknown = await (await fetch(`${base}/example.test/v2.0/.well-known/openid-configuration`)).json()
  assert.ok(typeof answer === 'object' && answer !== null && 'token_endpoint' in answer)
  assert.equal(answer.token_endpoint, `${base}/${simulator.exchange.tenantId}/oauth2/v2.0/token`)
  assert.equal((await fetch(`${base}/common/discovery/instance?api-version=1.1`)).status, 200)
})

test('a token is for the resource of its scope, and says so', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  const audienceFor = async (scope: string): Promise<string | undefined> => {
    const { body } = await ask(simulator, { grant_type: 'client_credentials', client_secret: simulator.exchange.clientSecret, scope })
    return simulator.tenant.check(String(body.get('access_token')))?.aud
  }
  assert.equal(await audienceFor('https://graph.microsoft.com/.default'), 'https://graph.microsoft.com')
  assert.equal(await audienceFor(SCOPE), 'https://outlook.office365.com')
  assert.equal(await audienceFor('https://outlook.office.com/.default'), 'https://outlook.office365.com')
})
