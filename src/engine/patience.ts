import { Failure } from '../model/failure.ts'
import type { Context } from '../lib/context.ts'
import type { Governor } from './governor.ts'
import type { Patience } from './options.ts'

/** A wait from which on a person wonders. */
const LONG_MS = 4000

/** Tries that make no sense to repeat often: the port is closed, not busy, or nobody ever answered there. */
const TRIES_WHEN_REFUSED = 3

/**
 * Counts failures in a row on one side of a lane and waits between tries: longer each time, as long as a throttling server
 * says, and for minutes where a permission may still become effective. Throws the failure when patience is used up.
 */
export class Retry {
  readonly #patience: Patience
  readonly #governor: Governor
  readonly #ctx: Context
  readonly #spare: boolean
  #inRow = 0
  #since: number | null = null
  #heard = false

  /** `spare`: of a lane that the mailbox can do without; it does not ask twice where a server does not want it. */
  constructor(patience: Patience, governor: Governor, ctx: Context, spare: boolean) {
    this.#patience = patience
    this.#governor = governor
    this.#ctx = ctx
    this.#spare = spare
  }

  /** Something went through: the slate is clean. */
  progress(): void {
    this.#inRow = 0
    this.#since = null
    this.#heard = true
  }

  /** Waits as the failure demands, or throws it. Anything that is not a `Failure` is a bug and is thrown at once. */
  async after(error: unknown): Promise<void> {
    this.#ctx.signal.throwIfAborted()
    if (!(error instanceof Failure)) throw error
    if (error.next === 'ask' || error.next === 'skip') throw error
    if (this.#spare && (error.code === 'too-many-connections' || error.code === 'mailbox-not-connected')) throw error
    this.#since ??= this.#ctx.clock.now()
    if (error.next === 'wait') {
      this.#governor.slowDown(error)
      if (error.code !== 'throttled') await this.#pause(error)
      await this.#governor.ready(error.side)
      return
    }
    await this.#pause(error)
  }

  async #pause(error: Failure): Promise<void> {
    this.#inRow++
    const waited = this.#ctx.clock.now() - (this.#since ?? 0)
    const enough =
      error.code === 'mailbox-not-connected'
        ? waited >= this.#patience.permissionMs
        : this.#inRow >= Math.min(this.#triesFor(error), this.#patience.tries)
    if (enough) throw error
    const wait = Math.min(this.#patience.firstWaitMs * 2 ** (this.#inRow - 1), this.#patience.maxWaitMs)
    if (wait < LONG_MS) {
      await this.#ctx.clock.sleep(wait, this.#ctx.signal)
      return
    }
    this.#governor.say(`${error.message} Tried again, for a while.`)
    await this.#ctx.clock.sleep(wait, this.#ctx.signal)
    this.#governor.say(null)
  }

  #triesFor({ code }: Failure): number {
    const hopeless = code === 'connection-refused' || (code === 'connection-timeout' && !this.#heard)
    return hopeless ? TRIES_WHEN_REFUSED : this.#patience.tries
  }
}
