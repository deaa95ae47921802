import { join } from 'node:path'
import { integer, integerOrNull, text } from '../db/column.ts'
import { Database } from '../db/database.ts'
import { migrate, type Migration } from '../db/migrate.ts'
import { createPrivateFile, createStateDirectory, lockStateDirectory } from '../db/state-directory.ts'
import { noFigures, type FolderFigures } from './folder-figures.ts'

/** How far a folder was looked at. */
export type FolderLook = {
  readonly uidValidity: string
  /** As the listing told it when the look was complete; 0 until then. */
  readonly uidNext: number
  readonly messages: number
  /** The next UID that is not looked at yet. */
  readonly nextUid: number
  readonly complete: boolean
  readonly figures: FolderFigures
  readonly doubles: { readonly messages: number; readonly bytes: number } | null
}

/** One message, for finding doubles: a key that equal ones share. */
export type Seen = { readonly uid: number; readonly key: number; readonly bytes: number }

const MIGRATIONS: readonly Migration[] = [
  {
    name: 'looks',
    sql: `
CREATE TABLE look (
  id INTEGER PRIMARY KEY,
  mailbox TEXT NOT NULL,
  folder TEXT NOT NULL,
  choice TEXT NOT NULL,
  uid_validity TEXT NOT NULL,
  uid_next INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  next_uid INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  figures TEXT NOT NULL,
  double_messages INTEGER,
  double_bytes INTEGER,
  UNIQUE (mailbox, folder)
) STRICT;
CREATE TABLE seen (
  look_id INTEGER NOT NULL REFERENCES look ON DELETE CASCADE,
  key INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX seen_by_key ON seen (look_id, key);
CREATE TABLE pace (
  mailbox TEXT PRIMARY KEY,
  milliseconds REAL NOT NULL,
  messages INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  round_trip_ms REAL
) STRICT;
CREATE TABLE traffic (
  mailbox TEXT NOT NULL,
  hour INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (mailbox, hour)
) STRICT;`,
  },
]

/** What was measured while a mailbox was read. */
export type Pace = {
  readonly milliseconds: number
  readonly messages: number
  readonly bytes: number
  readonly roundTripMs: number | null
}

/** Keeps how far an assessment has come, so that one that was stopped goes on where it was. No content, no subjects. */
export class AssessBook implements Disposable {
  readonly #db: Database
  readonly #lock: Disposable

