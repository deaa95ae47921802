import { FAILURES } from '../model/failure-codes.ts'
import { CHANGE_STATES, STATE_NAMES, type ChangeState } from './change-state.ts'
import type { JournalRow, RowFailure } from './journal-row.ts'

/** The books of a run: each of its changes is in one state, so that the counts add up to `total`. */
export type ChangeStatement = {
  readonly total: number
  readonly counts: Readonly<Record<ChangeState, number>>
  /** What a person must do, most pressing first; empty where all ended well. */
  readonly open: readonly OpenChange[]
}

export type OpenChange = {
  readonly key: string
  readonly about: string
  readonly says: string
  readonly state: ChangeState
  readonly failure: RowFailure | null
  /** Why it was left as it is. */
  readonly why: string | null
  readonly waitingSinceMs: number | null
  /** For a change that was not begun: the open ones that it comes after. */
  readonly heldBackBy: readonly string[]
  /** A sentence: what to do about it. */
  readonly remedy: string
}

const PRESSING: readonly ChangeState[] = ['failed', 'in-doubt', 'doing', 'undoing', 'left', 'waiting', 'planned']

/** Pure; `rows` are those of one run (`journal.rows(runId)`), or all. */
export function statement<Call>(rows: readonly JournalRow<Call>[]): ChangeStatement {
  const counts = Object.fromEntries(STATE_NAMES.map((state) => [state, 0])) as Record<ChangeState, number>
  for (const { state } of rows) counts[state]++
  const openRows = PRESSING.flatMap((state) => rows.filter((row) => row.state === state))
  const openKeys = new Set(openRows.map(({ change }) => change.key))
  const open = openRows.map((row): OpenChange => {
    const { key, about, says, after } = row.change
    const heldBackBy = row.state === 'planned' ? after.filter((one) => openKeys.has(one)) : []
    const { state, failure, why, waitingSinceMs } = row
    return { key, about, says, state, failure, why, waitingSinceMs, heldBackBy, remedy: remedyOf(row, heldBackBy) }
  })
  return { total: rows.length, counts, open }
}

const REMEDIES: Readonly<Partial<Record<ChangeState, string>>> = {
  'in-doubt': 'Nobody knows whether it was carried out. Run the same command again: it looks before it does anything.',
  doing: 'Run the same command again: it goes on there.',
  undoing: 'Run the same command again: it goes on there.',
  left: 'Somebody else changed it since. Look at it, and put it right by hand if need be.',
  waiting: 'It comes by itself. Run the same command again later.',
  planned: 'Run the same command again.',
}

function remedyOf<Call>({ state, failure }: JournalRow<Call>, heldBackBy: readonly string[]): string {
  if (heldBackBy.length > 0) return 'It comes after another change that is still open.'
  if (failure !== null && state !== 'left') return FAILURES[failure.code].help
  return REMEDIES[state] ?? CHANGE_STATES[state].says
}
