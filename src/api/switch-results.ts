import { attention, serversDone, type Attention } from '../switch/attention.ts'
import { awaited } from '../switch/awaited.ts'
import { zoneLines } from '../dns/record-set.ts'
import type { Swap } from '../dns/update-message.ts'
import { GUARDS, isGuardName, type GuardName, type Verdict } from '../switch/guard-names.ts'
import { forward, passes, verdicts, type Case } from '../switch/guards.ts'
import type { Trouble } from './results.ts'
import { DECISIONS, PHASES, type Decision, type Phase } from '../switch/states.ts'

export { DECISIONS, GUARDS, isGuardName, type Attention, type Decision, type GuardName }
export type SwitchPhase = Phase

/** A guard as a person sees it; instants are ISO 8601. */
export type GuardView = {
  readonly guard: GuardName
  readonly title: string
  readonly passes: boolean
  readonly holds: boolean
  readonly reasons: readonly string[]
  /** When the oldest of what it rests on was seen; null: nothing yet. */
  readonly at: string | null
  readonly ageSeconds: number | null
  readonly notBefore: string | null
  readonly overridable: boolean
  readonly overridden: { readonly name: string; readonly reason: string } | null
  /** Numbers of the events in the log that it rests on. */
  readonly evidence: readonly number[]
}

export type StepView = {
  readonly step: 'prepare' | 'lower' | 'switch' | 'finish'
  readonly doneAt: string | null
  readonly lines: readonly string[]
}

/** Where the switch of a domain stands. */
export type SwitchView = {
  readonly domain: string
  readonly phase: Phase
  readonly says: string
  readonly since: string | null
  readonly next: Phase | null
  readonly guards: readonly GuardView[]
  /** What only a person's word is missing for; null: something else is missing too, or nothing. */
  readonly awaits: Decision | null
  readonly steps: readonly StepView[]
  readonly attention: readonly Attention[]
  /** What somebody is to change at a host that no program changes, with the way back first: lines; null: nothing, or not now. */
  readonly byHand: string | null
  readonly servers: { readonly done: number; readonly all: number }
  readonly paused: { readonly name: string; readonly reason: string } | null
  readonly turnedBack: { readonly name: string; readonly reason: string; readonly scope: 'swapped' | 'all' } | null
  readonly events: number
}

export type SwitchResult = {
  readonly view: SwitchView
  /**
   * `waits`: for an instant, or for what is looked at again later. `refused`: a guard does not hold. `asked`: only a person's word is
   * missing. `by-hand`: somebody has to change the records (`view.byHand`). `over`: nothing is left to be done. `elsewhere`: another process carries it out.
   */
  readonly ended: 'waits' | 'refused' | 'asked' | 'by-hand' | 'declined' | 'paused' | 'stopped' | 'over' | 'elsewhere'
  /** When it is worth while to run it again. */
  readonly again: string | null
  readonly failure: Trouble | null
}

export function switchView(domain: string, one: Case): SwitchView {
  const { state, now } = one
  const guards = verdicts(one)
  const { plan, paused, turnedBack } = state
  const steps = (['prepare', 'lower', 'switch', 'finish'] as const).map((step): StepView => {
    const doneAt = state.steps[step]?.doneAt ?? null
    return { step, doneAt: instant(doneAt), lines: plan === null ? [] : plan[step].flatMap(swapLines) }
  })
  return {
    domain,
    phase: state.phase,
    says: PHASES[state.phase].says,
    since: state.seq === 0 ? null : instant(state.phaseSince === 0 ? null : state.phaseSince),
    next: forward(state.phase)?.to ?? null,
    guards: guards.map((guard) => guardView(guard, now)),
    awaits: awaited(guards),
    steps,
    attention: attention(one),
    byHand: Object.values(state.troubles).find(({ code }) => code === 'by-hand')?.says ?? null,
    servers: serversDone(state, turnedBack === null ? 'switched' : 'lowered'),
    paused: paused === null ? null : { name: paused.name, reason: paused.reason },
    turnedBack: turnedBack === null ? null : { name: turnedBack.name, reason: turnedBack.reason, scope: turnedBack.scope },
    events: state.seq,
  }
}

function guardView(verdict: Verdict, now: number): GuardView {
  const { guard, holds, reasons, at, notBefore, overridden, evidence } = verdict
  const { title, overridable } = GUARDS[guard]
  return {
    guard,
    title,
    passes: passes(verdict),
    holds,
    reasons,
    at: instant(at),
    ageSeconds: at === null ? null : Math.max(0, Math.round((now - at) / 1000)),
    notBefore: notBefore === null || notBefore <= now ? null : instant(notBefore),
    overridable,
    overridden,
    evidence,
  }
}

/** `-` what goes, `+` what comes. */
function swapLines({ before, after }: Swap): readonly string[] {
  return [
    ...(before === null ? [] : zoneLines(before).map((line) => `- ${line}`)),
    ...(after === null ? [] : zoneLines(after).map((line) => `+ ${line}`)),
  ]
}

export function instant(ms: number | null): string | null {
  return ms === null || !Number.isFinite(ms) ? null : new Date(ms).toISOString()
}
