import type { Clock } from './clock.ts'

/** How often a cap that may be changed is looked at while somebody waits for it. */
const LOOK_MS = 2000

/**
 * A cap on bytes a second that can be changed while it is in use; null means no cap, 0 lets nothing pass. Bursts of one second
 * are let through. A cap given as a function is asked again at every use, and every two seconds while somebody waits.
 */
export class RateLimit {
  readonly #clock: Clock
  readonly #live: boolean
  #cap: () => number | null
  /** The cap that held since `#at`. */
  #held: number | null
  /** Bytes that the time gone by allows, and bytes that were let through, since the beginning. */
  #earned: number
  #spent = 0
  #at: number

  constructor(bytesPerSecond: number | null | (() => number | null), clock: Clock) {
    this.#clock = clock
    this.#live = typeof bytesPerSecond === 'function'
    this.#cap = typeof bytesPerSecond === 'function' ? bytesPerSecond : () => bytesPerSecond
    this.#held = this.#cap()
    this.#earned = this.#held ?? 0
    this.#at = clock.now()
  }

  /** Nothing may pass for now. */
  get paused(): boolean {
    return this.#cap() === 0
  }

  change(bytesPerSecond: number | null): void {
    this.#refill()
    this.#cap = () => bytesPerSecond
  }

  /** Waits until `bytes` may pass. What is larger than a second's worth passes as one and is paid for afterwards. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    if (this.#refill() === null) return
    this.#spent += bytes
    const mark = this.#spent
    for (;;) {
      const cap = this.#refill()
      const short = mark - this.#earned
      // Less than a byte is a rounding error.
      if (cap === null || (cap > 0 && short < 0.5)) return
      const wait = cap === 0 ? Infinity : (short / cap) * 1000
      await this.#clock.sleep(this.#live ? Math.min(wait, LOOK_MS) : wait, signal)
    }
  }

  #refill(): number | null {
    const now = this.#clock.now()
    const cap = this.#cap()
    // Without a cap nothing is owed and nothing is saved up.
    if (this.#held === null || cap === null) this.#earned = this.#spent
    else this.#earned = Math.min(this.#earned + ((now - this.#at) / 1000) * this.#held, this.#spent + Math.max(this.#held, cap))
    this.#held = cap
    this.#at = now
    return cap
  }
}
