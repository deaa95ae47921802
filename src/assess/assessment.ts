import type { FailureCode } from '../model/failure-codes.ts'

/**
 * What a look at the source, the domains and the tenant found. Plain data, ready for JSON; every name in it may be hostile and is escaped
 * by who prints it. Sizes are bytes, instants milliseconds since 1970. Figures that were not read from every message say so (`reading`).
 */
export type Assessment = {
  readonly madeAt: number
  readonly tookMs: number
  /** It was stopped before its end; run again it goes on where it was. */
  readonly stopped: boolean
  readonly reading: Reading
  /** null: it could not be looked at. */
  readonly server: AssessedServer | null
  readonly totals: Totals
  /** In the order of the list. */
  readonly mailboxes: readonly AssessedMailbox[]
  /** What Exchange would refuse or what has to be repaired, over all mailboxes, the worst first. */
  readonly troubles: readonly MessageTrouble[]
  /** [] where DNS was not asked. */
  readonly domains: readonly AssessedDomain[]
  /** null: there is no definition, so that the tenant was not looked at. */
  readonly tenant: AssessedTenant | null
  /** null where the tenant was not looked at, or did not tell. */
  readonly licences: readonly LicenceNeed[] | null
  readonly leftBehind: LeftBehind
  /** null where there is no mail. */
  readonly forecast: Forecast | null
  readonly price: Price
  /** Everything that a person should know or do, the most important first. */
  readonly findings: readonly AssessFinding[]
}

/** `block`: has to be solved before anything can be copied or switched; `warn`: somebody has to decide or do something; `note`: to know. */
export type AssessRank = 'block' | 'warn' | 'note'

export type AssessFinding = {
  readonly rank: AssessRank
  /** Stable, of small letters: `mailbox-large`. */
  readonly code: string
  readonly part: 'source' | 'mailboxes' | 'messages' | 'folders' | 'dns' | 'tenant' | 'licences' | 'schedule'
  /** Whom or what it is about: a mailbox, a domain, a folder. */
  readonly about: string
  readonly says: string
  /** What to do; null: nothing. */
  readonly help: string | null
}

/** How messages were read, and what follows for the figures that come of it. */
export type Reading = {
  /** `full`: every message; `sample`: some of each mailbox, chosen at random; `none`: their rows only. */
  readonly how: 'full' | 'sample' | 'none'
  /** As it was asked for: "400", "5%", "full". */
  readonly asked: string
  readonly messagesRead: number
  readonly bytesRead: number
  /** Of all messages that would be copied, 0–1. */
  readonly share: number
  /** Of the bounds in `Estimate`, 0–1: 0.95. */
  readonly confidence: number
  /**
   * Where no trouble was found in what was read: with this confidence less than so many of all messages have one. null with `none`.
   */
  readonly unseenAtMost: number | null
  /** A sentence for people: what was read and how sure the figures are. */
  readonly says: string
}

/** A number of messages: what was seen, and what that means for all of them. After a full read all four are the same. */
export type Estimate = {
  /** Among the messages that were read. */
  readonly seen: number
  readonly likely: number
  /** With the confidence of the reading. */
  readonly atLeast: number
  readonly atMost: number
}

export type AssessedServer = {
  readonly url: string
  readonly host: string
  /** One word for the kind of system ("dovecot"), and its name for people. */
  readonly system: string
  readonly title: string
  readonly version: string | null
  readonly tls: string | null
  /** "own", "authzid" … in which these mailboxes were opened. */
  readonly access: string
  /** What it is known to allow, as sentences. */
  readonly limits: readonly string[]
  readonly warnings: readonly string[]
  /** What a migration from it has to mind, and what to tell the customer. */
  readonly advice: readonly string[]
  readonly tell: readonly string[]
}

