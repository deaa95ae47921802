import { integer, text } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import type { MessageState } from '../model/message.ts'
import type { Batch, CopiedEntry, FailedEntry, FolderUids, NewEntry, SettledEntry, SkippedEntry } from './batch.ts'
import { ALREADY_THERE, fromRepairs, statesBefore } from './entry.ts'
import { livingUidValidity } from './entry-queries.ts'

/** What a server said is kept up to this length. */
const DETAIL_CHARS = 2000

/**
 * Writes the whole batch in one transaction and one sync, or nothing of it. Order: settled, sending, copied, failed, skipped,
 * flags, verified, gone; so a message may be sent and settled in one call.
 * A move that MESSAGE_MOVES does not allow, or a row that is not there, is a bug of the caller and throws.
 */
export function record(db: Database, batch: Batch, now: number): void {
  db.transaction(() => {
    if (batch.settled !== undefined) settle(db, batch.settled, now)
    if (batch.sending !== undefined) send(db, batch.sending, now)
    if (batch.copied !== undefined) copy(db, batch.copied, now)
    if (batch.failed !== undefined) leaveOut(db, FAIL, 'failed', batch.failed, now)
    if (batch.skipped !== undefined) leaveOut(db, SKIP, 'skipped', batch.skipped, now)
    if (batch.flags !== undefined) {
      const statement = db.statement('UPDATE entry SET flags = ? WHERE folder_id = ? AND uid = ?')
      for (const { folderId, uid, flags } of batch.flags) expectOne(db, statement.run(flags, folderId, uid).changes, 'flags', folderId, uid)
    }
    if (batch.verified !== undefined) verify(db, batch.verified, now)
    if (batch.gone !== undefined) leave(db, batch.gone, now)
    if (batch.goneIds !== undefined) for (const id of batch.goneIds) db.run(LEAVE_BY_ID, now, id)
  })
}

const SEND = `
INSERT INTO entry (folder_id, uid_validity, uid, size_bytes, internal_date, flags, sha256, strict, loose,
  repairs, sent_sha256, sent_bytes, sent_strict, state, attempts, sent_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'sending', 1, ?)
ON CONFLICT (folder_id, uid) DO UPDATE SET
  size_bytes = excluded.size_bytes, internal_date = excluded.internal_date, flags = excluded.flags, sha256 = excluded.sha256,
  strict = excluded.strict, loose = excluded.loose, repairs = excluded.repairs, sent_sha256 = excluded.sent_sha256,
  sent_bytes = excluded.sent_bytes, sent_strict = excluded.sent_strict, state = 'sending', attempts = attempts + 1,
  sent_at = excluded.sent_at, settled_at = NULL, failure_code = NULL, failure_detail = NULL, vanished_in = NULL,
  destination_name = NULL, destination_uid_validity = NULL, destination_uid = NULL
WHERE uid_validity = excluded.uid_validity AND state IN (${statesBefore('sending')})`

function send(db: Database, entries: readonly NewEntry[], now: number): void {
  refuseSecondUidValidity(db, entries)
  const statement = db.statement(SEND)
  for (const entry of entries) {
    const { changes } = statement.run(
      entry.folderId,
      entry.uidValidity,
      entry.uid,
      entry.sizeBytes,
      entry.internalDate,
      entry.flags,
      entry.sha256,
      entry.strict,
      entry.loose,
      fromRepairs(entry.repairs),
      entry.sentSha256,
      entry.sentBytes,
      entry.sentStrict,
      now,
    )
    expectOne(db, changes, 'sending', entry.folderId, entry.uid)
  }
}

const COPIED = `state = 'copied', destination_name = ?, destination_uid_validity = ?, destination_uid = ?, settled_at = ?,
  failure_code = NULL, failure_detail = NULL, vanished_in = NULL`
const COPY = `UPDATE entry SET ${COPIED} WHERE folder_id = ? AND uid = ? AND state IN (${statesBefore('copied')})`
const PROVE = `
UPDATE entry SET size_bytes = ?, sha256 = ?, sent_sha256 = coalesce(?, sent_sha256), sent_bytes = coalesce(?, sent_bytes)
WHERE folder_id = ? AND uid = ?`
const CAME = `UPDATE entry SET failure_code = '${ALREADY_THERE}' WHERE folder_id = ? AND uid = ?`

function copy(db: Database, entries: readonly CopiedEntry[], now: number): void {
  const statement = db.statement(COPY)
  for (const { folderId, uid, destinationUidValidity, destinationUid, destinationFolderName, proof, cameByItself } of entries) {
    const { changes } = statement.run(destinationFolderName ?? null, destinationUidValidity, destinationUid, now, folderId, uid)
    expectOne(db, changes, 'copied', folderId, uid)
    if (proof !== undefined) db.run(PROVE, proof.sizeBytes, proof.sha256, proof.sentSha256, proof.sentBytes, folderId, uid)
    if (cameByItself === true) db.run(CAME, folderId, uid)
  }
}

const SETTLE_COPIED = `UPDATE entry SET ${COPIED} WHERE id = ? AND state = 'sending'`
const SETTLE_FAILED = `
UPDATE entry SET state = 'failed', failure_code = ?, failure_detail = ?, settled_at = ? WHERE id = ? AND state = 'sending'`

