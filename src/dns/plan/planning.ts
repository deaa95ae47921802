import type { RecordSet, RecordType } from '../record-set.ts'
import type { Draft } from './draft.ts'
import type { DomainFacts } from './facts.ts'
import type { PlanFinding, PlanWait } from './item.ts'
import type { WantedDns } from '../../model/wanted-dns.ts'

/** What the steps of a plan share. */
export type Planning = DomainFacts & {
  readonly draft: Draft
  readonly domain: string
  /** `10 mx.example`: what MX is to be; [] where the tenant does not tell it. */
  readonly targetMx: readonly string[]
  readonly isSwitched: boolean
  readonly lowTtl: number
  readonly ttl: number
  readonly found: PlanFinding[]
  readonly waits: PlanWait[]
}

export type Said = Pick<PlanFinding, 'code' | 'says' | 'remedy'> & Partial<PlanFinding>

export function note({ wishes, found }: Pick<Planning, 'wishes' | 'found'>, said: Said): void {
  found.push(complete(said, wishes))
}

/** A warning about the domain that holds nothing back, where nothing else is said. */
export function complete(said: Said, { domain, where }: WantedDns): PlanFinding {
  return { severity: 'warning', about: domain, where, holds: [], ...said }
}

export function setIn(sets: readonly RecordSet[], name: string, type: RecordType): RecordSet | null {
  return sets.find((set) => set.name === name && set.type === type) ?? null
}