export type Totals = {
  readonly mailboxes: number
  /** Of them: could not be opened or read to the end. */
  readonly unread: number
  readonly folders: number
  readonly foldersRenamed: number
  readonly foldersLeftOut: number
  readonly messages: number
  readonly bytes: number
  readonly oversize: number
  readonly oversizeBytes: number
  readonly doubles: number
  readonly oddDates: number
  readonly highRisk: number
}

export type AssessedMailbox = {
  readonly name: string
  readonly source: string
  readonly target: string
  /** `user`, `shared`, `room`; null where the list does not say. */
  readonly kind: string | null
  readonly batch: string | null
  readonly vip: boolean
  /** Why it could not be read, or not to its end; its figures are then of what was seen. */
  readonly failure: { readonly code: FailureCode; readonly message: string; readonly help: string } | null
  /** Of what will be copied. */
  readonly messages: number
  readonly bytes: number
  readonly folders: readonly AssessedFolder[]
  /** As the server counts it, its tightest; null where it does not tell. */
  readonly quota: { readonly usedBytes: number; readonly limitBytes: number } | null
  /** In folders of deleted mail. */
  readonly deletedBytes: number
  /** Marked as deleted and not yet removed: not copied. */
  readonly markedDeleted: number
  /** INTERNALDATE. */
  readonly oldestAt: number | null
  readonly newestAt: number | null
  /** The biggest first, a few. */
  readonly biggest: readonly BigMessage[]
  /** Larger than the destination accepts: all that there are, not an estimate. */
  readonly oversize: { readonly messages: number; readonly bytes: number }
  /** Larger than mailboxes of Exchange accept (35 MB) as long as nobody raises their limit; with those of `oversize`. */
  readonly aboveUsual: number
  /** Messages that stand in the same folder more than once, the first of each not counted. */
  readonly doubles: Doubles
  readonly dates: OddDates
  readonly read: { readonly messages: number; readonly bytes: number }
  readonly troubles: readonly MessageTrouble[]
  /** Why somebody should look after this one, as sentences; [] for an ordinary one. */
  readonly risks: readonly string[]
  /** What a person should know about its settings, as sentences. */
  readonly notes: readonly string[]
  /** Of its first copy, alone and undisturbed; null where it did not open. */
  readonly forecastMs: { readonly median: number; readonly p90: number } | null
}

export type AssessedFolder = {
  readonly source: string
  /** null: it is not copied; the reasons say why. */
  readonly target: string | null
  /** What it holds: 'sent', 'trash' …; null: an ordinary one. */
  readonly role: string | null
  /** Sentences: why name or place differ, or why it is left out. [] where nothing changes. */
  readonly reasons: readonly string[]
  readonly messages: number | null
  readonly bytes: number | null
}

export type BigMessage = {
  readonly folder: string
  readonly uid: number
  readonly bytes: number
  /** Milliseconds since 1970; null where its INTERNALDATE cannot be read. */
  readonly at: number | null
}

/** `how` they were found: by content of all messages, or by size and time of receipt, confirmed by Message-ID. */
export type Doubles = { readonly messages: number; readonly bytes: number; readonly how: 'content' | 'listing' }

/** By INTERNALDATE, of all messages. */
export type OddDates = {
  readonly missing: number
  readonly inFuture: number
  /** Before 1990. */
  readonly tooOld: number
  /**
   * So many of a folder were received in one and the same minute that they must have been imported: their time of receipt is that of the
   * import. The copy keeps it as it is.
   */
  readonly imported: number
}

/** The worst first. */
export const TROUBLE_OUTCOMES = ['refused', 'wrapped', 'left-out', 'repaired', 'repaired-if-refused'] as const
export type TroubleOutcome = (typeof TROUBLE_OUTCOMES)[number]

