import type { Json } from '../model/change.ts'
import type { Filler } from './fill.ts'

/** An object as the other system showed it. */
export type Seen = Readonly<Record<string, Json>>

/** How another system is touched: whoever has a kind of `Call` fills this in. Both throw a `Failure` only. */
export type Hands<Call> = {
  /**
   * Carries out one call, filled, and returns what it put out: {} where that is nothing. A `Failure` whose `notDone` is false means
   * that it may have been carried out all the same. What is in flight comes to its end though a stop is asked for.
   */
  send(call: Call, fill: Filler): Promise<Seen>
  /**
   * The rows that a looking call finds; null where the object that it names is not there. `isWaitedFor`: nothing is done about it but
   * waiting, so that what is some seconds old is as good.
   */
  read(call: Call, isWaitedFor?: boolean): Promise<readonly Seen[] | null>
  /**
   * Whether the call may be made again at once where nobody knows if it was carried out, as it sets the same again. No call where
   * nothing is said.
   */
  readonly isRepeatable?: (call: Call) => boolean
}
