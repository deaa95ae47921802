import type { Clock } from '../lib/clock.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Parked } from '../ledger/source-rows.ts'
import { Failure } from '../model/failure.ts'

const HOUR_MS = 3_600_000
const DAY_HOURS = 24
/** What was handed out is written down each time it has grown by this part of the limit, so that a run that is killed forgets no more. */
const WRITE_PART = 0.01
/** What a message weighs until we know better. */
const FIRST_GUESS_BYTES = 40_000
/** A server that closed a mailbox is left alone so long; twice as long each time it does so again, up to a day. */
const PARKED_MS = HOUR_MS
/** How long what is under way is waited for when it may use up what is left. */
const SHORT_MS = 50
const NEARLY = 'The allowance of the day is nearly used.'
/** Some of the allowance must be back before it is worth going on. */
const WORTH = 0.9

export type AllowanceTerms = {
  /** What a person allows a day: null: any amount; undefined: what the system is known to allow. */
  readonly bytesPerDay: () => number | null | undefined
  /** The mailbox waits until it may go on, instead of ending with 'allowance-used'. */
  readonly waits: boolean
  /** Asks a server again that had closed the mailbox. */
  readonly ignoresParking: boolean
}

/**
 * How much one mailbox may hand out within 24 hours, and has handed out: kept in the ledger by the hour, so that a new run knows what the
 * one before used. Reading ends before the server closes the mailbox, which Gmail does for up to a day.
 */
export class Allowance {
  readonly #ledger: Ledger
  readonly #mailboxId: number
  readonly #name: string
  readonly #clock: Clock
  readonly #terms: AllowanceTerms
  #known: number | null = null
  #connections: number | null = null
  #hour = -1
  #used = 0
  #unwritten = 0
  #flying = 0
  #messages = 0
  #bytes = 0
  #parked: Parked | null

  constructor(ledger: Ledger, mailboxId: number, name: string, clock: Clock, terms: AllowanceTerms) {
    this.#ledger = ledger
    this.#mailboxId = mailboxId
    this.#name = name
    this.#clock = clock
    this.#terms = terms
    this.#parked = terms.ignoresParking ? null : ledger.parked(mailboxId)
  }

  /** What the system is known to allow a day, and connections at a time; null: nobody knows. */
  systemAllows(bytesPerDay: number | null, connections: number | null = null): void {
    this.#known = bytesPerDay
    this.#connections = connections
  }

  /** As many connections as a person said, and not more than the system holds open. */
  connections(said: number | null): number | null {
    return said === null || this.#connections === null ? said : Math.min(said, this.#connections)
  }

  get limit(): number | null {
    const said = this.#terms.bytesPerDay()
    return said === undefined ? this.#known : said
  }

  /** Throws where nothing may be asked for now: 'allowance-used', or 'throttled' where this mailbox waits. `messages`: how many are to come. */
  mayRead(messages = 0): void {
    const now = this.#clock.now()
    if (this.#parked !== null && now < this.#parked.until) {
      const text = `${this.#name} was closed by its server (${this.#parked.detail}). It is left alone until ${whenText(this.#parked.until, now)}; --retry-failed asks again before.`
      throw this.#stop(text, this.#parked.until)
    }
    const { limit } = this
    if (limit === null) return
    const used = this.#usedBy(now)
    if (used < limit && (messages === 0 || this.#flying === 0 || used + (this.#flying + messages) * this.#guess < limit)) return
    // The last of the allowance is used batch by batch: what is under way may be less than it seems, or more.
    if (used < limit) throw new Failure('throttled', NEARLY, { side: 'source', retryAfterMs: SHORT_MS })
    const until = this.#freeAt(now, limit)
    const amount = `${Math.round(limit / 1e6).toLocaleString('en')} MB`
    throw this.#stop(`Today's allowance of ${amount} for ${this.#name} is used. It goes on at ${whenText(until, now)}.`, until)
  }

  /** Messages were asked for; `landed` when they are there. */
  asked(messages: number): void {
    this.#flying += messages
  }

  landed(messages: number): void {
    this.#flying -= messages
    this.#messages += messages
  }

  charge(bytes: number): void {
    const now = this.#clock.now()
    this.#usedBy(now)
    this.#used += bytes
    this.#bytes += bytes
    this.#unwritten += bytes
    if (this.#unwritten >= (this.limit ?? Infinity) * WRITE_PART) this.write()
  }

  /** To the disk with what is only known here. */
  write(): void {
    const bytes = this.#unwritten
    this.#unwritten = 0
    if (bytes > 0) this.#ledger.addTraffic(this.#mailboxId, { hour: hourOf(this.#clock.now()), bytes })
  }

  /** The server handed something out: it is open. */
  wentWell(): void {
    if (this.#parked === null) return
    this.#parked = null
    this.#ledger.park(this.#mailboxId, null)
  }

  /** The server itself says that it is enough. The mailbox is left alone for a while, in later runs as well. */
  closed(failure: Failure): Failure {
    const now = this.#clock.now()
    this.write()
    const times = (this.#ledger.parked(this.#mailboxId)?.times ?? 0) + 1
    const until = now + Math.min(PARKED_MS * 2 ** (times - 1), DAY_HOURS * HOUR_MS)
    const detail = failure.serverText ?? failure.message
    this.#parked = { until, times, detail }
    this.#ledger.park(this.#mailboxId, this.#parked)
    return this.#stop(`${failure.message} It is left alone until ${whenText(until, now)}.`, until, failure)
  }

  get #guess(): number {
    return this.#messages < 20 ? FIRST_GUESS_BYTES : this.#bytes / this.#messages
  }

  #stop(message: string, until: number, cause?: Failure): Failure {
    const text = cause?.serverText === undefined ? {} : { serverText: cause.serverText }
    const detail = { side: 'source', cause, ...text } as const
    if (!this.#terms.waits) return new Failure('allowance-used', message, detail)
    return new Failure('throttled', message, { ...detail, retryAfterMs: Math.max(1000, until - this.#clock.now()) })
  }

  #usedBy(now: number): number {
    const hour = hourOf(now)
    if (hour !== this.#hour) {
      this.write()
      this.#hour = hour
      this.#used = this.#ledger.trafficSince(this.#mailboxId, hour - DAY_HOURS + 1).reduce((sum, { bytes }) => sum + bytes, 0)
    }
    return this.#used
  }

  /** When enough of the last 24 hours has gone by. */
  #freeAt(now: number, limit: number): number {
    this.write()
    let used = this.#used
    for (const { hour, bytes } of this.#ledger.trafficSince(this.#mailboxId, hourOf(now) - DAY_HOURS + 1)) {
      used -= bytes
      if (used < limit * WORTH) return (hour + DAY_HOURS) * HOUR_MS
    }
    return now + DAY_HOURS * HOUR_MS
  }
}

function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS)
}

/** "14:00", "14:00 tomorrow": local time. */
function whenText(at: number, now: number): string {
  const date = new Date(at)
  const time = [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')
  return date.toDateString() === new Date(now).toDateString() ? time : `${time} tomorrow`
}
