import type { FailureCode } from '../model/failure-codes.ts'
import type { UidSet } from '../model/uid-set.ts'

/** A message about to be sent: the row that must stand before its first byte leaves. Inserts it, or takes it up again. */
export type NewEntry = {
  readonly folderId: number
  readonly uidValidity: string
  readonly uid: number
  /** The true byte count when known, else the server's hint. */
  readonly sizeBytes: number
  readonly internalDate: string
  /** Canonical, separated by one space. */
  readonly flags: string
  readonly sha256: Buffer | null
  readonly strict: Buffer | null
  readonly loose: Buffer | null
  /** Names without blanks. */
  readonly repairs: readonly string[]
  readonly sentSha256: Buffer | null
  readonly sentBytes: number | null
  readonly sentStrict: Buffer | null
}

/** The receipt of a message: it stands at the destination. */
export type CopiedEntry = {
  readonly folderId: number
  readonly uid: number
  readonly destinationUidValidity: string | null
  readonly destinationUid: number | null
  /** Only where it is not the destination of the folder. */
  readonly destinationFolderName?: string
  /** We did not put it there: it is the same mail that reached the destination on another way. Forgotten when it is sent again. */
  readonly cameByItself?: true
  /** What only the end of a streamed message tells. */
  readonly proof?: {
    readonly sizeBytes: number
    readonly sha256: Buffer
    readonly sentSha256: Buffer | null
    readonly sentBytes: number | null
  }
}

/** How a row left in `sending` by a crash or a lost reply turned out: arrived, or certainly not (then it is failed, and tried again). */
export type SettledEntry =
  | {
      readonly entryId: number
      readonly arrived: true
      readonly destinationUidValidity: string | null
      readonly destinationUid: number | null
    }
  | { readonly entryId: number; readonly arrived: false; readonly code: FailureCode; readonly detail: string | null }

/** What names a message to its owner. Give it only when the report may show it; it is dropped once the message is copied. */
export type MessageNote = { readonly subject: string; readonly from: string; readonly date: string }

type Unsent = {
  readonly folderId: number
  readonly uidValidity: string
  readonly uid: number
  readonly sizeBytes: number
  readonly internalDate: string
  readonly flags: string
  /** The server's own words. */
  readonly detail: string | null
  readonly note?: MessageNote | null
}

export type FailedEntry = Unsent & { readonly code: FailureCode }
/** `code`: a FailureCode, or the one word of the rule that left it out. */
export type SkippedEntry = Unsent & { readonly code: string }

/** UIDs of one source folder; those without a row are passed over. */
export type FolderUids = { readonly folderId: number; readonly uids: UidSet }

/** Everything that happened since the last call. */
export type Batch = {
  readonly sending?: readonly NewEntry[]
  readonly copied?: readonly CopiedEntry[]
  readonly settled?: readonly SettledEntry[]
  readonly failed?: readonly FailedEntry[]
  readonly skipped?: readonly SkippedEntry[]
  /** No longer at the source, and nothing left to decide about the copy. */
  readonly gone?: readonly FolderUids[]
  /** The same for rows that have lost their UID. */
  readonly goneIds?: readonly number[]
  readonly flags?: readonly { readonly folderId: number; readonly uid: number; readonly flags: string }[]
  /** Copied and proven at the destination. */
  readonly verified?: readonly FolderUids[]
}
