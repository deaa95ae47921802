import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import type { Reading, Scope, SwitchEvent, Task } from './events.ts'
import { readFleet, type Fleet } from './fleet.ts'
import type { GuardName } from './guard-names.ts'
import type { Carried, Look, Looks, MovePlan } from './looks.ts'
import { mayMove, type Decision, type Phase, type Step } from './states.ts'

/** What a look found last, in the time of the log. */
export type Seen<K extends Look = Look> = {
  readonly seq: number
  readonly startedAt: number
  readonly at: number
  readonly found: Looks[K]
}
export type Evidence = { readonly [K in Look]?: Seen<K> }

/** What is known of the copies in one direction. */
export type Copies = {
  /** The last that were complete, oldest first, at most two. */
  readonly last: readonly Seen<'delta'>[]
  /** When mail that somebody sent was last found new there, and in which event. */
  readonly arrival: { readonly at: number; readonly seq: number } | null
  readonly complete: boolean
  /** Of the last one, complete or not. */
  readonly mark: string | null
}

export type Trouble = {
  readonly code: FailureCode
  readonly says: string
  readonly since: number
  readonly at: number
  readonly times: number
}
export type Signed = { readonly seq: number; readonly at: number; readonly name: string }

/** Everything that is known of the move of one domain: the fold of its log, and nothing else. */
export type SwitchState = {
  readonly seq: number
  readonly at: number
  readonly reading: Reading | null
  readonly phase: Phase
  readonly phaseSince: number
  readonly plan: MovePlan | null
  readonly seen: Evidence
  /** How the sets that are in no step of the plan were when they were first looked at. */
  readonly bystanders: string | null
  readonly fleet: Fleet | null
  readonly steps: { readonly [S in Step]?: { readonly begunAt: number; readonly begunWallMs: number; readonly doneAt: number | null } }
  /** The last event about a write: what was seen of the zone before it is no longer so. */
  readonly wroteSeq: number
  readonly closed: 'no' | 'begun' | 'yes'
  readonly delta: Copies
  readonly reverse: Copies
  readonly troubles: { readonly [T in Task]?: Trouble }
  readonly decided: { readonly [D in Decision | 'begin']?: Signed & { readonly shown: string } }
  readonly overridden: { readonly [G in GuardName]?: Signed & { readonly reason: string } }
  readonly paused: (Signed & { readonly reason: string }) | null
  readonly turnedBack: (Signed & { readonly reason: string; readonly scope: Scope }) | null
  /** Values that somebody else wrote and that may be overwritten: `name type` and its data. */
  readonly givenUp: readonly { readonly set: string; readonly data: readonly string[] }[]
}

const NO_COPIES: Copies = { last: [], arrival: null, complete: false, mark: null }

export const BEGINNING: SwitchState = {
  seq: 0,
  at: 0,
  reading: null,
  phase: 'draft',
  phaseSince: 0,
  plan: null,
  seen: {},
  bystanders: null,
  fleet: null,
  steps: {},
  wroteSeq: 0,
  closed: 'no',
  delta: NO_COPIES,
  reverse: NO_COPIES,
  troubles: {},
  decided: {},
  overridden: {},
  paused: null,
  turnedBack: null,
  givenUp: [],
}

export function reduceAll(events: Iterable<SwitchEvent>, from: SwitchState = BEGINNING): SwitchState {
  let state = from
  for (const event of events) state = reduce(state, event)
  return state
}

