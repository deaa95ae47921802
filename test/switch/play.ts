import type { Happening, Reading } from '../../src/switch/events.ts'
import { awaited } from '../../src/switch/awaited.ts'
import type { GuardName } from '../../src/switch/guard-names.ts'
import { shownAs } from '../../src/switch/guards-ready.ts'
import { reduceAll, type SwitchState } from '../../src/switch/reduce.ts'
import { next, perform, type Running } from '../../src/switch/run.ts'
import type { SwitchSettings } from '../../src/switch/settings.ts'
import { MemoryLog } from './memory-log.ts'
import { worldHands, type Around } from './world-hands.ts'
import { DAY, HOUR, MINUTE, USUAL_WORLD, World, type Variant } from './world.ts'
import { Random } from './random.ts'

export type Played = {
  readonly world: World
  readonly log: MemoryLog
  readonly ended: 'decommissioned' | 'restored' | 'stuck'
  readonly lost: number
  readonly bounced: number
}

export type Play = {
  readonly variant?: Partial<Variant>
  readonly settings: SwitchSettings
  readonly overridden?: readonly GuardName[]
  readonly around?: (world: World) => Around
  /** What the clocks of the machine say. */
  readonly reading?: (world: World) => Reading
  readonly onEvent?: (state: SwitchState, world: World, log: MemoryLog) => void
  /** Called between two commands; may change the world. */
  readonly between?: (world: World, log: MemoryLog) => void
  readonly longest?: number
}

/** Thrown by a hand where the process is killed. */
export class Killed extends Error {}

const CALM: Around = { before: () => {}, after: () => {} }

/** Lets the real reducer and the real decisions move a domain of a random world, until the end and until all mail has come to rest. */
export async function play(seed: number, options: Play): Promise<Played> {
  const random = new Random(seed)
  const world = new World(random, { ...USUAL_WORLD, ...options.variant })
  const log = new MemoryLog(() => options.reading?.(world) ?? { wallMs: world.now, boot: 'one', upMs: world.now - world.begins })
  const running: Running = {
    log,
    hands: worldHands(world, options.around?.(world) ?? CALM),
    settings: options.settings,
    signal: new AbortController().signal,
    onEvent: (state) => options.onEvent?.(state, world, log),
  }
  const say = (happening: Happening): void => {
    const state = log.append(happening)
    if (state !== null) options.onEvent?.(state, world, log)
  }
  for (const guard of options.overridden ?? []) say({ type: 'overridden', guard, reason: 'to see what happens', name: 'the test' })
  const turnsBackAfterMs = random.chance(world.variant.rollback) ? random.between(0, 5) * DAY : null
  let decidesAt: number | null = null
  const limit = world.begins + (options.longest ?? 60 * DAY)
  while (world.now < limit) {
    options.between?.(world, log)
    const state = log.state()
    if (state.phase === 'decommissioned' || state.phase === 'restored') break
    const switchedAt = state.steps.switch?.begunAt
    const turnsBackAt =
      switchedAt === undefined || turnsBackAfterMs === null || state.turnedBack !== null ? Infinity : switchedAt + turnsBackAfterMs
    if (log.now() >= turnsBackAt && state.phase !== 'ready')
      say({ type: 'turned-back', scope: 'swapped', reason: 'does not work', name: 'anna' })
    const isAsked = state.phase === 'ready' || state.phase === 'quiet' || state.phase === 'finalised'
    const what = next(running, isAsked ? log.now() - 10 * MINUTE : 0)
    const decision = awaited(what.guards)
    if (decision !== null) decidesAt ??= world.now + random.between(1, 20) * MINUTE
    else decidesAt = null
    if (decision !== null && decidesAt !== null && world.now >= decidesAt) {
      say({ type: 'decided', decision, name: 'anna', shown: shownAs(state, decision) })
      decidesAt = null
      continue
    }
    const command = what.commands[0]
    if (command === undefined) {
      const wait = Math.min(what.again ?? Infinity, turnsBackAt) - log.now()
      world.advanceTo(Math.min(limit, decidesAt ?? Infinity, world.now + Math.max(wait, 1)))
      continue
    }
    try {
      await perform(running, command, log.state().seq)
    } catch (error) {
      if (!(error instanceof Killed)) throw error
    }
  }
  const { phase } = log.state()
  const ended = phase === 'decommissioned' || phase === 'restored' ? phase : 'stuck'
  // Its owner switches the old host off as soon as he may.
  if (ended === 'decommissioned') world.oldIsUp = false
  while (world.isMailUnderWay) world.advanceTo(world.now + HOUR)
  return { world, log, ended, ...world.harm(ended === 'restored' ? 'old' : 'new') }
}

export function replayed(log: MemoryLog): SwitchState {
  return reduceAll(log.kept)
}
