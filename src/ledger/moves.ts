import type { SQLInputValue } from 'node:sqlite'
import { integer } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import type { UidSet } from '../model/uid-set.ts'
import { ENTRY_COLUMNS, toEntry, type Entry } from './entry.ts'
import { livingUidValidity, paged } from './entry-queries.ts'

const VANISH = `
UPDATE entry SET state = 'gone', vanished_in = ?, settled_at = ? WHERE folder_id = ? AND uid BETWEEN ? AND ? AND state IN ('copied', 'verified')`
const VANISH_UNCOPIED = `
UPDATE entry SET state = 'gone', settled_at = ?, failure_code = NULL, failure_detail = NULL
WHERE folder_id = ? AND uid BETWEEN ? AND ? AND state IN ('failed', 'skipped')`

/**
 * These UIDs are no longer in their source folder. Rows with a copy become `gone` and stay listed as vanished until `moveEntry`, or
 * `gone` of a batch, says what became of the message. Rows without a copy simply leave the books; those in `sending` are left alone: settle them first.
 */
export function markVanished(db: Database, folderId: number, uids: UidSet, passId: number, now: number): void {
  db.transaction(() => {
    for (const [from, to] of uids.spans()) {
      db.run(VANISH, passId, now, folderId, from, to)
      db.run(VANISH_UNCOPIED, now, folderId, from, to)
    }
  })
}

/** The vanished of a mailbox that could be a message of this size and date, found elsewhere: confirm by fingerprint or hash. */
export function vanishedMatching(db: Database, mailboxId: number, sizeBytes: number, internalDate: string): readonly Entry[] {
  const sql = `
    SELECT ${ENTRY_COLUMNS} FROM entry JOIN folder ON folder.id = entry.folder_id
    WHERE vanished_in IS NOT NULL AND size_bytes = ? AND internal_date = ? AND folder.mailbox_id = ? ORDER BY entry.id`
  return db.cells(sql, sizeBytes, internalDate, mailboxId).map(toEntry)
}

/** All vanished of a mailbox, of this pass and of earlier ones that did not get to decide; folder by folder. */
export function* vanishedEntries(db: Database, mailboxId: number): Generator<Entry> {
  const sql = `SELECT ${ENTRY_COLUMNS} FROM entry WHERE vanished_in IS NOT NULL AND folder_id = ? AND id >= ? ORDER BY id LIMIT ?`
  for (const folder of db.all('SELECT id FROM folder WHERE mailbox_id = ? ORDER BY id', mailboxId))
    yield* paged(db, sql, [integer(folder['id'])], 1, (entry) => entry.id)
}

/** Where a message that moved at the source is now, at both ends. */
export type EntryMove = {
  readonly entryId: number
  readonly toFolderId: number
  readonly uidValidity: string
  readonly uid: number
  readonly destinationUidValidity: string | null
  readonly destinationUid: number | null
  /** Only where it is not the destination of the new folder. */
  readonly destinationFolderName?: string
}

/** A row without a copy: the message was left out, failed, or its sending came to nothing. */
const MAKE_ROOM = `
UPDATE entry SET uid = NULL, state = 'gone', settled_at = ?, failure_code = NULL, failure_detail = NULL
WHERE folder_id = ? AND uid = ? AND state IN ('skipped', 'failed', 'sending')`

/**
 * The row of a vanished message follows it into its new folder and is `copied` again, in the place of a row that has no copy (a message
 * left out until now). Throws when it is not vanished, or the new place has a row with a copy.
 */
export function moveEntry(db: Database, move: EntryMove, now: number): void {
  db.transaction(() => {
    refuseOther(db, move.toFolderId, move.uidValidity)
    db.run(MAKE_ROOM, now, move.toFolderId, move.uid)
    const moved = db.run(
      `UPDATE entry SET folder_id = ?, uid_validity = ?, uid = ?, state = 'copied', vanished_in = NULL, settled_at = ?,
        destination_name = ?, destination_uid_validity = ?, destination_uid = ?
      WHERE id = ? AND state = 'gone' AND vanished_in IS NOT NULL`,
      move.toFolderId,
      move.uidValidity,
      move.uid,
      now,
      move.destinationFolderName ?? null,
      move.destinationUidValidity,
      move.destinationUid,
      move.entryId,
    )
    if (moved !== 1) throw new Error(`entry ${move.entryId} cannot be moved: it has not vanished`)
  })
}

