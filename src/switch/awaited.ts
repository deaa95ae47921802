import type { GuardName, Verdict } from './guard-names.ts'
import { passes } from './guards.ts'
import { DECISIONS, type Decision } from './states.ts'

/** What is shown to be true only after a person's word. */
const LATER: readonly GuardName[] = ['drift', 'finished', 'dns-writable', 'deltas']

/** The decision that nothing but a person's word is missing for; null: there is none. */
export function awaited(guards: readonly Verdict[]): Decision | null {
  for (const decision of Object.keys(DECISIONS).filter(isDecision)) {
    const asked: GuardName = `approval-${decision}`
    const isMissing = guards.some(({ guard, holds }) => guard === asked && !holds)
    if (isMissing && guards.every((one) => passes(one) || one.guard === asked || LATER.includes(one.guard))) return decision
  }
  return null
}

function isDecision(text: string): text is Decision {
  return Object.hasOwn(DECISIONS, text)
}
