import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measure } from './measure.ts'

const MB = 1_000_000

test(
  'memory does not grow with the mailbox: 47,000 messages more cost no more than 55 MB, some 1.2 kB each',
  { timeout: 240_000 },
  async () => {
    const small = await measure({ mailboxes: 1, count: 3000, bytes: 3000 }, 60_000)
    const least = { copy: Infinity, verify: Infinity }
    // When the collector comes is chance, a peak of a busy machine too; what grows with the mailbox grows every time.
    for (let round = 0; round < 3 && Math.max(least.copy, least.verify) >= 55; round++) {
      const large = await measure({ mailboxes: 1, count: 50_000, bytes: 3000 }, 90_000)
      assert.deepEqual([large.copy.copied, large.verify.copied], [50_000, 50_000])
      for (const what of ['copy', 'verify'] as const)
        least[what] = Math.min(least[what], (large[what].peakBytes - small[what].peakBytes) / MB)
    }
    assert.ok(least.copy < 55, `copy grew by ${least.copy.toFixed(0)} MB`)
    assert.ok(least.verify < 55, `verify grew by ${least.verify.toFixed(0)} MB`)
  },
)

test('hundreds of folders, sixty levels deep, are carried and verified within the budget', { timeout: 120_000 }, async () => {
  const { copy, verify } = await measure({ mailboxes: 1, count: 600, bytes: 500, folders: 600, levels: 60 }, 90_000)
  assert.deepEqual([copy.copied, verify.copied, verify.unexplained], [600, 600, 0])
  assert.ok(Math.max(copy.peakBytes, verify.peakBytes) < 170 * MB)
})

test('nothing is lost where the listings of all folders together are too long to be kept', { timeout: 120_000 }, async () => {
  const { copy, verify } = await measure({ mailboxes: 1, count: 26_000, bytes: 300, folders: 8 }, 90_000)
  assert.deepEqual([copy.found, copy.copied, copy.unexplained], [26_000, 26_000, 0])
  assert.deepEqual([verify.copied, verify.unexplained], [26_000, 0])
  assert.ok(Math.max(copy.peakBytes, verify.peakBytes) < 170 * MB)
})

test('a message of 120 MB flows through without being held', { timeout: 120_000 }, async () => {
  const small = await measure({ mailboxes: 1, count: 1, bytes: 3000 }, 60_000)
  const { copy } = await measure({ mailboxes: 1, count: 1, bytes: 120 * MB }, 90_000)
  assert.equal(copy.copied, 1)
  const grown = (copy.peakBytes - small.copy.peakBytes) / MB
  assert.ok(grown < 80, `a 120 MB message cost ${grown.toFixed(0)} MB`)
})
