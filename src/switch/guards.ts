import { GUARDS, type GuardName, type Verdict } from './guard-names.ts'
import { DRAIN_RULES } from './guards-drain.ts'
import { READY_RULES } from './guards-ready.ts'
import { BACK_RULES } from './guards-back.ts'
import type { Look } from './looks.ts'
import type { SwitchState } from './reduce.ts'
import type { SwitchSettings } from './settings.ts'
import { MOVES, type Phase } from './states.ts'

export type Case = { readonly state: SwitchState; readonly now: number; readonly settings: SwitchSettings }

/** What a rule says, besides how old its evidence is. */
export type Said = {
  /** Why it does not hold. */
  readonly no: readonly string[]
  readonly notes?: readonly string[]
  readonly notBefore?: number | null
  /** Of decisions of a person, beside what the looks found. */
  readonly signed?: readonly { readonly seq: number; readonly at: number }[]
}
export type Rule = { readonly looks: readonly Look[]; readonly check: (one: Case) => Said }

export const RULES: Readonly<Record<GuardName, Rule>> = { ...READY_RULES, ...DRAIN_RULES, ...BACK_RULES }

/** What the guard says of the evidence in the log. Pure: the same log and instant give the same verdict. */
export function verdict(guard: GuardName, one: Case): Verdict {
  const { state, now } = one
  const { looks, check } = RULES[guard]
  const { maxAgeMs } = GUARDS[guard]
  const seen = looks.flatMap((look) => state.seen[look] ?? [])
  const missing = looks.filter((look) => state.seen[look] === undefined)
  const said: Said = missing.length > 0 ? { no: missing.map((look) => `Not looked at yet: ${LOOK_TITLES[look]}.`) } : check(one)
  const signed = said.signed ?? []
  // What was seen is as old as the beginning of the look.
  const times = [...seen.map(({ startedAt }) => startedAt), ...signed.map(({ at }) => at)]
  const at = times.length === 0 ? null : Math.min(...times)
  const old =
    said.no.length === 0 && maxAgeMs !== null && at !== null && now - at > maxAgeMs
      ? ['What it rests on is too old; it is looked at again.']
      : []
  const overridden = state.overridden[guard] ?? null
  return {
    guard,
    holds: said.no.length + old.length === 0,
    reasons: [...said.no, ...old, ...(said.notes ?? [])],
    evidence: [...seen.map(({ seq }) => seq), ...signed.map(({ seq }) => seq), ...(overridden === null ? [] : [overridden.seq])].toSorted(
      (a, b) => a - b,
    ),
    at,
    notBefore: said.notBefore ?? null,
    overridden: overridden === null || !GUARDS[guard].overridable ? null : { name: overridden.name, reason: overridden.reason },
  }
}

/** Whether the guard lets the move pass, by itself or as a person answers for it. */
export function passes({ holds, overridden }: Verdict): boolean {
  return holds || overridden !== null
}

/** The way forward from here; null where there is none. */
export function forward(phase: Phase): (typeof MOVES)[number] | null {
  return MOVES.find(({ from }) => from === phase) ?? null
}

export function verdicts(one: Case): readonly Verdict[] {
  return forward(one.state.phase)?.guards.map((guard) => verdict(guard, one)) ?? []
}

export const LOOK_TITLES: Readonly<Record<Look, string>> = {
  analysis: 'the records of the domain',
  zone: 'the zone at its host',
  snapshot: 'the picture of what is to be changed',
  fleet: 'what the name servers answer',
  resolvers: 'what resolvers answer',
  'mx-host': 'the mail host of the tenant',
  recipients: 'the recipients at the new side',
  tenant: 'the tenant',
  lag: 'what is not copied yet',
  source: 'the old mailboxes',
  'old-host': 'the old mail host',
  'way-back': 'the way back',
  probe: 'test messages',
  delta: 'the copy of new mail',
  'reverse-delta': 'the copy of new mail back to the old side',
}
