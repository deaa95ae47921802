import type { Seen } from './gate.ts'

/**
 * What is known of a project from looks at its servers, each kind as it was seen last. A look writes its fact, gates read it: a gate
 * never asks a server. Kept as JSON.
 */
export type Facts = {
  readonly [Kind in keyof FactData]: Seen<FactData[Kind]> | null
}

export type FactData = {
  readonly assessment: AssessmentFact
  /** Whether the old mailboxes open. */
  readonly logins: { readonly tried: number; readonly failing: readonly NamedTrouble[] }
  /** Whether the tenant lets us in. */
  readonly connect: { readonly missing: readonly string[]; readonly waiting: readonly string[] }
  /** What differs between the tenant and the definition. */
  readonly tenant: {
    readonly changes: number
    /** Finds the plan again that a person approved. */
    readonly digest: string
    readonly blockers: readonly NamedTrouble[]
    /** Targets that have a mailbox now. */
    readonly mailboxes: readonly string[]
  }
  readonly dns: {
    readonly writable: boolean
    readonly blockers: readonly NamedTrouble[]
    /** Changes that are left, by phase of the records. */
    readonly left: Readonly<Record<string, number>>
    readonly digest: string
  }
  /** Of the books before the switch; `reconciliation` of those after it. */
  readonly verification: VerificationFact
  readonly reconciliation: VerificationFact
  readonly mailflow: {
    readonly outcome: string
    readonly criteria: readonly { readonly id: string; readonly title: string; readonly outcome: string }[]
  }
  readonly acceptance: {
    readonly criteria: readonly {
      readonly id: string
      readonly outcome: 'passed' | 'failed' | 'not-run'
      /** What it comes to, in a sentence without its full stop. */
      readonly says?: string
      /** What was looked at, one by one. `ok` null: it could not be looked at. */
      readonly proofs?: readonly { readonly about: string; readonly says: string; readonly ok: boolean | null }[]
    }[]
  }
}

export type AssessmentFact = {
  readonly mailboxes: number
  readonly messages: number
  readonly bytes: number
  readonly blockers: readonly NamedTrouble[]
  /** Milliseconds that the first copy will take, at the median and at worst (p90). */
  readonly forecastMs: { readonly median: number; readonly p90: number } | null
}

export type VerificationFact = {
  readonly level: 'counts' | 'fingerprints' | 'content'
  /** By name of mailbox: when it was verified last, and what was found. */
  readonly mailboxes: readonly {
    readonly name: string
    readonly at: number
    readonly missing: number
    readonly extra: number
    readonly different: number
    readonly unexplained: number
    readonly trouble: string | null
  }[]
}

export type NamedTrouble = { readonly about: string; readonly says: string }