/** One kind of trouble with messages. */
export type MessageTrouble = {
  /** A name of a repair ("long-lines") or a code of `Failure` ("message-too-large"). */
  readonly code: string
  /**
   * `refused`: it will not travel; `wrapped`: the original travels as an attachment; `repaired`: it travels with a named repair;
   * `repaired-if-refused`: Exchange often refuses such a message, and then it travels with this repair; `left-out`: it is no mail.
   */
  readonly outcome: TroubleOutcome
  readonly says: string
  readonly messages: Estimate
  /** A few of those that were seen. No subjects. */
  readonly examples: readonly { readonly mailbox: string; readonly folder: string; readonly uid: number; readonly bytes: number }[]
}

export type AssessedDomain = {
  readonly domain: string
  readonly dnsHost: string | null
  readonly mailHost: string | null
  /** As told by the resolver: "10 mx.example.org". */
  readonly exchangers: readonly string[]
  readonly ttlSeconds: number | null
  readonly findings: readonly { readonly rank: AssessRank; readonly code: string; readonly says: string; readonly help: string | null }[]
  /** Why it could not be asked about. */
  readonly failure: string | null
}

export type AssessedTenant = {
  readonly id: string | null
  /** What is missing or only warned of, of what cutover needs there. */
  readonly checks: readonly { readonly title: string; readonly state: string; readonly says: string }[]
  /** What is left to do for it. */
  readonly steps: readonly string[]
  /** Changes that `tenant apply` would make; null where it could not be compared. */
  readonly changes: number | null
  readonly findings: readonly { readonly rank: AssessRank; readonly about: string; readonly says: string }[]
  readonly failure: string | null
}

/** One licence, as it is in the tenant and as the mailboxes need it. */
export type LicenceNeed = {
  /** Its name for people: "Exchange Online (Plan 1)". */
  readonly licence: string
  /** Bought and usable. */
  readonly bought: number
  readonly assigned: number
  /** By mailboxes that do not have it yet. */
  readonly needed: number
  /** How many are short; 0 where there are enough. */
  readonly missing: number
  /** What a mailbox may hold under it; null where it gives none. */
  readonly mailboxBytes: number | null
  /** Mailboxes that hold more already. */
  readonly tooBig: readonly { readonly name: string; readonly bytes: number }[]
}

/** What does not come over IMAP, and how people bring it over from this kind of system. */
export type LeftBehind = {
  /** The kind of system that the ways are for: "Dovecot"; null: for any. */
  readonly system: string | null
  readonly items: readonly {
    readonly what: 'contacts' | 'calendars' | 'tasks' | 'rules' | 'signatures' | 'autocomplete' | 'local-mail' | 'settings'
    readonly title: string
    /** The manual way, in sentences. */
    readonly how: string
    /** Who does it. */
    readonly who: 'user' | 'administrator'
  }[]
}

export type Forecast = {
  /** Of the first copy of everything, biggest mailbox first. */
  readonly totalMs: { readonly median: number; readonly p90: number }
  /** Of one delta, once everything is there. */
  readonly deltaMs: { readonly median: number; readonly p90: number }
  /** What it is reckoned from. */
  readonly measured: {
    /** One mailbox, all its connections; null where too little was read to tell. */
    readonly bytesPerSecond: number | null
    readonly messagesPerSecond: number | null
    readonly roundTripMs: number | null
  }
  readonly mailboxesAtOnce: number
  /** What takes the longest, named: the source, Exchange's ceiling for one mailbox, the biggest mailbox, a limit that was set. */
  readonly limitedBy: 'source' | 'exchange' | 'messages' | 'biggest-mailbox' | 'allowance' | 'limit'
  /** The mailbox that ends last. */
  readonly longest: { readonly name: string; readonly ms: number } | null
  /** In the order in which they begin. */
  readonly mailboxes: readonly { readonly name: string; readonly median: number; readonly p90: number }[]
  /** What was assumed, in sentences. */
  readonly assumes: readonly string[]
}

export type Price = {
  readonly currency: string
  readonly mailboxes: number
  readonly base: number
  readonly perMailbox: number
  readonly extras: readonly { readonly says: string; readonly amount: number }[]
  readonly total: number
}
