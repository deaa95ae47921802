import { integer, integerOrNull, text, textOrNull, type Row } from '../db/column.ts'
import type { Change } from '../model/change.ts'
import { FAILURES, type FailureCode } from '../model/failure-codes.ts'
import { isState, type ChangeState } from './change-state.ts'
import type { Seen } from './hands.ts'

/** What stood there when a change was begun. `added`, `removed`: the entries that it adds to a list or removes from it. */
export type Before = { readonly seen: Seen | null; readonly added: readonly string[]; readonly removed: readonly string[] }

export type JournalRow<Call> = {
  readonly id: number
  /** The last run that took it up. */
  readonly runId: number
  readonly change: Change<Call>
  readonly state: ChangeState
  /** When it was begun, counted over all runs; null: never. */
  readonly place: number | null
  /** Whether a call of it was, or may have been, carried out. */
  readonly acted: boolean
  readonly before: Before | null
  readonly made: Seen | null
  readonly callsDone: number
  readonly undoCallsDone: number
  readonly changedAtMs: number
  /** Since when it is waited for, over all runs. */
  readonly waitingSinceMs: number | null
  /** The last thing that went wrong with it, where it is not over yet. */
  readonly failure: RowFailure | null
  /** Why it was left as it is. */
  readonly why: string | null
}
export type RowFailure = { readonly code: FailureCode; readonly text: string }

/** Two rows of a change are one as long as they look at, want and do the same. */
export function sameDeed<Call>(a: Change<Call>, b: Change<Call>): boolean {
  const deed = ({ look, expect, calls }: Change<Call>): string => JSON.stringify([look, expect, calls])
  return deed(a) === deed(b)
}

export function rowOf<Call>(row: Row): JournalRow<Call> {
  const state = text(row['state'])
  if (!isState(state)) throw new Error(`no state of a change: ${state}`)
  const before = textOrNull(row['before'])
  const made = textOrNull(row['made'])
  return {
    id: integer(row['id']),
    runId: integer(row['run_id']),
    // What we wrote ourselves.
    change: JSON.parse(text(row['body'])) as Change<Call>,
    state,
    place: integerOrNull(row['place']),
    acted: integer(row['acted']) === 1,
    before: before === null ? null : (JSON.parse(before) as Before),
    made: made === null ? null : (JSON.parse(made) as Seen),
    callsDone: integer(row['calls_done']),
    undoCallsDone: integer(row['undo_calls_done']),
    changedAtMs: integer(row['changed_at']),
    waitingSinceMs: integerOrNull(row['waiting_since']),
    failure: failureOf(textOrNull(row['failure_code']), textOrNull(row['failure_text'])),
    why: textOrNull(row['why']),
  }
}

function failureOf(code: string | null, told: string | null): RowFailure | null {
  if (code === null || told === null) return null
  // A later version may have written a code that we do not know.
  return { code: isCode(code) ? code : 'request-refused', text: told }
}

function isCode(code: string): code is FailureCode {
  return Object.hasOwn(FAILURES, code)
}
