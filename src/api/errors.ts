import { mkdir } from 'node:fs/promises'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import type { ErrorRow } from '../ledger/error-rows.ts'
import { FAILURES, type FailureCode } from '../model/failure-codes.ts'
import { parseInternalDate } from '../engine/dates.ts'
import { writeErrorCsv, type ErrorReportRow } from '../report/error-report.ts'
import { exportMessages } from './export-eml.ts'
import { microsoftSkipped, skippedReportRow } from './microsoft-lane.ts'
import type { ErrorsInput } from './operations.ts'
import type { ErrorsResult, KeptLabels, MessageError } from './results.ts'
import { mailboxesIn } from './status.ts'
import type { World } from './world.ts'

/** What was not copied and why, from the ledger; with `emlDir` the messages themselves are fetched from the source. */
export async function errors(world: World, input: ErrorsInput): Promise<ErrorsResult> {
  using ledger = openLedger(input.stateDir, { readOnly: true })
  const rows = rowsIn(ledger, input.only)
  input.onMailboxes([...new Set(rows.map((row) => row.mailboxName))])
  const microsoft = microsoftSkipped(ledger, mailboxesIn(ledger, input.only))
  if (input.csvFile !== null) await writeErrorCsv(input.csvFile, [...rows.map(reportRow), ...microsoft.map(skippedReportRow)])
  let files: ReadonlyMap<number, string> = new Map()
  if (input.emlDir !== null && input.addresses !== null) {
    await mkdir(input.emlDir, { recursive: true, mode: 0o700 })
    files = await exportMessages(world, ledger, rows, input.emlDir, input.addresses, input)
  }
  const all = rows.map((row) => messageError(row, files.get(row.entryId) ?? null))
  const labels = mailboxesIn(ledger, input.only).flatMap((mailbox) => keptLabels(ledger, mailbox))
  return {
    ...(labels.length === 0 ? {} : { labels }),
    ...(microsoft.length === 0 ? {} : { microsoft }),
    skipped: all.filter((one) => one.state === 'skipped').length,
    failed: all.filter((one) => one.state === 'failed').length,
    errors: all,
    csvFile: input.csvFile,
    emlDir: input.emlDir,
    exported: files.size,
  }
}

/** Exchange has no keywords over IMAP, and these are no categories there yet; on plain servers labels stand with the messages. */
function keptLabels(ledger: Ledger, { id, name, destination }: ReturnType<Ledger['mailboxes']>[number]): readonly KeptLabels[] {
  if (!destination.startsWith('exchange ')) return []
  const counts = new Map<string, number>()
  let messages = 0
  for (const { labels, written } of ledger.labelled(id)) {
    if (written) continue
    messages++
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  const labels = [...counts].map(([label, count]) => ({ name: label, messages: count })).sort((a, b) => b.messages - a.messages)
  return messages === 0 ? [] : [{ mailbox: name, messages, labels }]
}

function rowsIn(ledger: Ledger, only: readonly string[]): readonly ErrorRow[] {
  return mailboxesIn(ledger, only).flatMap((mailbox) => [...ledger.errors({ mailboxId: mailbox.id })])
}

/** Reasons that are rules of ours and no failures. */
const RULES: Readonly<Record<string, { readonly says: string; readonly help: string }>> = {
  'deleted-flag': {
    says: 'Marked as deleted at the source, so it was left out.',
    help: 'Copy such messages too with --include-deleted.',
  },
  'already-there': {
    says: 'The old mailbox has this message itself.',
    help: 'Nothing to do: it is there.',
  },
  'folder-data': {
    says: 'No mail: the message in which the old server keeps the UIDs of its folder.',
    help: 'Nothing to do: it has no use anywhere else.',
  },
}

function helpOf(code: string): string {
  return RULES[code]?.help ?? (isFailureCode(code) ? FAILURES[code].help : '')
}

function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(FAILURES, code)
}

function messageError(row: ErrorRow, emlFile: string | null): MessageError {
  return {
    mailbox: row.mailboxName,
    folder: row.folderPath.join('/'),
    uid: row.uid,
    subject: row.subject,
    date: dateOf(row),
    sizeBytes: row.sizeBytes,
    state: row.state,
    code: row.code,
    reason: RULES[row.code]?.says ?? row.serverText ?? row.code,
    help: helpOf(row.code),
    serverText: row.code in RULES ? null : row.serverText,
    attempts: row.attempts,
    emlFile,
  }
}

function reportRow(row: ErrorRow): ErrorReportRow {
  return {
    mailbox: row.mailboxName,
    folder: row.folderPath.join('/'),
    uid: row.uid,
    date: dateOf(row),
    sizeBytes: row.sizeBytes,
    subject: row.subject,
    from: row.from,
    state: row.state,
    reason: row.code,
    help: helpOf(row.code),
    serverText: row.serverText,
    attempts: row.attempts,
    repairs: row.repairs,
  }
}

function dateOf(row: ErrorRow): string | null {
  const ms = parseInternalDate(row.internalDate)
  return ms === null ? null : new Date(ms).toISOString()
}
