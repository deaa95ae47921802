import { integer, text } from '../db/column.ts'
import type { Database } from '../db/database.ts'

export const VERIFY_LEVELS = ['counts', 'fingerprints', 'content'] as const
export type VerifyLevel = (typeof VERIFY_LEVELS)[number]

/** What a verification found in one folder. `checkedTo`: how far it has got, as the engine counts; a broken-off one goes on there. */
export type Verification = {
  readonly folderId: number
  readonly level: VerifyLevel
  readonly passId: number
  readonly checkedTo: number
  readonly complete: boolean
  /** Counts and UIDs of what is missing, extra or different, stored as JSON. No message content. */
  readonly result: unknown
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Writes the result of this folder at this level in place of an earlier one. */
export function putVerification(db: Database, verification: Omit<Verification, 'at'>, now: number): void {
  db.run(
    `INSERT OR REPLACE INTO verification (folder_id, level, pass_id, checked_to, complete, result, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    verification.folderId,
    verification.level,
    verification.passId,
    verification.checkedTo,
    verification.complete ? 1 : 0,
    JSON.stringify(verification.result ?? null),
    now,
  )
}

/** The last result of each folder and level of a mailbox. */
export function verificationsOf(db: Database, mailboxId: number): readonly Verification[] {
  const rows = db.all(
    `SELECT verification.* FROM verification JOIN folder ON folder.id = folder_id WHERE folder.mailbox_id = ? ORDER BY folder_id, level`,
    mailboxId,
  )
  return rows.map((row) => ({
    folderId: integer(row['folder_id']),
    level: toLevel(text(row['level'])),
    passId: integer(row['pass_id']),
    checkedTo: integer(row['checked_to']),
    complete: integer(row['complete']) === 1,
    result: JSON.parse(text(row['result'])),
    at: integer(row['at']),
  }))
}

function toLevel(word: string): VerifyLevel {
  const level = VERIFY_LEVELS.find((level) => level === word)
  if (level === undefined) throw new Error(`unknown level of verification ${word}`)
  return level
}
