import type { Finding } from '../model/change.ts'
import type { WantedTenant } from '../model/wanted-tenant.ts'
import type { TenantChange, TenantPlan } from './call.ts'
import type { Actual, Clients, Part } from './part.ts'

/** A part whose own reading nobody else sees. */
export type AnyPart = {
  readonly name: string
  plan(clients: Clients, wanted: WantedTenant, actual: Actual): Promise<TenantPlan>
}

export function anyPart<Own>(part: Part<Own>): AnyPart {
  return {
    name: part.name,
    plan: async (clients, wanted, actual) => part.compare(wanted, actual, await part.read(clients, wanted, actual)),
  }
}

export type WholePlan = TenantPlan & {
  /** Changes that were left out because something blocks them, or what they come after. */
  readonly held: readonly TenantChange[]
}

/**
 * The plans of all parts as one: in an order in which each change stands after what it needs, and without what a blocker is about
 * (and whatever comes after that). Throws an Error where two parts plan the same thing differently or wait for each other: a bug.
 */
export function joined(plans: readonly TenantPlan[]): WholePlan {
  const findings = unique(plans.flatMap((plan) => plan.findings))
  const all = new Map<string, TenantChange>()
  for (const change of plans.flatMap((plan) => plan.changes)) {
    const same = all.get(change.key)
    if (same !== undefined && JSON.stringify(same) !== JSON.stringify(change)) throw new Error(`planned twice: ${change.key}`)
    all.set(change.key, change)
  }
  const blocked = new Set(findings.filter(({ severity }) => severity === 'blocker').map(({ about }) => about.toLowerCase()))
  const held = new Set<string>()
  for (let before = -1; before !== held.size;) {
    before = held.size
    for (const { key, about, after } of all.values())
      if (blocked.has(about.toLowerCase()) || after.some((one) => held.has(one))) held.add(key)
  }
  const ordered = inOrder([...all.values()])
  return {
    findings: findings.toSorted((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]),
    changes: ordered.filter(({ key }) => !held.has(key)),
    held: ordered.filter(({ key }) => held.has(key)),
  }
}

const WEIGHT = { blocker: 0, warning: 1, note: 2 } as const

/** Two parts may find the same. */
function unique(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((one) => [JSON.stringify([one.code, one.about, one.says]), one])).values()]
}

/** As planned, but each after what it comes after. */
function inOrder(changes: readonly TenantChange[]): readonly TenantChange[] {
  const byKey = new Map(changes.map((change) => [change.key, change]))
  const done = new Set<TenantChange>()
  const open = new Set<TenantChange>()
  const visit = (change: TenantChange): void => {
    if (done.has(change)) return
    if (open.has(change)) throw new Error(`waits for itself: ${change.key}`)
    open.add(change)
    for (const one of change.after) {
      const earlier = byKey.get(one)
      if (earlier !== undefined) visit(earlier)
    }
    open.delete(change)
    done.add(change)
  }
  for (const change of changes) visit(change)
  return [...done]
}
