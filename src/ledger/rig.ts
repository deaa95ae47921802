import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Database } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'
import type { MessageState } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import type { FailedEntry, NewEntry } from './batch.ts'
import type { FolderEntry } from './folder-rows.ts'
import { Ledger } from './ledger.ts'
import { MIGRATIONS } from './schema.ts'

/** A ledger for a test, with its database in reach and a clock that the test turns. */
export type LedgerRig = Disposable & {
  readonly directory: string
  readonly db: Database
  readonly ledger: Ledger
  readonly clock: { ms: number }
  readonly mailboxId: number
  readonly folder: FolderEntry
}

export function ledgerRig(): LedgerRig {
  const directory = mkdtempSync(join(tmpdir(), 'cutover-ledger-'))
  const db = new Database(join(directory, 'ledger.sqlite'))
  const clock = { ms: 1_000_000 }
  migrate(db, MIGRATIONS, () => clock.ms)
  const ledger = new Ledger(db, null, () => clock.ms)
  const mailboxId = ledger.mailbox({ source: 'imap old.example.org anna', destination: 'imap new.example.org anna', name: 'anna' })
  const folder = ledger.putFolder(mailboxId, { sourceName: 'INBOX', sourcePath: ['INBOX'], uidValidity: '7' })
  const close = (): void => {
    ledger.close()
    rmSync(directory, { recursive: true, force: true })
  }
  return { directory, db, ledger, clock, mailboxId, folder, [Symbol.dispose]: close }
}

/** A message of 1000 + UID bytes. */
export function newEntry(folderId: number, uid: number, over: Partial<NewEntry> = {}): NewEntry {
  return {
    folderId,
    uidValidity: '7',
    uid,
    sizeBytes: 1000 + uid,
    internalDate: '17-Jul-1996 02:44:25 -0700',
    flags: '\\Seen',
    sha256: Buffer.alloc(32, uid),
    strict: Buffer.alloc(16, uid),
    loose: Buffer.alloc(16, uid % 8),
    repairs: [],
    sentSha256: null,
    sentBytes: null,
    sentStrict: null,
    ...over,
  }
}

export function leftOut(folderId: number, uid: number, over: Partial<FailedEntry> = {}): FailedEntry {
  const { uidValidity, sizeBytes, internalDate, flags } = newEntry(folderId, uid)
  return { folderId, uidValidity, uid, sizeBytes, internalDate, flags, code: 'message-refused', detail: 'NO not this one', ...over }
}

export function receipt(
  folderId: number,
  uid: number,
): { folderId: number; uid: number; destinationUidValidity: string; destinationUid: number } {
  return { folderId, uid, destinationUidValidity: '9', destinationUid: 5000 + uid }
}

/** Sends and settles the messages with these UIDs. */
export function copyAll(ledger: Ledger, folderId: number, uids: readonly number[]): void {
  ledger.record({ sending: uids.map((uid) => newEntry(folderId, uid)), copied: uids.map((uid) => receipt(folderId, uid)) })
}

/** Asks the ledger to move one message to a state, by the part of a batch that does so. */
export function moveTo(ledger: Ledger, folderId: number, uid: number, state: MessageState): void {
  const set = [{ folderId, uids: UidSet.of([uid]) }]
  switch (state) {
    case 'sending':
      return ledger.record({ sending: [newEntry(folderId, uid)] })
    case 'copied':
      return ledger.record({ copied: [receipt(folderId, uid)] })
    case 'verified':
      return ledger.record({ verified: set })
    case 'skipped':
      return ledger.record({ skipped: [leftOut(folderId, uid)] })
    case 'failed':
      return ledger.record({ failed: [leftOut(folderId, uid)] })
    case 'gone':
      return ledger.record({ gone: set })
  }
}
