import type { Json, Props } from './props.ts'

/** A licence that a user has. */
export type Licence = {
  readonly skuId: string
  disabledPlans: string[]
  /** The group it came from; null: assigned to the user. */
  readonly byGroup: string | null
  readonly sinceMs: number
}

export type LicenceError = { readonly skuId: string; readonly error: string; readonly byGroup: string | null }

export type User = {
  readonly id: string
  /** What Graph shows of it and what it was given, but for what is computed. */
  props: Props
  licences: Licence[]
  licenceErrors: LicenceError[]
  readonly visibleAtMs: number
  readonly createdAtMs: number
  usageLocationAtMs: number
  deletedAtMs: number | null
}

export type Group = {
  readonly id: string
  props: Props
  members: string[]
  owners: string[]
  licences: { readonly skuId: string; readonly disabledPlans: string[] }[]
  readonly visibleAtMs: number
  deletedAtMs: number | null
}

export type Domain = {
  readonly id: string
  props: Props
  /** The text that proves ownership, `MS=ms12345678`. */
  readonly proof: string
  /** From then on Exchange accepts it; null: not verified. */
  acceptedAtMs: number | null
  /** Verified in somebody else's tenant. */
  readonly elsewhere: boolean
}

export type Sku = {
  readonly skuId: string
  /** Seats that were bought. */
  enabled: number
  capabilityStatus: string
  /** Seats used by people who are not in this simulator. */
  otherUnits: number
}

/** One object of Exchange: a mailbox, a connector, a rule, a permission. Its kind is a cmdlet's noun, mostly. */
export type ExchangeObject = {
  readonly kind: string
  readonly guid: string
  props: Props
  readonly visibleAtMs: number
  /** What some readers still see. */
  stale: { readonly untilMs: number; readonly props: Props } | null
  reads: number
  removedAtMs: number | null
  /** Moments that are told by no property, such as when IMAP lets somebody in. */
  times: Record<string, number>
}

export type App = {
  readonly appId: string
  /** Of the application object (App registrations), which Exchange knows nothing about. */
  readonly objectId: string
  /** Of the service principal (Enterprise applications). */
  readonly servicePrincipalId: string | null
  props: Props
  secrets: { readonly keyId: string; readonly text: string; readonly endsAtMs: number; readonly props: Props }[]
  appRoles: {
    readonly id: string
    readonly resourceId: string
    readonly appRoleId: string
    readonly value: string
    readonly sinceMs: number
  }[]
  directoryRoles: { readonly roleTemplateId: string; readonly sinceMs: number }[]
}

export type DnsRecord = { readonly name: string; readonly type: string; readonly value: string }

/** Something that happens by itself when its time has come. */
export type Pending = { readonly atMs: number; readonly what: string; readonly id: string; readonly detail: Json }

export type SimulatedMail = { readonly guid: string; readonly folders: Props[] }

/** The whole tenant, as it is written to disk. */
export type TenantState = {
  readonly version: 1
  readonly seed: string
  readonly signingKey: string
  /** How far the clock was moved on. */
  movedMs: number
  /** Counts the ids that were given out. */
  ids: number
  users: User[]
  groups: Group[]
  domains: Domain[]
  skus: Sku[]
  apps: App[]
  objects: ExchangeObject[]
  dns: DnsRecord[]
  pending: Pending[]
  organization: Props
  /** Directory roles that were activated: template id to object id. */
  directoryRoles: Record<string, string>
  faults: Props[]
  faultCounts: Record<string, number>
  /** Folders of the mailboxes, so that they outlive a restart; messages do not. */
  mail: SimulatedMail[]
}
