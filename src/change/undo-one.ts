import { filler } from './fill.ts'
import type { Seen } from './hands.ts'
import type { JournalPatch } from './journal.ts'
import type { JournalRow } from './journal-row.ts'
import { UNSETTLED, type ChangeState } from './change-state.ts'
import { madeOf } from './kept.ts'
import { LONGEST_CALL_MS, PACE, Patience, waitMs } from './patience.ts'
import { failureOf, TimeOver, type Scene } from './scene.ts'
import { standing, type Standing } from './take-back.ts'
import type { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'

export type UndoEnd = 'undone' | 'left' | 'cannot' | 'open'
type Turn = { readonly is: 'end'; readonly end: UndoEnd } | { readonly is: 'wait'; readonly untilMs: number; readonly why: string | null }

/** Takes one change back, if what stands there is still what it left. It looks before it does anything, and nothing is done twice. */
export async function undoOne<Call>(entered: JournalRow<Call>, scene: Scene<Call>): Promise<UndoEnd> {
  const one = new OneUndo(entered, scene)
  try {
    for (;;) {
      const turn = await scene.placed(() => one.turn())
      if (turn.is === 'end') return turn.end
      await scene.pause(turn.untilMs, one.row, turn.why)
    }
  } catch (error) {
    if (error instanceof TimeOver) return 'open'
    throw error
  }
}

class OneUndo<Call> {
  row: JournalRow<Call>
  readonly #scene: Scene<Call>
  readonly #patience: Patience
  #looks = 0
  /** Since when something may still appear or vanish: a call was answered or lost, perhaps by an earlier run. null: nothing may. */
  #unsettledSinceMs: number | null

  constructor(row: JournalRow<Call>, scene: Scene<Call>) {
    this.row = row
    this.#scene = scene
    const isUnsettled = row.state === 'undoing' || UNSETTLED.includes(row.state)
    this.#unsettledSinceMs = isUnsettled ? Math.min(scene.now(), row.changedAtMs + LONGEST_CALL_MS) : null
    this.#patience = new Patience('minutes', () => scene.now())
  }

  async turn(): Promise<Turn> {
    const { change, acted } = this.row
    if (change.calls.length === 0 || !acted || (isList(change.undo) && change.undo.length === 0)) return this.#end('undone')
    let seen: Seen | null
    try {
      seen = await this.#scene.look(change)
    } catch (error) {
      return this.#afterFailure(failureOf(error))
    }
    const found = standing(this.row, seen)
    // What was sent a moment ago may still appear.
    const untilMs = this.#settledMs(found)
    if (untilMs > this.#scene.now()) {
      const wakeMs = Math.min(this.#scene.now() + waitMs(PACE[change.takes], this.#looks++), untilMs)
      return { is: 'wait', untilMs: wakeMs, why: this.row.failure?.text ?? null }
    }
    if (found.is === 'gone') return this.#end('undone')
    if (found.is === 'theirs') {
      this.#record('left', { why: found.why })
      return { is: 'end', end: 'left' }
    }
    return this.#act(found, seen)
  }

  /** When what is found can be believed. */
  #settledMs(found: Standing): number {
    const { state, change } = this.row
    // What was made may not show yet, what was taken back may still show.
    const isBelieved = state === 'undoing' ? found.is === 'gone' : found.is !== 'gone'
    return this.#unsettledSinceMs === null || isBelieved ? 0 : this.#unsettledSinceMs + PACE[change.takes].settleMs
  }

  async #act(found: Standing & { readonly is: 'ours' }, seen: Seen | null): Promise<Turn> {
    const { change, before, state, undoCallsDone } = this.row
    // Killed before it could be written down what was made.
    const made = { ...madeOf(change, seen), ...this.row.made }
    if (!isList(change.undo)) return { is: 'end', end: 'cannot' }
    // After all of them were answered and it still stands there, all are made again.
    const first = state === 'undoing' && undoCallsDone < change.undo.length ? undoCallsDone : 0
    this.#record('undoing', { undoCallsDone: first })
    const known = { made, before: before?.seen ?? null, added: found.added, removed: found.removed, secrets: NO_SECRETS }
    for (const [at, call] of change.undo.entries()) {
      if (at < first) continue
      if (this.#scene.isOver && at > first) throw new TimeOver()
      try {
        await this.#scene.hands.send(call, filler(known))
      } catch (error) {
        const failure = failureOf(error)
        this.#unsettledSinceMs = failure.notDone ? null : this.#scene.now()
        return this.#afterFailure(failure)
      }
      this.#record('undoing', { undoCallsDone: at + 1 })
    }
    this.#unsettledSinceMs = this.#scene.now()
    this.#looks = 0
    return this.turn()
  }

  #afterFailure(failure: Failure): Turn {
    const verdict = this.#patience.after(failure, true)
    if (failure.code !== 'stopped') this.#record(this.row.state, { failure })
    if (verdict.is === 'again') return { is: 'wait', untilMs: verdict.atMs, why: failure.message }
    if (verdict.is === 'halt') this.#scene.halt(failure)
    return { is: 'end', end: 'open' }
  }

  #end(state: 'undone'): Turn {
    this.#record(state)
    return { is: 'end', end: state }
  }

  #record(state: ChangeState, patch: JournalPatch = {}): void {
    this.row = this.#scene.journal.record(this.row, state, patch)
    this.#scene.tell(this.row)
  }
}

const NO_SECRETS: ReadonlyMap<string, Secret> = new Map()

function isList<T>(value: readonly T[] | { readonly cannot: string }): value is readonly T[] {
  return Array.isArray(value)
}
