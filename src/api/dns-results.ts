import type { ChangeStatement } from '../change/statement.ts'
import type { DnsItem, DnsPhase, PlanFinding, PlanWait } from '../dns/plan/item.ts'
import type { ChangeView } from './tenant-results.ts'
import type { Trouble } from './results.ts'

export { PHASES, type DnsItem, type DnsPhase, type PlanFinding, type PlanWait } from '../dns/plan/item.ts'

/** The plan of one domain, and where its records are kept. */
export type DnsDomainPlan = {
  readonly domain: string
  readonly provider: string
  /** The host of its DNS in words; null where it could not be opened. */
  readonly host: string | null
  readonly zone: string | null
  readonly isSwitched: boolean
  readonly items: readonly DnsItem[]
  readonly findings: readonly PlanFinding[]
  readonly waits: readonly PlanWait[]
  readonly oldTtlSeconds: number
}

export type DnsPlanResult = { readonly tenantId: string; readonly domains: readonly DnsDomainPlan[] }

/** What is shown before it is asked for: the changes of one phase, and the domains that stay as they are. */
export type DnsApproval = {
  readonly phase: DnsPhase
  readonly changes: readonly ChangeView[]
  readonly held: readonly { readonly domain: string; readonly why: readonly PlanFinding[] }[]
  readonly findings: readonly PlanFinding[]
  /** What a person does in a panel, by domain. */
  readonly byHand: readonly { readonly domain: string; readonly says: string }[]
}

export type DnsApplyResult = {
  readonly phase: DnsPhase
  readonly approved: boolean
  /** null where nothing was to be done, or nothing was approved. */
  readonly statement: ChangeStatement | null
  readonly held: DnsApproval['held']
  /** Where it was kept how everything was before. */
  readonly keptIn: string
  /** What is to be waited for before the switch. */
  readonly waits: readonly (PlanWait & { readonly domain: string })[]
  readonly failure: Trouble | null
}

export type DnsUndoResult = {
  readonly approved: boolean
  /** Domains that `cutover switch` has in hand: nothing is taken back below it. */
  readonly held: readonly { readonly domain: string; readonly says: string; readonly remedy: string }[]
  readonly statement: ChangeStatement | null
  readonly failure: Trouble | null
}

export type DnsStatusResult = {
  readonly stateDir: string
  readonly runs: readonly { readonly id: number; readonly kind: string; readonly beganAt: string; readonly endedAt: string | null }[]
  readonly statement: ChangeStatement | null
  readonly changes: readonly {
    readonly domain: string
    readonly phase: string
    readonly says: string
    readonly state: string
    readonly changedAt: string
  }[]
}

/** What waits here waits for a person, as a host that is asked by us shows at once what it took. */
export function forRecords(books: ChangeStatement): ChangeStatement {
  const remedy = 'It is not seen yet. Make the change at its host as it was shown, then run the same command again.'
  return { ...books, open: books.open.map((one) => (one.state === 'waiting' ? { ...one, remedy } : one)) }
}
