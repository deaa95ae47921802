import type { Context } from '../lib/context.ts'
import type { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import type { RecordSet, RecordType } from './record-set.ts'
import type { Swap } from './update-message.ts'

/** What a provider must be told; makes the prompt, the form and the page about it. */
export type Setting = {
  readonly key: string
  readonly label: string
  readonly secret: boolean
  readonly required: boolean
  /** An example, or where to find it. */
  readonly hint?: string
}

/** For the page about it: what the key or token must be allowed, and what a person should know. Sentences. */
export type About = { readonly rights: string; readonly notes: readonly string[]; readonly tested: 'real server' | 'stand-in' }
export type Settings = Readonly<Record<string, string | Secret | undefined>>

/** What a host of DNS can do; guards and the conformance suite read this. */
export type Can = {
  /** false: a person does it, and we wait until it is seen. */
  readonly automatic: boolean
  /** What changes as a whole or not at all. */
  readonly atomic: 'zone' | 'name' | 'set' | 'record' | 'nothing'
  /** native: the host refuses where a set is no longer what was read. verified: we read, compare, write and read again. */
  readonly compareAndSet: 'native' | 'verified'
  readonly lowestTtlSeconds: number
  readonly highestTtlSeconds: number
  readonly types: readonly RecordType[]
  /** Of a TXT value; null: no limit but that of DNS. */
  readonly longestTxtBytes: number | null
  /** A character that the host takes in no new text. */
  readonly textsWithout?: string
  /** Every write replaces the whole zone: what somebody else changes in that very instant, anywhere in it, is lost. */
  readonly replacesZone?: true
}

/** The nearest time to live that the host takes: what is waited for later must be computed with this one. */
export function heldTtl(can: Can, seconds: number): number {
  return Math.min(Math.max(seconds, can.lowestTtlSeconds), can.highestTtlSeconds)
}

/** `nameServers`: those that the host gave this zone, where it tells; tells zones of the same name apart. */
export type ZoneRef = { readonly id: string; readonly name: string; readonly nameServers?: readonly string[] }
export type SetName = { readonly name: string; readonly type: RecordType }
export const ANY_TYPE = '*'
/**
 * Something at a name that is no plain record set: an alias, a weighted record, one that the host manages itself. `type`: the one it
 * answers for; `ANY_TYPE` where that can be any.
 */
export type Opaque = { readonly name: string; readonly type: string; readonly says: string }
export type ZoneView = { readonly sets: readonly RecordSet[]; readonly opaque: readonly Opaque[] }

/** Zones at one host, signed in to. Every method throws a `Failure`; a write that may have been done has `notDone` false. */
export type Zones = {
  list(): Promise<readonly ZoneRef[]>
  /** The sets of these names and types, and what is opaque at these names; what is not there is left out. Not from a cache. */
  read(zone: ZoneRef, wanted: readonly SetName[]): Promise<ZoneView>
  /**
   * Carries the swaps out, all at once as far as `can.atomic` goes. Throws `record-changed` where the host itself saw that a set is
   * not what `before` says; then nothing was done. Callers use `carryOut`, which looks before and after.
   */
  write(zone: ZoneRef, swaps: readonly Swap[]): Promise<void>
  /** Why what was taken may not be shown, and what to do: sentences. */
  readonly unseen?: string
  /** What a person did instead of this swap, where a person does it and it can be seen; null: somebody else's change. */
  explain?(zone: ZoneRef, swap: Swap): Promise<Failure | null>
  /** The whole zone as the host gives it, for the admin to keep; null where it gives none. */
  backup(zone: ZoneRef): Promise<string | null>
}

/** One host of DNS: one file in `adapters/` and one line in `providers.ts`; the conformance suite then runs on it. */
export type DnsProvider = {
  readonly name: string
  readonly title: string
  /** Ends of names of its name servers, without a dot in front, as a suggestion to the admin. */
  readonly nameServers: readonly string[]
  readonly settings: readonly Setting[]
  readonly can: Can
  readonly about: About
  /** Asks nothing yet. Throws `bad-input` for settings that cannot be right. */
  open(settings: Settings, ctx: Context): Zones
}
