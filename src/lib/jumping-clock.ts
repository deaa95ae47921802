import type { Clock } from './clock.ts'

/**
 * Time in which nobody waits: who sleeps wakes at once, and the time has passed all the same. Sleeping together counts once. `settled` is
 * awaited first, so that what is under way comes to its end within the time that is waited for it.
 */
export class JumpingClock implements Clock {
  readonly #settled: () => Promise<void>
  #now: number

  constructor(now: number, settled: () => Promise<void> = () => Promise.resolve()) {
    this.#now = now
    this.#settled = settled
  }

  now(): number {
    return this.#now
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const due = this.#now + ms
    await this.#settled()
    await new Promise((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
    this.#now = Math.max(this.#now, due)
  }
}
