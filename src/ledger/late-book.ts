import { integer, integerOrNull, text, textOrNull } from '../db/column.ts'
import type { Database } from '../db/database.ts'

/** How a message came to the old side after the switch; message/arrival.ts says what the words mean. */
export const LATE_KINDS = ['inbound', 'local', 'own'] as const
export type LateKind = (typeof LATE_KINDS)[number]

export const LATE = `
CREATE TABLE late_message (
  id INTEGER PRIMARY KEY,
  entry_id INTEGER NOT NULL UNIQUE REFERENCES entry,
  kind TEXT NOT NULL CHECK (kind IN ('inbound', 'local', 'own')),
  came_at INTEGER,
  seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE watched (
  mailbox_id INTEGER PRIMARY KEY REFERENCES mailbox,
  looked_to INTEGER NOT NULL,
  looked_at INTEGER NOT NULL,
  trouble TEXT
) STRICT;
`

/** A message that nobody has looked at since it entered the ledger. */
export type NewArrival = {
  readonly entryId: number
  readonly folderId: number
  readonly uidValidity: string
  /** null where it is no longer at the source under a UID that we know. */
  readonly uid: number | null
  /** As the source wrote it. */
  readonly internalDate: string
}

/** `cameAt`: INTERNALDATE in milliseconds; null where it cannot be told. */
export type LateMessage = { readonly entryId: number; readonly kind: LateKind; readonly cameAt: number | null }

export type LateCount = {
  readonly mailboxId: number
  readonly kind: LateKind
  readonly messages: number
  /** Of them, those that should be at the other side and are not. */
  readonly notCopied: number
  readonly lastCameAt: number | null
  readonly lastSeenAt: number
}

/** How far a mailbox was looked through, and when; `trouble`: why it can no longer be watched, as a sentence. */
export type Watched = { readonly lookedTo: number; readonly lookedAt: number; readonly trouble: string | null }

/**
 * What came to a mailbox after its domain was switched, message by message. A message is known by its entry, which survives a new
 * UIDVALIDITY and a move: it never comes twice.
 */
export class LateBook {
  readonly #db: Database
  readonly #now: () => number

  constructor(db: Database, now: () => number) {
    this.#db = db
    this.#now = now
  }

  watched(mailboxId: number): Watched | null {
    const row = this.#db.one('SELECT looked_to, looked_at, trouble FROM watched WHERE mailbox_id = ?', mailboxId)
    if (row === undefined) return null
    return { lookedTo: integer(row['looked_to']), lookedAt: integer(row['looked_at']), trouble: textOrNull(row['trouble']) }
  }

  /** Begins to watch, or goes on: messages that had entered the ledger before `since` are not looked at. Returns how far it was looked. */
  begin(mailboxId: number, since: number): number {
    const before = this.watched(mailboxId)
    if (before !== null) return before.lookedTo
    const row = this.#db.one(
      `SELECT coalesce(max(entry.id), 0) AS id FROM entry JOIN folder ON folder.id = folder_id
        WHERE mailbox_id = ? AND max(coalesce(sent_at, 0), coalesce(settled_at, 0)) < ?`,
      mailboxId,
      since,
    )
    const lookedTo = integer(row?.['id'])
    this.put(mailboxId, lookedTo, [])
    return lookedTo
  }

  /** At most `most` messages that entered the ledger after the entry with this id, in that order. */
  after(mailboxId: number, lookedTo: number, most: number): readonly NewArrival[] {
    const rows = this.#db.all(
      `SELECT entry.id AS id, folder_id, entry.uid_validity AS validity, uid, internal_date, state
        FROM entry JOIN folder ON folder.id = folder_id
        WHERE entry.id > ? AND mailbox_id = ? ORDER BY entry.id LIMIT ?`,
      lookedTo,
      mailboxId,
      most,
    )
    return rows.map((row) => ({
      entryId: integer(row['id']),
      folderId: integer(row['folder_id']),
      uidValidity: text(row['validity']),
      uid: row['state'] === 'gone' ? null : integerOrNull(row['uid']),
      internalDate: text(row['internal_date']),
    }))
  }

  /** All entries up to this one have been looked at, and these are late ones. */
  put(mailboxId: number, lookedTo: number, late: readonly LateMessage[], trouble: string | null = null): void {
    this.#db.transaction(() => {
      for (const { entryId, kind, cameAt } of late)
        this.#db.run(
          'INSERT INTO late_message (entry_id, kind, came_at, seen_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
          entryId,
          kind,
          cameAt,
          this.#now(),
        )
      this.#db.run(
        'INSERT OR REPLACE INTO watched (mailbox_id, looked_to, looked_at, trouble) VALUES (?, ?, ?, ?)',
        mailboxId,
        lookedTo,
        this.#now(),
        trouble,
      )
    })
  }

  /** A number that grows with each late message of these mailboxes; 0 where none came. */
  last(mailboxIds: readonly number[]): number {
    const row = this.#db.one(
      `SELECT max(late_message.id) AS last FROM late_message JOIN entry ON entry.id = entry_id JOIN folder ON folder.id = folder_id
        WHERE mailbox_id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(mailboxIds),
    )
    return integerOrNull(row?.['last'] ?? null) ?? 0
  }

  /** What was first seen at or after this time, and after the message that `last` told then, by mailbox and kind. */
  counts(seenFrom: number, after = 0): readonly LateCount[] {
    const rows = this.#db.all(
      `SELECT mailbox_id, kind, count(*) AS messages, sum(state IN ('failed', 'sending')) AS not_copied,
          max(came_at) AS came_at, max(seen_at) AS seen_at
        FROM late_message JOIN entry ON entry.id = entry_id JOIN folder ON folder.id = folder_id
        WHERE seen_at >= ? AND late_message.id > ? GROUP BY mailbox_id, kind ORDER BY mailbox_id, kind`,
      seenFrom,
      after,
    )
    return rows.map((row) => ({
      mailboxId: integer(row['mailbox_id']),
      kind: toKind(text(row['kind'])),
      messages: integer(row['messages']),
      notCopied: integer(row['not_copied']),
      lastCameAt: integerOrNull(row['came_at']),
      lastSeenAt: integer(row['seen_at']),
    }))
  }
}

function toKind(word: string): LateKind {
  const kind = LATE_KINDS.find((kind) => kind === word)
  if (kind === undefined) throw new Error(`unknown kind of late message ${word}`)
  return kind
}
