import type { Ledger } from '../ledger/ledger.ts'
import { skippedMeaning } from '../native/native-errors.ts'
import type { ErrorReportRow } from '../report/error-report.ts'
import type { MicrosoftLane, MicrosoftSkipped } from './results.ts'

type Mailbox = ReturnType<Ledger['mailboxes']>[number]

/** What Microsoft's batches say of each mailbox; absent where it is in none. */
export function microsoftLanes(ledger: Ledger): (mailbox: Mailbox) => { readonly microsoft?: MicrosoftLane } {
  const rows = new Map(ledger.foreign.all().map((row) => [row.mailboxId, row]))
  return ({ id }) => {
    const row = rows.get(id)
    if (row === undefined) return {}
    const { batch, state, status, synced, skipped, detail, lastSyncAt, readAt } = row
    return { microsoft: { batch, state, status, synced, skipped, detail, lastSyncAt: moment(lastSyncAt), readAt: moment(readAt) ?? '' } }
  }
}

/** What Microsoft left out, but of mailboxes that a pass of ours has looked through since: there our own rows say it. */
export function microsoftSkipped(ledger: Ledger, mailboxes: readonly Mailbox[]): readonly MicrosoftSkipped[] {
  const rows = new Map(ledger.foreign.all().map((row) => [row.mailboxId, row]))
  return mailboxes.flatMap((mailbox) => {
    const row = rows.get(mailbox.id)
    if (row === undefined) return []
    const isOver = ledger.passes(mailbox.id).some(({ kind, beganAt, endedAt, failureCode }) => {
      return kind !== 'verify' && beganAt >= row.movedAt && endedAt !== null && failureCode === null
    })
    if (isOver) return []
    return ledger.foreign.skipped(mailbox.id).map(({ kind, reason, folder, subject, sender, date, sizeBytes }): MicrosoftSkipped => {
      const { says, help } = skippedMeaning(kind)
      const lane = 'Microsoft' as const
      return {
        lane,
        mailbox: mailbox.name,
        batch: row.batch,
        kind,
        folder,
        subject,
        sender,
        date,
        sizeBytes,
        reason: says,
        help,
        told: reason,
      }
    })
  })
}

export function skippedReportRow(one: MicrosoftSkipped): ErrorReportRow {
  return {
    mailbox: one.mailbox,
    folder: one.folder ?? '',
    uid: null,
    date: one.date,
    sizeBytes: one.sizeBytes,
    subject: one.subject,
    from: one.sender,
    state: 'skipped',
    reason: one.kind,
    help: one.help,
    serverText: one.told,
    attempts: null,
    repairs: [],
    lane: one.lane,
  }
}

function moment(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
