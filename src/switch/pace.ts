import type { Task } from './events.ts'
import type { Look } from './looks.ts'
import type { SwitchState, Trouble } from './reduce.ts'
import type { Phase } from './states.ts'

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000]

/** How long a reading of the zone may stand behind a write; the write itself compares once more. */
export const ZONE_FRESH_MS = 30 * SECOND

/** How soon something that does not hold is looked at again, where nobody asks for it. */
export const RETRY_MS: Readonly<Record<Look, number>> = {
  analysis: 30 * MINUTE,
  zone: 10 * MINUTE,
  snapshot: 10 * MINUTE,
  fleet: 10 * MINUTE,
  resolvers: 5 * MINUTE,
  'mx-host': 10 * MINUTE,
  recipients: 30 * MINUTE,
  tenant: 10 * MINUTE,
  lag: 10 * MINUTE,
  source: 10 * MINUTE,
  'old-host': 10 * MINUTE,
  'way-back': 30 * MINUTE,
  probe: 2 * MINUTE,
  delta: 10 * MINUTE,
  'reverse-delta': 10 * MINUTE,
}

/** How often something is looked at while nothing but time, or a person, is waited for. */
export const IDLE_MS = 6 * HOUR

type Watched = readonly (readonly [Look, number])[]

const FORWARD: readonly Phase[] = ['draining', 'quiet', 'finalised']

/** What is watched in this phase whatever the guards ask for. */
export function watched(state: SwitchState, now: number): Watched {
  const { phase } = state
  if (phase === 'snapshotted' || phase === 'prepared' || phase === 'switching' || phase === 'switched-partial')
    return [['fleet', fleetPace(state, now)], ...beside(state, now)]
  if (phase === 'ttl-lowered' || phase === 'ready')
    return [
      ['fleet', 10 * MINUTE],
      ['delta', 30 * MINUTE],
      ['old-host', HOUR],
    ]
  if (phase === 'switched' || FORWARD.includes(phase))
    return [['fleet', phase === 'switched' ? 30 * SECOND : fleetPace(state, now)], ...beside(state, now)]
  if (phase === 'rolling-back' || phase === 'rolled-back-partial')
    return [
      ['fleet', fleetPace(state, now)],
      ['reverse-delta', deltaPace(sinceStep(state, now, 'put-back'))],
    ]
  if (phase === 'reverse-draining')
    return [
      ['fleet', fleetPace(state, now)],
      ['reverse-delta', deltaPace(sinceStep(state, now, 'put-back'))],
    ]
  return []
}

/** Both hosts are watched from the switch on. */
function beside(state: SwitchState, now: number): Watched {
  if (state.steps.switch === undefined) return []
  const since = sinceStep(state, now, 'switch')
  return [
    ['delta', deltaPace(since)],
    ['old-host', since < 24 * HOUR ? 15 * MINUTE : HOUR],
    ['resolvers', since < 10 * MINUTE ? 30 * SECOND : since < 24 * HOUR ? 10 * MINUTE : HOUR],
    ['recipients', IDLE_MS],
  ]
}

/** Quick while late mail is most likely. */
export function deltaPace(sinceMs: number): number {
  return sinceMs < 2 * HOUR ? 5 * MINUTE : sinceMs < 24 * HOUR ? 30 * MINUTE : sinceMs < 72 * HOUR ? 2 * HOUR : 6 * HOUR
}

function fleetPace(state: SwitchState, now: number): number {
  const written = Math.max(...Object.values(state.steps).map((step) => step.begunAt), state.phaseSince)
  const since = now - written
  return since < 2 * MINUTE ? 5 * SECOND : since < 30 * MINUTE ? 30 * SECOND : since < 2 * HOUR ? 2 * MINUTE : 10 * MINUTE
}

function sinceStep(state: SwitchState, now: number, step: 'switch' | 'put-back'): number {
  return now - (state.steps[step]?.begunAt ?? now)
}

/** A person who is at it is looked at often. */
const BY_HAND_SOON = 60

/** When a task that failed may be tried again. What a person does by hand is looked for at once where somebody waits (`freshAfter`). */
export function triedAgainAt(state: SwitchState, task: Task, freshAfter: number = 0): number {
  const trouble: Trouble | undefined = state.troubles[task]
  if (trouble === undefined) return 0
  if (trouble.code === 'by-hand') {
    if (trouble.at < freshAfter) return 0
    return trouble.at + (trouble.times <= BY_HAND_SOON ? MINUTE : 10 * MINUTE)
  }
  const waitMs = trouble.code === 'record-changed' ? 10 * MINUTE : Math.min(30 * SECOND * 2 ** (trouble.times - 1), 30 * MINUTE)
  return trouble.at + waitMs
}
