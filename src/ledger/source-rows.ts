import { blobOrNull, integer, text } from '../db/column.ts'
import type { Database } from '../db/database.ts'

/** What the source of a mailbox wants to know again in the next pass, by name; null: nothing is noted. */
export type SourceNotes = { read(name: string): Uint8Array | null; write(name: string, bytes: Uint8Array): void }

export function sourceNotes(db: Database, mailboxId: number): SourceNotes {
  return { read: (name) => sourceNote(db, mailboxId, name), write: (name, bytes) => putSourceNote(db, mailboxId, name, bytes) }
}

function sourceNote(db: Database, mailboxId: number, name: string): Uint8Array | null {
  const row = db.one('SELECT bytes FROM source_note WHERE mailbox_id = ? AND name = ?', mailboxId, name)
  return row === undefined ? null : blobOrNull(row['bytes'])
}

function putSourceNote(db: Database, mailboxId: number, name: string, bytes: Uint8Array): void {
  db.run(
    'INSERT INTO source_note (mailbox_id, name, bytes) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes',
    mailboxId,
    name,
    bytes,
  )
}

/** Bytes that a source handed out within one hour since 1970. */
export type Traffic = { readonly hour: number; readonly bytes: number }

export function addTraffic(db: Database, mailboxId: number, { hour, bytes }: Traffic): void {
  db.run(
    'INSERT INTO traffic (mailbox_id, hour, bytes) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes',
    mailboxId,
    hour,
    bytes,
  )
}

/** From this hour on, in order. */
export function trafficSince(db: Database, mailboxId: number, hour: number): readonly Traffic[] {
  const rows = db.all('SELECT hour, bytes FROM traffic WHERE mailbox_id = ? AND hour >= ? ORDER BY hour', mailboxId, hour)
  return rows.map((row) => ({ hour: integer(row['hour']), bytes: integer(row['bytes']) }))
}

/** A mailbox that its server has closed for a while: until when (milliseconds since 1970), how often in a row, and its words. */
export type Parked = { readonly until: number; readonly times: number; readonly detail: string }

export function parkedMailbox(db: Database, mailboxId: number): Parked | null {
  const row = db.one('SELECT until, times, detail FROM parked WHERE mailbox_id = ?', mailboxId)
  return row === undefined ? null : { until: integer(row['until']), times: integer(row['times']), detail: text(row['detail']) }
}

/** null: it is open again. */
export function parkMailbox(db: Database, mailboxId: number, parked: Parked | null): void {
  if (parked === null) {
    db.run('DELETE FROM parked WHERE mailbox_id = ?', mailboxId)
    return
  }
  const { until, times, detail } = parked
  db.run('INSERT OR REPLACE INTO parked (mailbox_id, until, times, detail) VALUES (?, ?, ?, ?)', mailboxId, until, times, detail)
}
