import type { Watch } from './operations.ts'
import type { SimulatedSource } from './simulated-sources.ts'

export type SimulateInput = {
  readonly mailboxes: number
  readonly messages: number
  readonly personality: SimulatedSource
  /** Where the CSV is written; null: a new temporary directory. */
  readonly directory: string | null
  readonly seed: number
  /** With a tenant that is still empty, and a definition to prepare it by. */
  readonly emptyTenant?: boolean
  /** A whole company, with its domain and mail that arrives: a project to import. */
  readonly project?: boolean
  readonly signal: AbortSignal
}

/** A running simulator. Its passwords are made up and are meant to be shown. */
export type Simulation = AsyncDisposable & {
  readonly sourceUrl: string
  readonly destinationUrl: string
  readonly mailboxesFile: string
  /** Where the tenant was started empty: its definition; else null. */
  readonly definitionFile: string | null
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

/** `mail`: the switch of MX too, with mail on every way. */
export type RehearseInput = Watch & {
  readonly mailboxes: number
  readonly messages: number
  readonly seed: number
  readonly mail?: boolean
}
