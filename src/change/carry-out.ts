import { Failure } from '../model/failure.ts'
import { holds } from './compare.ts'
import { filler } from './fill.ts'
import type { Seen } from './hands.ts'
import type { JournalRow } from './journal-row.ts'
import { beforeOf, madeOf, needsBefore } from './kept.ts'
import { LONGEST_CALL_MS, PACE, Patience, waitMs } from './patience.ts'
import { failureOf, TimeOver, type Scene } from './scene.ts'

/** What one turn led to: the end of the change, or a wait before the next turn. */
type Turn =
  | { readonly is: 'end'; readonly isGood: boolean }
  | { readonly is: 'wait'; readonly untilMs: number; readonly why: string | null }

export type Course = {
  /** Whether what it comes after was made of late, so that it may not be known everywhere yet. */
  readonly isLate: () => boolean
  /** The change is in no plan any more: it is looked at, and nothing is done. */
  readonly onlyLook: boolean
  /** When the very same was done before; null: never. A copy that lags may still show what was there before that. */
  readonly doneAtMs: number | null
}

/**
 * Brings one change to its end, from whatever state it was left in. Returns whether it holds now; if not, the journal knows why, and
 * the next run goes on there. Nothing is done before a look, and nothing again before it is known that it was not done.
 */
export async function carryOut<Call>(entered: JournalRow<Call>, scene: Scene<Call>, course: Course): Promise<boolean> {
  const one = new OneChange(entered, scene, course)
  try {
    for (;;) {
      const turn = await scene.placed(() => one.turn())
      if (turn.is === 'end') return turn.isGood
      await scene.pause(turn.untilMs, one.row, turn.why)
    }
  } catch (error) {
    if (error instanceof TimeOver) return false
    throw error
  }
}

class OneChange<Call> {
  row: JournalRow<Call>
  readonly #scene: Scene<Call>
  readonly #course: Course
  readonly #startedMs: number
  /** When the row was written last: never later than now, though the clock may have been set back since. */
  #writtenMs: number
  readonly #patience: Patience
  #looks = 0
  /** Somebody made it at this moment, or a copy lags: it is looked for before that is a failure. */
  #exists: { readonly failure: Failure; readonly sinceMs: number } | null = null

  constructor(row: JournalRow<Call>, scene: Scene<Call>, course: Course) {
    this.row = row
    this.#scene = scene
    this.#course = course
    this.#startedMs = scene.now()
    this.#writtenMs = Math.min(row.changedAtMs, this.#startedMs)
    this.#patience = new Patience(row.change.takes, () => scene.now())
  }

