import type { Finding } from '../../model/change.ts'
import type { RecordSet, RecordType } from '../record-set.ts'
import type { Swap } from '../update-message.ts'

/**
 * In the order in which they are carried out. `prepare` only adds; `switch` is one write; `tighten` takes away what was there for the
 * time of the move; `retire` takes away what the old system needed, where that is asked for.
 */
export const PHASES = ['prepare', 'lower-ttl', 'switch', 'tighten', 'raise-ttl', 'retire'] as const
export type DnsPhase = (typeof PHASES)[number]
export const FROM_SWITCH: readonly DnsPhase[] = ['switch', 'tighten', 'raise-ttl', 'retire']

/**
 * One record set that is to be another one. `before` is what stands there once all earlier phases were carried out: in the first
 * phase that has anything to do it is what stands there now.
 */
export type DnsItem = {
  readonly phase: DnsPhase
  readonly name: string
  readonly type: RecordType
  /** `merge`: the set stays, with other records in it; `ttl`: only its time to live. */
  readonly op: 'add' | 'merge' | 'replace' | 'delete' | 'ttl'
  readonly before: RecordSet | null
  readonly after: RecordSet | null
  readonly reason: string
  /** What it can do to mail; null: nothing. */
  readonly risk: string | null
}

/** A finding with the phases that it holds back until it is solved; [] for what is only told. */
export type PlanFinding = Finding & { readonly holds: readonly DnsPhase[] }

/** So long must pass between the end of one phase and the beginning of another, as caches remember what was there. */
export type PlanWait = { readonly after: DnsPhase; readonly before: DnsPhase; readonly seconds: number; readonly why: string }

export type DomainPlan = {
  readonly domain: string
  /** Whether MX names the tenant alone. */
  readonly isSwitched: boolean
  readonly items: readonly DnsItem[]
  readonly findings: readonly PlanFinding[]
  readonly waits: readonly PlanWait[]
  /** Time to live of MX before it was lowered: caches may hold it so long. */
  readonly oldTtlSeconds: number
}

export function itemsOf({ items }: DomainPlan, phase: DnsPhase): readonly DnsItem[] {
  return items.filter((item) => item.phase === phase)
}

/** What stands in the way of a phase. */
export function holdsOf({ findings }: DomainPlan, phase: DnsPhase): readonly PlanFinding[] {
  return findings.filter(({ holds }) => holds.includes(phase))
}

/** For `carryOut` and `updateMessage`. Read again before they are used: `before` is that of the plan. */
export function swapsOf(items: readonly DnsItem[]): readonly Swap[] {
  return items.map(({ name, type, before, after }) => ({ name, type, before, after }))
}

/** All that changes at the moment of the switch, to be written at once. `reversed` of it is the way back. */
export function switchSwaps(plan: DomainPlan): readonly Swap[] {
  return swapsOf(itemsOf(plan, 'switch'))
}
