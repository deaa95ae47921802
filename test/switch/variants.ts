import { USUAL, type SwitchSettings } from '../../src/switch/settings.ts'
import { play, type Play } from './play.ts'
import { DAY } from './world.ts'
import { Watchman } from './world-invariants.ts'

/** `unharmed`: in no run. `harmed`: shows in some. `seldom`: may show in many runs. */
export type Variant = { readonly name: string; readonly play: Play; readonly expects: 'unharmed' | 'harmed' | 'seldom' }

/** Without the long tail, which outlives the six days of mail: what is left must be enough by itself. */
const BARE: SwitchSettings = { ...USUAL, tailMs: 0 }
const NONE: SwitchSettings = { ...BARE, marginMs: 0, quietMs: 0 }

/** The whole, and what happens where a part of it is left away. */
export const VARIANTS: readonly Variant[] = [
  { name: 'as it is delivered (48 h margin, 24 h quiet, 14 days)', play: { settings: USUAL }, expects: 'unharmed' },
  { name: 'all guards, old host goes at once', play: { settings: BARE }, expects: 'unharmed' },
  { name: 'as it is delivered, low traffic (20 messages)', play: { settings: USUAL, variant: { messages: 20 } }, expects: 'unharmed' },
  // With so little mail a day without any says little about caches that stretch: that is what the fourteen days are for.
  { name: 'low traffic, old host goes at once', play: { settings: BARE, variant: { messages: 20 } }, expects: 'seldom' },
  { name: 'margin only, no quiet rule', play: { settings: { ...BARE, quietMs: 0 } }, expects: 'seldom' },
  { name: 'quiet only, no margin', play: { settings: { ...BARE, marginMs: 0 } }, expects: 'seldom' },
  { name: 'no margin, no quiet', play: { settings: NONE, variant: { afterShutdown: 'unreachable' } }, expects: 'harmed' },
  { name: '… and the old host answers 550 afterwards', play: { settings: NONE, variant: { afterShutdown: '550' } }, expects: 'harmed' },
  { name: 'no wait for the TTL, no margin, no quiet', play: { settings: NONE, overridden: ['ttl'] }, expects: 'harmed' },
  {
    name: 'no relay for who moves later',
    play: { settings: BARE, variant: { relay: false }, overridden: ['recipients', 'everybody'] },
    expects: 'harmed',
  },
  { name: 'no copy back after a rollback', play: { settings: BARE, variant: { reverseDelta: false } }, expects: 'harmed' },
  {
    name: 'old host goes while somebody lives there',
    play: { settings: { ...BARE, quietMs: 0 }, variant: { lateMovesAt: 30 * DAY }, overridden: ['everybody'] },
    expects: 'harmed',
  },
]

export type Tally = {
  readonly name: string
  readonly runs: number
  readonly harmed: number
  readonly lost: number
  readonly bounced: number
  readonly stuck: readonly number[]
  readonly harmedSeeds: readonly number[]
  /** Of the twelve invariants, where nothing was left away. */
  readonly broken: readonly string[]
}

/** Plays a variant with so many seeds, one after the other. */
export async function tally({ name, play: options, expects }: Variant, runs: number, firstSeed: number): Promise<Tally> {
  let [lost, bounced] = [0, 0]
  const stuck: number[] = []
  const harmedSeeds: number[] = []
  const broken: string[] = []
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const watchman = new Watchman(options.settings)
    const played = await play(seed, {
      ...options,
      onEvent: (state, world, log) => {
        if (expects === 'unharmed') watchman.look(state, world, log)
      },
    })
    if (expects === 'unharmed') {
      watchman.end(played.world, played.log)
      broken.push(...watchman.broken.map(({ invariant, says }) => `seed ${seed}, ${invariant}: ${says}`))
    }
    if (played.ended === 'stuck') stuck.push(seed)
    if (played.lost + played.bounced > 0) harmedSeeds.push(seed)
    lost += played.lost
    bounced += played.bounced
  }
  return { name, runs, harmed: harmedSeeds.length, lost, bounced, stuck, harmedSeeds, broken }
}
