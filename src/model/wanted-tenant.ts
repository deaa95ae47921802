/** The tenant as its definition (cutover.yaml and the list of mailboxes) wants it. What is null or absent is left as it is. */
export type WantedTenant = {
  readonly domains: readonly WantedDomain[]
  readonly mailboxes: readonly WantedMailbox[]
  readonly groups: readonly WantedGroup[]
  readonly contacts: readonly WantedContact[]
  readonly connectors: readonly WantedConnector[]
  readonly transportRules: readonly WantedTransportRule[]
  readonly protection: WantedProtection
  readonly organisation: WantedOrganisation
  readonly migration: WantedMigration
  /**
   * In a tenant that is synced from an Active Directory: domains and addresses whose users are made in the cloud all the same, `*` for
   * all. Nobody else is: AD is where they belong.
   */
  readonly cloudOnly?: readonly string[]
}

/** Where it stands in the definition, for findings: `mailboxes.csv line 12`. */
type Stated = { readonly where: string }

export type WantedDomain = Stated & {
  readonly name: string
  /** Exchange's type of the accepted domain. */
  readonly type: 'authoritative' | 'internal-relay' | null
  readonly isDefault: boolean | null
  /** The definition says who hosts its DNS, so that `dns apply` makes its records. */
  readonly hasDns?: boolean
}

export type WantedMailbox = Stated & {
  /** Primary SMTP address. */
  readonly address: string
  readonly kind: 'user' | 'shared' | 'room' | 'equipment'
  /** What the person signs in with; the address where nothing else is said. */
  readonly userPrincipalName: string
  readonly displayName: string | null
  readonly givenName: string | null
  readonly surname: string | null
  /** Exchange's mail alias; null: the local part of the address. */
  readonly alias: string | null
  /** Further addresses, without `smtp:`. Those that are there besides are left. */
  readonly aliases: readonly string[]
  /** SKU part numbers (`ENTERPRISEPACK`). Others that the user has are left. */
  readonly licences: readonly string[]
  /** SKU part numbers that one of `licences` takes the place of, in one step; without one in the way nothing is taken. */
  readonly withoutLicences?: readonly string[]
  /** ISO 3166-1 alpha-2. */
  readonly usageLocation: string | null
  /** `de-DE`; default folders are renamed to that language before the first message is written. */
  readonly language: string | null
  /** Windows name: `W. Europe Standard Time`. */
  readonly timeZone: string | null
  readonly archive: boolean | null
  readonly retentionHold: boolean | null
  readonly litigationHold: boolean | null
  readonly forwarding: { readonly to: string; readonly keepCopy: boolean } | null
  readonly hidden: boolean | null
  readonly sizes: WantedSizes
  readonly protocols: Readonly<Partial<Record<Protocol, boolean>>>
  /** Addresses of those who may open it, and who may send as it. Others who may are left. */
  readonly fullAccess: readonly string[]
  readonly sendAs: readonly string[]
  /** Size of the old mailbox, where it is known. */
  readonly sourceBytes: number | null
  /** false: it is only prepared, no mail is moved into it (so the migration application needs no access). */
  readonly isMigrated: boolean
}
export type Protocol = 'imap' | 'pop' | 'owa' | 'mapi' | 'activesync' | 'ews' | 'smtp-auth'
export type WantedSizes = { readonly receiveBytes: number | null; readonly sendBytes: number | null }

export type WantedGroup = Stated & {
  readonly address: string
  readonly name: string
  readonly aliases: readonly string[]
  /** Addresses. Members that are there besides are left, unless `exactly`. */
  readonly members: readonly string[]
  readonly exactly: boolean
  readonly owners: readonly string[]
  /** Whether people outside the organisation may write to it. */
  readonly outsideSenders: boolean | null
  readonly hidden: boolean | null
}
export type WantedContact = Stated & { readonly address: string; readonly name: string }

/** Parameters are those of New-InboundConnector and New-OutboundConnector, by their names there. */
export type WantedConnector = Stated & {
  readonly direction: 'inbound' | 'outbound'
  readonly name: string
  readonly parameters: Settings
}
/** Parameters are those of New-TransportRule. Order in the definition is their order of priority among themselves. */
export type WantedTransportRule = Stated & { readonly name: string; readonly enabled: boolean; readonly parameters: Settings }
export type Settings = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

export type WantedProtection = {
  readonly preset: 'standard' | 'strict' | 'off' | null
  /** Whom the preset covers: domains; empty: all accepted domains of the definition. */
  readonly presetDomains: readonly string[]
  readonly policies: readonly WantedPolicy[]
  /** Domains that sign with DKIM. */
  readonly dkim: readonly (Stated & { readonly domain: string; readonly keyBits: 1024 | 2048 })[]
  readonly quarantineNotices: { readonly enabled: boolean; readonly everyHours: 4 | 24 | 168 | null } | null
  readonly where: string
}
/** A policy of Exchange Online Protection; `Default` changes the default policy and has no domains. */
export type WantedPolicy = Stated & {
  readonly feature: 'spam' | 'malware' | 'phishing' | 'outbound' | 'connection'
  readonly name: string
  readonly settings: Settings
  /** Recipient domains (sender domains for outbound) of its rule. */
  readonly domains: readonly string[]
}

export type WantedOrganisation = Stated & {
  /** Enable-OrganizationCustomization where something else here needs it. */
  readonly customization: boolean
  readonly focusedInbox: boolean | null
  readonly directSend: boolean | null
  /** Further parameters of Set-OrganizationConfig. */
  readonly settings: Settings
}

/** Only for the time of the migration; `cutover tenant finish` or `undo` puts it back. */
export type WantedMigration = Stated & {
  /** The application that moves the mail: null where it needs nothing. */
  readonly app: { readonly displayName: string } | null
  readonly sizes: WantedSizes
  /** Retention and archive policies must not touch what has just been copied. */
  readonly suspendRetention: boolean
}
