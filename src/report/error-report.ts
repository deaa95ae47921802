import { csv } from './csv.ts'
import { writeWhole } from './write-whole.ts'

/** A message that was not copied, with everything a person needs to find it and to decide what to do. */
export type ErrorReportRow = {
  readonly mailbox: string
  readonly folder: string
  /** null where somebody else copied, who tells none. */
  readonly uid: number | null
  /** ISO 8601 where it is known; null where the message has none. */
  readonly date: string | null
  readonly sizeBytes: number | null
  /** null where subjects and addresses are not recorded. */
  readonly subject: string | null
  readonly from: string | null
  readonly state: 'skipped' | 'failed'
  /** The code: `message-too-large`. */
  readonly reason: string
  /** What to do about it, a sentence. */
  readonly help: string
  /** The server's own words. */
  readonly serverText: string | null
  readonly attempts: number | null
  /** Names of the repairs that were tried. */
  readonly repairs: readonly string[]
  /** Who copied, where it was not us: `Microsoft`. */
  readonly lane?: string
}

export const ERROR_COLUMNS = [
  'mailbox',
  'folder',
  'uid',
  'date',
  'size_bytes',
  'subject',
  'from',
  'state',
  'reason',
  'help',
  'server_text',
  'attempts',
  'repairs',
  'lane',
] as const

/** The error report as CSV, a piece at a time. */
export function errorCsv(rows: Iterable<ErrorReportRow>): Generator<string> {
  return csv(ERROR_COLUMNS, fieldsOf(rows))
}

/** Writes the error report, whole or not at all; memory: one row. */
export async function writeErrorCsv(path: string, rows: Iterable<ErrorReportRow>): Promise<void> {
  await writeWhole(path, errorCsv(rows))
}

function* fieldsOf(rows: Iterable<ErrorReportRow>): Generator<readonly (string | number | null)[]> {
  for (const row of rows) {
    yield [
      row.mailbox,
      row.folder,
      row.uid,
      row.date,
      row.sizeBytes,
      row.subject,
      row.from,
      row.state,
      row.reason,
      row.help,
      row.serverText,
      row.attempts,
      row.repairs.join(' '),
      row.lane ?? null,
    ]
  }
}
