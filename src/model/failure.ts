import { FAILURES, type FailureCode, type Next, type Spoils } from './failure-codes.ts'

export type FailureDetail = {
  /** The foreign error, kept for the log. */
  readonly cause?: unknown
  /** Which end it happened at. */
  readonly side?: 'source' | 'destination'
  /** How long the server asked us to wait. */
  readonly retryAfterMs?: number
  /** The server's own words, for the report; never to be branched on. */
  readonly serverText?: string
  /** What the service calls this request, for its support. */
  readonly requestId?: string
  /** For a write: true when the server certainly did not carry it out, absent or false when that is unknown. */
  readonly notDone?: boolean
}

/** The one error of the product. Anything thrown that is not a `Failure` is a bug and is reported as one. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: FailureCode
  readonly side: 'source' | 'destination' | undefined
  readonly retryAfterMs: number | undefined
  readonly serverText: string | undefined
  readonly requestId: string | undefined
  readonly notDone: boolean

  constructor(code: FailureCode, message: string, detail: FailureDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.side = detail.side
    this.retryAfterMs = detail.retryAfterMs
    this.serverText = detail.serverText
    this.requestId = detail.requestId
    this.notDone = detail.notDone ?? false
  }

  get spoils(): Spoils {
    return FAILURES[this.code].spoils
  }

  get next(): Next {
    return FAILURES[this.code].next
  }

  get help(): string {
    return FAILURES[this.code].help
  }

  /** The same failure, told which end it happened at. */
  at(side: 'source' | 'destination'): Failure {
    if (this.side !== undefined) return this
    return new Failure(this.code, this.message, {
      cause: this.cause,
      side,
      notDone: this.notDone,
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
      ...(this.serverText === undefined ? {} : { serverText: this.serverText }),
      ...(this.requestId === undefined ? {} : { requestId: this.requestId }),
    })
  }
}
