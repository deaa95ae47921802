import { PHASE_ORDER, PHASES, type PhaseName } from '../project/phase-names.ts'
import { dueWork, isOver, nextPhase, nextView, type NextView } from '../project/next.ts'
import { LEAD_MS } from '../project/phases/cutover.ts'
import { asks, lastTried } from '../project/phases/prestage.ts'
import { addEvent, events } from '../project/store-records.ts'
import type { StoredProject } from '../project/store.ts'
import type { ProjectState } from '../project/state.ts'
import { closingReports, lacksReports } from './project-closing.ts'
import { openProject, type ProjectAddress, type Question, type Scene } from './project-scene.ts'
import { messagesTurn, tellPeople } from './project-messages.ts'
import { enteredPhase } from './project-state.ts'
import { carryOut, type Outcome } from './project-work.ts'
import type { World } from './world.ts'
import type { Work } from '../project/work.ts'

export type ProjectRunInput = ProjectAddress &
  Pick<Scene, 'show' | 'signal' | 'onDoing' | 'onMailboxes' | 'onProgress'> & {
    /** How long is waited for what time brings; 0: what can be done now is done. */
    readonly waitMinutes: number
    /** Ends once this phase is entered, before anything is done in it; null: it does not end there. */
    readonly until: PhaseName | null
    /** Once it is closed, all its reports are made, into its folder. */
    readonly reportsAtEnd: boolean
    /** Asked before something is changed. The name of who agrees; null: nobody does, and the rest goes on. */
    readonly approve: (question: Question) => Promise<string | null>
    /** After each thing that was done, and each phase that was entered. */
    readonly onDone: (step: RunStep) => void
  }

export type RunStep = {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly phase: PhaseName
  /** A sentence without its full stop. */
  readonly says: string
  readonly ok: boolean
}

export type ProjectRunResult = {
  readonly view: NextView
  readonly steps: readonly RunStep[]
  /** `gate`: a person has to do something. `waits`: only time is missing. `until`: the phase that was asked for. `over`: nothing is left. */
  readonly ended: 'gate' | 'waits' | 'until' | 'over'
  /** When it is worth while to run it again; null: once a person did something. */
  readonly again: number | null
}

/** A change, or the switch, is waited for so long where nobody wants to wait: most of what is made in a tenant is there by then. */
const LEAST_WAIT_MINUTES = 10
/** What messages are tried under. */
const MESSAGES = 'messages'
const REPORTS = 'reports'
const LONGEST_NAP_MS = 15 * 60_000

/**
 * Does everything in a project that needs no person, phase by phase, and asks before anything is changed. It can be stopped or killed at
 * any instant and run again: what was done is in the store, the ledger, the journals and the logs of the switches, and each piece of
 * work looks before it writes. The definition is read anew before each piece: a cutover that was postponed meanwhile is.
 */
export async function projectRun(world: World, input: ProjectRunInput): Promise<ProjectRunResult> {
  const began = world.clock.now()
  const until = began + input.waitMinutes * 60_000
  const tried = new Map<string, number>()
  const steps: RunStep[] = []
  const step = (phase: PhaseName, says: string, ok: boolean): void => {
    const one = { at: world.clock.now(), phase, says, ok }
    steps.push(one)
    input.onDone(one)
  }
  for (;;) {
    input.signal.throwIfAborted()
    const { store, open, state: found } = await openProject(world, input, { readOnly: false })
    try {
      const state = entered(found, (phase, over) => {
        const says = over ? 'The project is closed' : `${PHASES[phase].title}: ${PHASES[phase].says}`
        if (isNews(open.project, phase, over)) {
          addEvent(open.project, { kind: over ? 'project-closed' : 'phase-entered', says, data: { phase } })
          step(phase, says, true)
        }
        return !over && phase === input.until
      })
      const told = (ended: ProjectRunResult['ended'], again: number | null): ProjectRunResult => ({
        view: nextView(state),
        steps,
        ended,
        again,
      })
      if (input.until !== null && state.entered === input.until) return told('until', null)
      const now = world.clock.now()
      const scene = {
        ...input,
        world,
        open,
        state,
        waitMinutes: LEAST_WAIT_MINUTES,
        agreed: (question: Question) => input.approve(question),
      }
      if (input.reportsAtEnd && !tried.has(REPORTS) && lacksReports(open.project)) {
        tried.set(REPORTS, Infinity)
        const { says, ok } = await closingReports(world, scene)
        step(state.entered, says, ok)
        continue
      }
      const messages = await messagesTurn(scene)
      if (messages.due && (tried.get(MESSAGES) ?? 0) <= now) {
        input.onDoing('Messages to people')
        const outcome = await tellPeople(scene)
        tried.set(MESSAGES, Math.max(outcome.again ?? Infinity, now + 1))
        step(state.entered, outcome.says, outcome.failure === null)
        continue
      }
      const due = patient(dueWork(state), state, began)
      const work = due.find(({ key }) => (tried.get(key) ?? 0) <= now)
      if (work !== undefined) {
        const minutes = Math.max(LEAST_WAIT_MINUTES, Math.min(60, (until - now) / 60_000))
        const outcome = await doWork(work, { ...scene, waitMinutes: minutes })
        tried.set(work.key, Math.max(outcome.again ?? Infinity, world.clock.now() + 1))
        step(state.entered, outcome.says, outcome.failure === null)
        continue
      }
      const again = wakeAt(state, due, tried, messages.nextAt)
      if (again !== null && again <= until) {
        input.onDoing('Waiting')
        // In pieces, so that a person's word is heard.
        await world.clock.sleep(Math.min(Math.max(again - now, 1), LONGEST_NAP_MS), input.signal)
        continue
      }
      return told(endOf(state), again)
    } finally {
      store.close()
    }
  }
}

