/** Everything a user can do, as typed functions over plain data. The command line and the dashboard speak to nothing else. */
import type { FailureCode } from '../model/failure.ts'
import type { Statement } from '../model/message.ts'
import type { Secret } from '../model/secret.ts'

export type Operations = {
  copy(input: CopyInput): Promise<CopyResult>
  verify(input: VerifyInput): Promise<VerifyResult>
  /** The mapping preview. Creates nothing. */
  folders(input: FoldersInput): Promise<FoldersResult>
  /** What the ledger knows. Opens no socket. */
  status(input: StatusInput): Promise<StatusResult>
  errors(input: ErrorsInput): Promise<ErrorsResult>
  /** Resolves once the simulator listens; it runs until it is disposed of. */
  simulate(input: SimulateInput): Promise<Simulation>
  rehearse(input: RehearseInput): Promise<RehearsalResult>
  /** Checks a signed manifest offline. A manifest that does not hold is a result, not an error. */
  checkManifest(input: { readonly file: string }): Promise<ManifestResult>
}

/** How a long operation is watched and stopped. An aborted operation finishes its window and throws `Failure('stopped')`. */
export type Watch = {
  readonly signal: AbortSignal
  /** Called once, as soon as the mailboxes of this run are known. */
  onMailboxes(names: readonly string[]): void
  onProgress(progress: Progress): void
}

export type Phase = 'connect' | 'scan' | 'copy' | 'settle' | 'delta' | 'verify' | 'done'

/** Where one mailbox stands in its present phase; figures are totals of the phase, not differences. */
export type Progress = {
  readonly mailbox: string
  readonly phase: Phase
  readonly folder: string | null
  readonly done: number
  readonly total: number
  readonly bytes: number
  /** null while it is not known. */
  readonly totalBytes: number | null
  /** Milliseconds since 1970 until when the server made us wait (throttling); null when we do not wait. */
  readonly waitingUntilMs: number | null
  readonly note: string | null
}

/** How the destination's tokens are obtained. */
export type ExchangeIdentity =
  | { readonly kind: 'secret'; readonly tenant: string; readonly clientId: string; readonly clientSecret: Secret }
  | {
      readonly kind: 'certificate'
      readonly tenant: string
      readonly clientId: string
      readonly privateKeyPem: Secret
      readonly certificatePem: string
    }
  | { readonly kind: 'device'; readonly tenant: string; readonly clientId: string; readonly show: (message: string) => void }

export type CloudName = 'global' | 'gcc-high' | 'dod' | 'china'

/** Both ends, who moves, and where the ledger is. */
export type Addresses = {
  /** URL text, not yet validated: imaps://host, imap://host, imap://host:port?tls=none. */
  readonly source: string
  /** As `source`, or `exchange:`, or `exchange:http://127.0.0.1:PORT` (simulator). */
  readonly destination: string
  readonly mailboxesFile: string
  readonly stateDir: string
  readonly caFile: string | null
  /** Names (or source logins, or targets) of the only mailboxes wanted; empty: all. A name that matches nothing is `bad-input`. */
  readonly only: readonly string[]
  /** null where none was given: right for the simulator and for plain IMAP. */
  readonly identity: ExchangeIdentity | null
  readonly cloud: CloudName
  /** Where `env:NAME` passwords of the CSV come from. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A failure as data, ready to print. */
export type Trouble = {
  readonly code: FailureCode
  readonly message: string
  readonly help: string
  readonly side: 'source' | 'destination' | null
  readonly serverText: string | null
}

export type CopyInput = Addresses &
  Watch & {
    readonly pass: 'auto' | 'initial' | 'delta' | 'final'
    readonly deletions: 'follow' | 'keep'
    /** Lets a pass remove more of a folder than the guard allows. */
    readonly allowDeletions: boolean
    readonly oldestFirst: boolean
    /** Most connection pairs for one mailbox; null: the governor finds out. */
    readonly connections: number | null
    readonly mailboxesAtOnce: number | null
    /** null: what the destination accepts. */
    readonly maxMessageBytes: number | null
    readonly keepReceiptRequests: boolean
    /** Copies messages that carry \Deleted as well. */
    readonly includeDeleted: boolean
    /** false: no subjects in the ledger. */
    readonly subjects: boolean
    readonly bytesPerSecond: number | null
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
  readonly failure: Trouble | null
  readonly folders: readonly FolderOutcome[]
}

/** The statement of the run: found = copied + skipped + failed + unexplained, over all mailboxes. */
export type CopyResult = Statement & {
  readonly seconds: number
  readonly appends: number
  readonly mailboxes: readonly MailboxOutcome[]
}

export type VerifyLevel = 'counts' | 'fingerprints' | 'content'

export type VerifyInput = Addresses &
  Watch & {
    readonly level: VerifyLevel
    /** null: every message. Only for level `content`. */
    readonly sample: { readonly messages: number } | { readonly percent: number } | null
    /** Copies again what is missing. */
    readonly repair: boolean
    readonly manifestFile: string | null
    readonly csvFile: string | null
    readonly htmlFile: string | null
  }

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

export type FoldersInput = Addresses & { readonly signal: AbortSignal }

export type FolderPreview = {
  readonly source: string
  /** null: not copied; the reasons say why. */
  readonly target: string | null
  readonly messages: number | null
  readonly sizeBytes: number | null
  readonly exists: boolean
  /** Sentences: why the name or place differs, or why it is left out. Empty when nothing changes. */
  readonly reasons: readonly string[]
}

export type FoldersResult = {
  readonly mailboxes: readonly {
    readonly name: string
    readonly source: string
    readonly target: string
    readonly failure: Trouble | null
    readonly folders: readonly FolderPreview[]
  }[]
}

export type StatusInput = { readonly stateDir: string; readonly only: readonly string[] }

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
  })[]
}

export type ErrorsInput = {
  readonly stateDir: string
  readonly only: readonly string[]
  readonly csvFile: string | null
  readonly emlDir: string | null
  /** Needed to fetch the messages for `emlDir`; null otherwise. */
  readonly addresses: Addresses | null
} & Watch

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

export type ErrorsResult = {
  readonly skipped: number
  readonly failed: number
  /** All of them. */
  readonly errors: readonly MessageError[]
  readonly csvFile: string | null
  readonly emlDir: string | null
  readonly exported: number
}

export type SimulateInput = {
  readonly mailboxes: number
  readonly messages: number
  readonly personality: 'dovecot' | 'courier'
  /** Where the CSV is written; null: a new temporary directory. */
  readonly directory: string | null
  readonly seed: number
  readonly signal: AbortSignal
}

/** A running simulator. Its passwords are made up and are meant to be shown. */
export type Simulation = AsyncDisposable & {
  readonly sourceUrl: string
  readonly destinationUrl: string
  readonly mailboxesFile: string
  readonly stateDir: string
  readonly logins: readonly {
    readonly name: string
    readonly sourceLogin: string
    readonly sourcePassword: string
    readonly target: string
    /** What this one shows ("throttled", "bad password"); null: an ordinary one. */
    readonly shows: string | null
  }[]
}

export type RehearseInput = Watch & { readonly mailboxes: number; readonly messages: number; readonly seed: number }

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
}
