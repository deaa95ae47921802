import { UNSETTLED } from '../change/change-state.ts'
import { runChanges, type RunResult } from '../change/run-changes.ts'
import type { Journal } from '../change/journal.ts'
import { Failure } from '../model/failure.ts'
import type { TenantCall } from '../tenant/call.ts'
import { tenantHands } from '../tenant/hands.ts'
import type { WholePlan } from '../tenant/plan.ts'
import { journalOf, openTenant, type OpenTenant, type TenantInput } from './tenant-open.ts'
import { planResult, type ChangeProgress, type TenantApplyResult, type TenantPlanResult } from './tenant-results.ts'
import { troubleOf } from './trouble.ts'
import type { World } from './world.ts'

export type TenantApplyInput = TenantInput & {
  /** Shown the plan, before anything is done, and again where more turns up afterwards. false: nothing (more) is done. */
  readonly approve: (plan: TenantPlanResult) => Promise<boolean>
  /** How long is waited for what takes its time; what is not there then is left for the next run. */
  readonly waitMinutes: number
  readonly onProgress: (progress: ChangeProgress) => void
  /** Told before the tenant is read once more. */
  readonly onReading: () => void
}

/** How long reading may still show what stood there before we changed it (microsoft365.md §4.4: up to minutes). */
const LAG_MS = 300_000
const LAG_PAUSE_MS = 15_000
/** More turns up once mailboxes are there; that ends. */
const MOST_ROUNDS = 5

/**
 * Plans, asks, carries out, and compares the tenant again until nothing differs. Killed or stopped at any instant, the next run goes
 * on where it was and does nothing twice. What went wrong is in the result; it throws only where nothing could be begun.
 */
export async function tenantApply(world: World, input: TenantApplyInput): Promise<TenantApplyResult> {
  const tenant = await openTenant(world, input)
  const { tenantId } = tenant.door
  using journal = journalOf(tenant, input)
  let plan = await tenant.plan()
  let run: RunResult | null = null
  for (let round = 0; round < MOST_ROUNDS && (plan.changes.length > 0 || (round === 0 && hasOpen(journal))); round++) {
    if (!(await input.approve(planResult(tenantId, plan, null)))) return resultOf({ approved: run !== null, run, journal, plan, tenantId })
    run = await runChanges(plan.changes, {
      journal,
      hands: tenantHands(tenant.door, () => tenant.ctx.clock.now()),
      ctx: tenant.ctx,
      waitMs: input.waitMinutes * 60_000,
      onProgress: input.onProgress,
    })
    if (run.halted !== null) return resultOf({ approved: true, run, journal, plan: null, tenantId })
    const tried = new Set(plan.changes.map(({ key }) => key))
    try {
      plan = await settledPlan(tenant, journal, input)
    } catch (error) {
      // What was done is told all the same.
      return { ...resultOf({ approved: true, run, journal, plan: null, tenantId }), failure: troubleOf(error) }
    }
    // What is left of the same plan waits, or failed, and is told; only what is new is worth another round.
    if (plan.changes.every(({ key }) => tried.has(key))) break
  }
  return resultOf({ approved: true, run, journal, plan, tenantId })
}

/** The tenant compared once more; what was just done and cannot be seen yet is waited for. */
async function settledPlan({ plan, ctx }: OpenTenant, journal: Journal<TenantCall>, { onReading }: TenantApplyInput): Promise<WholePlan> {
  for (const giveUpAtMs = ctx.clock.now() + LAG_MS; ;) {
    onReading()
    const found = await plan()
    const done = new Set(journal.rows().flatMap(({ change, state }) => (state === 'done' ? [change.key] : [])))
    if (!found.changes.some(({ key }) => done.has(key)) || ctx.clock.now() >= giveUpAtMs) return found
    await ctx.clock.sleep(LAG_PAUSE_MS, ctx.signal)
  }
}

/** Whether an earlier run left something that must be looked at, though the plan knows nothing of it. */
function hasOpen(journal: Journal<TenantCall>): boolean {
  return journal.rows().some(({ state }) => UNSETTLED.includes(state))
}

type Outcome = {
  readonly approved: boolean
  readonly run: RunResult | null
  readonly journal: Journal<TenantCall>
  readonly plan: WholePlan | null
  readonly tenantId: string
}

function resultOf({ approved, run, journal, plan, tenantId }: Outcome): TenantApplyResult {
  return {
    approved,
    statement: run?.statement ?? null,
    plan: plan === null ? null : planResult(tenantId, plan, null),
    failure: run?.halted instanceof Failure ? troubleOf(run.halted) : null,
    passwordsWaiting: journal.secretsWaiting(),
  }
}
