import type { Can, Opaque } from '../provider.ts'
import type { RecordSet } from '../record-set.ts'
import type { SpfTree } from '../spf/tree.ts'
import type { TenantRecords } from './tenant-records.ts'
import type { WantedDns } from '../../model/wanted-dns.ts'

/** What stood there before anything of ours was done; kept once for each domain, and never written over. */
export type Pristine = {
  readonly atMs: number
  readonly sets: readonly RecordSet[]
  /** Addresses of the hosts that MX named. */
  readonly oldMx: readonly string[]
  /** The policy of MTA-STS, as its host gave it; null where there was none. */
  readonly policy: string | null
}

/** All that a plan for one domain is made of, as one reading found it. */
export type DomainFacts = {
  readonly wishes: WantedDns
  readonly tenant: TenantRecords
  readonly host: { readonly can: Can; readonly title: string }
  readonly now: readonly RecordSet[]
  readonly opaque: readonly Opaque[]
  readonly pristine: Pristine
  readonly policy: string | null
  /** Of each SPF record that stands there now. */
  readonly trees: readonly SpfTree[]
  /** Look-ups of what the tenant wants included. */
  readonly includeLookups: number
  readonly served: readonly ServedSet[]
}

/** What one authoritative server says of a set; null: it gave no answer of its own. */
export type ServedSet = {
  readonly server: string
  readonly name: string
  readonly type: RecordSet['type']
  readonly set: RecordSet | null | 'silent'
}
