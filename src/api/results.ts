/** What the operations hand back: plain data, ready for JSON. */
import type { FailureCode } from '../model/failure-codes.ts'
import type { Statement } from '../model/message.ts'

/** A failure as data, ready to print. */
export type Trouble = {
  readonly code: FailureCode
  readonly message: string
  readonly help: string
  readonly side: 'source' | 'destination' | null
  readonly serverText: string | null
}

export type FolderOutcome = Statement & { readonly source: string; readonly target: string }

export type MailboxOutcome = Statement & {
  readonly name: string
  readonly source: string
  readonly target: string
  readonly pass: string
  readonly seconds: number
  readonly appends: number
  readonly flagsChanged: number
  readonly moved: number
  readonly deleted: number
  /** Messages whose labels became categories. Absent where none did. */
  readonly labelled?: number
  readonly failure: Trouble | null
  /** Sentences on the settings of the mailbox at the source: mail that they hide is in none of the figures. Absent where there are none. */
  readonly notes?: readonly string[]
  readonly folders: readonly FolderOutcome[]
}

/** The statement of the run: found = copied + skipped + failed + unexplained, over all mailboxes. */
export type CopyResult = Statement & {
  readonly seconds: number
  readonly appends: number
  readonly mailboxes: readonly MailboxOutcome[]
}

export type VerifyLevel = 'counts' | 'fingerprints' | 'content'

export type VerifyFigures = {
  readonly found: number
  readonly copied: number
  readonly skipped: number
  readonly failed: number
  readonly missing: number
  readonly extra: number
  readonly different: number
  readonly unexplained: number
}

/** One message that is not as it should be. */
export type Difference = {
  readonly mailbox: string
  readonly folder: string
  readonly kind: 'missing' | 'extra' | 'different'
  readonly subject: string | null
  /** A sentence: what differs. */
  readonly says: string
}

export type VerifyResult = VerifyFigures & {
  readonly level: VerifyLevel
  /** Messages whose content was compared; null at the other levels. */
  readonly compared: number | null
  readonly repaired: number
  /** Folders whose result is that of a run before, which was broken off; nothing has moved in them since. */
  readonly foldersTakenOver: number
  readonly seconds: number
  readonly mailboxes: readonly (VerifyFigures & {
    readonly name: string
    readonly source: string
    readonly target: string
    readonly failure: Trouble | null
    readonly folders: readonly (VerifyFigures & { readonly source: string; readonly target: string })[]
  })[]
  /** At most the first 1,000; the files hold all. */
  readonly differences: readonly Difference[]
  readonly manifestFile: string | null
  readonly csvFile: string | null
  readonly htmlFile: string | null
}

export type FolderPreview = {
  readonly source: string
  /** null: not copied; the reasons say why. */
  readonly target: string | null
  readonly messages: number | null
  readonly sizeBytes: number | null
  readonly exists: boolean
  /** Sentences: why the name or place differs, or why it is left out. Empty when nothing changes. */
  readonly reasons: readonly string[]
  /** With `details` only. */
  readonly about?: FolderAbout
}

/** What the old server tells of a folder beside its mail. */
export type FolderAbout = {
  /** null where the server does not tell. */
  readonly subscribed: boolean | null
  /** Of the login, in the letters of RFC 4314; null where the server does not tell. */
  readonly myRights: string | null
  /** Everybody's; null where the login may not see them. */
  readonly rights: readonly { readonly who: string; readonly rights: string }[] | null
}

/** What the old server tells of a mailbox beside its mail. */
export type MailboxAbout = {
  /** null where the server has no quotas. Several roots may count the same mail: they are never added up. */
  readonly quotas: readonly QuotaFigures[] | null
  readonly subscribedButGone: readonly string[]
}

/** `STORAGE` is in bytes; other resources are counted. */
export type QuotaFigures = {
  readonly root: string
  readonly resources: readonly { readonly name: string; readonly used: number; readonly limit: number }[]
}

export type FoldersResult = {
  readonly mailboxes: readonly {
    readonly name: string
    readonly source: string
    readonly target: string
    readonly failure: Trouble | null
    /** Sentences: what a person should know of this mailbox before it is copied. */
    readonly notes: readonly string[]
    /** With `details` only. */
    readonly about?: MailboxAbout
    readonly folders: readonly FolderPreview[]
  }[]
}

/** Whether one end of a mailbox can be opened. */
export type LoginEnd = {
  readonly login: string
  readonly works: boolean
  /** Messages in INBOX; null where it could not be opened. */
  readonly messages: number | null
  readonly failure: Trouble | null
}

