import type { Context } from '../lib/context.ts'
import type { RateLimit } from '../lib/rate-limit.ts'
import type { Failure } from '../model/failure.ts'

const FIRST_WINDOW = { messages: 64, bytes: 8_000_000 }
const LARGEST_WINDOW = { messages: 1024, bytes: 32_000_000 }
const SMALLEST_WINDOW = { messages: 8, bytes: 1_000_000 }
const LANES_AT_FIRST = 2
const LONGEST_WAIT_MS = 30 * 60_000
/** Where a server says "slow down" and not for how long. */
const DEFAULT_WAIT_MS = 30_000

/**
 * How much of one mailbox may be under way: connection pairs, and messages and bytes in flight on each.
 * Grows while all goes well and halves when a server asks for less (AIMD); a throttled endpoint is left alone as long as it said.
 */
export class Governor {
  readonly rate: RateLimit
  readonly #ctx: Context
  readonly #onWait: (untilMs: number | null) => void
  #window = FIRST_WINDOW
  #mostLanes: number
  #pausedUntil = 0
  throttledMs = 0

  constructor(lanes: number | null, rate: RateLimit, ctx: Context, onWait: (untilMs: number | null) => void) {
    this.#mostLanes = lanes ?? LANES_AT_FIRST
    this.rate = rate
    this.#ctx = ctx
    this.#onWait = onWait
  }

  /** Messages and bytes that one lane may have between its FETCH and its receipt. */
  get window(): { readonly messages: number; readonly bytes: number } {
    return this.#window
  }

  get lanes(): number {
    return this.#mostLanes
  }

  /** A window went through without complaint: a little more next time. */
  wentWell(): void {
    this.#window = {
      messages: Math.min(LARGEST_WINDOW.messages, this.#window.messages + 16),
      bytes: Math.min(LARGEST_WINDOW.bytes, this.#window.bytes + 1_000_000),
    }
  }

  /** The server wants less. Throttling is never the fault of a message. */
  slowDown(failure: Failure): void {
    this.#window = {
      messages: Math.max(SMALLEST_WINDOW.messages, this.#window.messages >> 1),
      bytes: Math.max(SMALLEST_WINDOW.bytes, this.#window.bytes >> 1),
    }
    if (failure.code === 'throttled') {
      const told = Math.min(failure.retryAfterMs ?? DEFAULT_WAIT_MS, LONGEST_WAIT_MS)
      // Jitter, so that the mailboxes of one tenant do not come back in the same instant.
      this.#pausedUntil = Math.max(this.#pausedUntil, this.#ctx.clock.now() + told + Math.random() * Math.min(told / 10, 5000))
    }
  }

  /** The server holds only `open` connections open: keep to that. */
  fewerLanes(open: number): void {
    this.#mostLanes = Math.max(1, Math.min(this.#mostLanes, open))
  }

  /** Resolves when commands may be sent: at once, or after the wait that the server asked for. */
  async ready(): Promise<void> {
    for (;;) {
      const now = this.#ctx.clock.now()
      if (now >= this.#pausedUntil) return
      const wait = this.#pausedUntil - now
      this.#onWait(this.#pausedUntil)
      await this.#ctx.clock.sleep(wait, this.#ctx.signal)
      this.throttledMs += wait
      this.#onWait(null)
    }
  }
}
