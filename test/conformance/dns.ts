import type { Context } from '../../src/lib/context.ts'
import type { DnsProvider, Settings } from '../../src/dns/provider.ts'
import type { RecordSet } from '../../src/dns/record-set.ts'
import type { Faults } from './dns-stubs/stub-server.ts'

/** One host of DNS with a zone of its own, as the suite needs it. */
export type DnsRig = AsyncDisposable & {
  readonly zone: string
  readonly settings: Settings
  /** Settings whose key or token may not change this zone; null where nobody signs in. */
  readonly withoutRights: Settings | null
  readonly ctx: Context
  /** Somebody else changes a set behind our back; null data: removes it. */
  edit(set: RecordSet | { readonly name: string; readonly type: RecordSet['type']; readonly data: null }): Promise<void>
  /** What the world is told at this moment: the records of a set; [] where there is none. */
  served(name: string, type: RecordSet['type']): Promise<readonly string[]>
  /** Calls that changed something so far. */
  writes(): number | null
  /** Of a stand-in; null at a real server. */
  readonly stub: StubControl | null
}

export type StubControl = {
  readonly faults: Faults
  /** So many readings after a change still show what was before. */
  lag(readings: number): void
  /** What the world was told of a set, at every moment since the start. */
  everServed(name: string, type: RecordSet['type']): readonly (readonly string[])[]
  /** Somebody else makes this set at this instant. */
  editNow(set: RecordSet): void
  /** How long was waited so far, as the product's clock sees it. */
  waitedMs(): number
}

/** The zone holds MX 10 mx.old.test and three TXT at its apex, and A 127.0.0.11 at autodiscover, all with 3600 seconds. */
export type DnsHost = { readonly provider: DnsProvider; readonly skip: string | false; readonly stubbed: boolean; start(): Promise<DnsRig> }

export const OTHER_TEXT = 'other-service-verification=AbC123; "quoted" \\ end'
export const OLD_SPF = 'v=spf1 mx include:_spf.crm.test -all'
