import type { Clock } from '../lib/clock.ts'
import type { StatusResponse } from './response.ts'

const FIRST_MS = 50
const LONGEST_MS = 16_000

/**
 * How long to wait between two commands of a server that carries them out and says that it slowed us down (`OK [THROTTLED]`, Gmail):
 * twice as long each time it says so, a quarter less each time it does not. The order of commands stays.
 */
export class Pace {
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #queue: (() => void)[] = []
  #delayMs = 0
  #raisedAt = -Infinity
  #waiting = false

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock
    this.#signal = signal
  }

  get delayMs(): number {
    return this.#delayMs
  }

  /** Sends at once while the server is calm, else when it is this command's turn. */
  pass(send: () => void): void {
    if (this.#delayMs === 0 && !this.#waiting) return send()
    this.#queue.push(send)
    if (!this.#waiting) void this.#work()
  }

  heard({ status, code }: StatusResponse): void {
    if (status !== 'OK') return
    const now = this.#clock.now()
    if (code !== 'THROTTLED') this.#delayMs = this.#delayMs < FIRST_MS / 4 ? 0 : this.#delayMs * 0.75
    else if (now - this.#raisedAt >= this.#delayMs) {
      // Commands that were under way together are one sign, not several.
      this.#delayMs = Math.min(LONGEST_MS, Math.max(FIRST_MS, 2 * this.#delayMs))
      this.#raisedAt = now
    }
  }

  async #work(): Promise<void> {
    this.#waiting = true
    try {
      for (let send = this.#queue.shift(); send !== undefined; send = this.#queue.shift()) {
        await this.#clock.sleep(this.#delayMs, this.#signal)
        send()
      }
    } catch {
      // The session has ended, and its commands with it.
    } finally {
      this.#waiting = false
    }
  }
}
