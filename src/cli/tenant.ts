import type { Command } from 'commander'
import type { Runner } from './run.ts'
import { addTenantConnect } from './tenant-connect.ts'
import { addTenantPermissions } from './tenant-permissions.ts'

/** Commands about the Microsoft 365 tenant, one line each. */
const WORDS: readonly ((tenant: Command, run: Runner) => void)[] = [addTenantConnect, addTenantPermissions]

export function addTenant(program: Command, run: Runner): void {
  const tenant = program.command('tenant').description('prepare the Microsoft 365 tenant: connect, plan, apply, undo')
  for (const add of WORDS) add(tenant, run)
}
