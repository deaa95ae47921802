import { sameSet } from '../../src/dns/record-set.ts'
import { brokenBy, brokenByPlan, brokenByReplay, type Broken } from '../../src/switch/invariants.ts'
import { BEGINNING, type SwitchState } from '../../src/switch/reduce.ts'
import type { SwitchSettings } from '../../src/switch/settings.ts'
import type { MemoryLog } from './memory-log.ts'
import type { World } from './world.ts'
import { BYSTANDER, keyOf } from './zone-model.ts'

/** Looks at the log and at the world itself after every event, and keeps all that must never be. */
export class Watchman {
  readonly broken: Broken[] = []
  readonly #settings: SwitchSettings
  #before: SwitchState = BEGINNING
  #atOld = 0

  constructor(settings: SwitchSettings) {
    this.#settings = settings
  }

  look(state: SwitchState, world: World, log: MemoryLog): void {
    const event = log.kept.at(-1)
    if (event === undefined || event.seq !== state.seq) throw new Error('the last event is the one that was told')
    this.broken.push(...brokenBy(this.#before, event, this.#settings), ...this.#ofWorld(state, world))
    if (state.plan !== null && state.plan !== this.#before.plan) this.broken.push(...brokenByPlan(state.plan))
    this.#before = state
  }

  end(world: World, log: MemoryLog): void {
    const state = log.state()
    this.broken.push(...brokenByReplay(log.kept, state))
    const isBack = state.phase === 'restored'
    const owed = world.messages.filter(({ user, atOld, atNew }) =>
      isBack ? atNew && !atOld : atOld && !atNew && world.isKnown(user, Infinity),
    ).length
    if (owed > 0) this.broken.push({ invariant: isBack ? 'I10' : 'I2', says: `${owed} messages never came home.` })
  }

  #ofWorld(state: SwitchState, world: World): readonly Broken[] {
    const broken: Broken[] = []
    const isOver = state.phase === 'decommissioned' || state.phase === 'restored'
    if (!isOver && !world.oldIsUp) broken.push({ invariant: 'I1', says: 'The old host is gone before anybody said that it may.' })
    const late = world.late
    const isRefused = late !== null && !world.isKnown(late.user) && (!world.variant.relay || world.closed)
    const named = world.resolvers.some(({ host, expiresAt }) => host === 'new' && expiresAt > world.now)
    if (isRefused && named) broken.push({ invariant: 'I1', says: 'A cache names the new host, which refuses a known address.' })
    if (!sameSet(world.zone.now.get(keyOf(BYSTANDER)) ?? null, BYSTANDER, 'counts'))
      broken.push({ invariant: 'I3', says: 'A record of nobody was changed.' })
    if (late !== null && world.closed && !world.isKnown(late.user))
      broken.push({ invariant: 'I6', says: 'The domain is closed before everybody is there.' })
    const atOld = world.messages.filter((message) => message.atOld).length
    if (atOld < this.#atOld) broken.push({ invariant: 'I9', says: 'A message is gone from an old mailbox.' })
    this.#atOld = atOld
    return broken
  }
}
