import type { Swap } from '../dns/update-message.ts'
import type { Look, Looks, MovePlan } from './looks.ts'
import type { Phase, Step } from './states.ts'

/**
 * Everything that the switch does in the world. Each throws a `Failure` only; one whose `notDone` is false means that it may have been
 * done all the same. Everything may be called again after a crash: looking changes nothing, and what acts (`writeDns`, the two
 * deltas, `closeDomain`, `openDomain`) finds what it did before. What cannot be looked at is told as found (`silent`, `unclear`), not thrown.
 */
export type Hands = {
  readonly look: { readonly [K in Look]: (asked: Asked) => Promise<Looks[K]> }
  /** Compare-and-set on whole sets, as `carryOut` of src/dns does. */
  writeDns(step: Step, swaps: readonly Swap[], signal: AbortSignal): Promise<'done' | 'already'>
  /** Makes the domain refuse unknown recipients. Throws where a known address has no recipient there. */
  closeDomain(signal: AbortSignal): Promise<void>
  /** Takes back what `closeDomain` did, and nothing where it did nothing. */
  openDomain(signal: AbortSignal): Promise<void>
}

export type Asked = {
  /** The plan of the last analysis; null before the first. */
  readonly plan: MovePlan | null
  /** When the switch was begun, as time of day; null: not yet. */
  readonly switchedAtMs: number | null
  /** For the two copies: the `mark` of the last one in this direction that was written down; what came since is new. null: all is. */
  readonly mark: string | null
  readonly signal: AbortSignal
}

/** What is to be done next, each command as often as it takes. A `move` is only written down. */
export type Command =
  | { readonly do: 'look'; readonly look: Look }
  | { readonly do: 'write'; readonly step: Step; readonly swaps: readonly Swap[] }
  | { readonly do: 'close' }
  | { readonly do: 'open' }
  | { readonly do: 'move'; readonly from: Phase; readonly to: Phase; readonly evidence: readonly number[] }
