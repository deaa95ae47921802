import { sameSet, type RecordSet, type RecordType } from '../record-set.ts'
import type { DnsItem, DnsPhase } from './item.ts'

/** What stands at the host, as each phase would leave it to the next: what is written down is only what differs. */
export class Draft {
  readonly items: DnsItem[] = []
  readonly #sets: Map<string, RecordSet>
  readonly #fixed: ReadonlySet<string>

  /** `fixed`: names whose records are left as they are. */
  constructor(now: readonly RecordSet[], fixed: ReadonlySet<string>) {
    this.#sets = new Map(now.map((set) => [keyOf(set.name, set.type), set]))
    this.#fixed = fixed
  }

  at(name: string, type: RecordType): RecordSet | null {
    return this.#sets.get(keyOf(name, type)) ?? null
  }

  isFixed(name: string): boolean {
    return this.#fixed.has(name)
  }

  /** The set as it is to be after this phase; null: gone. Nothing is noted where it is so already, or must stay. */
  put(phase: DnsPhase, { name, type }: Pick<RecordSet, 'name' | 'type'>, after: RecordSet | null, why: Why): void {
    const before = this.at(name, type)
    if (this.isFixed(name) || (before === null && after === null)) return
    if (sameSet(before, after, 'counts')) return
    const { reason, risk = null, op = opOf(before, after) } = typeof why === 'string' ? { reason: why } : why
    const at = this.items.findIndex((item) => item.phase === phase && item.name === name && item.type === type)
    const earlier = this.items[at]
    if (earlier === undefined) this.items.push({ phase, name, type, op, before, after, reason, risk })
    // Twice within one phase is one change.
    else this.items[at] = { ...earlier, after, reason: `${earlier.reason}; ${reason}`, risk: risk ?? earlier.risk }
    if (after === null) this.#sets.delete(keyOf(name, type))
    else this.#sets.set(keyOf(name, type), after)
  }

  sets(): readonly RecordSet[] {
    return [...this.#sets.values()]
  }
}

export type Why = string | { readonly reason: string; readonly risk?: string | null; readonly op?: DnsItem['op'] }

/** Names a record set in messages, in the journal and among what was read. */
export function keyOf(name: string, type: RecordType): string {
  return `${name} ${type}`
}

function opOf(before: RecordSet | null, after: RecordSet | null): DnsItem['op'] {
  if (before === null) return 'add'
  if (after === null) return 'delete'
  return sameSet(before, after) ? 'ttl' : 'replace'
}