  async turn(): Promise<Turn> {
    const { change } = this.row
    let seen: Seen | null
    try {
      seen = await this.#scene.look(change)
    } catch (error) {
      return this.#afterLook(failureOf(error))
    }
    if (holds(change.expect, seen)) return this.#holding(seen)
    if (this.#course.onlyLook) return this.#lookedOnly()
    if (this.#exists !== null && this.#scene.now() - this.#exists.sinceMs >= PACE[change.takes].settleMs) {
      this.#record('failed', { failure: this.#exists.failure })
      return END
    }
    const untilMs = this.#waitsUntil()
    if (untilMs !== null) return { is: 'wait', untilMs, why: this.row.failure?.text ?? null }
    if (seen === null && !this.row.acted && needsBefore(change))
      return this.#afterLook(new Failure('object-unknown', `${change.about} is not there, or cannot be seen yet.`, { notDone: true }))
    return this.#act(seen)
  }

  /** A copy that lags may hide what was done a moment before the kill. */
  #lookedOnly(): Turn {
    const now = this.#scene.now()
    const untilMs = Math.min(this.#startedMs, this.#writtenMs + LONGEST_CALL_MS) + PACE.seconds.settleMs
    if (now >= untilMs) return END
    return { is: 'wait', untilMs: Math.min(now + waitMs(PACE.seconds, this.#looks++), untilMs), why: this.row.failure?.text ?? null }
  }

  #holding(seen: Seen | null): Turn {
    const { row } = this
    const isOurs = row.acted || row.state === 'waiting'
    this.#record(isOurs ? 'done' : 'already', isOurs ? { made: madeOf(row.change, row.made, seen) } : {})
    return { is: 'end', isGood: true }
  }

  /** null: it is time to act. */
  #waitsUntil(): number | null {
    const { row } = this
    const [now, pace] = [this.#scene.now(), PACE[row.change.takes]]
    const again = (untilMs: number): number | null => (now >= untilMs ? null : Math.min(now + waitMs(pace, this.#looks++), untilMs))
    if (this.#exists !== null) return again(this.#exists.sinceMs + pace.settleMs)
    if (row.state === 'waiting') return again(row.change.calls.length === 0 ? Infinity : this.#writtenMs + pace.forgottenMs)
    const doubted = row.state === 'doing' || row.state === 'in-doubt' ? row.change.calls[row.callsDone] : undefined
    if (doubted !== undefined && this.#scene.hands.isRepeatable?.(doubted) === true) return null
    // Killed at some moment of its call, which may have begun long after the row was written.
    if (row.state === 'doing') return again(Math.min(this.#startedMs, this.#writtenMs + LONGEST_CALL_MS) + pace.settleMs)
    if (row.state === 'in-doubt') return again(this.#writtenMs + pace.settleMs)
    return this.#course.doneAtMs === null ? null : again(Math.min(this.#course.doneAtMs, this.#startedMs) + pace.settleMs)
  }

  async #act(seen: Seen | null): Promise<Turn> {
    const { change, acted: wasActed, state } = this.row
    const { journal, hands } = this.#scene
    if (change.calls.length === 0) {
      this.#record('waiting')
      return { is: 'wait', untilMs: this.#waitsUntil() ?? 0, why: null }
    }
    const before = wasActed ? (this.row.before ?? beforeOf(change, seen)) : beforeOf(change, seen)
    const secrets = journal.secretsOf(this.row)
    const first = state === 'waiting' ? 0 : this.row.callsDone
    this.#record('doing', { before, callsDone: first, acted: true })
    let made = this.row.made ?? {}
    for (const [at, call] of change.calls.entries()) {
      if (at < first) continue
      if (this.#scene.isOver && at > first) throw new TimeOver()
      const isDoubted = at === first && (state === 'doing' || state === 'in-doubt')
      try {
        const output = await hands.send(call, filler({ made, ...before, before: before.seen, secrets }))
        made = { ...made, ...madeOf(change, output) }
      } catch (error) {
        const failure = failureOf(error)
        const wasDone = failure.code === 'object-exists' && (isDoubted || !failure.notDone)
        if (!wasDone) return this.#afterCall(failure, !wasActed && at === 0, isDoubted)
      }
      this.#record(at === change.calls.length - 1 ? 'waiting' : 'doing', { callsDone: at + 1, made })
    }
    this.#looks = 0
    return this.turn()
  }

  #afterLook(failure: Failure): Turn {
    const verdict = this.#patience.after(failure, this.#course.isLate())
    if (verdict.is === 'again') return { is: 'wait', untilMs: verdict.atMs, why: failure.message }
    // What was begun stays what it is: that it cannot be looked at says nothing about it.
    if (failure.code !== 'stopped') this.#record(this.row.state === 'planned' ? 'failed' : this.row.state, { failure })
    if (verdict.is === 'halt') this.#scene.halt(failure)
    return END
  }

  /** `isUntouched`: nothing of the change was done before this call. */
  #afterCall(failure: Failure, isUntouched: boolean, isDoubted: boolean): Turn {
    const verdict = this.#patience.after(failure, this.#course.isLate())
    const isStop = failure.code === 'stopped'
    if (!failure.notDone) this.#record('in-doubt', { failure })
    else if (isUntouched && failure.code === 'object-exists') {
      this.#record('planned', { failure, acted: false })
      this.#exists = { failure, sinceMs: this.#scene.now() }
      return { is: 'wait', untilMs: this.#waitsUntil() ?? 0, why: failure.message }
    } else if (isUntouched)
      this.#record(verdict.is === 'again' || isStop ? 'planned' : 'failed', { acted: false, ...(isStop ? {} : { failure }) })
    // One that was in doubt is refused now: what the first attempt did is known no better.
    else if (isDoubted && verdict.is === 'again') this.#record('in-doubt', { failure })
    else if (!isStop) this.#record('failed', { failure })
    if (verdict.is === 'again') return { is: 'wait', untilMs: verdict.atMs, why: failure.message }
    if (verdict.is === 'halt') this.#scene.halt(failure)
    return END
  }

  #record(
    ...[state, patch]: readonly [Parameters<Scene<Call>['journal']['record']>[1], Parameters<Scene<Call>['journal']['record']>[2]?]
  ): void {
    this.row = this.#scene.journal.record(this.row, state, patch)
    this.#writtenMs = this.row.changedAtMs
    this.#scene.tell(this.row)
  }
}

const END: Turn = { is: 'end', isGood: false }
