import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import type { Lookout, Sighting, Sought } from './sighting.ts'

export type ArrivalTimes = {
  readonly pollMs: number
  /** Later than this it is slow, but has arrived. */
  readonly slowMs: number
  /** Later than this it has not arrived. */
  readonly windowMs: number
}

export const ARRIVAL_TIMES: ArrivalTimes = { pollMs: 10_000, slowMs: 5 * 60_000, windowMs: 15 * 60_000 }

export type Arrival = { readonly sighting: Sighting | null; readonly waitedMs: number; readonly trouble: string | null }

/** Looks again and again until the probe is there or the window is over. A mailbox that cannot be looked into is told, not thrown. */
export async function awaitArrival(lookout: Lookout, sought: Sought, ctx: Context, times: ArrivalTimes): Promise<Arrival> {
  const { clock, signal } = ctx
  const began = clock.now()
  let trouble: string | null = null
  for (;;) {
    try {
      const sighting = await lookout.find(sought)
      if (sighting !== null) return { sighting, waitedMs: clock.now() - began, trouble: null }
      trouble = null
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'stopped') throw error
      trouble = `${lookout.mailbox} cannot be looked into: ${error.message}`
      if (error.next === 'ask') return { sighting: null, waitedMs: clock.now() - began, trouble }
    }
    if (clock.now() - began + times.pollMs > times.windowMs) return { sighting: null, waitedMs: clock.now() - began, trouble }
    await clock.sleep(times.pollMs, signal)
  }
}
