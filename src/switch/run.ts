import { Failure } from '../model/failure.ts'
import { decide, type Next } from './decide.ts'
import type { Happening, Task } from './events.ts'
import type { Asked, Command, Hands } from './hands.ts'
import type { SwitchLog } from './log.ts'
import type { Look } from './looks.ts'
import type { SwitchState } from './reduce.ts'
import type { SwitchSettings } from './settings.ts'

export type Running = {
  readonly log: SwitchLog
  readonly hands: Hands
  readonly settings: SwitchSettings
  readonly signal: AbortSignal
  /** After each event that was written down. */
  readonly onEvent?: (state: SwitchState) => void
}

/** What is to be done now; commands that are done at this moment are left out by whoever runs them. */
export function next({ log, settings }: Running, freshAfter?: number): Next {
  return decide({ state: log.state(), now: log.now(), settings }, freshAfter)
}

/**
 * Carries one command out and writes down what came of it. What changes something is written down before, and only if nothing else
 * was meanwhile: a person may have paused it. A crash between leaves a command that is decided on again.
 */
export async function perform(running: Running, command: Command, decidedAtSeq: number): Promise<void> {
  const { log, hands, signal } = running
  if (command.do === 'move') {
    append(running, { type: 'moved', from: command.from, to: command.to }, command.evidence, decidedAtSeq)
    return
  }
  if (command.do === 'look') {
    const startedAt = log.now()
    await attempt(running, command.look, async () => {
      append(running, await look(hands, command.look, askedBy(log.state(), command.look, signal), startedAt))
    })
    return
  }
  if (command.do === 'close') {
    if (!append(running, { type: 'closing' }, [], decidedAtSeq)) return
    await attempt(running, 'close', async () => {
      await hands.closeDomain(signal)
      append(running, { type: 'closed' })
    })
    return
  }
  if (command.do === 'open') {
    if (!append(running, { type: 'opening' }, [], decidedAtSeq)) return
    await attempt(running, 'open', async () => {
      await hands.openDomain(signal)
      append(running, { type: 'opened' })
    })
    return
  }
  const { step, swaps } = command
  const zone = log.state().seen.zone?.seq
  if (!append(running, { type: 'writing', step }, zone === undefined ? [] : [zone], decidedAtSeq)) return
  await attempt(running, `write ${step}`, async () => {
    const result = swaps.length === 0 ? 'already' : await hands.writeDns(step, swaps, signal)
    append(running, { type: 'written', step, result })
  })
}

function append({ log, onEvent }: Running, happening: Happening, evidence?: readonly number[], expectSeq?: number): boolean {
  const state = log.append(happening, evidence, expectSeq)
  if (state !== null) onEvent?.(state)
  return state !== null
}

/** A failure is an event like any other; a bug, a crash or a stop is none. */
async function attempt(running: Running, what: Task, body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'stopped' || running.signal.aborted) throw error
    append(running, { type: 'failed', what, code: error.code, says: error.message, notDone: error.notDone })
  }
}

async function look(hands: Hands, name: Look, asked: Asked, startedAt: number): Promise<Happening> {
  const found = await hands.look[name](asked)
  // The kind of the look and what it found belong together; the type of a union cannot say that.
  return { type: 'seen', look: name, startedAt, found } as Extract<Happening, { readonly type: 'seen' }>
}

function askedBy({ plan, steps, delta, reverse }: SwitchState, look: Look, signal: AbortSignal): Asked {
  const mark = look === 'delta' ? delta.mark : look === 'reverse-delta' ? reverse.mark : null
  return { plan, switchedAtMs: steps.switch?.begunWallMs ?? null, mark, signal }
}
