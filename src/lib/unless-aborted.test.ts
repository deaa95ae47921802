import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unlessAborted } from './unless-aborted.ts'

test('work that ends is handed on, with its value or its error', async () => {
  const { signal } = new AbortController()
  assert.equal(await unlessAborted(Promise.resolve(1), signal), 1)
  await assert.rejects(unlessAborted(Promise.reject(new Error('of its own')), signal), /of its own/)
})

test('a stop is heard at once, before or during work that never ends', async () => {
  const never = new Promise<never>(() => {})
  await assert.rejects(unlessAborted(never, AbortSignal.abort(new Error('stopped before'))), /stopped before/)
  const stop = new AbortController()
  const waiting = unlessAborted(never, stop.signal)
  stop.abort(new Error('stopped meanwhile'))
  await assert.rejects(waiting, /stopped meanwhile/)
})
