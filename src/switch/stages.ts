import { sameSet, type RecordSet } from '../dns/record-set.ts'
import type { Swap } from '../dns/update-message.ts'
import type { Scope } from './events.ts'
import { dataKey, setKey, type SetKey } from './fleet.ts'
import type { Looks, MovePlan } from './looks.ts'
import type { Step } from './states.ts'

/** What stands in DNS before anything was done, and after each step forward. */
const STAGES = ['original', 'prepared', 'lowered', 'switched', 'finished'] as const
export type Stage = (typeof STAGES)[number]
export type Values = ReadonlyMap<SetKey, RecordSet | null>

const STAGE_AFTER = { prepare: 'prepared', lower: 'lowered', switch: 'switched', finish: 'finished' } as const

export function stepsOf(plan: MovePlan): readonly (readonly Swap[])[] {
  return [plan.prepare, plan.lower, plan.switch, plan.finish]
}

/** Computed once for each plan: guards ask for it all the time. */
const known = new WeakMap<MovePlan, Map<Stage, Values>>()

/** Each set of the plan as it stands once this stage is reached. */
export function valuesAt(plan: MovePlan, stage: Stage): Values {
  const ofPlan = known.get(plan) ?? new Map<Stage, Values>()
  known.set(plan, ofPlan)
  const values = ofPlan.get(stage) ?? computed(plan, stage)
  ofPlan.set(stage, values)
  return values
}

function computed(plan: MovePlan, stage: Stage): Values {
  const steps = stepsOf(plan)
  const values = new Map<SetKey, RecordSet | null>()
  for (const swap of steps.flat()) if (!values.has(setKey(swap))) values.set(setKey(swap), swap.before)
  for (const swap of steps.slice(0, STAGES.indexOf(stage)).flat()) values.set(setKey(swap), swap.after)
  return values
}

/**
 * What a step shall leave. Putting back restores where mail goes at once and with short times to live; additions go only at the end,
 * and only where all is to be as it was.
 */
export function valuesAfter(plan: MovePlan, step: Step, scope: Scope): Values {
  if (step === 'put-back') return valuesAt(plan, 'lowered')
  if (step === 'put-back-ttl') return withFirstTtls(plan, valuesAt(plan, scope === 'all' ? 'original' : 'prepared'))
  return valuesAt(plan, STAGE_AFTER[step])
}

/** Shortened before the plan was made, a time to live is no longer in it. */
function withFirstTtls({ firstTtls = [] }: MovePlan, values: Values): Values {
  const first = new Map(firstTtls.map((one) => [setKey(one), one.ttlSeconds]))
  const longer = ([key, set]: readonly [SetKey, RecordSet | null]): readonly [SetKey, RecordSet | null] =>
    set === null ? [key, set] : [key, { ...set, ttlSeconds: Math.max(set.ttlSeconds, first.get(key) ?? 0) }]
  return firstTtls.length === 0 ? values : new Map([...values].map(longer))
}

/** Whether we wrote this, or read it before we began. */
export function isOurs(plan: MovePlan, set: SetKey, now: RecordSet | null): boolean {
  return STAGES.some((stage) => sameSet(valuesAt(plan, stage).get(set) ?? null, now))
}

export type GivenUp = readonly { readonly set: SetKey; readonly data: readonly string[] }[]

/** Sets that are neither as we read them nor as we wrote them, nor given up by a person. */
export function foreign(plan: MovePlan, zone: Looks['zone'], givenUp: GivenUp): readonly (typeof zone.sets)[number][] {
  return zone.sets.filter((one) => {
    const set = setKey(one)
    const mayGo = givenUp.some((other) => other.set === set && dataKey(other.data) === dataKey(one.now?.data ?? null))
    return valuesAt(plan, 'original').has(set) && !isOurs(plan, set, one.now) && !mayGo
  })
}

/**
 * The swaps of a step, from what the zone was just seen to hold. What somebody else wrote stands in no `before`, so that the write is
 * refused; unless a person gave it up.
 */
export function swapsOf(plan: MovePlan, step: Step, scope: Scope, zone: Looks['zone'], givenUp: GivenUp): readonly Swap[] {
  const strange = foreign(plan, zone, givenUp)
  const expected = valuesAt(plan, expectedBefore(step))
  const swaps: Swap[] = []
  for (const [key, after] of valuesAfter(plan, step, scope)) {
    const set = stepsOf(plan)
      .flat()
      .find((swap) => setKey(swap) === key)
    const seen = zone.sets.find((one) => setKey(one) === key)
    if (set === undefined) continue
    const before = seen === undefined || strange.includes(seen) ? (expected.get(key) ?? null) : seen.now
    if (seen !== undefined && sameSet(seen.now, after, 'counts')) continue
    swaps.push({ name: set.name, type: set.type, before, after })
  }
  return swaps
}

function expectedBefore(step: Step): Stage {
  if (step === 'prepare') return 'original'
  if (step === 'lower') return 'prepared'
  if (step === 'switch') return 'lowered'
  if (step === 'finish' || step === 'put-back') return 'switched'
  return 'lowered'
}

/** Sets that decide where mail goes. */
export function routesOf(plan: MovePlan): ReadonlySet<SetKey> {
  const routes = plan.routes.map(setKey)
  return new Set(routes.length > 0 ? routes : plan.switch.filter(({ type }) => type === 'MX').map(setKey))
}

export function keysOf(swaps: readonly Swap[]): ReadonlySet<SetKey> {
  return new Set(swaps.map(setKey))
}

/** What caches may hold from before anything was done. */
export function beforeAll(plan: MovePlan): { readonly values: Values; readonly ttlSeconds: number } {
  return { values: valuesAt(plan, 'original'), ttlSeconds: plan.firstTtlSeconds ?? 0 }
}
