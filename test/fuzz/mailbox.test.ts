/** Random mailboxes with random edits on both sides between passes. The seed is printed with a failure; CUTOVER_FUZZ_SEED repeats it. */
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { openStage, type StageKind } from '../crash/stage.ts'
import { histories, type Scope } from './history.ts'
import { liveThrough } from './live.ts'
import { runs, seed } from './settings.ts'

const SCOPES: readonly (readonly [says: string, scope: Scope])[] = [
  ['whatever happens at the source', { touches: false, troubles: false, deaths: false, forgets: false }],
  ['whatever happens at both ends', { touches: true, troubles: false, deaths: false, forgets: false }],
  [
    'whatever happens at both ends, while it is copied too, with bad connections and a death',
    { touches: true, troubles: true, deaths: true, forgets: false },
  ],
  ['whatever happens at the source and to the ledger', { touches: false, troubles: false, deaths: true, forgets: true }],
]

for (const kind of ['exchange', 'dovecot'] as const satisfies readonly StageKind[]) {
  describe(`a mailbox copied to ${kind}`, () => {
    for (const [says, scope] of SCOPES) {
      test(`${says}, after the final pass the destination holds what the source held, and another pass does nothing`, async () => {
        await using stage = await openStage(kind)
        const property = fc.asyncProperty(histories(scope), (history) => liveThrough(stage, kind, history))
        await fc.assert(property, { seed: seed(), numRuns: runs(12), endOnFailure: false })
      })
    }
  })
}