/** The state after one more event. Throws `state-damaged` for a move that the table does not know. */
export function reduce(before: SwitchState, event: SwitchEvent): SwitchState {
  const { seq, at, payload, reading } = event
  const state: SwitchState = { ...before, seq, at: Math.max(before.at, at), reading }
  if ('name' in payload) return said(state, payload)
  switch (payload.type) {
    case 'seen':
      return foundBy(state, payload, { seq, startedAt: payload.startedAt, at })
    case 'writing': {
      const first = before.steps[payload.step] ?? { begunAt: at, begunWallMs: reading.wallMs }
      return { ...state, wroteSeq: seq, steps: { ...state.steps, [payload.step]: { ...first, doneAt: null } } }
    }
    case 'written': {
      const begun = before.steps[payload.step] ?? { begunAt: at, begunWallMs: reading.wallMs }
      return {
        ...without(state, `write ${payload.step}`),
        wroteSeq: seq,
        steps: { ...state.steps, [payload.step]: { ...begun, doneAt: at } },
      }
    }
    case 'closing':
      return { ...state, closed: 'begun' }
    case 'closed':
      return { ...without(state, 'close'), closed: 'yes' }
    case 'opening':
      return state
    case 'opened':
      return { ...without(state, 'open'), closed: 'no' }
    case 'failed': {
      const same = before.troubles[payload.what]
      const trouble = { code: payload.code, says: payload.says, since: same?.since ?? at, at, times: (same?.times ?? 0) + 1 }
      return { ...state, troubles: { ...state.troubles, [payload.what]: trouble } }
    }
    case 'moved':
      break
  }
  return moved(state, payload.from, payload.to)
}

/** What a person said. */
function said(state: SwitchState, payload: Extract<SwitchEvent['payload'], { readonly name: string }>): SwitchState {
  const signed: Signed = { seq: state.seq, at: state.at, name: payload.name }
  switch (payload.type) {
    case 'decided':
      return { ...state, decided: { ...state.decided, [payload.decision]: { ...signed, shown: payload.shown } } }
    case 'overridden':
      return { ...state, overridden: { ...state.overridden, [payload.guard]: { ...signed, reason: payload.reason } } }
    case 'override-ended': {
      const { [payload.guard]: _, ...others } = state.overridden
      return { ...state, overridden: others }
    }
    case 'paused':
      return { ...state, paused: { ...signed, reason: payload.reason } }
    case 'resumed':
      return { ...state, paused: null, troubles: {} }
    case 'turned-back':
      return { ...state, paused: null, turnedBack: { ...signed, reason: payload.reason, scope: payload.scope } }
    case 'given-up':
      break
  }
  return { ...state, givenUp: [...state.givenUp, { set: payload.set, data: payload.data }] }
}

function foundBy(
  state: SwitchState,
  payload: Extract<SwitchEvent['payload'], { type: 'seen' }>,
  when: { readonly seq: number; readonly startedAt: number; readonly at: number },
): SwitchState {
  const { look, found } = payload
  const next: SwitchState = { ...without(state, look), seen: { ...state.seen, [look]: { ...when, found } } }
  if (look === 'fleet') return { ...next, fleet: readFleet(state.fleet, found, when.at, when.seq) }
  if (look === 'zone') return { ...next, bystanders: state.bystanders ?? found.outside }
  if (look === 'delta') return { ...next, delta: copied(state.delta, found, when) }
  if (look === 'reverse-delta') return { ...next, reverse: copied(state.reverse, found, when) }
  // Once something was kept to be put back, the plan stays as it was then.
  if (look === 'analysis' && (state.phase === 'draft' || state.phase === 'analysed')) return { ...next, plan: found.plan }
  return next
}

function copied(before: Copies, found: Carried, when: { readonly seq: number; readonly startedAt: number; readonly at: number }): Copies {
  // What came is known even where the copy did not come to its end.
  const arrival = found.inbound + found.local > 0 ? { at: when.at, seq: when.seq } : before.arrival
  // One that was broken off between two others is no sign that these found the same.
  const last = found.complete ? [...before.last, { ...when, found }].slice(-2) : []
  return { last, arrival, complete: found.complete, mark: found.mark }
}

function moved(state: SwitchState, from: Phase, to: Phase): SwitchState {
  if (state.phase !== from || !mayMove(from, to))
    throw new Failure('state-damaged', `The log of the switch tells of a move from ${from} to ${to} while it was ${state.phase}.`)
  // Begun again after everything was put back: nothing of before counts, but the clock.
  if (to === 'draft') return { ...BEGINNING, seq: state.seq, at: state.at, reading: state.reading, phaseSince: state.at }
  return { ...state, phase: to, phaseSince: state.at }
}

function without(state: SwitchState, task: Task): SwitchState {
  const { [task]: _, ...others } = state.troubles
  return { ...state, troubles: others }
}
