/** A short round of each kind of trouble, with seeds that showed a fault once. The long version is `npm run chaos`. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { needs } from '../servers/available.ts'
import { startDovecots, type Dovecots, type EndsKind } from './ends.ts'
import { playRound } from './round.ts'
import { TROUBLES } from './troubles.ts'

const ROUNDS: readonly (readonly [trouble: string, ends: EndsKind, seed: number])[] = [
  ['kill', 'dovecot', 3],
  ['kill', 'exchange', 4],
  ['restart', 'exchange', 109],
  ['disk-full', 'exchange', 117],
  ['ledger-lost', 'exchange', 301],
]

describe('whatever happens to a copy, a last run ends with nothing missing, nothing twice and closed books', { concurrency: 2 }, () => {
  let dovecots: Dovecots | null = null
  before(async () => {
    if (needs('dovecot') === false) dovecots = await startDovecots(ROUNDS.length)
  })
  after(async () => {
    await dovecots?.[Symbol.asyncDispose]()
  })
  for (const [trouble, ends, seed] of ROUNDS) {
    const skip = (ends === 'dovecot' && needs('dovecot')) || (TROUBLES[trouble]?.unable?.() ?? false)
    test(`${trouble}, into ${ends}`, { skip }, async () => {
      const { problems } = await playRound({ trouble, ends, seed, messages: 60 }, dovecots)
      assert.deepEqual(problems, [])
    })
  }
})
