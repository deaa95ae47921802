import type { GuardName } from './guard-names.ts'
import type { Case, Rule, Said } from './guards.ts'
import { after, quiet, twice, twiceTheSame } from './guards-drain.ts'
import { sentences, withPlan } from './guards-ready.ts'
import { everywhere, forgotten } from './horizon.ts'
import type { MovePlan } from './looks.ts'
import type { SwitchState } from './reduce.ts'
import { keysOf, routesOf, valuesAfter, valuesAt } from './stages.ts'

type Back = 'one-old' | 'all-old' | 'horizon-back' | 'quiet-back' | 'deltas-back' | 'put-back'

/** What must hold on the way back. */
export const BACK_RULES: Readonly<Record<Back & GuardName, Rule>> = {
  'one-old': {
    looks: ['fleet'],
    check: ({ state }) =>
      withPlan(state, (plan) => ({
        no: written(state, isOld(state, plan).some ? [] : ['No name server answers with the old records yet.']),
      })),
  },
  'all-old': { looks: ['fleet'], check: ({ state }) => withPlan(state, (plan) => twice(isOld(state, plan))) },
  'horizon-back': {
    looks: ['fleet'],
    check: (one) => withPlan(one.state, (plan) => after(one.now, horizonBack(one, plan), 'Caches may still remember the new records.')),
  },
  'quiet-back': {
    looks: ['reverse-delta'],
    // Where nothing was ever switched, nothing can have come to the new side.
    check: (one) =>
      withPlan(one.state, (plan) =>
        everSwitched(one.state) ? quiet(one, one.state.reverse, isOld(one.state, plan).at, 'the new side') : { no: [] },
      ),
  },
  'deltas-back': {
    looks: ['reverse-delta'],
    check: (one) => withPlan(one.state, (plan) => twiceTheSame(one.state.reverse, horizonBack(one, plan) ?? Infinity)),
  },
  'put-back': { looks: ['fleet'], check: putBack },
}

export function everSwitched(state: SwitchState): boolean {
  return state.steps.switch !== undefined
}

function written(state: SwitchState, no: readonly string[]): readonly string[] {
  return (state.steps['put-back']?.doneAt ?? null) === null ? ['The old records are not written yet.'] : no
}

/** The old records with short times to live: the rest of the way back begins there. */
function isOld(state: SwitchState, plan: MovePlan): ReturnType<typeof everywhere> {
  return everywhere(state.fleet, keysOf(plan.switch), valuesAt(plan, 'lowered'))
}

export function horizonBack({ state, settings }: Case, plan: MovePlan): number | null {
  const at = forgotten(state.fleet, routesOf(plan), valuesAt(plan, 'lowered'), { values: valuesAt(plan, 'switched'), ttlSeconds: 0 })
  const old = isOld(state, plan).at
  if (at === null || old === null) return null
  return everSwitched(state) ? Math.max(Math.max(at, old) + settings.marginMs, old + settings.backTailMs) : Math.max(at, old)
}

function putBack({ state }: Case): Said {
  return withPlan(state, (plan) => {
    if (state.closed !== 'no') return { no: ['The domain still refuses unknown addresses.'] }
    if ((state.steps['put-back-ttl']?.doneAt ?? null) === null) return { no: ['The old times to live are not written yet.'] }
    const all = keysOf([...plan.prepare, ...plan.lower, ...plan.switch, ...plan.finish])
    const { at, missing } = everywhere(state.fleet, all, valuesAfter(plan, 'put-back-ttl', state.turnedBack?.scope ?? 'swapped'), 'same')
    return { no: at === null ? sentences(missing) : [] }
  })
}
