import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'

export type Visibility<T> = {
  /** What is waited for, as the end of "… cannot be seen yet": `The user anna@example.test`. */
  readonly what: string
  readonly limitMs: number
  /** Whether what was read is new enough; where nothing is said, that it can be read is. */
  readonly seen?: (value: T) => boolean
  /** How often in a row: the next answer may come from a copy that still lags. Once where nothing is said. */
  readonly inARow?: number
}

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 15_000

/**
 * Reads again until a change can be seen. Directory and Exchange answer from copies that lag: what was made is unknown for some
 * seconds, what was set still old for minutes. Throws `not-visible-yet` at the limit, and at once what is no lag.
 */
export async function untilVisible<T>(
  read: () => Promise<T>,
  { what, limitMs, seen, inARow = 1 }: Visibility<T>,
  ctx: Context,
): Promise<T> {
  const { clock, signal } = ctx
  const giveUpAtMs = clock.now() + limitMs
  let row = 0
  let cause: unknown
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      const value = await read()
      row = seen?.(value) === false ? 0 : row + 1
      if (row >= inARow) return value
    } catch (error) {
      if (!(error instanceof Failure) || (error.code !== 'object-unknown' && error.code !== 'not-visible-yet')) throw error
      row = 0
      cause = error
    }
    const leftMs = giveUpAtMs - clock.now()
    if (leftMs <= 0) {
      const waited = limitMs < 120_000 ? `${Math.round(limitMs / 1000)} seconds` : `${Math.round(limitMs / 60_000)} minutes`
      throw new Failure('not-visible-yet', `${what} cannot be seen yet, after ${waited}.`, { cause })
    }
    await clock.sleep(Math.min(waitMs, leftMs), signal)
  }
}
