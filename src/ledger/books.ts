import type { SQLInputValue } from 'node:sqlite'
import { integer, text, type Row } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import type { Statement } from '../model/message.ts'

/** Whose figures: of one mailbox, of one folder, or of everything in the ledger. */
export type Scope = { readonly mailboxId: number } | { readonly folderId: number } | 'all'

/** The condition of a scope on the table `folder`, and its value. */
export function scopeSql(scope: Scope): { readonly where: string; readonly values: readonly SQLInputValue[] } {
  if (scope === 'all') return { where: 'true', values: [] }
  if ('folderId' in scope) return { where: 'folder.id = ?', values: [scope.folderId] }
  return { where: 'folder.mailbox_id = ?', values: [scope.mailboxId] }
}

/**
 * The books: what the last scans found at the source against what the entries say. `copied` includes verified; an entry in
 * `sending` explains nothing, nor does one whose UID is not known; `gone` ones are not counted. `unexplained` may be negative
 * (more entries than messages found): as much a fault as a positive one. `bytes` is the size of what was copied, as the source counts.
 */
export function statement(db: Database, scope: Scope): Statement {
  const { where, values } = scopeSql(scope)
  const folders = must(db.one(`SELECT coalesce(sum(found), 0) AS found FROM folder WHERE gone_at IS NULL AND ${where}`, ...values))
  const found = integer(folders['found'])
  const tally = must(
    db.one(
      `SELECT
        coalesce(sum(tally.messages) FILTER (WHERE state IN ('copied', 'verified')), 0) AS copied,
        coalesce(sum(tally.messages) FILTER (WHERE state = 'skipped'), 0) AS skipped,
        coalesce(sum(tally.messages) FILTER (WHERE state = 'failed'), 0) AS failed,
        coalesce(sum(tally.bytes) FILTER (WHERE state IN ('copied', 'verified')), 0) AS bytes
      FROM tally JOIN folder ON folder.id = tally.folder_id WHERE ${where}`,
      ...values,
    ),
  )
  const copied = integer(tally['copied'])
  const skipped = integer(tally['skipped'])
  const failed = integer(tally['failed'])
  return { found, copied, skipped, failed, unexplained: found - copied - skipped - failed, bytes: integer(tally['bytes']) }
}

/** How many of the copied messages a verification has proven. */
export function verifiedCount(db: Database, scope: Scope): number {
  const { where, values } = scopeSql(scope)
  const sql = `SELECT coalesce(sum(tally.messages), 0) AS verified FROM tally JOIN folder ON folder.id = tally.folder_id WHERE state = 'verified' AND ${where}`
  return integer(must(db.one(sql, ...values))['verified'])
}

/** How many messages were left out for which reason. */
export type Reason = { readonly state: 'skipped' | 'failed'; readonly code: string; readonly count: number; readonly bytes: number }

/** The reasons behind `skipped` and `failed`, the most frequent first. Their counts add up to the statement's. */
export function reasons(db: Database, scope: Scope): readonly Reason[] {
  const { where, values } = scopeSql(scope)
  const rows = db.all(
    `SELECT entry.state AS state, entry.failure_code AS code, count(*) AS count, sum(entry.size_bytes) AS bytes
    FROM folder JOIN entry ON entry.folder_id = folder.id
    WHERE entry.state IN ('failed', 'skipped') AND entry.uid IS NOT NULL AND ${where}
    GROUP BY entry.state, entry.failure_code ORDER BY count DESC, state, code`,
    ...values,
  )
  return rows.map((row) => ({
    state: row['state'] === 'failed' ? 'failed' : 'skipped',
    code: text(row['code']),
    count: integer(row['count']),
    bytes: integer(row['bytes']),
  }))
}

function must(row: Row | undefined): Row {
  if (row === undefined) throw new Error('an aggregate query returned no row')
  return row
}
