import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aadstsNumbers, loginFailure } from './login-errors.ts'
import { retryAfter } from '../oauth/http-failure.ts'

const reply = (status: number, body: Record<string, unknown>, retryAfterMs: number | null = null) => ({ status, retryAfterMs, body })

for (const [number, code, message] of [
  [90002, 'token-rejected', /tenant was not found/],
  [700016, 'token-rejected', /not registered in this tenant/],
  [7000215, 'token-rejected', /value of the secret, not its id/],
  [7000222, 'token-rejected', /expired/],
  [700027, 'token-rejected', /certificate is not registered/],
  [500011, 'token-rejected', /Exchange subscription/],
  [53003, 'token-rejected', /Conditional Access/],
  [50196, 'throttled', /too many requests/],
  [90033, 'server-unavailable', /temporarily unavailable/],
] as const) {
  test(`AADSTS${number} becomes ${code} with a sentence of its own and the number`, () => {
    const failure = loginFailure(reply(400, { error: 'x', error_codes: [number] }), [])
    assert.equal(failure.code, code)
    assert.match(failure.message, message)
    assert.match(failure.message, new RegExp(`\\(AADSTS${number}\\)$`))
  })
}

test('the number is also found in the text, when the list is missing', () => {
  assert.deepEqual(aadstsNumbers({ error_description: 'AADSTS7000222: The provided client secret keys are expired.' }), [7000222])
  assert.deepEqual(aadstsNumbers({}), [])
})

test('an unknown number falls back to the OAuth error, then to the HTTP status', () => {
  assert.match(loginFailure(reply(401, { error: 'invalid_client', error_codes: [1] }), []).message, /secret or certificate/)
  assert.match(loginFailure(reply(404, {}), []).message, /HTTP 404/)
  assert.equal(loginFailure(reply(502, {}), []).code, 'server-unavailable')
})

test('a request loop is left alone for a minute at least', () => {
  assert.equal(loginFailure(reply(400, { error_codes: [50196] }), []).retryAfterMs, 60_000)
  assert.equal(loginFailure(reply(429, {}, 7000), []).retryAfterMs, 7000)
})

test('Retry-After is read as seconds or as a date, and never negative', () => {
  const now = Date.UTC(2026, 10, 22)
  assert.equal(retryAfter('120', now), 120_000)
  assert.equal(retryAfter('Sun, 22 Nov 2026 00:00:30 GMT', now), 30_000)
  assert.equal(retryAfter('Sat, 21 Nov 2026 00:00:30 GMT', now), 0)
  assert.equal(retryAfter('soon', now), null)
  assert.equal(retryAfter(null, now), null)
})
