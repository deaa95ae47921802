import { integer, integerOrNull, text, textOrNull, type Row } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import { createStateDirectory, lockStateDirectory } from '../db/state-directory.ts'
import { MOMENTS, type Moment } from '../model/moment.ts'
import type { Outcome } from './carrier.ts'
import type { Way } from './standing.ts'

/**
 * `sending`: written before the first byte leaves; what is still so when nobody sends was broken off, and becomes `doubt`. `later`: it
 * was certainly not taken, and is tried again.
 */
export type DeliveryState = 'sending' | 'sent' | 'later' | 'refused' | 'doubt'

export type JournalRow = {
  readonly id: number
  readonly moment: Moment
  readonly person: string
  readonly version: number
  readonly address: string
  readonly way: Way
  readonly messageId: string
  readonly state: DeliveryState
  readonly tries: number
  /** What was answered, in words. */
  readonly says: string | null
  /** When its state was reached, in milliseconds since 1970. */
  readonly at: number
  /** The cutover that it told; 0: that there is none yet; null: it told nothing of it. */
  readonly told: number | null
}

export type NewDelivery = Pick<JournalRow, 'moment' | 'person' | 'version' | 'address' | 'way' | 'messageId' | 'told'>

/** Messages of one project in the store of projects: one line for each mailbox that one goes to. */
export class Journal {
  readonly #db: Database
  readonly #project: number
  readonly #now: () => number

  constructor(db: Database, project: number, now: () => number) {
    this.#db = db
    this.#project = project
    this.#now = now
  }

  rows(): readonly JournalRow[] {
    return this.#db.all('SELECT * FROM message WHERE project = ? ORDER BY id', this.#project).map(rowOf)
  }

  /** Writes that it is being sent, before it is; false: it was already, or it is not known whether it was. */
  begin({ moment, person, version, address, way, messageId, told }: NewDelivery): boolean {
    const changed = this.#db.run(
      `INSERT INTO message (project, moment, person, version, address, way, message_id, told, state, tries, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'sending', 1, ?)
       ON CONFLICT (project, moment, person, version, way) DO UPDATE
       SET state = 'sending', tries = tries + 1, at = excluded.at, address = excluded.address, told = excluded.told WHERE state = 'later'`,
      this.#project,
      moment,
      person,
      version,
      address,
      way,
      messageId,
      told,
      this.#now(),
    )
    return changed === 1
  }

  end({ moment, person, version, way }: NewDelivery, { kind, says }: Outcome): void {
    this.#db.run(
      `UPDATE message SET state = ?, says = ?, at = ?
       WHERE project = ? AND moment = ? AND person = ? AND version = ? AND way = ? AND state = 'sending'`,
      kind,
      says.slice(0, 500),
      this.#now(),
      this.#project,
      moment,
      person,
      version,
      way,
    )
  }

  /**
   * Takes the right to send for this process; a second one gets 'state-in-use'. What is still `sending` was broken off when an earlier
   * process ended, and nobody knows whether it arrived.
   */
  lock(directory: string): Disposable {
    createStateDirectory(directory)
    const lock = lockStateDirectory(directory)
    this.#db.run(
      `UPDATE message SET state = 'doubt', says = 'the program ended while it was being sent' WHERE project = ? AND state = 'sending'`,
      this.#project,
    )
    return lock
  }

  /** A person found out what became of it. */
  settle(id: number, says: string): void {
    this.#db.run(
      `UPDATE message SET state = 'sent', says = ?, at = ? WHERE project = ? AND id = ? AND state IN ('doubt', 'refused')`,
      says,
      this.#now(),
      this.#project,
      id,
    )
  }
}

function rowOf(row: Row): JournalRow {
  const moment = text(row['moment'])
  return {
    id: integer(row['id']),
    // The database holds our own words in a CHECK; so do the casts below.
    moment: MOMENTS.find((one) => one === moment) ?? 'announcement',
    person: text(row['person']),
    version: integer(row['version']),
    address: text(row['address']),
    way: text(row['way']) as Way,
    messageId: text(row['message_id']),
    state: text(row['state']) as DeliveryState,
    tries: integer(row['tries']),
    says: textOrNull(row['says'] ?? null),
    at: integer(row['at']),
    told: integerOrNull(row['told'] ?? null),
  }
}
