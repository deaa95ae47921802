import { GUARDS } from '../switch/guard-names.ts'
import { attention } from '../switch/attention.ts'
import { awaited } from '../switch/awaited.ts'
import { passes, RULES, verdicts } from '../switch/guards.ts'
import { readLog } from '../switch/open-log.ts'
import type { SwitchEvent } from '../switch/events.ts'
import type { SwitchSettings } from '../switch/settings.ts'
import { mayMove } from '../switch/states.ts'
import type { DomainState } from '../project/state.ts'
import { logOptions } from './switch-open.ts'
import type { World } from './world.ts'

/** Where the move of a domain stands, from its log alone. */
export function domainState(world: World, stateDir: string, name: string, settings: SwitchSettings): DomainState {
  using log = readLog(logOptions(world, { stateDir, domain: name }))
  if (log === null || log.state().seq === 0)
    return {
      name,
      phase: 'draft',
      since: null,
      switchedAt: null,
      quietAt: null,
      turnedBack: null,
      paused: null,
      awaits: null,
      open: [],
      alarms: [],
    }
  const state = log.state()
  const one = { state, now: log.now(), settings }
  const guards = verdicts(one)
  const isBack = state.turnedBack !== null
  return {
    name,
    // Said and not yet begun, it counts as well.
    phase: isBack && mayMove(state.phase, 'rolling-back') ? 'rolling-back' : state.phase,
    since: state.phaseSince === 0 ? null : state.phaseSince,
    switchedAt: isBack ? null : (state.steps.switch?.begunWallMs ?? null),
    quietAt: isBack ? null : quietSince(log.events()),
    turnedBack: isBack ? { name: state.turnedBack.name, reason: state.turnedBack.reason } : null,
    paused: state.paused === null ? null : { name: state.paused.name, reason: state.paused.reason },
    awaits: isBack ? null : awaited(guards),
    open: guards
      .filter((guard) => !passes(guard))
      .map(({ guard, reasons, notBefore, at }) => ({
        guard,
        title: GUARDS[guard].title,
        reasons,
        notBefore: notBefore !== null && notBefore > one.now ? notBefore : null,
        overridable: GUARDS[guard].overridable,
        seen: RULES[guard].looks.every((look) => state.seen[look] !== undefined) && !isOld(at, GUARDS[guard].maxAgeMs, one.now),
      })),
    alarms: attention(one)
      .filter(({ severity }) => severity === 'red')
      .map(({ says }) => says),
  }
}

/** What is old is looked at again, and says nothing until then. */
function isOld(at: number | null, maxAgeMs: number | null, now: number): boolean {
  return at !== null && maxAgeMs !== null && now - at > maxAgeMs
}

/** When it last became quiet, since it was last begun. */
function quietSince(events: readonly SwitchEvent[]): number | null {
  const begun = events.findLastIndex(({ payload }) => payload.type === 'moved' && payload.to === 'draft')
  const quiet = events.slice(begun + 1).findLast(({ payload }) => payload.type === 'moved' && payload.to === 'quiet')
  return quiet?.reading.wallMs ?? null
}
