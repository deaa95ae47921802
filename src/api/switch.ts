import { awaited } from '../switch/awaited.ts'
import type { Next } from '../switch/decide.ts'
import { passes } from '../switch/guards.ts'
import { shownAs } from '../switch/guards-ready.ts'
import type { Command, Hands } from '../switch/hands.ts'
import type { StoredLog } from '../switch/log.ts'
import { openLog, readLog } from '../switch/open-log.ts'
import { looksNow, lookAtOnce } from '../switch/look-at-once.ts'
import { next, perform, type Running } from '../switch/run.ts'
import { USUAL, type SwitchSettings } from '../switch/settings.ts'
import type { GuardName, Verdict } from '../switch/guard-names.ts'
import { BEGINNING, type SwitchState } from '../switch/reduce.ts'
import type { Decision } from '../switch/states.ts'
import { Failure } from '../model/failure.ts'
import { readDefinition } from '../definition/definition.ts'
import { definedSettings } from './defined.ts'
import { dnsHandsOf } from './switch-dns-hands.ts'
import { mailboxHandsOf } from './switch-mailbox-hands.ts'
import { logOptions, openSwitch, type OpenSwitch, type SwitchInput } from './switch-open.ts'
import { instant, switchView, type SwitchResult, type SwitchView } from './switch-results.ts'
import { tenantHandsOf } from './switch-tenant-hands.ts'
import { happeningOf, type SwitchWord } from './switch-words.ts'
import { troubleOf } from './trouble.ts'
import type { World } from './world.ts'

export type SwitchPlace = Pick<SwitchInput, 'stateDir' | 'domain'> & {
  /** Where it says how long is waited; absent, or not to be read: the usual times. */
  readonly definitionFile?: string
}

export type SwitchRunInput = SwitchInput & {
  /** How long is waited for what only time brings. 0: what can be done now is done. */
  readonly waitMinutes: number
  /**
   * Asked before the first record is written (`begin`), and for each decision. The name of who agrees; null: nobody does.
   */
  readonly approve: (what: 'begin' | Decision, view: SwitchView) => Promise<string | null>
  /** Before each thing that is done, and after each event. */
  readonly onDoing: (what: string) => void
  readonly onView: (view: SwitchView) => void
  /** Others than the usual ones: for tests. */
  readonly settings?: SwitchSettings
}

export type SwitchOperations = {
  /** Carries the move of a domain on as far as its guards let it. */
  switchRun(input: SwitchRunInput): Promise<SwitchResult>
  /** Where the move stands; null: nothing was begun. Opens no socket. */
  switchStatus(place: SwitchPlace): Promise<SwitchView | null>
  /** Writes a person's word about it down, also while another process carries it out. Opens no socket. */
  switchSay(place: SwitchPlace, word: SwitchWord): Promise<SwitchView>
}

/** Where it stands, from the log alone. Opens no socket; null where nothing was begun. */
export async function switchStatus(world: World, place: SwitchPlace): Promise<SwitchView | null> {
  const options = logOptions(world, place)
  const settings = await settingsAt(place)
  using log = readLog(options)
  return log === null ? null : viewOf(log, options.domain, settings)
}

async function settingsAt({ definitionFile }: SwitchPlace): Promise<SwitchSettings> {
  try {
    return definitionFile === undefined ? USUAL : definedSettings(await readDefinition(definitionFile, {}, { secrets: false }))
  } catch (error) {
    // A mistake in the file is no reason not to be told, or not to be heard.
    if (error instanceof Failure) return USUAL
    throw error
  }
}

/** Writes a person's word down. Throws `bad-input` where it cannot be said now. */
export async function switchSay(world: World, place: SwitchPlace, word: SwitchWord): Promise<SwitchView> {
  const options = logOptions(world, place)
  const settings = await settingsAt(place)
  using log = openLog(options, 'say')
  const happening = happeningOf(log, word)
  // A move has no name of its own.
  if (word.say === 'again') log.append({ type: 'resumed', name: word.name.trim() })
  log.append(happening)
  return viewOf(log, options.domain, settings)
}

function viewOf(log: StoredLog, domain: string, settings: SwitchSettings): SwitchView {
  const state = log.state()
  return switchView(domain, { state, now: state === BEGINNING ? 0 : log.now(), settings })
}

/**
 * Carries the switch on as far as it goes: looks, writes what is agreed, and stops where a guard does not hold, where a person has to
 * decide, or where only time helps. It can be stopped or killed at any time, and run again; the log tells where it was.
 */
export async function switchRun(world: World, input: SwitchRunInput): Promise<SwitchResult> {
  const options = logOptions(world, input)
  // First of all, so that nothing is begun where the definition is wrong.
  const open = await openSwitch(world, input)
  const hands = handsOf(open)
  const settings = input.settings ?? open.settings
  let log: StoredLog
  try {
    log = openLog(options, 'run')
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'state-in-use') throw error
    const view = await switchStatus(world, input)
    if (view === null) throw error
    return { view, ended: 'elsewhere', again: null, failure: null }
  }
  using held = log
  const view = (): SwitchView => viewOf(held, options.domain, settings)
  const running: Running = {
    log: held,
    hands,
    settings,
    signal: input.signal,
    onEvent: () => input.onView(view()),
  }
  const told = (ended: SwitchResult['ended'], again: number | null = null): SwitchResult => ({
    view: view(),
    ended,
    again: instant(again),
    failure: null,
  })
  try {
    return await carriedOn(running, input, world.clock, view, told)
  } catch (error) {
    if (error instanceof Failure && error.code !== 'stopped' && !input.signal.aborted)
      return { ...told('refused'), failure: troubleOf(error) }
    if (input.signal.aborted) return told('stopped')
    throw error
  }
}

