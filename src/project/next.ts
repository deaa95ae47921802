import type { Blocker } from './gate.ts'
import { PHASE_ORDER, type PhaseName } from './phase-names.ts'
import { RULES } from './phases/all.ts'
import { begun, lagOf, type ProjectState } from './state.ts'
import { unwaived } from './waived.ts'
import type { Work } from './work.ts'

/** Where a project stands, what is in its way, and the one thing to do about it. */
export type NextView = {
  readonly project: string
  readonly at: number
  readonly timeZone: string
  /** The earliest phase that is not over. */
  readonly phase: PhaseName
  /** The highest that was entered. */
  readonly entered: PhaseName
  readonly closed: boolean
  /** What is open, by phase, from the first phase to the one that was entered. */
  readonly blockers: readonly (Blocker & { readonly phase: PhaseName })[]
  readonly waived: readonly (Blocker & { readonly phase: PhaseName; readonly name: string; readonly reason: string })[]
  /** Without `cutover` in front; null: nothing but time helps, or nothing is left. */
  readonly command: string | null
  /** Why that one: a sentence. */
  readonly because: string
  /** When it is worth while to look again, where only time is waited for. */
  readonly notBefore: number | null
  readonly cutoverAt: number | null
  /** Of the mailboxes that are under way. */
  readonly mailboxes: {
    readonly all: number
    readonly begun: number
    readonly copied: number
    readonly verified: number
    readonly paused: number
  }
  /** The worst of those that were copied, while their domain is at the old side; null: none was. */
  readonly lag: { readonly mailbox: string; readonly lagMs: number } | null
}

/** The gate of one phase without what was waived. */
export function openOf(state: ProjectState, phase: PhaseName): readonly Blocker[] {
  return unwaived(state, RULES[phase].gate(state))
}

/** The phases that count now: those up to the one that was entered. */
export function reached(state: ProjectState): readonly PhaseName[] {
  return PHASE_ORDER.slice(0, PHASE_ORDER.indexOf(state.entered) + 1)
}

/** The phase that comes after the one that was entered, where all up to that are over; null: not yet, or there is none. */
export function nextPhase(state: ProjectState): PhaseName | null {
  if (reached(state).some((phase) => openOf(state, phase).length > 0)) return null
  return PHASE_ORDER[PHASE_ORDER.indexOf(state.entered) + 1] ?? null
}

/** Whether nothing is left but to say that it is over. */
export function isOver(state: ProjectState): boolean {
  return state.entered === 'closeout' && state.closedAt === null && reached(state).every((phase) => openOf(state, phase).length === 0)
}

/** All that can be done now without a person, or with one who agrees, of the earliest phases first. */
export function dueWork(state: ProjectState): readonly Work[] {
  return reached(state).flatMap((phase) => RULES[phase].work(state))
}

export function nextView(state: ProjectState): NextView {
  const open = reached(state).flatMap((phase) => openOf(state, phase).map((blocker) => ({ ...blocker, phase })))
  const first = open[0]?.phase ?? null
  const waived = state.waivers.flatMap(({ blocker, name, reason }) =>
    reached(state).flatMap((phase) =>
      RULES[phase]
        .gate(state)
        .filter(({ id, waivable }) => waivable && id === blocker)
        .map((one) => ({ ...one, phase, name, reason })),
    ),
  )
  const all = begun(state)
  return {
    project: state.name,
    at: state.now,
    timeZone: state.timeZone,
    phase: first ?? state.entered,
    entered: state.entered,
    closed: state.closedAt !== null,
    blockers: open,
    waived,
    ...choice(state, open),
    cutoverAt: state.cutoverAt,
    mailboxes: {
      all: state.mailboxes.length,
      begun: all.length,
      copied: all.filter(({ copiedAt }) => copiedAt !== null).length,
      verified: all.filter(({ verified, copiedAt }) => verified !== null && copiedAt !== null && verified.at >= copiedAt).length,
      paused: all.filter(({ paused }) => paused !== null).length,
    },
    lag: worstLag(state),
  }
}

type Choice = Pick<NextView, 'command' | 'because' | 'notBefore'>

/**
 * The one command. What `run` can do by itself comes first, wherever a phase has it: nobody should be asked for what is not yet known
 * to be wrong. Then what a person has to do, then what only time brings.
 */
function choice(state: ProjectState, open: readonly Blocker[]): Choice {
  const { now } = state
  const [first] = open
  if (first === undefined) {
    if (state.closedAt !== null) {
      const tail = state.domains.find(({ phase }) => phase === 'finalised')
      if (tail === undefined)
        return { command: 'report closeout', because: 'The project is closed; nothing is left to be done.', notBefore: null }
      return { command: 'run', because: `The project is closed; the old host of ${tail.name} is still watched over.`, notBefore: null }
    }
    return { command: 'run', because: 'Nothing is in the way of the next phase.', notBefore: null }
  }
  const work = open.find(({ needs }) => needs === 'work') ?? null
  if (work !== null) return { command: 'run', because: work.says, notBefore: null }
  const person = open.find(({ needs, command }) => needs === 'person' && command !== null) ?? open.find(({ needs }) => needs === 'person')
  if (person !== undefined) return { command: person.command, because: person.says, notBefore: null }
  const [soonest] = open.flatMap(({ notBefore }) => notBefore ?? []).toSorted((a, b) => a - b)
  // While only time is waited for, `run` keeps the copies fresh.
  const isWorth = dueWork(state).length > 0 || open.some(({ notBefore }) => notBefore === null || notBefore <= now)
  return { command: isWorth || state.entered !== 'closeout' ? 'run --wait 60' : null, because: first.says, notBefore: soonest ?? null }
}

function worstLag(state: ProjectState): NextView['lag'] {
  const onOld = new Set(state.domains.filter(({ phase }) => phase !== 'draft').map(({ name }) => name))
  const counted = begun(state)
    .filter(({ domain }) => !onOld.has(domain) || state.domains.some(({ name, switchedAt }) => name === domain && switchedAt === null))
    .flatMap((one) => {
      const lagMs = lagOf(one, state.now)
      return lagMs === null ? [] : [{ mailbox: one.name, lagMs }]
    })
  return counted.toSorted((a, b) => b.lagMs - a.lagMs)[0] ?? null
}
