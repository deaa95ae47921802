import type { SQLInputValue } from 'node:sqlite'
import { integer, integerOrNull, text, textOrNull, type Row } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import { toFailureCode, toPath } from './stored.ts'

/** One source folder and where it goes. */
export type FolderEntry = {
  readonly id: number
  readonly mailboxId: number
  /** The exact bytes the server listed, one char a byte (latin1): the key. */
  readonly sourceName: string
  readonly sourcePath: readonly string[]
  /** Raw, as the destination lists it; null until it is mapped. */
  readonly destinationName: string | null
  readonly destinationPath: readonly string[] | null
  readonly destinationUidValidity: string | null
  /** Of the UIDs that the entries of this folder carry. */
  readonly uidValidity: string | null
  /** As of the last complete pass; 0 where the server does not tell. */
  readonly uidNext: number
  readonly highestModseq: bigint | null
  readonly messages: number
  /** Messages that the last scan saw at the source: the left side of the books. */
  readonly found: number
  /** The last pass over it came to its end. */
  readonly complete: boolean
  /** Milliseconds since 1970; null while the source lists it. */
  readonly goneAt: number | null
  readonly failureCode: FailureCode | null
  readonly failureDetail: string | null
  /** Destination UIDNEXT before the first byte of the running transfer: settling looks from here. null: nothing is in flight. */
  readonly writeFrom: number | null
}

export type FolderPatch = Partial<Omit<FolderEntry, 'id' | 'mailboxId' | 'sourceName'>>
export type FolderSeed = FolderPatch & Pick<FolderEntry, 'sourceName' | 'sourcePath'>

export function foldersOf(db: Database, mailboxId: number): readonly FolderEntry[] {
  return db.all('SELECT * FROM folder WHERE mailbox_id = ? ORDER BY id', mailboxId).map(toFolder)
}

export function folderById(db: Database, id: number): FolderEntry | null {
  const row = db.one('SELECT * FROM folder WHERE id = ?', id)
  return row === undefined ? null : toFolder(row)
}

/** Inserts the folder, or updates what is given of the one with this source name. One that had gone is back. */
export function putFolder(db: Database, mailboxId: number, seed: FolderSeed): FolderEntry {
  const { sourceName, ...patch } = seed
  return db.transaction(() => {
    db.run(
      `INSERT INTO folder (mailbox_id, source_name, source_path) VALUES (?, ?, ?) ON CONFLICT (mailbox_id, source_name) DO NOTHING`,
      mailboxId,
      sourceName,
      JSON.stringify(seed.sourcePath),
    )
    const row = db.one('SELECT id FROM folder WHERE mailbox_id = ? AND source_name = ?', mailboxId, sourceName)
    const id = row === undefined ? 0 : integer(row['id'])
    updateFolder(db, id, { goneAt: null, ...patch })
    const folder = folderById(db, id)
    if (folder === null) throw new Error(`folder ${id} is not there after it was put`)
    return folder
  })
}

/** Changes the fields that are given, in one write. */
export function updateFolder(db: Database, id: number, patch: FolderPatch): void {
  const set: string[] = []
  const values: SQLInputValue[] = []
  for (const [column, value] of Object.entries(toColumns(patch))) {
    if (value === undefined) continue
    set.push(`${column} = ?`)
    values.push(value)
  }
  if (set.length === 0) return
  if (db.run(`UPDATE folder SET ${set.join(', ')} WHERE id = ?`, ...values, id) !== 1) throw new Error(`there is no folder ${id}`)
}

function toColumns(patch: FolderPatch): Readonly<Record<string, SQLInputValue | undefined>> {
  const json = (path: readonly string[] | null | undefined) => (path ? JSON.stringify(path) : path)
  return {
    source_path: json(patch.sourcePath),
    destination_name: patch.destinationName,
    destination_path: json(patch.destinationPath),
    destination_uid_validity: patch.destinationUidValidity,
    uid_validity: patch.uidValidity,
    uid_next: patch.uidNext,
    highest_modseq: typeof patch.highestModseq === 'bigint' ? String(patch.highestModseq) : patch.highestModseq,
    messages: patch.messages,
    found: patch.found,
    complete: patch.complete === undefined ? undefined : Number(patch.complete),
    gone_at: patch.goneAt,
    failure_code: patch.failureCode,
    failure_detail: patch.failureDetail,
    write_from: patch.writeFrom,
  }
}

function toFolder(row: Row): FolderEntry {
  const destinationPath = textOrNull(row['destination_path'])
  const highestModseq = textOrNull(row['highest_modseq'])
  return {
    id: integer(row['id']),
    mailboxId: integer(row['mailbox_id']),
    sourceName: text(row['source_name']),
    sourcePath: toPath(text(row['source_path'])),
    destinationName: textOrNull(row['destination_name']),
    destinationPath: destinationPath === null ? null : toPath(destinationPath),
    destinationUidValidity: textOrNull(row['destination_uid_validity']),
    uidValidity: textOrNull(row['uid_validity']),
    uidNext: integer(row['uid_next']),
    highestModseq: highestModseq === null ? null : BigInt(highestModseq),
    messages: integer(row['messages']),
    found: integer(row['found']),
    complete: integer(row['complete']) === 1,
    goneAt: integerOrNull(row['gone_at']),
    failureCode: toFailureCode(textOrNull(row['failure_code'])),
    failureDetail: textOrNull(row['failure_detail']),
    writeFrom: integerOrNull(row['write_from']),
  }
}