export type LoginsResult = {
  readonly mailboxes: readonly {
    readonly name: string
    readonly source: LoginEnd
    /** null where no destination was given. */
    readonly destination: LoginEnd | null
  }[]
}

export type StatusResult = Statement & {
  readonly stateDir: string
  readonly mailboxes: readonly (Statement & {
    readonly name: string
    readonly source: string
    readonly target: string
    readonly lastPass: string | null
    /** ISO 8601; null where no pass has begun. */
    readonly lastPassAt: string | null
    readonly state: 'new' | 'running' | 'stopped' | 'done'
    readonly verified: number
    readonly folders: number
    readonly failure: Trouble | null
    /** Where it is in one of Microsoft's batches: their word, in none of the figures. */
    readonly microsoft?: MicrosoftLane
  })[]
}

/** What Microsoft's own batches say of a mailbox; nothing is proven by it. */
export type MicrosoftLane = {
  readonly batch: string
  /** Our word, and theirs. */
  readonly state: string
  readonly status: string
  /** null where nothing was told yet. */
  readonly synced: number | null
  readonly skipped: number | null
  readonly detail: string | null
  /** ISO 8601. */
  readonly lastSyncAt: string | null
  readonly readAt: string
}

/** A message that Microsoft says it did not copy. */
export type MicrosoftSkipped = {
  readonly lane: 'Microsoft'
  readonly mailbox: string
  readonly batch: string
  readonly kind: string
  readonly folder: string | null
  readonly subject: string | null
  readonly sender: string | null
  readonly date: string | null
  readonly sizeBytes: number | null
  readonly reason: string
  readonly help: string
  /** Their own words. */
  readonly told: string | null
}

/** Limits by rule: null lifts one, an absent one says nothing. */
export type LimitResult = {
  readonly stateDir: string
  /** What holds now; what is absent is as the copy was started. */
  readonly inForce: { readonly bytesPerSecond?: number | null; readonly connections?: number | null; readonly bytesPerDay?: number | null }
  readonly rules: readonly {
    /** "08:00-18:00", local time of this machine; null: always. */
    readonly between: string | null
    readonly bytesPerSecond?: number | null
    readonly connections?: number | null
    readonly bytesPerDay?: number | null
    readonly holdsNow: boolean
  }[]
  /** A copy has run with this state directory. */
  readonly used: boolean
}

export type MessageError = {
  readonly mailbox: string
  readonly folder: string
  readonly uid: number
  readonly subject: string | null
  /** ISO 8601 or null. */
  readonly date: string | null
  readonly sizeBytes: number
  readonly state: 'skipped' | 'failed'
  readonly code: string
  /** A sentence. */
  readonly reason: string
  readonly help: string
  readonly serverText: string | null
  readonly attempts: number
  readonly emlFile: string | null
}

/** Labels that the destination does not show, or not yet: no loss, the ledger has them. */
export type KeptLabels = {
  readonly mailbox: string
  /** How many messages have labels beside the folder they went to. */
  readonly messages: number
  /** The most frequent first. */
  readonly labels: readonly { readonly name: string; readonly messages: number }[]
}

export type ErrorsResult = {
  readonly skipped: number
  readonly failed: number
  /** Absent where there are none. */
  readonly labels?: readonly KeptLabels[]
  /** All of them. */
  readonly errors: readonly MessageError[]
  /** Of Microsoft's batches; in none of the counts. Absent where there are none. */
  readonly microsoft?: readonly MicrosoftSkipped[]
  readonly csvFile: string | null
  readonly emlDir: string | null
  readonly exported: number
}

export type RehearsalResult = CopyResult & {
  /** What was done, in order, a sentence each. */
  readonly steps: readonly { readonly says: string; readonly seconds: number; readonly ok: boolean }[]
  readonly verify: VerifyFigures & { readonly level: VerifyLevel }
  /** Books closed, nothing missing, extra or different, and the last pass with nothing new made no APPEND. */
  readonly ok: boolean
}

export type ManifestResult = {
  readonly file: string
  readonly valid: boolean
  /** Why not; null when valid. */
  readonly reason: string | null
  /** SHA-256 of the signing public key, hex: compare it with the one told by another way. */
  readonly keyFingerprint: string | null
  /** ISO 8601. */
  readonly signedAt: string | null
  readonly level: VerifyLevel | null
  readonly figures: VerifyFigures | null
  /** Mailboxes that stand in it with a failure: nothing is proven of them. */
  readonly unverified: readonly string[]
}
