import type { FailureCode } from '../model/failure-codes.ts'
import type { Failure } from '../model/failure.ts'

/** How a change that can take so long is waited for. */
export type Pace = {
  /** Between two looks: the first, and the longest that it grows to. */
  readonly firstMs: number
  readonly longestMs: number
  /** A call of which nobody knows whether it was carried out is looked for so long before it is made again. */
  readonly settleMs: number
  /** What was carried out and cannot be seen even then is carried out again by the next run. */
  readonly forgottenMs: number
}
const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000]

export const PACE: Readonly<Record<'seconds' | 'minutes' | 'hours', Pace>> = {
  seconds: { firstMs: SECOND, longestMs: 15 * SECOND, settleMs: MINUTE, forgottenMs: HOUR },
  minutes: { firstMs: 5 * SECOND, longestMs: MINUTE, settleMs: 10 * MINUTE, forgottenMs: 6 * HOUR },
  hours: { firstMs: 30 * SECOND, longestMs: 5 * MINUTE, settleMs: HOUR, forgottenMs: 48 * HOUR },
}

/** How long one call may be under way: a row that says it began may be older than the call by that much. */
export const LONGEST_CALL_MS = 20 * MINUTE

export function waitMs({ firstMs, longestMs }: Pace, looks: number): number {
  return Math.min(Math.round(firstMs * 1.7 ** Math.min(looks, 40)), longestMs)
}

/** What is said of an object that was made a moment ago, and passes: for so long, where we made it ourselves. */
const OF_LATE: ReadonlySet<FailureCode> = new Set(['object-unknown', 'not-visible-yet', 'usage-location-missing', 'customization-needed'])
const OF_LATE_MS = 15 * MINUTE
const ATTEMPTS = 4

/** What comes after a failure: again at that time; this change is over; all is over. */
export type Verdict = { readonly is: 'again'; readonly atMs: number } | { readonly is: 'failed' } | { readonly is: 'halt' }

/**
 * Decides after each failure of one change. `isLate`: what it is about was made in the last hour, so that the service may not know
 * it everywhere. The clients have been patient already, so that there are few attempts here.
 */
export class Patience {
  readonly #takes: keyof typeof PACE
  readonly #now: () => number
  #attempts = 0
  #lateSinceMs: number | null = null

  constructor(takes: keyof typeof PACE, now: () => number) {
    this.#takes = takes
    this.#now = now
  }

  after(failure: Failure, isLate: boolean): Verdict {
    const now = this.#now()
    if (failure.code === 'stopped') return { is: 'halt' }
    if (failure.next === 'wait') return { is: 'again', atMs: now + (failure.retryAfterMs ?? MINUTE) }
    // It waits for what somebody else does, such as a record that is published in DNS: as long as the run may wait.
    if (this.#takes === 'hours' && failure.code === 'not-visible-yet')
      return { is: 'again', atMs: now + waitMs(PACE.hours, this.#attempts++) }
    if (isLate && OF_LATE.has(failure.code)) {
      this.#lateSinceMs ??= now
      return now - this.#lateSinceMs < OF_LATE_MS ? { is: 'again', atMs: now + waitMs(PACE.seconds, this.#attempts++) } : { is: 'failed' }
    }
    if (failure.spoils === 'project') return { is: 'halt' }
    if (failure.next !== 'retry' || ++this.#attempts >= ATTEMPTS) return { is: 'failed' }
    return { is: 'again', atMs: now + Math.max(failure.retryAfterMs ?? 0, 5 * SECOND * 3 ** (this.#attempts - 1)) }
  }
}
