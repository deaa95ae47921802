/** A large upload gets this much patience before silence counts. */
const LARGE_PATIENCE_MS = 300_000
/** What is a large upload. */
const LARGE_BYTES = 1024 * 1024

/** Counts silence. The wire reports each whole idle time without a byte; here it is decided whether that means the end. */
export class Watchdog {
  readonly #idleMs: number
  #quietMs = 0

  constructor(idleMs: number) {
    this.#idleMs = idleMs
  }

  heard(): void {
    this.#quietMs = 0
  }

  get quietSeconds(): number {
    return Math.round(this.#quietMs / 1000)
  }

  /** One more idle time of silence; `excused` when nothing was due or we are the slow one. Returns whether that was too much. */
  quiet(excused: boolean, literalBytes: number): boolean {
    this.#quietMs = excused ? 0 : this.#quietMs + this.#idleMs
    if (excused) return false
    return literalBytes <= LARGE_BYTES || this.#quietMs >= LARGE_PATIENCE_MS
  }
}
