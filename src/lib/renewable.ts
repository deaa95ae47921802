import type { Clock } from './clock.ts'

/** Something that was given out for a time. */
export type Perishable = { readonly expiresAtMs: number; readonly lifeMs: number }

export type Renewable<T> = {
  /**
   * One that is good for at least `leftMs` more (default five minutes), or half its life where shorter ones are given out. Kept;
   * callers at the same moment share one request.
   */
  value(leftMs?: number): Promise<T>
  /** Forgets the one that is kept: somebody said it is no good. */
  renew(): void
}

const RENEW_BEFORE_MS = 5 * 60_000

/** Keeps what `issue` gives and renews it before it runs out. While `issue` fails for a passing reason, one that still works is handed out. */
export function renewable<T extends Perishable>(
  issue: () => Promise<T>,
  options: { readonly clock: Clock; readonly isTransient: (error: unknown) => boolean },
): Renewable<T> {
  const { clock, isTransient } = options
  let kept: T | null = null
  let running: Promise<T> | null = null
  const issued = async (): Promise<T> => {
    try {
      kept = await issue()
      return kept
    } finally {
      running = null
    }
  }
  return {
    async value(leftMs = RENEW_BEFORE_MS) {
      const held = kept
      const leftNow = held === null ? 0 : held.expiresAtMs - clock.now()
      if (held !== null && leftNow >= Math.min(leftMs, held.lifeMs / 2)) return held
      try {
        running ??= issued()
        return await running
      } catch (error) {
        if (held !== null && held === kept && isTransient(error) && held.expiresAtMs > clock.now()) return held
        throw error
      }
    },
    renew() {
      kept = null
    },
  }
}

export type Retries = {
  readonly attempts: number
  /** How long to wait before the next attempt; null: no other one makes sense. */
  readonly waitMs: (error: unknown, attempt: number) => number | null
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Runs `work` again after a wait, as often as it makes sense. Throws what the last attempt threw. */
export async function retried<T>(work: () => Promise<T>, { attempts, waitMs, clock, signal }: Retries): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const wait = attempt >= attempts ? null : waitMs(error, attempt)
      if (wait === null) throw error
      await clock.sleep(wait, signal)
    }
  }
}
