import { timeOfLog, type Happening, type Reading, type SwitchEvent } from '../../src/switch/events.ts'
import type { SwitchLog } from '../../src/switch/log.ts'
import { BEGINNING, reduce, type SwitchState } from '../../src/switch/reduce.ts'

/** A log that is kept in memory and outlives whoever runs the switch. */
export class MemoryLog implements SwitchLog {
  readonly kept: SwitchEvent[] = []
  readonly #reading: () => Reading
  #state: SwitchState = BEGINNING

  constructor(reading: () => Reading) {
    this.#reading = reading
  }

  state(): SwitchState {
    return this.#state
  }

  now(): number {
    return timeOfLog(this.kept.at(-1) ?? null, this.#reading())
  }

  append(happening: Happening, evidence: readonly number[] = [], expectSeq?: number): SwitchState | null {
    if (expectSeq !== undefined && expectSeq !== this.#state.seq) return null
    const reading = this.#reading()
    const event = { seq: this.kept.length + 1, at: timeOfLog(this.kept.at(-1) ?? null, reading), reading, payload: happening, evidence }
    this.#state = reduce(this.#state, event)
    this.kept.push(event)
    return this.#state
  }

  events(afterSeq = 0): readonly SwitchEvent[] {
    return this.kept.slice(afterSeq)
  }
}
