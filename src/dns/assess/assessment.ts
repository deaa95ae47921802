import type { Finding } from '../../model/change.ts'
import type { RecordSet } from '../record-set.ts'
import type { SpfTree } from '../spf/tree.ts'
import type { Cut } from './names.ts'
import type { Evidence, TenantSeen } from './outside.ts'
import type { Mark } from './owners.ts'
import type { NoZone, Zone } from './zone.ts'

/** `block`: not before it is solved. `must-fix`: the plan sets it right before the switch. */
export type Rank = 'block' | 'must-fix' | 'warn' | 'info'
export type DnsFinding = Finding & { readonly rank: Rank }

/** Everything that could be learnt of a domain's mail, and what follows from it. Plain data. */
export type Assessment = {
  readonly domain: string
  readonly atMs: number
  readonly zone: Zone | NoZone
  readonly cuts: readonly Cut[]
  readonly dnssec: Dnssec
  readonly mail: MailIn
  readonly spf: Spf
  readonly dmarc: Dmarc
  readonly dkim: readonly DkimKey[]
  readonly mtaSts: MtaSts
  readonly clients: Clients
  /** What a name answers that nobody made: types of records. */
  readonly wildcard: readonly RecordSet[]
  readonly apexAlias: string | null
  /** MX of names below the domain. */
  readonly subdomainMail: readonly RecordSet[]
  readonly tenant: TenantSeen | null
  /** Every record that was seen and matters, with its TTL; a set that only the wildcard answers is left out. */
  readonly records: readonly RecordSet[]
  /** Names and types of records that the servers of the zone do not answer alike. */
  readonly disagreements: readonly Disagreement[]
  readonly hosts: { readonly mail: Hosted | null; readonly dns: Hosted | null; readonly provider: string | null }
  readonly senders: readonly Sender[]
  readonly findings: readonly DnsFinding[]
  readonly evidence: readonly Evidence[]
}

export type Hosted = { readonly name: string; readonly kind: string; readonly because: string; readonly mark: Mark }
export type Sender = { readonly name: string; readonly because: readonly string[]; readonly mark: Mark }
export type Disagreement = { readonly name: string; readonly type: string; readonly sameSerial: boolean; readonly says: string }

export type Dnssec = {
  /** `island`: signed, but the parent does not say so. `broken`: the parent says so, and resolvers that check refuse the zone. */
  readonly state: 'unsigned' | 'signed' | 'island' | 'broken' | 'unknown'
  /** A resolver has checked it. */
  readonly validated: boolean
}

export type MailIn = {
  readonly kind: 'mx' | 'null' | 'implicit' | 'none' | 'unknown'
  readonly ttlSeconds: number | null
  readonly exchangers: readonly Exchanger[]
}
export type Exchanger = {
  readonly host: string
  readonly preference: number
  readonly addresses: readonly string[]
  /** Names that the addresses lead back to. */
  readonly reverse: readonly string[]
  readonly problem: 'alias' | 'address' | 'no-address' | 'unanswered' | null
  readonly tlsa: readonly string[]
  /** The host has a name in the domain itself. */
  readonly inside: boolean
  readonly owner: string | null
}

export type Spf = {
  readonly records: readonly string[]
  readonly trees: readonly SpfTree[]
  /** Of the dead type 99. */ readonly oldType: boolean
}
export type Dmarc = {
  /** Where it stands: the domain itself or the one that was registered. */
  readonly at: string | null
  readonly records: readonly string[]
  readonly policy: 'none' | 'quarantine' | 'reject' | null
  readonly alias: boolean
  readonly reportsTo: readonly string[]
  /** Reports to these domains are not consented to there (RFC 7489 §7.1). */
  readonly withoutConsent: readonly string[]
}
export type DkimKey = {
  readonly selector: string
  readonly how: 'TXT' | 'CNAME'
  /** Where a CNAME leads. */
  readonly target: string | null
  readonly key: 'published' | 'revoked' | 'missing'
  /** Who probably signs with it; '' where that is unknown. */
  readonly owner: string
}
export type MtaSts = {
  readonly record: string | null
  /** Where the host of the policy leads, when it is an alias. */
  readonly alias: string | null
  readonly policy: StsPolicy | null
  /** Why there is no policy though there is a record; null where it was not asked for. */
  readonly problem: string | null
}
export type StsPolicy = { readonly mode: 'enforce' | 'testing' | 'none'; readonly maxAgeSeconds: number; readonly mx: readonly string[] }
export type Clients = {
  readonly autodiscover: readonly RecordSet[]
  readonly autoconfig: readonly RecordSet[]
  readonly services: readonly RecordSet[]
  readonly hosts: readonly RecordSet[]
  /** Pages that answer like autodiscover or autoconfig. */
  readonly pages: readonly string[]
}
