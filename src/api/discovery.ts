import type { Secret } from '../model/secret.ts'
import type { CloudName, ExchangeIdentity } from './operations.ts'

/** What `discover` is asked. Nothing is written where `outFile` is null. */
export type DiscoverInput = {
  /** Files, `-` for standard input, or addresses of systems (imaps://, ldaps://, https://, google:, graph:). Empty: the system that `from` names. */
  readonly inputs: readonly string[]
  /** The listing by name; null: told by what stands in each input. */
  readonly from: string | null
  /** By the names of `discover/settings.ts`. */
  readonly settings: Readonly<Record<string, string>>
  readonly secret: Secret | null
  readonly identity: ExchangeIdentity | null
  readonly cloud: CloudName
  readonly caFile: string | null
  readonly targetDomains: readonly string[]
  /** "old.example=new.example" */
  readonly maps: readonly string[]
  readonly outFile: string | null
  /** What to do where `outFile` exists: refuse, overwrite it, or put the new listing into it. */
  readonly existing: 'refuse' | 'overwrite' | 'merge'
  readonly standardInput: (signal: AbortSignal) => Promise<Buffer>
  readonly onFound: (found: number) => void
  readonly signal: AbortSignal
}

export type DiscoverResult = {
  readonly listings: readonly { readonly input: string; readonly from: string; readonly title: string; readonly found: number }[]
  readonly mailboxes: readonly DiscoveredMailbox[]
  /** Lines that were not understood, and what else is incomplete. */
  readonly problems: readonly { readonly input: string; readonly line: number | null; readonly says: string }[]
  /** The list that was written; null: none. `added` and `gone` are for a list that was there already. */
  readonly written: {
    readonly file: string
    readonly rows: number
    readonly added: readonly string[]
    readonly gone: readonly string[]
    readonly merged: boolean
  } | null
}

export type DiscoveredMailbox = {
  readonly login: string
  readonly name: string | null
  readonly kind: string
  /** false: a group, an alias, a system account. */
  readonly moves: boolean
  readonly target: string | null
  readonly aliases: readonly string[]
  readonly mailAlias: string | null
  readonly sizeBytes: number | null
  readonly messages: number | null
  readonly flags: readonly { readonly code: string; readonly says: string }[]
  readonly remarks: readonly string[]
}
