import type { Context } from '../../src/lib/context.ts'
import type { DnsProvider, Settings } from '../../src/dns/provider.ts'
import type { RecordSet } from '../../src/dns/record-set.ts'

/** One host of DNS with a zone of its own, as the suite needs it. */
export type DnsRig = AsyncDisposable & {
  readonly zone: string
  readonly settings: Settings
  /** Settings whose key or token may not change this zone. */
  readonly withoutRights: Settings
  readonly ctx: Context
  /** Somebody else changes a set behind our back; null data: removes it. */
  edit(set: RecordSet | { readonly name: string; readonly type: RecordSet['type']; readonly data: null }): Promise<void>
  /** What the world is told at this moment: the records of a set; [] where there is none. */
  served(name: string, type: RecordSet['type']): Promise<readonly string[]>
  /** Calls that changed something so far. */
  writes(): number | null
}

/** The zone holds MX 10 mx.old.test and three TXT at its apex, and A 127.0.0.11 at autodiscover, all with 3600 seconds. */
export type DnsHost = { readonly provider: DnsProvider; readonly skip: string | false; start(): Promise<DnsRig> }

export const OTHER_TEXT = 'other-service-verification=AbC123; "quoted" \\ end'
export const OLD_SPF = 'v=spf1 mx include:_spf.crm.test -all'
