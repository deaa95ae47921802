import { ByteBudget } from './byte-budget.ts'
import type { Clock } from './clock.ts'

/** `total`: calls in flight at one time, in whatever lane; `each`: those of one lane. */
export type LaneLimits = { readonly total: number; readonly each: number }

type Lane = { readonly places: ByteBudget; users: number; pausedUntilMs: number }

/**
 * Bounds how many calls are in flight, all together and in each lane: what a service counts together. A lane that was told to
 * slow down starts nothing before its pause is over, while the others go on.
 */
export class Lanes {
  readonly #clock: Clock
  readonly #limits: LaneLimits
  readonly #total: ByteBudget
  readonly #lanes = new Map<string, Lane>()

  constructor(limits: LaneLimits, clock: Clock) {
    this.#clock = clock
    this.#limits = limits
    this.#total = new ByteBudget(limits.total)
  }

  /** Rejects with the signal's reason when it is aborted before `work` began; `work` looks after itself. */
  async run<T>(name: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const lane = this.#lane(name)
    lane.users++
    try {
      await this.#enter(lane, signal)
      try {
        return await work()
      } finally {
        this.#leave(lane)
      }
    } finally {
      lane.users--
      this.#forget(name, lane)
    }
  }

  /** Starts nothing in the lane for so long; a longer pause that was set before stays. */
  pause(name: string, ms: number): void {
    const lane = this.#lane(name)
    lane.pausedUntilMs = Math.max(lane.pausedUntilMs, this.#clock.now() + ms)
  }

  async #enter(lane: Lane, signal: AbortSignal): Promise<void> {
    for (;;) {
      const pauseMs = lane.pausedUntilMs - this.#clock.now()
      if (pauseMs > 0) {
        await this.#clock.sleep(pauseMs, signal)
        continue
      }
      await lane.places.take(1, signal)
      try {
        await this.#total.take(1, signal)
      } catch (error) {
        lane.places.give(1)
        throw error
      }
      // It may have been paused while this one stood in the queue.
      if (lane.pausedUntilMs <= this.#clock.now()) return
      this.#leave(lane)
    }
  }

  #leave(lane: Lane): void {
    this.#total.give(1)
    lane.places.give(1)
  }

  #lane(name: string): Lane {
    const known = this.#lanes.get(name)
    if (known !== undefined) return known
    const lane = { places: new ByteBudget(this.#limits.each), users: 0, pausedUntilMs: 0 }
    this.#lanes.set(name, lane)
    return lane
  }

  /** There is one for every mailbox: those that nobody uses would pile up. */
  #forget(name: string, lane: Lane): void {
    if (lane.users === 0 && lane.pausedUntilMs <= this.#clock.now()) this.#lanes.delete(name)
  }
}