/** Where the copy of a message lies that is no longer at the source (moved to Deleted Items): it is ours still, and nobody's extra. */
export type Relocation = {
  readonly entryId: number
  readonly destinationFolderName: string
  readonly destinationUidValidity: string
  /** null where the server did not tell. */
  readonly destinationUid: number | null
}

export function relocate(db: Database, relocations: readonly Relocation[]): void {
  db.transaction(() => {
    for (const { entryId, destinationFolderName, destinationUidValidity, destinationUid } of relocations) {
      db.run(
        `UPDATE entry SET destination_name = ?, destination_uid_validity = ?, destination_uid = ? WHERE id = ? AND state = 'gone'`,
        destinationFolderName,
        destinationUidValidity,
        destinationUid,
        entryId,
      )
    }
  })
}

/**
 * The folder has a new UIDVALIDITY: no row of it has a UID any more. They leave the books until `rebind` gives each its new UID;
 * `vanishForgotten` deals with those that are not there again.
 */
export function forgetUids(db: Database, folderId: number): void {
  db.run('UPDATE entry SET uid = NULL WHERE folder_id = ? AND uid IS NOT NULL', folderId)
}

const VANISH_FORGOTTEN = `
UPDATE entry SET state = 'gone', vanished_in = ?, settled_at = ? WHERE folder_id = ? AND uid IS NULL AND state IN ('copied', 'verified')`
const LEAVE_FORGOTTEN = `
UPDATE entry SET state = 'gone', settled_at = ?, failure_code = NULL, failure_detail = NULL
WHERE folder_id = ? AND uid IS NULL AND state <> 'gone'`

/** Rows that no message of the folder claimed under the new UIDVALIDITY: those with a copy are `vanished` and may turn up elsewhere. */
export function vanishForgotten(db: Database, folderId: number, passId: number, now: number): void {
  db.transaction(() => {
    db.run(VANISH_FORGOTTEN, passId, now, folderId)
    db.run(LEAVE_FORGOTTEN, now, folderId)
  })
}

/** What a message is recognised by; all that is given must agree. */
export type Likeness = {
  readonly strict?: Buffer
  readonly loose?: Buffer
  readonly sha256?: Buffer
  readonly sizeBytes?: number
  readonly internalDate?: string
}

/** Rows of the folder that have lost their UID, `gone` ones left out. The index is on `strict`; without it the forgotten rows of the folder are gone through. */
export function candidates(db: Database, folderId: number, like: Likeness = {}): Iterable<Entry> {
  const conditions = ['folder_id = ?', 'uid IS NULL', `state <> 'gone'`]
  const values: SQLInputValue[] = [folderId]
  const ask = (column: string, value: string | number | Buffer | undefined): void => {
    if (value === undefined) return
    conditions.push(`${column} = ?`)
    values.push(value)
  }
  ask('strict', like.strict)
  ask('loose', like.loose)
  ask('sha256', like.sha256)
  ask('size_bytes', like.sizeBytes)
  ask('internal_date', like.internalDate)
  // Left to itself SQLite takes the index on the UID, which is NULL in all of them.
  const index = like.strict === undefined ? '' : 'INDEXED BY entry_forgotten'
  const sql = `SELECT ${ENTRY_COLUMNS} FROM entry ${index} WHERE ${conditions.join(' AND ')} AND id >= ? ORDER BY id LIMIT ?`
  return paged(db, sql, values, 1, (entry) => entry.id)
}

/** Gives a row its UID under the new UIDVALIDITY; its state stays. Throws when it has a UID, or another row has this one. */
export function rebind(db: Database, entryId: number, uidValidity: string, uid: number): void {
  db.transaction(() => {
    const row = db.one('SELECT folder_id FROM entry WHERE id = ? AND uid IS NULL', entryId)
    if (row === undefined) throw new Error(`entry ${entryId} cannot be bound to UID ${uid}: it has a UID`)
    refuseOther(db, integer(row['folder_id']), uidValidity)
    db.run('UPDATE entry SET uid_validity = ?, uid = ? WHERE id = ?', uidValidity, uid, entryId)
  })
}

function refuseOther(db: Database, folderId: number, uidValidity: string): void {
  const living = livingUidValidity(db, folderId)
  if (living !== null && living !== uidValidity)
    throw new Error(`folder ${folderId} holds UIDs of UIDVALIDITY ${living}; forget them before using ${uidValidity}`)
}
