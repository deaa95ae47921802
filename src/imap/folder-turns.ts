import { openFolder } from './open-folder.ts'
import type { Session } from './session.ts'

/** One folder among several that are used in turns. */
export type Turn = { readonly name: string; readonly uidValidity: string; opening: number }

/**
 * Several folders in use at once on one connection. Whatever is asked of one opens it first if another one was open last; nothing waits
 * for the answer to that (see `openFolder`), so work in many folders goes out in one flight.
 */
export class FolderTurns {
  readonly #session: Session
  readonly #mode: 'examine' | 'select'
  readonly #turns = new Map<string, Turn>()
  #busy: Promise<void> | null = null

  constructor(session: Session, mode: 'examine' | 'select') {
    this.#session = session
    this.#mode = mode
  }

  /**
   * Servers that tell the status of all folders in one listing are young enough to work through commands in their order. One that cuts
   * its answers (RFC 9738) must be asked on in the same folder.
   */
  get possible(): boolean {
    const { capabilities } = this.#session
    return capabilities.has('LIST-STATUS') && ![...capabilities].some((word) => word.startsWith('MESSAGELIMIT'))
  }

  turn(name: string, uidValidity: string): Turn {
    const before = this.#turns.get(name)
    if (before?.uidValidity === uidValidity) return before
    const turn = { name, uidValidity, opening: -1 }
    this.#turns.set(name, turn)
    return turn
  }

  /** Work that sends all its commands before it first waits. */
  async in<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    while (this.#busy !== null) await this.#busy
    this.#open(turn)
    return await work()
  }

  /** Work of several steps: others wait until it is done. */
  async allIn<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    while (this.#busy !== null) await this.#busy
    this.#open(turn)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#busy = promise
    try {
      return await work()
    } finally {
      this.#busy = null
      resolve()
    }
  }

  /** Resolves when no work of several steps is under way. */
  async free(): Promise<void> {
    while (this.#busy !== null) await this.#busy
  }

  #open(turn: Turn): void {
    const { state } = this.#session
    if (state.openings === turn.opening) return
    // Its failure is told to everything that is asked of the folder.
    const opened = openFolder(this.#session, turn.name, this.#mode, { uidValidity: turn.uidValidity })
    const { openings } = state
    turn.opening = openings
    opened.catch(() => {
      if (turn.opening === openings) turn.opening = -1
    })
  }
}
