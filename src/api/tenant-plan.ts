import { planScript } from '../tenant/call-script-plan.ts'
import { openTenant, type TenantInput } from './tenant-open.ts'
import { planResult, type TenantPlanResult } from './tenant-results.ts'
import type { World } from './world.ts'

export type TenantPlanInput = TenantInput & {
  /** The changes as a script for Exchange Online and Microsoft Graph PowerShell too. */
  readonly asPowerShell: boolean
}

/** Compares the tenant with its definition. Changes nothing. */
export async function tenantPlan(world: World, input: TenantPlanInput): Promise<TenantPlanResult> {
  const { door, plan } = await openTenant(world, input)
  const whole = await plan()
  return planResult(door.tenantId, whole, input.asPowerShell ? planScript(whole.changes, door.cloud) : null)
}
