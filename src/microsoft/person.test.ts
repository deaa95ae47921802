import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { grantStore } from '../oauth/grant-store.ts'
import { personTokens } from '../oauth/person-tokens.ts'
import { Tenant } from '../simulator/tenant.ts'
import { startTokenEndpoint } from '../simulator/token-endpoint.ts'
import { CLOUDS } from './clouds.ts'
import { microsoftPerson } from './person.ts'

const scratch = mkdtempSync(join(tmpdir(), 'cutover-person-'))
after(() => rmSync(scratch, { recursive: true }))

test('a person signs in with a code once; a later process needs nobody', async () => {
  const tenant = new Tenant({
    tenantId: '11111111-2222-3333-4444-555555555555',
    domains: ['example.test'],
    clientId: 'app-1',
    clientSecret: 'unused',
    tokenLifetimeSeconds: 3599,
    now: Date.now,
  })
  await using endpoint = await startTokenEndpoint({ tenant, endpoints: () => ({}), devicePolls: 0, deviceUser: 'anna@example.test' })
  const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
  const shown: string[] = []
  const show = (message: string): void => void shown.push(message)
  for (let process = 0; process < 2; process++) {
    const options = { tenant: 'example.test', clientId: 'app-1', cloud: CLOUDS.global, authority: endpoint.url, show, ctx }
    const tokens = personTokens(microsoftPerson(options), grantStore(scratch, null), ctx)
    assert.equal(tenant.check((await tokens.token('anna@example.test')).reveal())?.upn, 'anna@example.test')
  }
  assert.equal(shown.length, 1)
  assert.match(shown[0] ?? '', /^Sign in as anna@example\.test\. To sign in, .* C4T7XKQ9P/)
})
