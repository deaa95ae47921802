/** A large upload gets this much patience before silence counts. */
const LARGE_PATIENCE_MS = 300_000
/** What is a large upload. */
const LARGE_BYTES = 1024 * 1024

/** So many lines that are no IMAP, and no command answered between them, are no server that slips up now and then. */
const MOST_GARBAGE_LINES = 1_000

/** Counts silence, and garbage, which is no better. The wire reports each whole idle time without a byte; here it is decided whether that means the end. */
export class Watchdog {
  readonly #idleMs: number
  #quietMs = 0
  #garbageLines = 0
  #answered = 0

  constructor(idleMs: number) {
    this.#idleMs = idleMs
  }

  heard(): void {
    this.#quietMs = 0
  }

  /** One more line that is no IMAP, after so many answered commands. Returns whether that was too much. */
  garbage(answered: number): boolean {
    if (answered !== this.#answered) this.#garbageLines = 0
    this.#answered = answered
    return ++this.#garbageLines > MOST_GARBAGE_LINES
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
