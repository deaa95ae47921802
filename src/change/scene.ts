import { ByteBudget } from '../lib/byte-budget.ts'
import type { Context } from '../lib/context.ts'
import type { Change } from '../model/change.ts'
import { Failure } from '../model/failure.ts'
import { objectSeen } from './compare.ts'
import type { ChangeState } from './change-state.ts'
import type { Hands, Seen } from './hands.ts'
import type { Journal } from './journal.ts'
import type { JournalRow } from './journal-row.ts'
import { PACE } from './patience.ts'

/** What is going on with one change, for whoever watches. */
export type ChangeProgress = {
  readonly key: string
  readonly about: string
  readonly says: string
  /** `held-back`: what it comes after did not come to a good end. */
  readonly state: ChangeState | 'held-back'
  /** When it is looked at again, where it waits. */
  readonly nextLookMs: number | null
  /** Since when it waits to be seen, over all runs. */
  readonly waitingSinceMs: number | null
  /** What went wrong, or what it waits for. */
  readonly why: string | null
}

export type SceneOptions<Call> = {
  readonly journal: Journal<Call>
  readonly hands: Hands<Call>
  readonly ctx: Context
  /** Changes that are worked on at one time; those that only wait do not count. 8 where nothing is said. */
  readonly atOnce?: number
  /** How long the run may wait for what takes its time; what is not there then stays for the next run. An hour where nothing is said. */
  readonly waitMs?: number
  readonly onProgress?: (progress: ChangeProgress) => void
}

const HOUR_MS = 3_600_000

/** Thrown within a run where one change ends without an end of its own: the time is over, or a stop was asked for. */
export class TimeOver extends Error {
  override readonly name = 'TimeOver'
}

/** What the changes of one run share: places, time, and the one stop. */
export class Scene<Call> {
  readonly journal: Journal<Call>
  readonly hands: Hands<Call>
  readonly ctx: Context
  readonly #places: ByteBudget
  readonly #deadlineMs: number
  readonly #tell: (progress: ChangeProgress) => void
  readonly #halt = new AbortController()
  readonly #signal: AbortSignal
  #broken: { readonly error: unknown } | null = null
  #halted: Failure | null = null

  constructor({ journal, hands, ctx, atOnce = 8, waitMs = HOUR_MS, onProgress = () => {} }: SceneOptions<Call>) {
    this.journal = journal
    this.hands = hands
    this.ctx = ctx
    this.#places = new ByteBudget(atOnce)
    this.#deadlineMs = ctx.clock.now() + waitMs
    this.#tell = onProgress
    this.#signal = AbortSignal.any([ctx.signal, this.#halt.signal])
  }

  now(): number {
    return this.ctx.clock.now()
  }

  get isOver(): boolean {
    return this.#signal.aborted
  }

  /** What ended it all before its time; null: nothing. */
  get halted(): Failure | null {
    return this.#halted ?? (this.ctx.signal.aborted ? new Failure('stopped', 'Stopped on request.') : null)
  }

  halt(failure: Failure): void {
    this.#halted ??= failure
    this.#halt.abort(failure)
  }

  /** Ends all of it for an error that is no `Failure` of one change: a bug, or a journal that cannot be written. */
  breakOff(error: unknown): void {
    this.#broken ??= { error }
    this.#halt.abort(error)
  }

  throwBroken(): void {
    if (this.#broken !== null) throw this.#broken.error
  }

  /** Waits for a place, and gives it back however `work` ends. Throws `TimeOver` where all is over. */
  async placed<T>(work: () => Promise<T>): Promise<T> {
    if (this.isOver) throw new TimeOver()
    try {
      await this.#places.take(1, this.#signal)
    } catch {
      throw new TimeOver()
    }
    try {
      if (this.isOver) throw new TimeOver()
      return await work()
    } finally {
      this.#places.give(1)
    }
  }

  /**
   * Sleeps until then, or until the run may wait no longer; where that is over already, or all is over, throws `TimeOver`. What was
   * just done and takes seconds has those.
   */
  async pause(untilMs: number, row: JournalRow<Call>, why: string | null): Promise<void> {
    const now = this.now()
    const isBrief = row.change.takes === 'seconds' && row.state !== 'planned' && row.state !== 'failed'
    const deadlineMs = isBrief ? Math.max(this.#deadlineMs, row.changedAtMs + PACE.seconds.settleMs + 1) : this.#deadlineMs
    if (now >= deadlineMs || this.isOver) throw new TimeOver()
    const wakeMs = Math.min(Math.max(untilMs, now + 1), deadlineMs)
    this.tell(row, { nextLookMs: wakeMs, why })
    try {
      await this.ctx.clock.sleep(wakeMs - now, this.#signal)
    } catch {
      throw new TimeOver()
    }
  }

  tell(row: JournalRow<Call>, more: Partial<Pick<ChangeProgress, 'state' | 'nextLookMs' | 'why'>> = {}): void {
    const { change, state, waitingSinceMs, failure, why } = row
    const { key, about, says } = change
    this.#tell({ key, about, says, state, nextLookMs: null, waitingSinceMs, why: failure?.text ?? why, ...more })
  }

  async look({ look, calls }: Change<Call>): Promise<Seen | null> {
    return objectSeen(look, await this.hands.read(look.call, calls.length === 0))
  }
}

/** Anything else that is thrown is a bug, and goes on. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  throw error
}
