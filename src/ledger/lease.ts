import { randomUUID } from 'node:crypto'
import { text } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import { Failure } from '../model/failure.ts'

/** The right of one worker to work on one mailbox, until it is released or runs out. */
export class Lease implements Disposable {
  readonly mailboxId: number
  readonly #db: Database
  readonly #now: () => number
  readonly #ttlMs: number
  readonly #token: string

  constructor(db: Database, now: () => number, mailboxId: number, ttlMs: number, token: string) {
    this.mailboxId = mailboxId
    this.#db = db
    this.#now = now
    this.#ttlMs = ttlMs
    this.#token = token
  }

  /** Holds it for another time to live from now. Throws 'mailbox-leased' when somebody took it over: stop working at once. */
  renew(): void {
    const sql = 'UPDATE lease SET expires_at = ? WHERE mailbox_id = ? AND token = ?'
    if (this.#db.run(sql, this.#now() + this.#ttlMs, this.mailboxId, this.#token) !== 1)
      throw new Failure('mailbox-leased', 'The lease on this mailbox ran out and another worker has taken it over.')
  }

  /** Gives it back. Without effect when it is no longer ours. */
  release(): void {
    this.#db.run('DELETE FROM lease WHERE mailbox_id = ? AND token = ?', this.mailboxId, this.#token)
  }

  /** As `release`, and silent where the ledger cannot be written: the lease runs out, and the next process drops it. */
  [Symbol.dispose](): void {
    try {
      this.release()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
    }
  }
}

/** Takes the lease when it is free or has run out; else throws 'mailbox-leased' naming who has it, also when that is the same owner. */
export function takeLease(db: Database, now: () => number, mailboxId: number, owner: string, ttlMs: number): Lease {
  const token = randomUUID()
  const taken = db.run(
    `INSERT INTO lease (mailbox_id, owner, token, expires_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (mailbox_id) DO UPDATE SET owner = excluded.owner, token = excluded.token, expires_at = excluded.expires_at
    WHERE expires_at <= ?`,
    mailboxId,
    owner,
    token,
    now() + ttlMs,
    now(),
  )
  if (taken === 1) return new Lease(db, now, mailboxId, ttlMs, token)
  const holder = db.one('SELECT owner FROM lease WHERE mailbox_id = ?', mailboxId)
  throw new Failure(
    'mailbox-leased',
    `This mailbox is being worked on by ${holder === undefined ? 'another worker' : text(holder['owner'])}.`,
  )
}

/** Drops every lease. Only for the process that has just taken the state directory: whoever held them is dead. */
export function dropLeases(db: Database): void {
  db.run('DELETE FROM lease')
}
