import type { FailureCode } from '../model/failure-codes.ts'
import type { GuardName } from './guard-names.ts'
import type { Look, Looks } from './looks.ts'
import type { Decision, Phase, Step } from './states.ts'

/** What can happen. `seen` is evidence: what a look found; what it says of guards is computed from it again each time. */
export type Happening =
  /** `startedAt`: in the time of the log. */
  | { readonly [K in Look]: { readonly type: 'seen'; readonly look: K; readonly startedAt: number; readonly found: Looks[K] } }[Look]
  /** Written before the first byte goes to the host of DNS, as what follows may have been done. */
  | { readonly type: 'writing'; readonly step: Step }
  | { readonly type: 'written'; readonly step: Step; readonly result: 'done' | 'already' }
  /** The domain refuses unknown recipients from now on (`closed`), or is again as it was (`opened`). */
  | { readonly type: 'closing' }
  | { readonly type: 'closed' }
  | { readonly type: 'opening' }
  | { readonly type: 'opened' }
  | { readonly type: 'failed'; readonly what: Task; readonly code: FailureCode; readonly says: string; readonly notDone: boolean }
  | { readonly type: 'moved'; readonly from: Phase; readonly to: Phase }
  | { readonly type: 'decided'; readonly decision: Decision | 'begin'; readonly name: string; readonly shown: string }
  | { readonly type: 'overridden'; readonly guard: GuardName; readonly reason: string; readonly name: string }
  | { readonly type: 'override-ended'; readonly guard: GuardName; readonly name: string }
  | { readonly type: 'paused'; readonly reason: string; readonly name: string }
  | { readonly type: 'resumed'; readonly name: string }
  /** `swapped`: additions that harm nobody stay; `all`: they go too. */
  | { readonly type: 'turned-back'; readonly scope: Scope; readonly reason: string; readonly name: string }
  /** What somebody else wrote into this set may be overwritten. */
  | { readonly type: 'given-up'; readonly set: string; readonly data: readonly string[]; readonly reason: string; readonly name: string }

export type EventType = Happening['type']
export type Scope = 'swapped' | 'all'

/** Something that is done in the world outside, again and again if need be. `close`: make the domain authoritative; `open`: take that back. */
export type Task = Look | `write ${Step}` | 'close' | 'open'

export const EVENT_TYPES = {
  seen: 'looked',
  writing: 'began to write',
  written: 'wrote',
  closing: 'began to close the domain',
  closed: 'closed the domain',
  opening: 'began to open the domain again',
  opened: 'opened the domain again',
  failed: 'failed',
  moved: 'went on',
  decided: 'a person decided',
  overridden: 'a person let a guard pass',
  'override-ended': 'a guard counts again',
  paused: 'paused',
  resumed: 'resumed',
  'turned-back': 'a person turned back',
  'given-up': 'a person gave up a foreign change',
} as const satisfies Record<EventType, string>

/**
 * What the clocks said. `boot` tells one start of the machine from another, `upMs` runs evenly within it, whatever is done to the
 * clock; `wallMs` is the time of day, which may jump.
 */
export type Reading = { readonly wallMs: number; readonly boot: string; readonly upMs: number }

/**
 * One line of the log, never changed. `at` is the time of the log: it begins as the time of day and then goes on evenly, never back,
 * so that a clock that is set cannot satisfy a guard. `evidence`: the events that a move or a decision rests on.
 */
export type SwitchEvent = {
  readonly seq: number
  readonly at: number
  readonly reading: Reading
  readonly payload: Happening
  readonly evidence: readonly number[]
}

/** How much later it certainly is: by the even clock, or across a restart of the machine by the time of day. Never below zero. */
export function passedMs(before: Reading, after: Reading): number {
  return Math.max(0, before.boot === after.boot ? after.upMs - before.upMs : after.wallMs - before.wallMs)
}

/** `now` in the time of the log. */
export function timeOfLog(last: Pick<SwitchEvent, 'at' | 'reading'> | null, now: Reading): number {
  return last === null ? now.wallMs : last.at + passedMs(last.reading, now)
}
