import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byId, onboarding, those } from './tenant-connect.fixture.ts'

test('where everything is there, everything is ok and nothing is to be done', async () => {
  await using onboard = await onboarding()
  const anna = await onboard.client.person('anna')
  await onboard.grant(anna)
  onboard.client.simulator.advance(120_000)
  const result = await onboard.connect({ mailboxes: [anna] })
  assert.deepEqual([...those(result, 'missing'), ...those(result, 'waiting'), ...those(result, 'unknown')], [])
  assert.deepEqual(result.steps, [])
  assert.match(byId(result, `mailbox ${anna}`).says, /^Opens/)
})
