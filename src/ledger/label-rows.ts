import { integer, integerOrNull, text, textOrNull } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import { labelsAmong } from '../model/labels.ts'

const PAGE = 500

/** A message with a copy, and the labels that it has beside the folder it went to: what a destination with categories can be told. */
export type LabelledMessage = {
  readonly entryId: number
  readonly folderId: number
  /** At the source. */
  readonly uid: number
  /** Where the copy is; the UID is null where no receipt told it. */
  readonly destinationName: string
  readonly destinationUidValidity: string | null
  readonly destinationUid: number | null
  /** As people read them, sorted. */
  readonly labels: readonly string[]
  /** They stand with the copy, as categories. */
  readonly written: boolean
}

/** Every labelled message of a mailbox that has a copy, folder by folder. Streams; memory: one page. */
export function* labelledMessages(db: Database, mailboxId: number): Generator<LabelledMessage> {
  const sql = `
    SELECT entry.id AS id, folder_id, uid, flags, coalesce(entry.destination_name, folder.destination_name) AS destination_name,
      entry.destination_uid_validity AS validity, destination_uid, outcome
    FROM entry JOIN folder ON folder.id = entry.folder_id LEFT JOIN category ON category.entry_id = entry.id
    WHERE folder_id = ? AND uid > ? AND (flags LIKE '%label:%' OR flags LIKE '%label~%') AND state IN ('copied', 'verified') ORDER BY uid LIMIT ${PAGE}`
  for (const folder of db.all('SELECT id FROM folder WHERE mailbox_id = ? ORDER BY id', mailboxId)) {
    for (let uid = 0; ;) {
      const page = db.all(sql, integer(folder['id']), uid)
      for (const row of page) {
        uid = integer(row['uid'])
        const labels = [...labelsAmong(text(row['flags']).split(' '))].sort()
        if (labels.length === 0) continue
        yield {
          entryId: integer(row['id']),
          folderId: integer(row['folder_id']),
          uid,
          destinationName: text(row['destination_name']),
          destinationUidValidity: textOrNull(row['validity']),
          destinationUid: integerOrNull(row['destination_uid']),
          labels,
          written: row['outcome'] === 'written',
        }
      }
      if (page.length < PAGE) break
    }
  }
}
