import type { Command } from 'commander'
import { addCheckAd } from './check-ad.ts'
import type { Runner } from './run.ts'
import { addTenantApply } from './tenant-apply.ts'
import { addTenantConnect } from './tenant-connect.ts'
import { addTenantInit, addTenantPasswords } from './tenant-init.ts'
import { addTenantPermissions } from './tenant-permissions.ts'
import { addTenantPlan } from './tenant-plan.ts'
import { addTenantStatus } from './tenant-status.ts'
import { addTenantUndo } from './tenant-undo.ts'

/** Commands about the Microsoft 365 tenant, one line each. */
const WORDS: readonly ((tenant: Command, run: Runner) => void)[] = [
  addTenantInit,
  addTenantConnect,
  addTenantPermissions,
  addTenantPlan,
  addTenantApply,
  addTenantUndo,
  addTenantStatus,
  addTenantPasswords,
  addCheckAd,
]

export function addTenant(program: Command, run: Runner): void {
  const tenant = program.command('tenant').description('prepare the Microsoft 365 tenant: connect, plan, apply, undo')
  for (const add of WORDS) add(tenant, run)
}
