import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../model/failure.ts'
import { Secret } from '../../model/secret.ts'
import { hostOf, type SecretAt } from './host-settings.ts'
import { WISHES } from './plan.fixture.ts'

const secretAt: SecretAt = (place) =>
  Promise.resolve(
    place === 'env:KEY'
      ? { secret: new Secret('hunter2') }
      : place.startsWith('env:')
        ? { says: 'is to be in the environment variable "X", which is not set' }
        : null,
  )

async function complaint(provider: string, settings: Record<string, string>): Promise<string> {
  const failure = await hostOf({ ...WISHES, provider, settings }, secretAt).then(
    () => assert.fail('it was accepted'),
    (error: unknown) => error,
  )
  assert.ok(failure instanceof Failure && failure.code === 'bad-input')
  return failure.message
}

test('a host gets its settings, secrets from where they are, and its own domain as the zone', async () => {
  const { provider, settings } = await hostOf({ ...WISHES, settings: { server: '192.0.2.53', key: 'env:KEY' } }, secretAt)
  assert.equal(provider.name, 'rfc2136')
  assert.deepEqual([settings['server'], settings['zone']], ['192.0.2.53', 'example.test'])
  assert.ok(settings['key'] instanceof Secret && settings['key'].reveal() === 'hunter2')
})

test('all that is wrong with the settings is told at once, where it stands, and no secret is', async () => {
  const text = await complaint('rfc2136', { key: 'hmac-sha256:name:c2VjcmV0', colour: 'red' })
  assert.doesNotMatch(text, /c2VjcmV0|red/)
  assert.deepEqual(
    text.split('\n').map((line) => line.replace(/^cutover\.yaml line 9: DNS of example\.test: (\S+).*$/, '$1')),
    ['key:', '"colour"', 'server'],
  )
  assert.match(await complaint('rfc2136', { server: '192.0.2.53', key: 'env:X' }), /key is to be in the environment variable "X"/)
  assert.match(await complaint('rfc1035', {}), /cutover\.yaml line 9: There is no DNS provider "rfc1035"\. Known: /)
})
