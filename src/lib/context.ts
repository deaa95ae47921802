import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

/** What every long-running part is given: time, a place to speak, and the one way to be cancelled. */
export type Context = {
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}
