import type { Command } from 'commander'
import { commonOptions, DEFAULT_STATE } from './address-options.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { printStatement } from './statement-of-changes.ts'
import { table } from './table.ts'
import { counted } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type StatusFlags = CommonFlags & { readonly state: string; readonly all?: boolean }

const HELP = `
Examples:
  cutover tenant status
  cutover tenant status --all

What was done to the tenant from this state directory, what waits and what
failed. Asks no server; also while apply or undo runs.`

export function addTenantStatus(tenant: Command, run: Runner): void {
  commonOptions(tenant.command('status').description('tell what was done to the tenant, and what is open'))
    .option('--state <dir>', 'where is kept what was done', DEFAULT_STATE)
    .option('--all', 'list every change')
    .addHelpText('after', HELP)
    .action((flags: StatusFlags) => run(flags, (shell) => status(shell, flags)))
}

async function status(shell: Shell, flags: StatusFlags): Promise<number> {
  const { env, operations } = shell.world
  const result = await operations.tenantStatus({ stateDir: flags.state, env })
  shell.json(result)
  const { runs, statement, changes, passwordsWaiting } = result
  const last = runs.at(-1)
  if (statement === null || last === undefined) {
    shell.print('Nothing was done to a tenant from this state directory yet.')
    return EXIT.done
  }
  const end = last.endedAt === null ? 'it runs, or was killed' : `ended ${last.endedAt}`
  for (const line of wrapped(`${counted(runs.length, 'run')}; the last was ${last.kind}, begun ${last.beganAt}: ${end}.`, shell.columns))
    shell.print(line)
  if (flags.all === true) {
    shell.print()
    const head = (['about', 'change', 'state'] as const).map((title) => ({ title, side: 'left' as const, shrinks: title !== 'state' }))
    const rows = changes.map(({ about, says, state }) => [about === '' ? 'organisation' : about, says, state].map(printable))
    for (const line of table(head, rows, shell.columns)) shell.print(line)
  }
  printStatement(shell, statement)
  if (passwordsWaiting > 0) shell.print(`${counted(passwordsWaiting, 'temporary password')} wait to be handed out.`)
  return statement.open.length > 0 ? EXIT.person : EXIT.done
}
