import { join } from 'node:path'
import { Database } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'
import { createPrivateFile, createStateDirectory, lockStateDirectory } from '../db/state-directory.ts'
import type { Statement } from '../model/message.ts'
import type { UidSet } from '../model/uid-set.ts'
import type { Batch } from './batch.ts'
import { reasons, statement, verifiedCount, type Reason, type Scope } from './books.ts'
import type { Entry } from './entry.ts'
import * as queries from './entry-queries.ts'
import { errorRows, repairedRows, type ErrorRow, type RepairedRow } from './error-rows.ts'
import * as folderRows from './folder-rows.ts'
import { ForeignRows } from './foreign-rows.ts'
import { LabelBook } from './label-book.ts'
import { LateBook } from './late-book.ts'
import { labelledMessages, type LabelledMessage } from './label-rows.ts'
import { dropLeases, takeLease, type Lease } from './lease.ts'
import * as mailboxRows from './mailbox-rows.ts'
import * as moves from './moves.ts'
import { record } from './record.ts'
import { readOnlyDatabase } from './read-only.ts'
import { MIGRATIONS } from './schema.ts'
import * as sourceRows from './source-rows.ts'
import { putVerification, verificationsOf, type Verification } from './verification-rows.ts'

/**
 * What is known of every message: the truth after a crash, and the books of the report. No message content.
 *
 * Atomic: each call that writes is one transaction, on the disk when it returns; `atomic` makes several one. Reads see all writes
 * of this process at once. Iterables read page by page and see what is written between two pages; they hold nothing open,
 * so writing while iterating is fine, and breaking off is too.
 *
 * Throws `Failure`: 'disk-full', 'state-damaged', 'state-in-use', 'bad-input', 'mailbox-leased'. A plain Error is a bug of the caller
 * (a move that MESSAGE_MOVES forbids, a row that is not there); nothing of that call is written then.
 */
export class Ledger implements Disposable {
  readonly #db: Database
  readonly #lock: Disposable | null
  readonly #now: () => number
  /** What others who copy these mailboxes say of them. */
  readonly foreign: ForeignRows
  /** Which labels were written at the destination. */
  readonly labels: LabelBook
  /** What came to a mailbox after its domain was switched. */
  readonly late: LateBook

  /** Takes over the database, migrated, and the lock on its directory; closes both. See `openLedger`. */
  constructor(db: Database, lock: Disposable | null, now: () => number) {
    this.#db = db
    this.#lock = lock
    this.#now = now
    this.foreign = new ForeignRows(db)
    this.labels = new LabelBook(db, now)
    this.late = new LateBook(db, now)
  }