function handsOf(open: OpenSwitch): Hands {
  const [dns, tenant] = [dnsHandsOf(open), tenantHandsOf(open)]
  return {
    look: { ...dns.look, ...tenant.look, ...mailboxHandsOf(open) },
    writeDns: dns.writeDns,
    closeDomain: tenant.closeDomain,
    openDomain: tenant.openDomain,
  }
}

async function carriedOn(
  running: Running,
  input: SwitchRunInput,
  clock: World['clock'],
  view: () => SwitchView,
  told: (ended: SwitchResult['ended'], again?: number | null) => SwitchResult,
): Promise<SwitchResult> {
  const { log } = running
  const began = log.now()
  const until = began + input.waitMinutes * 60_000
  for (;;) {
    input.signal.throwIfAborted()
    const { phase, turnedBack, steps } = log.state()
    // A person waits now: what does not hold is looked at again once.
    const what = next(running, began)
    const decision = turnedBack === null ? awaited(what.guards) : null
    if (decision !== null) {
      const name = await input.approve(decision, view())
      if (name === null) return told('declined')
      log.append({ type: 'decided', decision, name, shown: shownAs(log.state(), decision) })
      continue
    }
    const [command] = what.commands
    if (command !== undefined) {
      const isFirst =
        command.do === 'write' && (command.step === 'prepare' || command.step === 'lower') && steps[command.step] === undefined
      const shown = shownAs(log.state(), 'begin')
      if (isFirst && log.state().decided.begin?.shown !== shown) {
        const name = await input.approve('begin', view())
        if (name === null) return told('declined')
        log.append({ type: 'decided', decision: 'begin', name, shown })
        continue
      }
      const looks = command.do === 'look' ? looksNow(what.commands) : []
      input.onDoing(looks.length > 0 ? `looking: ${looks.map(({ look }) => look).join(', ')}` : doing(command))
      if (looks.length > 0) await lookAtOnce(running, looks)
      else await perform(running, command, log.state().seq)
      continue
    }
    if (phase === 'decommissioned' || phase === 'restored') return told('over')
    if (log.state().paused !== null) return told('paused')
    const { again } = what
    if (again === null || again > Math.max(until, settledAt(log.state(), what, began)))
      return told(view().byHand === null ? reasonOf(what, log) : 'by-hand', again)
    input.onDoing(`waiting until ${instant(again) ?? ''}`)
    // In pieces, so that a word said in another process is heard.
    await clock.sleep(Math.min(Math.max(again - log.now(), 1), 15_000), input.signal)
  }
}

/** Name servers have a write within seconds, mostly: that is waited for, however short the wait was asked to be. */
const SETTLES_MS = 2 * 60_000
/** So long it is no fault of anybody that some do not have it. */
const FOLLOW_MS = 30 * 60_000

/** Until when it is stayed for what this run wrote; 0 where nothing was written, or something else is waited for. */
function settledAt(state: SwitchState, { guards }: Next, began: number): number {
  const wrote = wroteAt(state)
  const until = wrote + SETTLES_MS
  return wrote >= began && guards.every((guard) => passes(guard) || (guard.notBefore ?? 0) <= until) ? until : 0
}

function wroteAt({ steps }: SwitchState): number {
  return Math.max(...Object.values(steps).map(({ doneAt }) => doneAt ?? -Infinity))
}

function reasonOf({ guards }: Next, log: Running['log']): SwitchResult['ended'] {
  const open = guards.filter((guard) => !passes(guard))
  if (open.length > 0 && open.every(({ guard }) => guard.startsWith('approval-'))) return 'asked'
  const follows = log.now() - wroteAt(log.state()) < FOLLOW_MS
  const isTime = ({ guard, notBefore }: Verdict): boolean => notBefore !== null || (follows && FOLLOWING.includes(guard))
  // What is decided, and written, once the others hold is not what is missing now.
  const others = open.filter(({ guard }) => !guard.startsWith('approval-') && guard !== 'put-back')
  return (others.length > 0 ? others : open).every(isTime) ? 'waits' : 'refused'
}

/** What holds as soon as name servers have followed. */
const FOLLOWING: readonly GuardName[] = ['prepared', 'lowered', 'one-new', 'all-new', 'finished', 'one-old', 'all-old', 'put-back']

function doing(command: Command): string {
  if (command.do === 'move') return `${command.from} → ${command.to}`
  if (command.do === 'look') return `looking: ${command.look}`
  if (command.do === 'write') return `writing: ${command.step}`
  return command.do === 'close' ? 'closing the domain' : 'opening the domain again'
}
