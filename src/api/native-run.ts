import { join } from 'node:path'
import { openJournal } from '../change/open-journal.ts'
import { runChanges } from '../change/run-changes.ts'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import type { NativeHands } from '../native/hands.ts'
import type { NativeCall, NativeChange } from '../native/native-call.ts'
import { explained } from '../native/native-errors.ts'
import type { NativeChangeResult, NativeStartInput } from './native-input.ts'
import type { Trouble } from './results.ts'
import { troubleOf } from './trouble.ts'

export type Ran = { readonly changes: readonly NativeChangeResult[]; readonly halted: Trouble | null }

/** How long a run waits for a change to be seen: what is not there then is there at the next look. */
const WAIT_MS = 20 * 60_000

/** Carries out changes to batches, each journaled before and after. `tenant`: its id, to which the journal is bound. */
export async function runNative(
  changes: readonly NativeChange[],
  hands: NativeHands,
  tenant: string,
  { stateDir, onChange }: { readonly stateDir: string; readonly onChange: NativeStartInput['onChange'] },
  ctx: Context,
): Promise<Ran> {
  const directory = join(stateDir, 'native')
  using journal = openJournal<NativeCall>({ directory, system: tenant, sealKey: null, now: () => ctx.clock.now() })
  const { runId, halted } = await runChanges(changes, {
    journal,
    hands,
    ctx,
    waitMs: WAIT_MS,
    onProgress: ({ says, state, why }) => onChange(says, state, why),
  })
  return {
    changes: journal.rows(runId).map(({ change, state, failure }) => ({
      says: change.says,
      state,
      failure: failure === null ? null : plain(new Failure(failure.code, failure.text)),
    })),
    halted: halted === null ? null : troubleOf(halted),
  }
}

/** Microsoft's text with its meaning and what to do. */
function plain(failure: Failure): Trouble {
  const trouble = troubleOf(failure)
  const meaning = explained(failure.message)
  if (failure.code === 'stopped' || meaning === null || meaning.says === failure.message) return trouble
  return { ...trouble, message: meaning.says, help: meaning.help, serverText: failure.message }
}