function settle(db: Database, entries: readonly SettledEntry[], now: number): void {
  for (const entry of entries) {
    const changes = entry.arrived
      ? db.run(SETTLE_COPIED, null, entry.destinationUidValidity, entry.destinationUid, now, entry.entryId)
      : db.run(SETTLE_FAILED, entry.code, shortened(entry.detail), now, entry.entryId)
    if (changes !== 1) throw new Error(`entry ${entry.entryId} cannot be settled: it is not in sending`)
  }
}

/** Failing counts as an attempt unless `sending` has counted it already; skipping is none. */
const FAIL = leaveOutSql('failed', `1`, `attempts + (state <> 'sending')`)
const SKIP = leaveOutSql('skipped', `0`, `attempts`)

function leaveOutSql(state: MessageState, firstAttempts: string, attempts: string): string {
  return `
INSERT INTO entry (folder_id, uid_validity, uid, size_bytes, internal_date, flags, failure_code, failure_detail, settled_at, state, attempts)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '${state}', ${firstAttempts})
ON CONFLICT (folder_id, uid) DO UPDATE SET
  size_bytes = excluded.size_bytes, flags = excluded.flags, failure_code = excluded.failure_code,
  failure_detail = excluded.failure_detail, settled_at = excluded.settled_at, state = '${state}', attempts = ${attempts},
  vanished_in = NULL
WHERE uid_validity = excluded.uid_validity AND state IN (${statesBefore(state)})
RETURNING id`
}

const ADD_NOTE = 'INSERT OR REPLACE INTO note (entry_id, subject, sender, date) VALUES (?, ?, ?, ?)'

function leaveOut(db: Database, sql: string, to: MessageState, entries: readonly (FailedEntry | SkippedEntry)[], now: number): void {
  refuseSecondUidValidity(db, entries)
  for (const { folderId, uidValidity, uid, sizeBytes, internalDate, flags, code, detail, note } of entries) {
    const row = db.one(sql, folderId, uidValidity, uid, sizeBytes, internalDate, flags, code, shortened(detail), now)
    if (row === undefined) throw illegal(db, to, folderId, uid)
    if (note !== undefined && note !== null) db.run(ADD_NOTE, integer(row['id']), note.subject, note.from, note.date)
  }
}

const NOT_VERIFIABLE = `
SELECT uid FROM entry WHERE folder_id = ? AND uid BETWEEN ? AND ? AND state NOT IN (${statesBefore('verified')}, 'verified') LIMIT 1`
const VERIFY = `
UPDATE entry SET state = 'verified', settled_at = ? WHERE folder_id = ? AND uid BETWEEN ? AND ? AND state IN (${statesBefore('verified')})`

function verify(db: Database, sets: readonly FolderUids[], now: number): void {
  for (const { folderId, uids } of sets) {
    for (const [from, to] of uids.spans()) {
      const wrong = db.one(NOT_VERIFIABLE, folderId, from, to)
      if (wrong !== undefined) throw illegal(db, 'verified', folderId, integer(wrong['uid']))
      db.run(VERIFY, now, folderId, from, to)
    }
  }
}

const LEFT = `state = 'gone', settled_at = ?, vanished_in = NULL, failure_code = NULL, failure_detail = NULL`
const LEAVE = `UPDATE entry SET ${LEFT} WHERE folder_id = ? AND uid BETWEEN ? AND ? AND (state <> 'gone' OR vanished_in IS NOT NULL)`
const LEAVE_BY_ID = `UPDATE entry SET ${LEFT} WHERE id = ?`

function leave(db: Database, sets: readonly FolderUids[], now: number): void {
  for (const { folderId, uids } of sets) for (const [from, to] of uids.spans()) db.run(LEAVE, now, folderId, from, to)
}

function shortened(detail: string | null): string | null {
  return detail === null ? null : detail.slice(0, DETAIL_CHARS)
}

/** Throws when a statement that must move one row moved none. */
function expectOne(db: Database, changes: number | bigint, to: string, folderId: number, uid: number): void {
  if (Number(changes) !== 1) throw illegal(db, to, folderId, uid)
}

function illegal(db: Database, to: string, folderId: number, uid: number): Error {
  const row = db.one('SELECT state, uid_validity FROM entry WHERE folder_id = ? AND uid = ?', folderId, uid)
  const stands = row === undefined ? 'there is no row' : `it is ${text(row['state'])} under UIDVALIDITY ${text(row['uid_validity'])}`
  return new Error(`message ${uid} of folder ${folderId} cannot become ${to}: ${stands}`)
}

/** New rows may carry only the UIDVALIDITY that lives in their folder; a changed one needs `forgetUids` first, or UIDs would be mixed up. */
function refuseSecondUidValidity(db: Database, entries: readonly { readonly folderId: number; readonly uidValidity: string }[]): void {
  const living = new Map<number, string>()
  for (const { folderId, uidValidity } of entries) {
    let expected = living.get(folderId)
    if (expected === undefined) {
      expected = livingUidValidity(db, folderId) ?? uidValidity
      living.set(folderId, expected)
    }
    if (uidValidity !== expected)
      throw new Error(`folder ${folderId} holds UIDs of UIDVALIDITY ${expected}; forget them before using ${uidValidity}`)
  }
}
