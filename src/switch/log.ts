import { integer, text, type Row } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import { Failure } from '../model/failure.ts'
import { EVENT_TYPES, timeOfLog, type Happening, type Reading, type SwitchEvent } from './events.ts'
import { BEGINNING, reduce, type SwitchState } from './reduce.ts'

/** Where events are kept, and what is known from them. */
export type SwitchLog = {
  /** The fold of all events, those of other processes included. */
  state(): SwitchState
  /** The time of the log, now. */
  now(): number
  /**
   * Writes an event down and returns the state after it. With `expectSeq` only where that was the last event: null otherwise, and
   * nothing was written. Throws `state-damaged` where the event does not fit what is known.
   */
  append(happening: Happening, evidence?: readonly number[], expectSeq?: number): SwitchState | null
  events(afterSeq?: number): readonly SwitchEvent[]
}

/** The log in SQLite. Several processes may append: a person's word is taken while another process runs the switch. */
export class StoredLog implements SwitchLog, Disposable {
  readonly domain: string
  readonly #db: Database
  readonly #lock: Disposable | null
  readonly #reading: () => Reading
  #state: SwitchState = BEGINNING

  constructor(db: Database, lock: Disposable | null, domain: string, reading: () => Reading) {
    this.#db = db
    this.#lock = lock
    this.domain = domain
    this.#reading = reading
  }

  state(): SwitchState {
    for (const event of this.events(this.#state.seq)) this.#state = reduce(this.#state, event)
    return this.#state
  }

  now(): number {
    const { at, reading } = this.state()
    return timeOfLog(reading === null ? null : { at, reading }, this.#reading())
  }

  append(happening: Happening, evidence: readonly number[] = [], expectSeq?: number): SwitchState | null {
    return this.#db.transaction(() => {
      const before = this.state()
      if (expectSeq !== undefined && before.seq !== expectSeq) return null
      const reading = this.#reading()
      const at = Math.round(timeOfLog(before.reading === null ? null : { at: before.at, reading: before.reading }, reading))
      const event: SwitchEvent = { seq: before.seq + 1, at, reading, payload: happening, evidence }
      const after = reduce(before, event)
      this.#db.run(
        'INSERT INTO event (seq, at, wall_ms, boot, up_ms, type, phase, payload, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        event.seq,
        at,
        Math.round(reading.wallMs),
        reading.boot,
        Math.round(reading.upMs),
        happening.type,
        after.phase,
        JSON.stringify(happening),
        JSON.stringify(evidence),
      )
      return after
    })
  }

  events(afterSeq: number = 0): readonly SwitchEvent[] {
    return this.#db.all('SELECT * FROM event WHERE seq > ? ORDER BY seq', afterSeq).map(eventOf)
  }

  close(): void {
    this.#db.close()
    this.#lock?.[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

function eventOf(row: Row): SwitchEvent {
  const payload: unknown = JSON.parse(text(row['payload']))
  const evidence: unknown = JSON.parse(text(row['evidence']))
  if (!isHappening(payload) || !Array.isArray(evidence))
    throw new Failure('state-damaged', 'The log of the switch has an event that cannot be read.')
  return {
    seq: integer(row['seq']),
    at: integer(row['at']),
    reading: { wallMs: integer(row['wall_ms']), boot: text(row['boot']), upMs: integer(row['up_ms']) },
    payload,
    evidence: evidence.map(Number),
  }
}

/** What we wrote ourselves, and the database keeps unchanged, is believed beyond its type. */
function isHappening(value: unknown): value is Happening {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    Object.hasOwn(EVENT_TYPES, value.type)
  )
}