async function doWork(work: Work, scene: Scene): Promise<Outcome> {
  scene.onDoing(work.says)
  return carryOut(scene, work)
}

/** A mailbox that asked for a person is tried again by the next run, once the definition is another one, or after half a day. */
const ASKED_MS = 12 * 3_600_000

/** The work without mailboxes that need a person first: a password that was refused is not sent again and again. */
function patient(due: readonly Work[], { mailboxes, definedAt, now }: ProjectState, began: number): readonly Work[] {
  const asking = new Set(
    mailboxes.flatMap((one) => {
      const at = one.lastPass?.beganAt ?? 0
      return asks(one) && at >= began && at >= definedAt && now - at < ASKED_MS ? [one.name] : []
    }),
  )
  return due.flatMap((work): readonly Work[] => {
    if (work.do !== 'copy' && work.do !== 'verify') return [work]
    const left = work.mailboxes.filter((name) => !asking.has(name))
    return left.length === 0 ? [] : [{ ...work, mailboxes: left }]
  })
}

/** Another run may have been here a moment ago. */
function isNews(project: StoredProject, phase: PhaseName, over: boolean): boolean {
  if (over) return events(project, 'project-closed').length === 0
  return PHASE_ORDER.indexOf(enteredPhase(project)) < PHASE_ORDER.indexOf(phase)
}

/** The state after every phase was entered whose turn it is; `tell` returns true where it ends there. */
function entered(found: ProjectState, tell: (phase: PhaseName, over: boolean) => boolean): ProjectState {
  let state = found
  for (let phase = nextPhase(state); phase !== null; phase = nextPhase(state)) {
    state = { ...state, entered: phase }
    if (tell(phase, false)) return state
  }
  if (isOver(state)) {
    tell(state.entered, true)
    return { ...state, closedAt: state.now }
  }
  return state
}

/** When something can be done that cannot be done now; null: only a person can change anything. */
function wakeAt(state: ProjectState, due: readonly Work[], tried: ReadonlyMap<string, number>, nextMessage: number | null): number | null {
  const { now, deltaEveryMs } = state
  const later = [
    ...due.map(({ key }) => tried.get(key) ?? now),
    ...nextView(state).blockers.flatMap(({ notBefore }) => notBefore ?? []),
    ...[state.cutoverAt, ...state.batches.map(({ cutoverAt }) => cutoverAt)].flatMap((at) => (at === null ? [] : [at - LEAD_MS, at])),
    ...state.batches.flatMap(({ startsAt }) => startsAt ?? []),
    ...(state.quietUntil === null ? [] : [state.quietUntil]),
    ...(nextMessage === null ? [] : [nextMessage]),
    ...(deltaEveryMs === null
      ? []
      : state.mailboxes.filter(({ copiedAt }) => copiedAt !== null).map((one) => lastTried(one) + deltaEveryMs)),
  ].filter((at) => at > now && Number.isFinite(at))
  return later.length === 0 ? null : Math.min(...later)
}

function endOf(state: ProjectState): ProjectRunResult['ended'] {
  const { blockers, closed } = nextView(state)
  if (blockers.some(({ needs }) => needs === 'person')) return 'gate'
  if (blockers.length > 0) return 'waits'
  return closed && !state.domains.some(({ phase }) => phase === 'finalised') ? 'over' : 'waits'
}
