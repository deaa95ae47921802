import type { SQLInputValue } from 'node:sqlite'
import { integer, text } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import { UidSet } from '../model/uid-set.ts'
import { ENTRY_COLUMNS, toEntry, type Entry } from './entry.ts'

/** Rows a page: reading never leaves a statement open between two steps of an iteration, so the caller may write meanwhile. */
const PAGE = 100

/**
 * Pages through `sql`, which takes `values` and then the smallest key still wanted, and orders by that key; the page size is
 * its last parameter. Memory: one page.
 */
export function* paged(
  db: Database,
  sql: string,
  values: readonly SQLInputValue[],
  from: number,
  keyOf: (entry: Entry) => number,
): Generator<Entry> {
  for (let next = from; ;) {
    const page = db.cells(sql, ...values, next, PAGE)
    for (const row of page) {
      const entry = toEntry(row)
      next = keyOf(entry) + 1
      yield entry
    }
    if (page.length < PAGE) return
  }
}

/** Entries with `fromUid` ≤ UID ≤ `toUid`, ascending, the `gone` ones included. */
export function entriesBetween(db: Database, folderId: number, fromUid: number, toUid: number): Iterable<Entry> {
  const sql = `SELECT ${ENTRY_COLUMNS} FROM entry WHERE folder_id = ? AND uid <= ? AND uid >= ? ORDER BY uid LIMIT ?`
  return paged(db, sql, [folderId, toUid], fromUid, (entry) => entry.uid)
}

export function entryByUid(db: Database, folderId: number, uid: number): Entry | null {
  const [row] = db.cells(`SELECT ${ENTRY_COLUMNS} FROM entry WHERE folder_id = ? AND uid = ?`, folderId, uid)
  return row === undefined ? null : toEntry(row)
}

export function entryById(db: Database, id: number): Entry | null {
  const [row] = db.cells(`SELECT ${ENTRY_COLUMNS} FROM entry WHERE id = ?`, id)
  return row === undefined ? null : toEntry(row)
}

/**
 * Entries whose copy has `fromUid` ≤ destination UID ≤ `toUid`, ascending by it. `gone` ones are included: their copy may still stand.
 * Several may name one destination UID (after its UIDVALIDITY changed): they come together.
 */
export function* entriesByDestination(db: Database, folderId: number, fromUid: number, toUid: number): Generator<Entry> {
  const pageSql = `SELECT ${ENTRY_COLUMNS} FROM entry WHERE folder_id = ? AND destination_uid <= ? AND destination_uid >= ? ORDER BY destination_uid, id LIMIT ?`
  const rest = `SELECT ${ENTRY_COLUMNS} FROM entry WHERE folder_id = ? AND destination_uid = ? AND id > ? ORDER BY id`
  for (let next = fromUid; ;) {
    const page = db.cells(pageSql, folderId, toUid, next, PAGE).map(toEntry)
    yield* page
    const last = page.at(-1)
    if (page.length < PAGE || last === undefined || last.destinationUid === null) return
    yield* db.cells(rest, folderId, last.destinationUid, last.id).map(toEntry)
    next = last.destinationUid + 1
  }
}

/** Entries in `sending`, oldest first, those without a UID included. */
export function sendingEntries(db: Database, folderId: number): readonly Entry[] {
  return db.cells(`SELECT ${ENTRY_COLUMNS} FROM entry WHERE folder_id = ? AND state = 'sending' ORDER BY id`, folderId).map(toEntry)
}

/** Entries that failed, ascending by UID: a new run tries them again. */
export function failedEntries(db: Database, folderId: number): readonly Entry[] {
  const sql = `SELECT ${ENTRY_COLUMNS} FROM entry WHERE folder_id = ? AND state IN ('failed', 'skipped') AND state = 'failed' AND uid IS NOT NULL ORDER BY uid`
  return db.cells(sql, folderId).map(toEntry)
}

/** The UIDs under this UIDVALIDITY that have an entry which is not `gone`. A million cost half a second and some kilobytes. */
export function knownUids(db: Database, folderId: number, uidValidity: string): UidSet {
  // One row tells for all: `record` and `rebind` let only one UIDVALIDITY live in a folder.
  const living = livingUidValidity(db, folderId)
  if (living !== uidValidity) return UidSet.empty
  const all = uidsOf(db, 'SELECT uid FROM entry WHERE folder_id = ? AND uid IS NOT NULL ORDER BY uid', folderId)
  return all.minus(uidsOf(db, `SELECT uid FROM entry WHERE folder_id = ? AND state = 'gone' AND uid IS NOT NULL ORDER BY uid`, folderId))
}

/** The UIDVALIDITY of the entries that have a UID; null when there are none. */
export function livingUidValidity(db: Database, folderId: number): string | null {
  const row = db.one('SELECT uid_validity FROM entry WHERE folder_id = ? AND uid IS NOT NULL LIMIT 1', folderId)
  return row === undefined ? null : text(row['uid_validity'])
}

export function sendingUids(db: Database, folderId: number): UidSet {
  const rows = db.all(`SELECT uid FROM entry WHERE folder_id = ? AND state = 'sending' AND uid IS NOT NULL`, folderId)
  return UidSet.of(rows.map((row) => integer(row['uid'])))
}

/** Destination UIDs of copies that were put elsewhere than their folder goes: moved by us, or left where a person had touched them. */
export function strayUids(db: Database, mailboxId: number, destinationName: string, destinationUidValidity: string): UidSet {
  const rows = db.all(
    `SELECT destination_uid FROM entry JOIN folder ON folder.id = entry.folder_id
    WHERE entry.destination_name = ? AND entry.destination_uid_validity = ? AND destination_uid IS NOT NULL AND mailbox_id = ?`,
    destinationName,
    destinationUidValidity,
    mailboxId,
  )
  return UidSet.of(rows.map((row) => integer(row['destination_uid'])))
}

/** Of the messages of a folder that have a copy, those whose copy was put into another destination folder than this. */
export function copiesElsewhere(db: Database, folderId: number, destinationName: string): number {
  const row = db.one(
    `SELECT count(*) AS count FROM entry INDEXED BY entry_elsewhere
    WHERE destination_name IS NOT NULL AND destination_name <> ? AND folder_id = ? AND uid IS NOT NULL AND state IN ('copied', 'verified')`,
    destinationName,
    folderId,
  )
  return row === undefined ? 0 : integer(row['count'])
}

/** Reads ascending UIDs straight into ranges. */
function uidsOf(db: Database, sql: string, folderId: number): UidSet {
  const ranges: [number, number][] = []
  let last: [number, number] | undefined
  db.eachCells(sql, [folderId], ([cell]) => {
    const uid = integer(cell)
    if (last !== undefined && uid === last[1] + 1) last[1] = uid
    else ranges.push((last = [uid, uid]))
  })
  return UidSet.ofRanges(ranges)
}
