import type { GuardName } from './guard-names.ts'
import type { Case, Rule, Said } from './guards.ts'
import { approval, found, sentences, some, withPlan } from './guards-ready.ts'
import { everywhere, forgotten } from './horizon.ts'
import type { MovePlan } from './looks.ts'
import type { Copies, SwitchState } from './reduce.ts'
import { beforeAll, keysOf, routesOf, valuesAt } from './stages.ts'

type Drain =
  | 'one-new'
  | 'all-new'
  | 'resolvers'
  | 'arrival'
  | 'horizon'
  | 'quiet'
  | 'deltas'
  | 'everybody'
  | 'approval-finish'
  | 'finished'
  | 'tail'
  | 'approval-decommission'

/** What must hold after the switch was begun, until the old host may go. */
export const DRAIN_RULES: Readonly<Record<Drain & GuardName, Rule>> = {
  'one-new': {
    looks: ['fleet'],
    check: ({ state }) =>
      withPlan(state, (plan) => ({ no: isNew(state, plan).some ? [] : ['No name server answers with the new records yet.'] })),
  },
  'all-new': { looks: ['fleet'], check: ({ state }) => withPlan(state, (plan) => twice(isNew(state, plan))) },
  resolvers: { looks: ['resolvers'], check: resolvers },
  arrival: { looks: ['probe'], check: arrival },
  horizon: {
    looks: ['fleet'],
    check: (one) => withPlan(one.state, (plan) => after(one.now, horizon(one, plan), 'Caches may still remember the old records.')),
  },
  quiet: {
    looks: ['delta'],
    check: (one) => withPlan(one.state, (plan) => quiet(one, one.state.delta, switchedAt(one.state, plan), 'the old host')),
  },
  deltas: {
    looks: ['delta'],
    check: (one) =>
      withPlan(one.state, (plan) =>
        twiceTheSame(one.state.delta, Math.max(horizon(one, plan) ?? Infinity, one.state.decided.decommission?.at ?? 0)),
      ),
  },
  everybody: { looks: ['recipients', 'tenant'], check: everybody },
  'approval-finish': { looks: [], check: ({ state }) => approval(state, 'finish') },
  finished: { looks: ['fleet'], check: finished },
  tail: { looks: [], check: tail },
  'approval-decommission': { looks: [], check: ({ state }) => approval(state, 'decommission') },
}

/** When the slowest name server was first seen with the new records; null: not all have them. */
export function switchedAt(state: SwitchState, plan: MovePlan): number | null {
  return isNew(state, plan).at
}

function isNew(state: SwitchState, plan: MovePlan): ReturnType<typeof everywhere> {
  return everywhere(state.fleet, keysOf(plan.switch), valuesAt(plan, 'switched'))
}

/** The horizon with its margin. */
export function horizon({ state, settings }: Case, plan: MovePlan): number | null {
  const at = forgotten(state.fleet, routesOf(plan), valuesAt(plan, 'switched'), beforeAll(plan))
  const switched = switchedAt(state, plan)
  return at === null || switched === null ? null : Math.max(at, switched) + settings.marginMs
}

export function twice({ at, rounds, missing }: ReturnType<typeof everywhere>): Said {
  if (at === null) return { no: sentences(missing) }
  return rounds < 2 ? { no: ['Every name server has answered so once; it is asked again.'] } : { no: [] }
}

export function after(now: number, at: number | null, says: string): Said {
  if (at === null) return { no: ['Not every name server answers as it should.'] }
  return now < at ? { no: [says], notBefore: at } : { no: [] }
}

function resolvers({ state }: Case): Said {
  const failed = found(state, 'resolvers').resolvers.filter(({ answers }) => answers === 'server-failed')
  const others = found(state, 'resolvers').resolvers.some(({ answers }) => answers === 'new' || answers === 'old')
  return {
    no:
      others || failed.length === 0
        ? failed.map(({ resolver }) => `The resolver ${resolver} cannot find the domain any more: its signatures (DNSSEC) may be wrong.`)
        : ['No resolver can find the domain.'],
  }
}

function arrival({ state }: Case): Said {
  const { inbound, outbound, says } = found(state, 'probe')
  const begun = state.steps.switch?.begunAt ?? Infinity
  const no: string[] = []
  if ((state.seen.probe?.startedAt ?? 0) < begun) no.push('No test message was sent since the switch.')
  if (inbound !== 'arrived') no.push('The test message from outside has not arrived at the new side.')
  if (outbound !== 'passed') no.push('The test message to the outside has not passed.')
  return { no: no.length === 0 ? no : [...no, ...says] }
}

/** No mail came for long enough, and a copy that was begun after that has found it so. */
export function quiet({ now, settings }: Case, copies: Copies, since: number | null, where: string): Said {
  if (since === null) return { no: ['Not every name server answers as it should.'] }
  const last = Math.max(since, copies.arrival?.at ?? 0)
  const notBefore = last + settings.quietMs
  if (now < notBefore)
    return {
      no: [copies.arrival === null || copies.arrival.at < since ? `Not long enough since the change.` : `Mail still came to ${where}.`],
      notBefore,
    }
  if (!copies.complete) return { no: [`The last copy did not see all of ${where}.`] }
  return (copies.last.at(-1)?.startedAt ?? 0) < notBefore ? { no: [`${where} was not looked at since then.`] } : { no: [] }
}

/** That only the next copy is missing counts as an instant that is past: it needs no person. */
export function twiceTheSame(copies: Copies, forgottenAt: number): Said {
  const [first, second] = copies.last
  const notBefore = Number.isFinite(forgottenAt) ? forgottenAt : null
  if (!copies.complete) return { no: ['The last copy was not complete.'] }
  if (first === undefined || second === undefined || first.startedAt < forgottenAt || first.seq === second.seq)
    return { no: ['Two complete copies are needed after all caches have forgotten.'], notBefore }
  return first.found.mark === second.found.mark ? { no: [] } : { no: ['The last two copies found something new between them.'], notBefore }
}

function everybody({ state }: Case): Said {
  const { refused, unclear, relayed } = found(state, 'recipients')
  return {
    no: [
      ...some(refused, 'address is refused', 'addresses are refused'),
      ...some(unclear, 'address could not be tried', 'addresses could not be tried'),
      ...some(relayed, 'address still lives at the old host', 'addresses still live at the old host'),
    ],
  }
}

function finished({ state }: Case): Said {
  return withPlan(state, (plan) => {
    const no: string[] = []
    if (state.closed !== 'yes') no.push('The domain still passes unknown addresses on.')
    if ((state.steps.finish?.doneAt ?? null) === null) return { no: [...no, 'The final records are not written yet.'] }
    const { at, missing } = everywhere(state.fleet, keysOf([...plan.switch, ...plan.finish]), valuesAt(plan, 'finished'), 'same')
    return { no: at === null ? [...no, ...sentences(missing)] : no }
  })
}

function tail({ state, now, settings }: Case): Said {
  return withPlan(state, (plan) => {
    const at = switchedAt(state, plan)
    return after(now, at === null ? null : at + settings.tailMs, 'The old host has to stay longer, for senders that know it by its name.')
  })
}
