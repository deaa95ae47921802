import type { Quirk } from '../imap/quirks.ts'

/**
 * How sure a fact is. `tested`: seen at a real server in a laboratory; `documented`: a standard, or the maker's documentation or
 * source; `reported`: seen by users or by other programs; `guess`: said without a source that could be named.
 */
export type Certainty = 'tested' | 'documented' | 'reported' | 'guess'

export type Fact = { readonly says: string; readonly certainty: Certainty }

/** A default that a person may override, never a constant: hosts change theirs without notice. */
export type Limit = { readonly value: number; readonly certainty: Certainty; readonly note?: string }

/** What a system is known to allow; null: nothing is known. */
export type Limits = {
  /** Connections at a time of one mailbox, or of one login from one address. */
  readonly connectionsPerMailbox: Limit | null
  /** Bytes that one mailbox may hand out in a day. */
  readonly bytesPerDay: Limit | null
  /** The longest command line. */
  readonly maxCommandBytes: Limit | null
  /** Messages that one command may be about. */
  readonly messagesPerCommand: Limit | null
  /** Only so many messages of a folder, the newest, are shown at all. */
  readonly messagesShown: Limit | null
  /** A connection without commands is closed after so long. */
  readonly idleTimeoutMs: Limit | null
}

/** How a mailbox can be opened: the word of `--access`. */
export type AccessKind =
  | 'own'
  | 'authzid'
  | 'template'
  | 'proxyauth'
  | 'kerio-master'
  | 'groupwise-app'
  | 'exchange-delegate'
  | 'google-service-account'
  | 'microsoft-app'
  | 'oauth'

export type Access = {
  readonly kind: AccessKind
  readonly advice: string
  readonly certainty: Certainty
  /** For `template`: the login as this system wants it, "{user}" and "{admin}" filled in. */
  readonly template?: string
}

/** Where the list of mailboxes comes from: the word of `cutover discover --from`; `csv` is a text or CSV file that somebody makes. */
export type ListingKind =
  | 'google'
  | 'graph'
  | 'cpanel'
  | 'plesk'
  | 'mailcow'
  | 'dovecot'
  | 'cyrus'
  | 'courier'
  | 'zimbra'
  | 'exchange'
  | 'ldap'
  | 'csv'

export type Listing = { readonly kind: ListingKind; readonly advice: string; readonly certainty: Certainty }

/** What a server showed of itself. Greeting, ID and capabilities decide; names of hosts are hints. */
export type Seen = {
  readonly greeting: string
  /** What it answered to ID (RFC 2971), keys in lower case. */
  readonly serverId: ReadonlyMap<string, string>
  /** In upper case. */
  readonly capabilities: ReadonlySet<string>
  readonly host: string
  /** The domain whose mail it keeps, where one was asked for. */
  readonly domain?: string
}

/** All that is given must be there. A capability that ends in "=" stands for all that begin so. */
export type Sign = {
  readonly greeting?: RegExp
  /** Matched against the name, vendor and version of the ID answer. */
  readonly id?: RegExp
  readonly capabilities?: readonly string[]
  readonly host?: RegExp
  readonly domain?: RegExp
}

export type Exchanger = { readonly mx: RegExp; readonly imap: string; readonly certainty: Certainty }

/** One kind of mail system as a source: how it is known, what it allows, and what a migration from it has to mind. */
export type SourceProfile = {
  /** One word, for `--json` and links. */
  readonly name: string
  readonly title: string
  /** Any one of them is enough. */
  readonly signs: readonly Sign[]
  /** Finds the version in greeting or ID, in its first group; without it the version of the ID answer counts. */
  readonly versionIn?: RegExp
  /** The profile that this one refines where nothing in the protocol tells them apart: shown beside it. */
  readonly variantOf?: string
  /** Mail exchangers of its customers, and where their IMAP server is then. */
  readonly exchangers?: readonly Exchanger[]
  readonly limits: Limits
  /** Best first. */
  readonly access: readonly Access[]
  readonly listing: readonly Listing[]
  /** What a migration from it has to mind. */
  readonly advice: readonly Fact[]
  /** What the customer should do or know beforehand. */
  readonly tell: readonly Fact[]
  readonly quirks: readonly Quirk[]
  /** What our tests run against. */
  readonly tested: 'real server' | 'personality' | 'dialogue' | 'not'
  /** What of it; absent where nothing is. */
  readonly testedWhat?: string
}

export const NO_LIMITS: Limits = {
  connectionsPerMailbox: null,
  bytesPerDay: null,
  maxCommandBytes: null,
  messagesPerCommand: null,
  messagesShown: null,
  idleTimeoutMs: null,
}

export const tested = (says: string): Fact => ({ says, certainty: 'tested' })
export const documented = (says: string): Fact => ({ says, certainty: 'documented' })
export const reported = (says: string): Fact => ({ says, certainty: 'reported' })
export const guess = (says: string): Fact => ({ says, certainty: 'guess' })

/** Every system opens a mailbox to whom has its own password. */
export function own(advice: string, certainty: Certainty = 'documented'): Access {
  return { kind: 'own', advice, certainty }
}
