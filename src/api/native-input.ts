import type { Finding } from '../model/change.ts'
import type { NativeLimit } from '../native/limits.ts'
import type { NativeState } from '../native/states.ts'
import type { Addresses, CloudName, ExchangeIdentity, SourceAddresses } from './operations.ts'
import type { Trouble } from './results.ts'

export type NativeCheckInput = SourceAddresses & {
  /** As for `copy`; null: the tenant is not asked. */
  readonly destination: string | null
  readonly identity: ExchangeIdentity | null
  readonly cloud: CloudName
  readonly excludeFolders: readonly string[]
  readonly signal: AbortSignal
}

export type NativeCheckResult = {
  /** No blocker was found. */
  readonly fits: boolean
  readonly mailboxes: number
  readonly askedTenant: boolean
  readonly findings: readonly Finding[]
  readonly limits: readonly NativeLimit[]
}

/** What is about to be done, in sentences, for a person to approve. */
export type NativePreview = { readonly says: readonly string[]; readonly findings: readonly Finding[] }

export type NativeStartInput = Addresses & {
  readonly name: string
  /** null: an equal one is used again, else one is made. */
  readonly endpoint: string | null
  readonly maxMigrations: number
  readonly maxIncremental: number
  readonly excludeFolders: readonly string[]
  readonly notify: readonly string[]
  /** Any form that a Date takes; null: at once. */
  readonly startAfter: string | null
  readonly approve: (preview: NativePreview) => Promise<boolean>
  readonly onChange: (says: string, state: string, why: string | null) => void
  readonly signal: AbortSignal
}

export type NativeChangeResult = { readonly says: string; readonly state: string; readonly failure: Trouble | null }

export type NativeRunResult = {
  /** false: a person said no, and nothing was done. */
  readonly approved: boolean
  readonly findings: readonly Finding[]
  /** Targets that were left out, because of a finding or because they are at it already. */
  readonly leftOut: readonly string[]
  readonly batches: readonly string[]
  readonly changes: readonly NativeChangeResult[]
  readonly halted: Trouble | null
}

export type NativeScriptInput = Omit<NativeStartInput, 'approve' | 'onChange' | 'identity' | 'signal'> & {
  /** Where the lists are written, without passwords; null: nowhere. */
  readonly listDir: string | null
}

export type NativeScriptResult = {
  readonly script: string
  readonly findings: readonly Finding[]
  /** The files that the script reads, by the batch. */
  readonly lists: readonly { readonly batch: string; readonly file: string; readonly rows: number; readonly written: boolean }[]
}

/** Which tenant, and which batches of a state directory. */
export type NativeBatchesInput = {
  readonly stateDir: string
  readonly destination: string
  readonly identity: ExchangeIdentity | null
  readonly cloud: CloudName
  /** Names; empty: all that this state directory knows. */
  readonly batches: readonly string[]
  readonly signal: AbortSignal
}

export type NativeStatusInput = NativeBatchesInput & {
  /** Looks again and again until nothing more happens by itself. */
  readonly follow: boolean
  readonly onLook: (result: NativeStatusResult) => void
}

export type NativeActInput = NativeBatchesInput &
  Pick<NativeStartInput, 'approve' | 'onChange'> & { readonly act: 'sync' | 'stop' | 'remove' }

export type NativeMailbox = {
  readonly name: string
  readonly target: string
  readonly batch: string
  readonly state: NativeState
  /** Microsoft's word; '' before it said one. */
  readonly status: string
  readonly says: string
  readonly help: string | null
  readonly alert: boolean
  readonly synced: number | null
  readonly skipped: number | null
  /** ISO 8601. */
  readonly lastSyncAt: string | null
}

export type NativeStatusResult = {
  readonly batches: readonly {
    readonly name: string
    readonly status: string
    readonly state: NativeState
    readonly says: string
    readonly mailboxes: number
    readonly lastSyncAt: string | null
  }[]
  readonly mailboxes: readonly NativeMailbox[]
  /** Whether the figures are in the ledger now; false: another process has it. */
  readonly filed: boolean
  readonly stopped: boolean
}
