import type { Seen } from './gate.ts'
import type { PhaseName } from './phase-names.ts'
import { isPassed, type ProjectState } from './state.ts'

const HOUR = 3_600_000

/** How old a look may be before its phase is over. Afterwards it is not made again because it is old. */
export const FRESH = {
  look: 24 * HOUR,
  assessment: 30 * 24 * HOUR,
  verification: 7 * 24 * HOUR,
} as const

/** What was seen, unless that is too old for a phase that is not over yet; null: it has to be looked at. */
export function seen<T>(state: ProjectState, phase: PhaseName, fact: Seen<T> | null, maxAgeMs: number): Seen<T> | null {
  if (fact === null || isPassed(state, phase)) return fact
  return state.now - fact.at > maxAgeMs ? null : fact
}
