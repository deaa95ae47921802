import type { Certainty, Fact, Limits, Listing } from '../source/profile.ts'
import type { Clue } from '../source/profiles.ts'
import type { Inside } from './inside.ts'
import type { Meaning } from './meanings.ts'
import type { JudgedAccess } from './offered-logins.ts'
import type { Encryption } from './target.ts'

/** What was found out about a server; plain data. */
export type Probed = {
  readonly target: string
  /** How to write it as --source: ready to paste. */
  readonly url: string
  readonly server: { readonly host: string; readonly port: number; readonly tls: Encryption; readonly because: string }
  /** Every place that was looked at, the one that was taken last. */
  readonly attempts: readonly { readonly host: string; readonly port: number; readonly because: string; readonly failure: string | null }[]
  readonly system: {
    readonly name: string
    readonly title: string
    readonly version: string | null
    readonly knownBy: Clue
    /** Other products that cannot be told from this one by what it says. */
    readonly maybe: readonly { readonly name: string; readonly title: string }[]
    readonly tested: string
  }
  readonly greeting: string
  readonly serverId: Readonly<Record<string, string>>
  /** null: no TLS. */
  readonly tls: {
    readonly protocol: string
    readonly cipher: string
    readonly names: readonly string[]
    readonly issuer: string
    readonly selfSigned: boolean
    /** ISO 8601. */
    readonly validUntil: string
    readonly daysLeft: number
    readonly objection: string | null
  } | null
  readonly capabilities: {
    readonly beforeTls: readonly string[] | null
    readonly beforeLogin: readonly string[]
    readonly afterLogin: readonly string[] | null
  }
  /** What the capabilities mean; of those after the login where there was one. */
  readonly meanings: readonly Meaning[]
  readonly limits: readonly {
    readonly name: keyof Limits
    readonly value: number
    readonly certainty: Certainty
    readonly note: string | null
  }[]
  readonly logins: readonly string[]
  readonly access: readonly JudgedAccess[]
  readonly listing: readonly Listing[]
  readonly advice: readonly Fact[]
  readonly tell: readonly Fact[]
  /** What is wrong or needs a person's eye, in sentences, worst first. */
  readonly warnings: readonly string[]
  /** Null where nobody signed in, or could. */
  readonly inside: Inside | null
}
