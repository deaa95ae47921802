import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { systemClock } from '../../src/lib/clock.ts'
import type { Context } from '../../src/lib/context.ts'
import { silentLog } from '../../src/lib/log.ts'
import { CLOUDS } from '../../src/microsoft/clouds.ts'
import { exchangeTokens } from '../../src/microsoft/exchange-token.ts'
import { selfSigned } from '../../src/microsoft/self-signed.fixture.ts'
import { Secret } from '../../src/model/secret.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { Tenant } from '../../src/simulator/tenant.ts'
import { startTokenEndpoint } from '../../src/simulator/token-endpoint.ts'

const ctx: Context = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
const cloud = CLOUDS.global
const DAY_MS = 86_400_000

test('the tenant of the simulator takes the secret or the certificate of its application, and no other', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, messages: 1 })
  const { tenantId: tenant, clientId, clientSecret, httpPort } = simulator.exchange
  const options = { cloud, authority: `http://127.0.0.1:${httpPort}`, ctx }

  const bySecret = exchangeTokens({ kind: 'secret', tenant, clientId, clientSecret: new Secret(clientSecret) }, options)
  const token = (await bySecret.token()).reveal()
  assert.equal(simulator.tenant.check(token)?.appid, clientId)
  assert.equal((await bySecret.token()).reveal(), token)
  bySecret.renew()
  assert.notEqual((await bySecret.token()).reveal(), token)
  assert.equal(simulator.tenant.issued, 2)

  const wrong = exchangeTokens({ kind: 'secret', tenant, clientId, clientSecret: new Secret('wrong') }, options)
  await assert.rejects(wrong.token(), { code: 'token-rejected', message: /AADSTS7000215/ })

  const pair = selfSigned(new Date(Date.now() - DAY_MS), new Date(Date.now() + DAY_MS))
  const { certificatePem } = pair
  const privateKeyPem = new Secret(pair.privateKeyPem)
  const byCertificate = exchangeTokens({ kind: 'certificate', tenant, clientId, privateKeyPem, certificatePem }, options)
  await assert.rejects(byCertificate.token(), { code: 'token-rejected', message: /AADSTS700027/ })
  simulator.tenant.registerCertificate(new X509Certificate(certificatePem))
  assert.notEqual(simulator.tenant.check((await byCertificate.token()).reveal()), null)

  const stranger = exchangeTokens({ kind: 'secret', tenant: 'nobody.example', clientId, clientSecret: new Secret(clientSecret) }, options)
  await assert.rejects(stranger.token(), { code: 'token-rejected', message: /AADSTS90002/ })
})

test('a person signs in with a device code once, and later tokens need nobody', async () => {
  const tenant = new Tenant({
    tenantId: '11111111-2222-3333-4444-555555555555',
    domains: ['example.test'],
    clientId: 'app-1',
    clientSecret: 'unused',
    tokenLifetimeSeconds: 3599,
    now: Date.now,
  })
  await using endpoint = await startTokenEndpoint({ tenant, endpoints: () => ({}), devicePolls: 0, deviceUser: 'anna@example.test' })
  const shown: string[] = []
  const tokens = exchangeTokens(
    { kind: 'device', tenant: 'example.test', clientId: 'app-1', show: (message) => shown.push(message) },
    { cloud, authority: endpoint.url, ctx },
  )
  assert.equal(tenant.check((await tokens.token()).reveal())?.upn, 'anna@example.test')
  tokens.renew()
  assert.equal(tenant.check((await tokens.token()).reveal())?.upn, 'anna@example.test')
  assert.equal(shown.length, 1)
  assert.match(shown[0] ?? '', /enter the code C4T7XKQ9P/)
})
