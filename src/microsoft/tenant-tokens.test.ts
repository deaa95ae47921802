import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../model/secret.ts'
import type { AppIdentity } from './app-identity.ts'
import { CLOUDS } from './clouds.ts'
import { tenantTokens } from './exchange-token.ts'
import type { ScriptedReply } from './login-server.fixture.ts'
import { handClock, startLogin, tokenReply } from './login-server.fixture.ts'

const secret: AppIdentity = { kind: 'secret', tenant: 'contoso.example', clientId: 'app-1', clientSecret: new Secret('s3cret') }
const codeReply: ScriptedReply = {
  status: 200,
  body: {
    user_code: 'C4T7XKQ9P',
    device_code: 'DC',
    verification_uri: 'https://microsoft.com/devicelogin',
    expires_in: 900,
    interval: 1,
    message: 'Enter C4T7XKQ9P.',
  },
}

for (const cloud of Object.values(CLOUDS)) {
  test(`in the cloud ${cloud.name} an application gets one token for Graph and one for Exchange`, async () => {
    await using login = await startLogin([tokenReply('G'), tokenReply('E')])
    const tokens = tenantTokens(secret, { cloud, authority: login.url, ctx: handClock().ctx })
    assert.equal((await tokens.graph.token()).reveal(), 'G')
    assert.equal((await tokens.exchange.token()).reveal(), 'E')
    assert.equal((await tokens.graph.token()).reveal(), 'G')
    assert.deepEqual(
      login.requests.map((request) => request.form.get('scope')),
      [`https://${cloud.graphHost}/.default`, cloud.exchangeScope],
    )
  })
}

test('a person who is needed for both services at the same moment is asked once', async () => {
  await using login = await startLogin([
    codeReply,
    tokenReply('G', 3599, { refresh_token: 'R1' }),
    tokenReply('E', 3599, { refresh_token: 'R2' }),
  ])
  const shown: string[] = []
  const person: AppIdentity = { kind: 'device', tenant: 'contoso.example', clientId: 'app-1', show: (message) => void shown.push(message) }
  const tokens = tenantTokens(person, { cloud: CLOUDS.global, authority: login.url, ctx: handClock().ctx })
  const [graph, exchange] = await Promise.all([tokens.graph.token(), tokens.exchange.token()])
  assert.deepEqual([graph.reveal(), exchange.reveal(), shown.length], ['G', 'E', 1])
  const last = login.requests.at(-1)?.form
  assert.deepEqual([last?.get('grant_type'), last?.get('refresh_token')], ['refresh_token', 'R1'])
  assert.match(last?.get('scope') ?? '', /https:\/\/outlook\.office365\.com\/\.default/)
})
