import { integer, integerOrNull, text, textOrNull } from '../db/column.ts'
import type { Database } from '../db/database.ts'

const PAGE = 500

export const LABELLING = `
CREATE TABLE category (
  entry_id INTEGER PRIMARY KEY REFERENCES entry,
  names TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('written', 'missing')),
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE labelling (
  mailbox_id INTEGER PRIMARY KEY REFERENCES mailbox,
  pass_id INTEGER NOT NULL REFERENCES pass
) STRICT;
`

/** A message with a copy whose labels are not as they were last written. */
export type DueLabels = {
  readonly entryId: number
  readonly destinationName: string
  readonly destinationUidValidity: string | null
  /** null where no receipt told it. */
  readonly destinationUid: number | null
  /** At the source. */
  readonly internalDate: string
  readonly wanted: readonly string[]
  /** What was written before, by us. */
  readonly written: readonly string[]
}

/** `missing`: the copy was not found again; it is looked for once more with the next labels that are due. */
export type LabelsWritten = { readonly entryId: number; readonly names: readonly string[]; readonly outcome: 'written' | 'missing' }

/** Which labels of a mailbox were written beside the messages at the destination, so that it is done once. */
export class LabelBook {
  readonly #db: Database
  readonly #now: () => number

  constructor(db: Database, now: () => number) {
    this.#db = db
    this.#now = now
  }

  /**
   * Folder by folder. `wantedOf` makes names of flags as the ledger has them. Streams; memory: one page. What is recorded meanwhile
   * does not disturb it.
   */
  *due(mailboxId: number, wantedOf: (flags: readonly string[]) => readonly string[]): Generator<DueLabels> {
    // A keyword begins with anything but a backslash, or the mark of a flag whose STORE is owed.
    const sql = `
      SELECT entry.id AS id, uid, flags, internal_date, coalesce(entry.destination_name, folder.destination_name) AS destination_name,
        entry.destination_uid_validity AS validity, destination_uid, names, outcome
      FROM entry JOIN folder ON folder.id = entry.folder_id LEFT JOIN category ON category.entry_id = entry.id
      WHERE folder_id = ? AND uid > ? AND state IN ('copied', 'verified')
        AND (flags GLOB '[^\\?]*' OR flags GLOB '* [^\\?]*' OR category.entry_id IS NOT NULL)
      ORDER BY uid LIMIT ${PAGE}`
    for (const folder of this.#db.all('SELECT id FROM folder WHERE mailbox_id = ? ORDER BY id', mailboxId)) {
      for (let uid = 0; ;) {
        const page = this.#db.all(sql, integer(folder['id']), uid)
        for (const row of page) {
          uid = integer(row['uid'])
          const wanted = wantedOf(text(row['flags']).split(' '))
          const written = namesIn(textOrNull(row['names']))
          if ((row['outcome'] === 'written' || wanted.length === 0) && same(wanted, written)) continue
          yield {
            entryId: integer(row['id']),
            destinationName: text(row['destination_name']),
            destinationUidValidity: textOrNull(row['validity']),
            destinationUid: integerOrNull(row['destination_uid']),
            internalDate: text(row['internal_date']),
            wanted,
            written,
          }
        }
        if (page.length < PAGE) break
      }
    }
  }

  record(rows: readonly LabelsWritten[]): void {
    this.#db.transaction(() => {
      for (const { entryId, names, outcome } of rows) {
        this.#db.run(
          'INSERT OR REPLACE INTO category (entry_id, names, outcome, at) VALUES (?, ?, ?, ?)',
          entryId,
          JSON.stringify(names),
          outcome,
          this.#now(),
        )
      }
    })
  }

  /** The last pass in which nothing was left to be written; null: there was none. */
  finishedIn(mailboxId: number): number | null {
    const row = this.#db.one('SELECT pass_id FROM labelling WHERE mailbox_id = ?', mailboxId)
    return row === undefined ? null : integer(row['pass_id'])
  }

  finish(mailboxId: number, passId: number): void {
    this.#db.run('INSERT OR REPLACE INTO labelling (mailbox_id, pass_id) VALUES (?, ?)', mailboxId, passId)
  }
}

function namesIn(stored: string | null): readonly string[] {
  const names: unknown = stored === null ? [] : JSON.parse(stored)
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at])
}