  close(): void {
    this.#db.close()
    this.#lock?.[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** All writes of `body` or none. `body` must not await. */
  atomic<T>(body: () => T): T {
    return this.#db.transaction(body)
  }

  /** The id of this mailbox; inserted when it is new. */
  mailbox(identity: mailboxRows.MailboxIdentity): number {
    return mailboxRows.putMailbox(this.#db, identity, this.#now())
  }

  mailboxes(): readonly mailboxRows.MailboxEntry[] {
    return mailboxRows.allMailboxes(this.#db)
  }

  /** One worker per mailbox: throws 'mailbox-leased' while another lease has not run out. `owner` is named in that error. */
  lease(mailboxId: number, owner: string, ttlMs: number): Lease {
    return takeLease(this.#db, this.#now, mailboxId, owner, ttlMs)
  }

  beginPass(mailboxId: number, kind: mailboxRows.PassKind): number {
    return mailboxRows.beginPass(this.#db, mailboxId, kind, this.#now())
  }

  notePass(passId: number, progress: unknown): void {
    mailboxRows.notePass(this.#db, passId, progress)
  }

  endPass(passId: number, result: mailboxRows.PassResult): void {
    mailboxRows.endPass(this.#db, passId, result, this.#now())
  }

  /** The timeline of a mailbox, oldest first. */
  passes(mailboxId: number): readonly mailboxRows.PassEntry[] {
    return mailboxRows.passesOf(this.#db, mailboxId)
  }

  folders(mailboxId: number): readonly folderRows.FolderEntry[] {
    return folderRows.foldersOf(this.#db, mailboxId)
  }

  /** Inserts the folder, or updates what is given of the one with this source name; one that had gone is back. */
  putFolder(mailboxId: number, folder: folderRows.FolderSeed): folderRows.FolderEntry {
    return folderRows.putFolder(this.#db, mailboxId, folder)
  }

  updateFolder(id: number, patch: folderRows.FolderPatch): void {
    folderRows.updateFolder(this.#db, id, patch)
  }

  /** The whole batch in one transaction and one sync. Order: settled, sending, copied, failed, skipped, flags, verified, gone. */
  record(batch: Batch): void {
    record(this.#db, batch, this.#now())
  }

  /** Entries with `fromUid` ≤ UID ≤ `toUid`, ascending, `gone` ones included. */
  entries(folderId: number, fromUid: number, toUid: number): Iterable<Entry> {
    return queries.entriesBetween(this.#db, folderId, fromUid, toUid)
  }

  lookup(folderId: number, uid: number): Entry | null {
    return queries.entryByUid(this.#db, folderId, uid)
  }

  entry(id: number): Entry | null {
    return queries.entryById(this.#db, id)
  }

  /** Entries whose copy has `fromUid` ≤ destination UID ≤ `toUid`, ascending by it; `gone` ones included: their copy may still stand. */
  byDestination(folderId: number, fromUid: number, toUid: number): Iterable<Entry> {
    return queries.entriesByDestination(this.#db, folderId, fromUid, toUid)
  }

  /** UIDs under this UIDVALIDITY that have an entry which is not `gone`; empty when the folder's UIDs are of another one. */
  knownUids(folderId: number, uidValidity: string): UidSet {
    return queries.knownUids(this.#db, folderId, uidValidity)
  }

  /** UIDs of the entries in `sending`. */
  unfinishedUids(folderId: number): UidSet {
    return queries.sendingUids(this.#db, folderId)
  }

  /** Entries in `sending`, oldest first, those that lost their UID included. */
  sending(folderId: number): readonly Entry[] {
    return queries.sendingEntries(this.#db, folderId)
  }

  /** Failed entries, ascending by UID: a new run tries them again. */
  retryable(folderId: number): readonly Entry[] {
    return queries.failedEntries(this.#db, folderId)
  }

  /** Not in their source folder any more. Copied ones stay `vanished` until moved or recorded as gone; those in `sending` are left alone. */
  markVanished(folderId: number, uids: UidSet, passId: number): void {
    moves.markVanished(this.#db, folderId, uids, passId, this.#now())
  }

  vanishedMatching(mailboxId: number, sizeBytes: number, internalDate: string): readonly Entry[] {
    return moves.vanishedMatching(this.#db, mailboxId, sizeBytes, internalDate)
  }

  /** Those nobody has decided on yet, of earlier passes too. */
  vanished(mailboxId: number): Iterable<Entry> {
    return moves.vanishedEntries(this.#db, mailboxId)
  }

  /** A vanished entry follows its message into another folder and is `copied` again. */
  moveEntry(move: moves.EntryMove): void {
    moves.moveEntry(this.#db, move, this.#now())
  }

  /** Notes where copies of vanished messages were put. */
  relocate(relocations: readonly moves.Relocation[]): void {
    moves.relocate(this.#db, relocations)
  }

  /** Destination UIDs of our copies that lie in this folder though their source folder goes elsewhere. */
  strays(mailboxId: number, destinationName: string, destinationUidValidity: string): UidSet {
    return queries.strayUids(this.#db, mailboxId, destinationName, destinationUidValidity)
  }

  copiesElsewhere(folderId: number, thanDestination: string): number {
    return queries.copiesElsewhere(this.#db, folderId, thanDestination)
  }

  /** A new UIDVALIDITY: every entry of the folder loses its UID and leaves the books until it is bound again. Settle `sending` first. */
  forgetUids(folderId: number): void {
    moves.forgetUids(this.#db, folderId)
  }

  /** Entries that lost their UID and were not bound again leave the books; those with a copy are `vanished`. */
  vanishForgotten(folderId: number, passId: number): void {
    moves.vanishForgotten(this.#db, folderId, passId, this.#now())
  }

  /** Entries that lost their UID and are like this, `gone` ones left out. Fast with `strict`. */
  candidates(folderId: number, like: moves.Likeness = {}): Iterable<Entry> {
    return moves.candidates(this.#db, folderId, like)
  }

  rebind(entryId: number, uidValidity: string, uid: number): void {
    moves.rebind(this.#db, entryId, uidValidity, uid)
  }

  statement(scope: Scope): Statement {
    return statement(this.#db, scope)
  }

  /** Of the copied ones, those proven at the destination. */
  verifiedCount(scope: Scope): number {
    return verifiedCount(this.#db, scope)
  }

  reasons(scope: Scope): readonly Reason[] {
    return reasons(this.#db, scope)
  }

  errors(scope: Scope = 'all'): Iterable<ErrorRow> {
    return errorRows(this.#db, scope)
  }

  repaired(scope: Scope = 'all'): Iterable<RepairedRow> {
    return repairedRows(this.#db, scope)
  }

  /** Messages with labels beside the folder they went to. */
  labelled(mailboxId: number): Iterable<LabelledMessage> {
    return labelledMessages(this.#db, mailboxId)
  }

  putVerification(verification: Omit<Verification, 'at'>): void {
    putVerification(this.#db, verification, this.#now())
  }

  verifications(mailboxId: number): readonly Verification[] {
    return verificationsOf(this.#db, mailboxId)
  }

  sourceNotes(mailboxId: number): sourceRows.SourceNotes {
    return sourceRows.sourceNotes(this.#db, mailboxId)
  }

  /** Adds to what the source of a mailbox handed out in an hour since 1970. */
  addTraffic(mailboxId: number, traffic: sourceRows.Traffic): void {
    sourceRows.addTraffic(this.#db, mailboxId, traffic)
  }

  trafficSince(mailboxId: number, hour: number): readonly sourceRows.Traffic[] {
    return sourceRows.trafficSince(this.#db, mailboxId, hour)
  }

  /** Until when a server does not want to be asked; null: it is open. */
  parked(mailboxId: number): sourceRows.Parked | null {
    return sourceRows.parkedMailbox(this.#db, mailboxId)
  }

  park(mailboxId: number, parked: sourceRows.Parked | null): void {
    sourceRows.parkMailbox(this.#db, mailboxId, parked)
  }
}

export type LedgerOptions = {
  /** Beside a running copy: takes no lock and creates nothing. Throws 'bad-input' when there is no ledger. */
  readonly readOnly?: boolean
  readonly clock?: { now(): number }
}

/**
 * Opens the ledger of a state directory, made on first use (0700, files 0600) and migrated to this release.
 * For writing it takes the directory for this process: throws 'state-in-use' naming the pid that has it, 'state-newer', 'state-damaged', 'disk-full'.
 */
export function openLedger(stateDir: string, options: LedgerOptions = {}): Ledger {
  const { clock = Date } = options
  const now = (): number => clock.now()
  const path = join(stateDir, 'ledger.sqlite')
  // Opening one of an older release for writing migrates it, or says who is at work on it.
  if (options.readOnly === true) {
    const migrateIt = (): void => openLedger(stateDir, { clock }).close()
    return new Ledger(readOnlyDatabase(stateDir, path, migrateIt), null, now)
  }
  createStateDirectory(stateDir)
  const lock = lockStateDirectory(stateDir)
  let db: Database | undefined
  try {
    createPrivateFile(path)
    db = new Database(path)
    migrate(db, MIGRATIONS, now)
    dropLeases(db)
    return new Ledger(db, lock, now)
  } catch (error) {
    db?.close()
    lock[Symbol.dispose]()
    throw error
  }
}
