import { integer, integerOrNull, text, textOrNull, type Row } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import { toFailureCode } from './stored.ts'

/** Which mailbox at the source goes into which at the destination. */
export type MailboxIdentity = {
  /** Adapter, host and login. */
  readonly source: string
  /** Adapter, host and target. */
  readonly destination: string
  /** For people; taken over anew each time. */
  readonly name: string
}

export const PASS_KINDS = ['initial', 'delta', 'final', 'verify'] as const
export type PassKind = (typeof PASS_KINDS)[number]

/** A mailbox and how its last pass went. All `lastPass…` are null before the first. */
export type MailboxEntry = MailboxIdentity & {
  readonly id: number
  readonly lastPassKind: PassKind | null
  readonly lastPassBeganAt: number | null
  /** null while it runs, and after a pass that was killed. */
  readonly lastPassEndedAt: number | null
  readonly lastFailureCode: FailureCode | null
  readonly lastFailureDetail: string | null
  /** Somebody works on it, as far as is known, until then; null: nobody does. */
  readonly leasedUntil: number | null
}

/** The id of the mailbox with this source and destination, inserted when it is new. */
export function putMailbox(db: Database, { source, destination, name }: MailboxIdentity, now: number): number {
  return db.transaction(() => {
    const row = db.one('SELECT id, name FROM mailbox WHERE source = ? AND destination = ?', source, destination)
    if (row === undefined)
      return db.insert('INSERT INTO mailbox (source, destination, name, began_at) VALUES (?, ?, ?, ?)', source, destination, name, now)
    const id = integer(row['id'])
    if (row['name'] !== name) db.run('UPDATE mailbox SET name = ? WHERE id = ?', name, id)
    return id
  })
}

export function allMailboxes(db: Database): readonly MailboxEntry[] {
  const rows = db.all(`
    SELECT mailbox.id, source, destination, name, kind, pass.began_at AS began_at, ended_at, failure_code, failure_detail, expires_at
    FROM mailbox LEFT JOIN lease ON lease.mailbox_id = mailbox.id LEFT JOIN pass ON pass.id = (SELECT max(id) FROM pass WHERE mailbox_id = mailbox.id)
    ORDER BY mailbox.id`)
  return rows.map((row) => ({
    id: integer(row['id']),
    source: text(row['source']),
    destination: text(row['destination']),
    name: text(row['name']),
    lastPassKind: row['kind'] === null ? null : toKind(text(row['kind'])),
    lastPassBeganAt: integerOrNull(row['began_at']),
    lastPassEndedAt: integerOrNull(row['ended_at']),
    lastFailureCode: toFailureCode(textOrNull(row['failure_code'])),
    lastFailureDetail: textOrNull(row['failure_detail']),
    leasedUntil: integerOrNull(row['expires_at']),
  }))
}

export type PassResult = {
  readonly failure: FailureCode | null
  readonly detail: string | null
  /** What the pass has to show, stored as JSON: its statement, counts of what it did, seconds. Numbers and words, no message content. */
  readonly figures: unknown
}

export type PassEntry = {
  readonly id: number
  readonly mailboxId: number
  readonly kind: PassKind
  readonly beganAt: number
  readonly endedAt: number | null
  readonly failureCode: FailureCode | null
  readonly failureDetail: string | null
  readonly figures: unknown
}

export function beginPass(db: Database, mailboxId: number, kind: PassKind, now: number): number {
  return db.insert('INSERT INTO pass (mailbox_id, kind, began_at) VALUES (?, ?, ?)', mailboxId, kind, now)
}

export function endPass(db: Database, passId: number, { failure, detail, figures }: PassResult, now: number): void {
  const changed = db.run(
    'UPDATE pass SET ended_at = ?, failure_code = ?, failure_detail = ?, figures = ? WHERE id = ? AND ended_at IS NULL',
    now,
    failure,
    detail,
    JSON.stringify(figures ?? null),
    passId,
  )
  if (changed !== 1) throw new Error(`there is no running pass ${passId}`)
}

/** How far a pass is, while it runs, for other processes; nothing of it is needed to go on. */
export function notePass(db: Database, passId: number, progress: unknown): void {
  db.run('UPDATE pass SET figures = ? WHERE id = ? AND ended_at IS NULL', JSON.stringify(progress), passId)
}

/** The timeline of a mailbox, oldest first. */
export function passesOf(db: Database, mailboxId: number): readonly PassEntry[] {
  return db.all('SELECT * FROM pass WHERE mailbox_id = ? ORDER BY id', mailboxId).map(toPass)
}

function toPass(row: Row): PassEntry {
  const figures = textOrNull(row['figures'])
  return {
    id: integer(row['id']),
    mailboxId: integer(row['mailbox_id']),
    kind: toKind(text(row['kind'])),
    beganAt: integer(row['began_at']),
    endedAt: integerOrNull(row['ended_at']),
    failureCode: toFailureCode(textOrNull(row['failure_code'])),
    failureDetail: textOrNull(row['failure_detail']),
    figures: figures === null ? null : JSON.parse(figures),
  }
}

function toKind(word: string): PassKind {
  const kind = PASS_KINDS.find((kind) => kind === word)
  if (kind === undefined) throw new Error(`unknown kind of pass ${word}`)
  return kind
}
