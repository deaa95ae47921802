import type { Command } from 'commander'
import { changeWatch } from './change-progress.ts'
import { printPlan } from './plan-text.ts'
import { printable } from './printable.ts'
import type { Runner } from './run.ts'
import { tenantAddress, tenantOptions, type TenantFlags } from './tenant-address.ts'
import { counted } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

export const DEFAULT_DEFINITION = 'cutover.yaml'

type PlanFlags = TenantFlags & CommonFlags & { readonly asPowershell?: boolean; readonly all?: boolean }

const HELP = `
Examples:
  cutover tenant plan
  cutover tenant plan -f customer.yaml --all
  cutover tenant plan --as-powershell > plan.ps1

Compares the tenant with cutover.yaml and its list of mailboxes, and shows what
would be changed and what stands in the way. Changes nothing. What may stand in
the file: docs/guide/definition.md; \`cutover tenant init\` writes one.`

export function addTenantPlan(tenant: Command, run: Runner): void {
  tenantOptions(tenant.command('plan').description('show what would be changed, and what stands in the way'))
    .option('--as-powershell', 'print the changes as a script that a person can run')
    .option('--all', 'show every change, however many')
    .addHelpText('after', HELP)
    .action((flags: PlanFlags) => run(flags, (shell) => plan(shell, flags)))
}

async function plan(shell: Shell, flags: PlanFlags): Promise<number> {
  const watch = changeWatch(shell)
  const result = await shell.world.operations.tenantPlan({
    ...tenantAddress(shell, flags),
    definitionFile: flags.file ?? DEFAULT_DEFINITION,
    stateDir: flags.state,
    signal: shell.signal,
    onRead: watch.onRead,
    asPowerShell: flags.asPowershell ?? false,
  })
  watch.end()
  shell.json(result)
  const blocked = result.findings.some(({ severity }) => severity === 'blocker')
  if (result.powerShell !== null) {
    // The script alone, ready for a file; what was found goes beside it.
    for (const line of result.powerShell.replace(/\n$/, '').split('\n')) shell.print(line)
    if (blocked) shell.screen.say(`Something stands in the way of ${counted(result.held.length, 'change')}: see \`cutover tenant plan\`.`)
    return blocked ? EXIT.person : EXIT.done
  }
  const { changes, held } = result
  const nothing = changes.length === 0 && held.length === 0
  shell.print(
    nothing
      ? `Tenant ${printable(result.tenantId)}: all is as wanted.`
      : `Tenant ${printable(result.tenantId)}: ${counted(changes.length, 'change')} planned.`,
  )
  printPlan(shell, result, flags.all ?? false)
  if (changes.length > 0) {
    shell.print()
    shell.print('`cutover tenant apply` shows this again, asks, and carries it out.')
  }
  return blocked ? EXIT.person : EXIT.done
}
