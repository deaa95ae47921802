import type { Context } from '../lib/context.ts'
import type { RateLimit } from '../lib/rate-limit.ts'
import type { Failure } from '../model/failure.ts'
import { LaneCount } from './lane-count.ts'

const FIRST_WINDOW = { messages: 64, bytes: 8_000_000 }
const LARGEST_WINDOW = { messages: 512, bytes: 32_000_000 }
const SMALLEST_WINDOW = { messages: 8, bytes: 1_000_000 }
const STEP = { messages: 16, bytes: 1_000_000 }
/** After throttling windows grow back slowly, for this long. */
const SMALL_STEP = { messages: 1, bytes: 64_000 }
const CAREFUL_MS = 60_000
/** Connection pairs for one mailbox where nobody says anything else. */
const MOST_LANES = 4
const LONGEST_WAIT_MS = 30 * 60_000
/** Where a server says "slow down" and not for how long. */
const DEFAULT_WAIT_MS = 30_000
/** How often it is looked whether a person has lifted a pause. */
const LOOK_MS = 2000

type Side = 'source' | 'destination'

/** How a governor tells why nothing moves. */
export type GovernorWatch = {
  waiting(untilMs: number | null): void
  note(text: string | null): void
}

/**
 * How much of one mailbox may be under way: connection pairs, and messages and bytes in flight on each. Grows while all goes well
 * and halves when a server asks for less (AIMD). A throttled side is left alone as long as it said; the other side, and other
 * mailboxes, go on.
 */
export class Governor {
  readonly rate: RateLimit
  readonly #ctx: Context
  readonly #watch: GovernorWatch
  readonly #most: () => number | null
  readonly #count = new LaneCount()
  readonly #pausedUntil: Record<Side, number> = { source: 0, destination: 0 }
  #window = FIRST_WINDOW
  #carefulUntil = 0
  #told: number | null = null
  throttledMs = 0
  /** Lanes that work at this moment, and the most that the work at hand has use for. Kept by the crew. */
  atWork = 0
  useful = Infinity
  /** Called when `lanes` has become another number. */
  onLanes: (() => void) | null = null

  /** `most`: connection pairs that a person allows, asked again all the time; null: the governor decides. */
  constructor(most: number | null | (() => number | null), rate: RateLimit, ctx: Context, watch: GovernorWatch) {
    this.#most = typeof most === 'function' ? most : () => most
    this.rate = rate
    this.#ctx = ctx
    this.#watch = watch
  }

  /** Messages and bytes that one lane may have between its FETCH and its receipt. */
  get window(): { readonly messages: number; readonly bytes: number } {
    return this.#window
  }

  /** Connection pairs to have at this moment. */
  get lanes(): number {
    return Math.min(this.#count.wanted, this.#allowed)
  }

  get #allowed(): number {
    return Math.max(1, this.#most() ?? MOST_LANES)
  }

  /** A window went through without complaint: a little more next time. */
  wentWell(): void {
    const step = this.#ctx.clock.now() < this.#carefulUntil ? SMALL_STEP : STEP
    this.#window = {
      messages: Math.min(LARGEST_WINDOW.messages, this.#window.messages + step.messages),
      bytes: Math.min(LARGEST_WINDOW.bytes, this.#window.bytes + step.bytes),
    }
  }

  /** Messages arrived at the destination: what the number of lanes is judged by. */
  carried(messages: number, bytes: number): void {
    this.#count.carried(messages, bytes, this.#ctx.clock.now(), this.atWork, Math.min(this.#allowed, this.useful))
    this.#tellLanes()
  }

  /** What a person should know while nothing moves; null: no longer. */
  say(text: string | null): void {
    this.#watch.note(text)
  }

  /** The server wants less. Throttling is never the fault of a message. */
  slowDown(failure: Failure): void {
    const now = this.#ctx.clock.now()
    const sides: readonly Side[] = failure.side === undefined ? ['source', 'destination'] : [failure.side]
    // Lanes that are throttled together are one sign, not several.
    if (sides.some((side) => now >= this.#pausedUntil[side])) {
      this.#window = {
        messages: Math.max(SMALLEST_WINDOW.messages, this.#window.messages >> 1),
        bytes: Math.max(SMALLEST_WINDOW.bytes, this.#window.bytes >> 1),
      }
      this.#carefulUntil = now + CAREFUL_MS
      this.#count.halve(now)
      this.#tellLanes()
    }
    if (failure.code !== 'throttled') return
    const told = Math.min(failure.retryAfterMs ?? DEFAULT_WAIT_MS, LONGEST_WAIT_MS)
    // Jitter, so that the mailboxes of one tenant do not come back in the same instant.
    const until = now + told + Math.random() * Math.min(told / 10, 5000)
    for (const side of sides) this.#pausedUntil[side] = Math.max(this.#pausedUntil[side], until)
  }

  /** The server holds only `open` pairs open: keep to that, and try more only after minutes. */
  fewerLanes(open: number): void {
    this.#count.held(open, this.#ctx.clock.now())
    this.#tellLanes()
  }

  /**
   * Resolves when commands may be sent to this side: at once, or after the wait that the server asked for. Without a side: when the
   * next messages may be begun, which a person can put off as well.
   */
  async ready(side?: Side): Promise<void> {
    let held = false
    for (;;) {
      const now = this.#ctx.clock.now()
      const until = side === undefined ? Math.max(this.#pausedUntil.source, this.#pausedUntil.destination) : this.#pausedUntil[side]
      if (now < until) {
        this.#watch.waiting(until)
        await this.#ctx.clock.sleep(until - now, this.#ctx.signal)
        this.throttledMs += until - now
        this.#watch.waiting(null)
      } else if (side === undefined && this.rate.paused) {
        if (!held) this.#watch.note('paused by limit')
        held = true
        await this.#ctx.clock.sleep(LOOK_MS, this.#ctx.signal)
      } else break
    }
    if (held) this.#watch.note(null)
    if (side === undefined) this.#tellLanes()
  }

  #tellLanes(): void {
    const lanes = this.lanes
    if (lanes === this.#told) return
    this.#told = lanes
    this.onLanes?.()
  }
}
