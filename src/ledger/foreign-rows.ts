import { integer, integerOrNull, text, textOrNull, type Row } from '../db/column.ts'
import type { Database } from '../db/database.ts'

/**
 * What somebody else who copies a mailbox says of it (Microsoft's migration batches). It is their word: nothing of it enters the
 * books, and nothing is proven by it.
 */
export type ForeignMailbox = {
  readonly mailboxId: number
  readonly lane: string
  readonly batch: string
  /** Our word for where it stands. */
  readonly state: string
  /** Theirs. */
  readonly status: string
  /** null where nothing was told yet. */
  readonly synced: number | null
  readonly skipped: number | null
  /** A sentence on what is wrong; null: nothing. */
  readonly detail: string | null
  /** Milliseconds since 1970; null: never yet. */
  readonly lastSyncAt: number | null
  /** When the figures were last seen to change. */
  readonly movedAt: number
  readonly readAt: number
}

/** A message that they say they did not copy. What they do not tell is null. */
export type ForeignSkipped = {
  readonly kind: string
  readonly reason: string | null
  readonly folder: string | null
  readonly subject: string | null
  readonly sender: string | null
  /** As they write it. */
  readonly date: string | null
  readonly sizeBytes: number | null
}

/** What decides whether another lane can take a mailbox, as far as we have seen it. */
export type MailboxFigures = { readonly messages: number; readonly largestBytes: number; readonly repaired: number }

export const FOREIGN = `
CREATE TABLE foreign_mailbox (
  mailbox_id INTEGER PRIMARY KEY REFERENCES mailbox,
  lane TEXT NOT NULL,
  batch TEXT NOT NULL,
  state TEXT NOT NULL,
  status TEXT NOT NULL,
  synced INTEGER,
  skipped INTEGER,
  detail TEXT,
  last_sync_at INTEGER,
  moved_at INTEGER NOT NULL,
  read_at INTEGER NOT NULL
) STRICT;
CREATE INDEX foreign_by_batch ON foreign_mailbox (lane, batch);

CREATE TABLE foreign_skipped (
  id INTEGER PRIMARY KEY,
  mailbox_id INTEGER NOT NULL REFERENCES mailbox,
  kind TEXT NOT NULL,
  reason TEXT,
  folder TEXT,
  subject TEXT,
  sender TEXT,
  date TEXT,
  size_bytes INTEGER
) STRICT;
CREATE INDEX foreign_skipped_of_mailbox ON foreign_skipped (mailbox_id);
`

export class ForeignRows {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** In place of what was known of this mailbox. */
  put(mailbox: ForeignMailbox): void {
    const { mailboxId, lane, batch, state, status, synced, skipped, detail, lastSyncAt, movedAt, readAt } = mailbox
    this.#db.run(
      `INSERT OR REPLACE INTO foreign_mailbox
        (mailbox_id, lane, batch, state, status, synced, skipped, detail, last_sync_at, moved_at, read_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      mailboxId,
      lane,
      batch,
      state,
      status,
      synced,
      skipped,
      detail,
      lastSyncAt,
      movedAt,
      readAt,
    )
  }

  /** In the order of the mailboxes. */
  all(): readonly ForeignMailbox[] {
    return this.#db.all('SELECT * FROM foreign_mailbox ORDER BY mailbox_id').map(toForeign)
  }

  /** All of the list at once, in place of the list before. */
  putSkipped(mailboxId: number, items: readonly ForeignSkipped[]): void {
    this.#db.transaction(() => {
      this.#db.run('DELETE FROM foreign_skipped WHERE mailbox_id = ?', mailboxId)
      for (const { kind, reason, folder, subject, sender, date, sizeBytes } of items)
        this.#db.run(
          'INSERT INTO foreign_skipped (mailbox_id, kind, reason, folder, subject, sender, date, size_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          mailboxId,
          kind,
          reason,
          folder,
          subject,
          sender,
          date,
          sizeBytes,
        )
    })
  }

  skipped(mailboxId: number): readonly ForeignSkipped[] {
    return this.#db.all('SELECT * FROM foreign_skipped WHERE mailbox_id = ? ORDER BY id', mailboxId).map((row) => ({
      kind: text(row['kind']),
      reason: textOrNull(row['reason'] ?? null),
      folder: textOrNull(row['folder'] ?? null),
      subject: textOrNull(row['subject'] ?? null),
      sender: textOrNull(row['sender'] ?? null),
      date: textOrNull(row['date'] ?? null),
      sizeBytes: integerOrNull(row['size_bytes'] ?? null),
    }))
  }

  /** All zero where we have not looked into the mailbox ourselves. */
  figures(mailboxId: number): MailboxFigures {
    const row = this.#db.one(
      `SELECT count(*) AS messages, coalesce(max(size_bytes), 0) AS largest, count(repairs) AS repaired
        FROM entry JOIN folder ON folder.id = folder_id
        WHERE folder.mailbox_id = ? AND uid IS NOT NULL AND state <> 'gone'`,
      mailboxId,
    )
    return { messages: integer(row?.['messages']), largestBytes: integer(row?.['largest']), repaired: integer(row?.['repaired']) }
  }
}

function toForeign(row: Row): ForeignMailbox {
  return {
    mailboxId: integer(row['mailbox_id']),
    lane: text(row['lane']),
    batch: text(row['batch']),
    state: text(row['state']),
    status: text(row['status']),
    synced: integerOrNull(row['synced'] ?? null),
    skipped: integerOrNull(row['skipped'] ?? null),
    detail: textOrNull(row['detail'] ?? null),
    lastSyncAt: integerOrNull(row['last_sync_at'] ?? null),
    movedAt: integer(row['moved_at']),
    readAt: integer(row['read_at']),
  }
}