  /** Throws 'state-in-use' while another assessment runs on it; a copy may run beside it. */
  constructor(stateDir: string, now: () => number) {
    const directory = join(stateDir, 'assess')
    createStateDirectory(stateDir)
    createStateDirectory(directory)
    this.#lock = lockStateDirectory(directory)
    const path = join(directory, 'assess.sqlite')
    createPrivateFile(path)
    this.#db = new Database(path)
    // Losing the last windows of a look costs their reading again and nothing else.
    this.#db.exec('PRAGMA synchronous = NORMAL')
    migrate(this.#db, MIGRATIONS, now)
  }

  /** null where it was not looked at yet, or by another choice of messages. */
  look(mailbox: string, folder: string, choice: string): FolderLook | null {
    const row = this.#db.one('SELECT * FROM look WHERE mailbox = ? AND folder = ? AND choice = ?', mailbox, folder, choice)
    if (row === undefined) return null
    const messages = integerOrNull(row['double_messages'] ?? null)
    return {
      uidValidity: text(row['uid_validity']),
      uidNext: integer(row['uid_next']),
      messages: integer(row['messages']),
      nextUid: integer(row['next_uid']),
      complete: integer(row['complete']) === 1,
      figures: { ...noFigures(), ...(JSON.parse(text(row['figures'])) as FolderFigures) },
      doubles: messages === null ? null : { messages, bytes: integerOrNull(row['double_bytes'] ?? null) ?? 0 },
    }
  }

  /** Begins a folder anew. */
  begin(mailbox: string, folder: string, choice: string, look: FolderLook): void {
    this.#db.transaction(() => {
      this.#db.run('DELETE FROM look WHERE mailbox = ? AND folder = ?', mailbox, folder)
      this.#db.run(
        `INSERT INTO look (mailbox, folder, choice, uid_validity, uid_next, messages, next_uid, complete, figures) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)`,
        mailbox,
        folder,
        choice,
        look.uidValidity,
        look.uidNext,
        look.messages,
        look.nextUid,
        JSON.stringify(look.figures),
      )
    })
  }

  /** Writes down what one window of a folder added, all of it or nothing. */
  add(mailbox: string, folder: string, look: FolderLook, seen: readonly Seen[]): void {
    this.#db.transaction(() => {
      const { doubles } = look
      this.#db.run(
        `UPDATE look SET uid_validity = ?, uid_next = ?, messages = ?, next_uid = ?, complete = ?, figures = ?, double_messages = ?, double_bytes = ?
         WHERE mailbox = ? AND folder = ?`,
        look.uidValidity,
        look.uidNext,
        look.messages,
        look.nextUid,
        look.complete ? 1 : 0,
        JSON.stringify(look.figures),
        doubles?.messages ?? null,
        doubles?.bytes ?? null,
        mailbox,
        folder,
      )
      const id = this.#id(mailbox, folder)
      const insert = this.#db.statement('INSERT INTO seen (look_id, key, uid, bytes) VALUES (?, ?, ?, ?)')
      for (const { key, uid, bytes } of seen) insert.run(id, key, uid, bytes)
      // Nobody asks for them again once the doubles are counted.
      if (look.complete) this.#db.run('DELETE FROM seen WHERE look_id = ?', id)
    })
  }

  /** Those that share their key with another one of the folder, by key. */
  alike(mailbox: string, folder: string): readonly Seen[] {
    const rows: Seen[] = []
    this.#db.eachCells(
      `SELECT uid, key, bytes FROM seen WHERE look_id = ?1 AND key IN (SELECT key FROM seen WHERE look_id = ?1 GROUP BY key HAVING count(*) > 1)
       ORDER BY key, uid`,
      [this.#id(mailbox, folder)],
      ([uid, key, bytes]) => rows.push({ uid: integer(uid), key: integer(key), bytes: integer(bytes) }),
    )
    return rows
  }

  pace(mailbox: string): Pace | null {
    const row = this.#db.one('SELECT * FROM pace WHERE mailbox = ?', mailbox)
    if (row === undefined) return null
    const roundTrip = row['round_trip_ms']
    return {
      milliseconds: Number(row['milliseconds']),
      messages: integer(row['messages']),
      bytes: integer(row['bytes']),
      roundTripMs: typeof roundTrip === 'number' ? roundTrip : null,
    }
  }

  /** What was read of a mailbox in the hours since `hour` (hours since 1970). */
  trafficSince(mailbox: string, hour: number): number {
    return integer(
      this.#db.one('SELECT coalesce(sum(bytes), 0) AS bytes FROM traffic WHERE mailbox = ? AND hour >= ?', mailbox, hour)?.['bytes'],
    )
  }

  addTraffic(mailbox: string, hour: number, bytes: number): void {
    this.#db.run(
      'INSERT INTO traffic (mailbox, hour, bytes) VALUES (?, ?, ?) ON CONFLICT (mailbox, hour) DO UPDATE SET bytes = bytes + excluded.bytes',
      mailbox,
      hour,
      bytes,
    )
  }

  measured(mailbox: string, pace: Pace): void {
    this.#db.run(
      `INSERT INTO pace (mailbox, milliseconds, messages, bytes, round_trip_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (mailbox) DO UPDATE SET milliseconds = milliseconds + excluded.milliseconds, messages = messages + excluded.messages,
         bytes = bytes + excluded.bytes, round_trip_ms = coalesce(min(round_trip_ms, excluded.round_trip_ms), excluded.round_trip_ms)`,
      mailbox,
      pace.milliseconds,
      pace.messages,
      pace.bytes,
      pace.roundTripMs,
    )
  }

  #id(mailbox: string, folder: string): number {
    return integer(this.#db.one('SELECT id FROM look WHERE mailbox = ? AND folder = ?', mailbox, folder)?.['id'])
  }

  [Symbol.dispose](): void {
    this.#db.close()
    this.#lock[Symbol.dispose]()
  }
}
