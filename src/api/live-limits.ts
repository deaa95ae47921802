import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { inForce, type LimitRule } from './limit-rules.ts'
import { readLimits } from './limits-file.ts'

const LOOK_MS = 2000

/** What a run was started with; null: no limit, and as many connections as the governor finds right. */
export type StartLimits = {
  readonly bytesPerSecond: number | null
  readonly connections: number | null
  /** Absent: nobody said anything. */
  readonly bytesPerDay?: number | null
}

/**
 * The limits of a run, as they are at this moment: what the limits of the state directory say goes before what the run was started
 * with. They are looked up when they are needed, at most every two seconds, so nothing of this keeps a process alive.
 */
export class LiveLimits {
  readonly #stateDir: string
  readonly #start: StartLimits
  readonly #clock: Clock
  readonly #log: Log
  #rules: readonly LimitRule[]
  #lookedAt: number

  /** Throws `bad-input` where the limits cannot be understood: a run does not begin without them. */
  constructor(stateDir: string, start: StartLimits, clock: Clock, log: Log) {
    this.#stateDir = stateDir
    this.#start = start
    this.#clock = clock
    this.#log = log
    this.#rules = readLimits(stateDir)
    this.#lookedAt = clock.now()
  }

  get bytesPerSecond(): number | null {
    const { bytesPerSecond = this.#start.bytesPerSecond } = this.#now()
    return bytesPerSecond
  }

  get connections(): number | null {
    const { connections = this.#start.connections } = this.#now()
    return connections
  }

  /** undefined: nobody said anything. */
  get bytesPerDay(): number | null | undefined {
    const { bytesPerDay = this.#start.bytesPerDay } = this.#now()
    return bytesPerDay
  }

  #now(): ReturnType<typeof inForce> {
    const now = this.#clock.now()
    // A clock that was set back must not keep the old rules for hours.
    if (Math.abs(now - this.#lookedAt) >= LOOK_MS) {
      this.#lookedAt = now
      try {
        this.#rules = readLimits(this.#stateDir)
      } catch (error) {
        // Whoever edits the file is told by `cutover limit`; until it is right again the rules before hold.
        this.#log.warn('the limits cannot be read; those before still hold', { error: String(error) })
      }
    }
    return inForce(this.#rules, now)
  }
}
