import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLOUDS } from './clouds.ts'
import { handClock, startLogin } from './login-server.fixture.ts'
import type { ScriptedReply } from './login-server.fixture.ts'
import { discoverTenant } from './tenant-discovery.ts'

const ID = '11111111-2222-3333-4444-555555555555'
const found = (more: Readonly<Record<string, unknown>> = {}): ScriptedReply => ({
  status: 200,
  body: { issuer: `https://login.microsoftonline.com/${ID}/v2.0`, ...more },
})

async function discovered(reply: ScriptedReply, tenant = 'contoso.example'): ReturnType<typeof discoverTenant> {
  await using login = await startLogin([reply])
  return await discoverTenant(tenant, CLOUDS.global, login.url, handClock().ctx)
}

test('a domain of a tenant gives its id', async () => {
  assert.deepEqual(await discovered(found()), { tenantId: ID, clouds: ['global'] })
})

test('a tenant of another cloud is told by the place where its tokens come from', async () => {
  const token_endpoint = `https://login.microsoftonline.us/${ID}/oauth2/v2.0/token`
  assert.deepEqual((await discovered(found({ token_endpoint }))).clouds, ['gcc-high', 'dod'])
  assert.deepEqual((await discovered(found({ token_endpoint, msgraph_host: 'dod-graph.microsoft.us' }))).clouds, ['dod'])
  const china = `https://login.partner.microsoftonline.cn/${ID}/oauth2/v2.0/token`
  assert.deepEqual((await discovered(found({ token_endpoint: china }))).clouds, ['china'])
  // A host that nobody has seen says nothing.
  assert.deepEqual((await discovered(found({ token_endpoint: 'https://login.example.org/x' }))).clouds, ['global'])
})

test('a tenant that is not there is told, and an answer without one is not believed', async () => {
  const unknown = { status: 400, body: { error: 'invalid_request', error_codes: [90002], error_description: 'AADSTS90002: Tenant …' } }
  await assert.rejects(discovered(unknown), { code: 'token-rejected', message: /tenant was not found.*AADSTS90002/ })
  await assert.rejects(discovered({ status: 200, text: '<html>' }), { code: 'answer-unreadable' })
})

test('what names no tenant is refused before anything is sent', async () => {
  for (const tenant of ['common', 'Organizations', '', '../x', 'a b'])
    await assert.rejects(discovered(found(), tenant), { code: 'bad-input' }, tenant)
})
