import { integer, integerOrNull, text, textOrNull, blobOrNull, type Row } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import { scopeSql, type Scope } from './books.ts'
import { toRepairs } from './entry.ts'
import { toPath } from './stored.ts'

const PAGE = 500

/** What every line of a report on single messages says. */
export type ReportedMessage = {
  readonly entryId: number
  readonly mailboxId: number
  readonly mailboxName: string
  readonly folderId: number
  readonly folderPath: readonly string[]
  readonly uid: number
  readonly internalDate: string
  readonly sizeBytes: number
  readonly repairs: readonly string[]
}

/** A message that was left out, and why. */
export type ErrorRow = ReportedMessage & {
  readonly state: 'failed' | 'skipped'
  /** A FailureCode, or the word for why it was skipped. */
  readonly code: string
  readonly serverText: string | null
  readonly attempts: number
  /** null when they were not recorded. */
  readonly subject: string | null
  readonly from: string | null
  readonly date: string | null
}

/** A message that was sent otherwise than it was read, with the proof of both. */
export type RepairedRow = ReportedMessage & {
  readonly state: string
  readonly sha256: Buffer | null
  readonly sentSha256: Buffer | null
  readonly sentBytes: number | null
}

/** Every failed and skipped message in the order of mailbox, folder, UID. Streams; memory: one page. */
export function* errorRows(db: Database, scope: Scope): Generator<ErrorRow> {
  const sql = `
    SELECT ${REPORTED}, state, entry.failure_code AS failure_code, entry.failure_detail AS failure_detail, attempts, subject, sender, note.date AS date
    FROM ${JOINED} LEFT JOIN note ON note.entry_id = entry.id
    WHERE entry.folder_id = ? AND uid > ? AND state IN ('failed', 'skipped') ORDER BY uid LIMIT ${PAGE}`
  for (const row of folderByFolder(db, scope, sql)) {
    yield {
      ...toReported(row),
      state: row['state'] === 'failed' ? 'failed' : 'skipped',
      code: text(row['failure_code']),
      serverText: textOrNull(row['failure_detail']),
      attempts: integer(row['attempts']),
      subject: textOrNull(row['subject']),
      from: textOrNull(row['sender']),
      date: textOrNull(row['date']),
    }
  }
}

/** Every message that a repair changed, `gone` ones left out, in the order of mailbox, folder, UID. */
export function* repairedRows(db: Database, scope: Scope): Generator<RepairedRow> {
  const sql = `
    SELECT ${REPORTED}, state, sha256, sent_sha256, sent_bytes FROM ${JOINED}
    WHERE entry.folder_id = ? AND uid > ? AND repairs IS NOT NULL AND state <> 'gone' ORDER BY uid LIMIT ${PAGE}`
  for (const row of folderByFolder(db, scope, sql)) {
    yield {
      ...toReported(row),
      state: text(row['state']),
      sha256: blobOrNull(row['sha256']),
      sentSha256: blobOrNull(row['sent_sha256']),
      sentBytes: integerOrNull(row['sent_bytes']),
    }
  }
}

const REPORTED = `entry.id AS id, mailbox_id, mailbox.name AS mailbox_name, folder_id, source_path, uid, internal_date, size_bytes, repairs`
const JOINED = `entry JOIN folder ON folder.id = entry.folder_id JOIN mailbox ON mailbox.id = folder.mailbox_id`

function* folderByFolder(db: Database, scope: Scope, sql: string): Generator<Row> {
  const { where, values } = scopeSql(scope)
  for (const folder of db.all(`SELECT id FROM folder WHERE ${where} ORDER BY mailbox_id, id`, ...values)) {
    for (let uid = 0; ;) {
      const page = db.all(sql, integer(folder['id']), uid)
      for (const row of page) {
        uid = integer(row['uid'])
        yield row
      }
      if (page.length < PAGE) break
    }
  }
}

function toReported(row: Row): ReportedMessage {
  return {
    entryId: integer(row['id']),
    mailboxId: integer(row['mailbox_id']),
    mailboxName: text(row['mailbox_name']),
    folderId: integer(row['folder_id']),
    folderPath: toPath(text(row['source_path'])),
    uid: integer(row['uid']),
    internalDate: text(row['internal_date']),
    sizeBytes: integer(row['size_bytes']),
    repairs: toRepairs(textOrNull(row['repairs'])),
  }
}
