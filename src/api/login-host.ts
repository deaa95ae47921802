import { Failure } from '../model/failure.ts'

/** Silences in a row after which a host counts as out of reach. */
const MOST_SILENCES = 3
/** A server that wants nothing of us for so long has banned this machine. */
const BAN_MS = 5 * 60_000
/** What is the same for every mailbox of a host. */
const OF_THE_HOST = new Set([
  'host-unknown',
  'tls-untrusted',
  'tls-failed',
  'tls-old',
  'tls-client-certificate',
  'tls-required',
  'not-imap',
  'token-rejected',
  'bad-input',
])
const SILENCE = new Set(['connection-refused', 'connection-timeout'])

/** What the logins at one host have in common: after a ban, or while it cannot be reached, no more of them are tried. */
export class LoginHost {
  #closed: Failure | null = null
  #silences = 0

  /** Throws where another login makes no sense, or harm. */
  mustBeOpen(): void {
    const why = this.#closed
    if (why === null) return
    const { side, serverText, retryAfterMs } = why
    throw new Failure(why.code, why.message, {
      ...(side === undefined ? {} : { side }),
      ...(serverText === undefined ? {} : { serverText }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
  }

  answered(): void {
    this.#silences = 0
  }

  failed(failure: Failure): void {
    if (this.#closed !== null) return
    this.#silences = SILENCE.has(failure.code) ? this.#silences + 1 : 0
    const banned = failure.code === 'throttled' && (failure.retryAfterMs ?? 0) >= BAN_MS
    if (banned || OF_THE_HOST.has(failure.code) || this.#silences >= MOST_SILENCES) this.#closed = failure
  }

  /** Some time has passed: one more may be tried. */
  forgive(): void {
    this.#closed = null
    this.#silences = MOST_SILENCES - 1
  }
}
