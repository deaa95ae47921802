import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { tally, VARIANTS } from './variants.ts'

/** The long form is `npm run simulate-switch -- --runs 3000`. */
const RUNS = { unharmed: 12, harmed: 10, seldom: 0 } as const

await suite('T58 the move of a domain in random worlds', () => {
  for (const variant of VARIANTS) {
    const runs = RUNS[variant.expects]
    if (runs === 0) continue
    test(`${variant.expects === 'unharmed' ? 'no message is lost or bounced' : 'harm shows'}: ${variant.name}`, async () => {
      const { harmedSeeds, stuck, broken } = await tally(variant, runs, 1)
      assert.deepEqual(stuck, [], 'seeds of runs that came to no end')
      assert.deepEqual(broken, [], 'what must never be')
      if (variant.expects === 'unharmed') assert.deepEqual(harmedSeeds, [], 'seeds of runs with harm')
      else assert.ok(harmedSeeds.length > 0, 'a guard less, and nothing happens: the test could not fail')
    })
  }
})
