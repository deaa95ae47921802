import type { Clock } from './clock.ts'

/** A cap on bytes a second that can be changed while it is in use; null means no cap. Bursts of one second are let through. */
export class RateLimit {
  readonly #clock: Clock
  #perSecond: number | null
  #allowance: number
  #at: number

  constructor(bytesPerSecond: number | null, clock: Clock) {
    this.#clock = clock
    this.#perSecond = bytesPerSecond
    this.#allowance = bytesPerSecond ?? 0
    this.#at = clock.now()
  }

  change(bytesPerSecond: number | null): void {
    this.#perSecond = bytesPerSecond
    this.#allowance = Math.min(this.#allowance, bytesPerSecond ?? 0)
  }

  /** Waits until `bytes` may pass. What is larger than a second's worth passes as one and is paid for afterwards. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    if (this.#perSecond === null) return
    this.#refill(this.#perSecond)
    this.#allowance -= bytes
    if (this.#allowance < 0) await this.#clock.sleep((-this.#allowance / this.#perSecond) * 1000, signal)
  }

  #refill(perSecond: number): void {
    const now = this.#clock.now()
    this.#allowance = Math.min(perSecond, this.#allowance + ((now - this.#at) / 1000) * perSecond)
    this.#at = now
  }
}
