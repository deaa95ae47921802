import type { RecordSet, RecordType } from '../dns/record-set.ts'
import type { Swap } from '../dns/update-message.ts'

/**
 * What is to be changed in DNS, in four steps. Each list's `before` is what the steps before it leave; the first `before` of a set is
 * the picture of what stood there. A set that is in no list is never touched.
 */
export type MovePlan = {
  readonly domain: string
  readonly prepare: readonly Swap[]
  /** The same data with a short time to live. */
  readonly lower: readonly Swap[]
  readonly switch: readonly Swap[]
  readonly finish: readonly Swap[]
  /** Sets whose caches decide where mail goes (MX); others are for programs and are not waited for. */
  readonly routes: readonly { readonly name: string; readonly type: RecordType }[]
  /** How long to wait between `prepare` and `lower`: a policy of MTA-STS that others keep. */
  readonly settleMs: number
  /** The time to live of what decides where mail goes, as it was kept at the very first: it may have been shortened before this plan. */
  readonly firstTtlSeconds?: number
  /** Of sets that were shortened before this plan: their times to live as they were kept at the very first. The way back ends with them. */
  readonly firstTtls?: readonly { readonly name: string; readonly type: RecordType; readonly ttlSeconds: number }[]
}

/** Texts about single mailboxes or addresses: the first twenty, and how many there are. */
export type Some = { readonly count: number; readonly first: readonly string[] }

/** What one name server says of one set. null: it answers that there is none. */
export type Served = {
  readonly name: string
  readonly type: RecordType
  readonly status: 'served' | 'absent' | 'silent' | 'failed'
  readonly data: readonly string[]
  /** Of the set, or how long "there is none" is remembered. */
  readonly ttlSeconds: number
}

/** What can be looked at, and what each look finds. Everything is data, and is kept as evidence. */
export type Looks = {
  /** The assessment of the domain and the plan made from it. */
  readonly analysis: { readonly blockers: readonly string[]; readonly warnings: readonly string[]; readonly plan: MovePlan }
  /** The zone at its host, by the host's own interface: the sets of the plan. `writable`: why not, or null. */
  readonly zone: {
    readonly provider: string
    readonly writable: string | null
    readonly sets: readonly { readonly name: string; readonly type: RecordType; readonly now: RecordSet | null }[]
    /** How the sets are that were kept at the very first and are in no step of the plan: a line for each. null: none was kept yet. */
    readonly outside: string | null
  }
  /** Pictures of all that may be changed, kept in a file and read again. */
  readonly snapshot: { readonly file: string; readonly sha256: string; readonly readBack: boolean; readonly says: readonly string[] }
  /** Every address of every name server, of the parent's list and of the zone's own, asked directly. */
  readonly fleet: { readonly servers: readonly { readonly server: string; readonly sets: readonly Served[] }[] }
  /** Resolvers of the outside, as a sample. */
  readonly resolvers: {
    readonly resolvers: readonly { readonly resolver: string; readonly answers: 'old' | 'new' | 'other' | 'server-failed' | 'silent' }[]
  }
  /** `named`: the MX host that the tenant names now. */
  readonly 'mx-host': {
    readonly named: string
    readonly resolves: boolean
    readonly answers: 'starttls' | 'plain' | 'refused' | 'silent' | 'port-closed-here'
    readonly said: string
  }
  /** RCPT for every address of the old side, at the real MX host. `relayed`: accepted only as the domain passes unknown ones on. */
  readonly recipients: {
    readonly host: string
    readonly asked: number
    readonly refused: Some
    readonly unclear: Some
    readonly relayed: Some
  }
  readonly tenant: {
    readonly problems: readonly string[]
    /** Good to know, and in the way of nothing. */
    readonly notes?: readonly string[]
    readonly domainType: 'authoritative' | 'internal-relay' | 'unknown'
    /** Where unknown recipients are passed on to; null: nowhere. */
    readonly relayTo: string | null
  }
  /** From the ledger. `lagMs`: age of the oldest message known at the source and not at the destination, the worst of all mailboxes. */
  readonly lag: {
    readonly mailboxes: number
    readonly neverCopied: Some
    readonly notVerified: Some
    readonly behind: Some
    readonly lagMs: number
  }
  readonly source: { readonly mailboxes: number; readonly unreachable: Some }
  /** The old mail host, asked by its address and not by MX. */
  readonly 'old-host': {
    readonly host: string
    readonly routing: 'local' | 'auto' | 'elsewhere' | 'unknown'
    readonly answers: 'accepts' | 'defers' | 'refuses' | 'silent'
    readonly said: string
    /**
     * What an address that nobody has says of the routing: `itself`: it is refused, so that the host knows the mailboxes; `anything`:
     * it is taken, by a catch-all or to be passed on. Absent or null: not learnt.
     */
    readonly delivers?: 'itself' | 'anything' | null
  }
  /** A dry run of putting everything back. */
  readonly 'way-back': { readonly problems: readonly string[]; readonly steps: readonly string[] }
  /** Test messages, from outside to the new side and from there to the outside. */
  readonly probe: {
    readonly inbound: 'arrived' | 'waiting' | 'failed'
    readonly outbound: 'passed' | 'waiting' | 'failed'
    readonly says: readonly string[]
  }
  /**
   * A copy of what came to the old side. `inbound`: messages that came there by SMTP since the mark that was asked for (`Asked`), and
   * not since the last attempt, as that one may not have been written down; `local`: made on the old host itself; `own`: put there by
   * a user's program. `mark`: how far this copy saw; the same as long as no folder of any mailbox gets anything new.
   */
  readonly delta: Carried
  /** The same backwards, from the new side to the old. */
  readonly 'reverse-delta': Carried
}

export type Carried = {
  /** Every folder of every mailbox was read and all that is new is at the other side. */
  readonly complete: boolean
  readonly mark: string
  readonly inbound: number
  readonly local: number
  readonly own: number
  readonly carried: number
  readonly problems: readonly string[]
}

export type Look = keyof Looks
