import type { Command } from 'commander'
import type { ChangeView, TenantUndoResult } from '../api/tenant-results.ts'
import { changeWatch } from './change-progress.ts'
import { confirmed } from './confirm.ts'
import { bullet, printChanges } from './plan-text.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { printStatement } from './statement-of-changes.ts'
import { tenantAddress, tenantOptions, type TenantFlags } from './tenant-address.ts'
import { DEFAULT_DEFINITION } from './tenant-plan.ts'
import { exitCodeOf, troubleLines } from './trouble.ts'
import { count, counted } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type UndoFlags = TenantFlags & CommonFlags & { readonly yes?: boolean; readonly withMail?: boolean; readonly all?: boolean }

const UNDO_HELP = `
Examples:
  cutover tenant undo
  cutover tenant undo --with-mail

Takes back what \`cutover tenant apply\` did from this state directory, newest
first, and nothing else. What somebody has changed since is left, and told.
Mailboxes that are no longer empty stay, unless --with-mail.`

const FINISH_HELP = `
Example:
  cutover tenant finish

Puts back what was changed for the time of the migration only: limits of message
size, protocols, retention. Users, licences, mailboxes and rules stay.`

export function addTenantUndo(tenant: Command, run: Runner): void {
  tenantOptions(tenant.command('undo').description('take back what apply did, newest first'))
    .option('--yes', 'do not ask')
    .option('--with-mail', 'take back mailboxes with mail in them too')
    .option('--all', 'show every change, however many')
    .addHelpText('after', UNDO_HELP)
    .action((flags: UndoFlags) => run(flags, (shell) => undo(shell, flags, 'all')))
  tenantOptions(tenant.command('finish').description('put back what was changed for the migration only'))
    .option('--yes', 'do not ask')
    .option('--all', 'show every change, however many')
    .addHelpText('after', FINISH_HELP)
    .action((flags: UndoFlags) => run(flags, (shell) => undo(shell, flags, 'migration')))
}

async function undo(shell: Shell, flags: UndoFlags, what: 'all' | 'migration'): Promise<number> {
  const watch = changeWatch(shell)
  const approve = async (changes: readonly ChangeView[], withMail: TenantUndoResult['withMail']): Promise<boolean> => {
    watch.pause()
    printMail(shell, withMail)
    shell.print('To be taken back, newest first:')
    printChanges(shell, changes, flags.all ?? false)
    shell.print()
    return await confirmed(shell, `Take back ${counted(changes.length, 'change')}?`, flags.yes ?? false)
  }
  const result = await shell.world.operations.tenantUndo({
    ...tenantAddress(shell, flags),
    definitionFile: flags.file ?? DEFAULT_DEFINITION,
    stateDir: flags.state,
    signal: shell.signal,
    what,
    withMail: flags.withMail ?? false,
    approve,
    onProgress: watch.onProgress,
  })
  watch.end()
  shell.json(result)
  return told(shell, result)
}

function printMail(shell: Shell, withMail: TenantUndoResult['withMail']): void {
  if (withMail.length === 0) return
  const names = withMail.slice(0, 5).map(({ address, items }) => `${printable(address)} (${counted(items, 'item')})`)
  const more = withMail.length > names.length ? ` and ${count(withMail.length - names.length)} more` : ''
  const says = `There is mail in ${names.join(', ')}${more}: their users, licences and mailboxes stay. --with-mail takes them back too.`
  for (const line of wrapped(says, shell.columns)) shell.print(line)
}

function told(shell: Shell, { approved, statement, cannot, withMail, failure }: TenantUndoResult): number {
  if (!approved) {
    shell.print('Nothing was changed.')
    return EXIT.done
  }
  if (statement === null) {
    printMail(shell, withMail)
    shell.print('There is nothing to take back.')
    return EXIT.done
  }
  printStatement(shell, statement)
  if (cannot.length > 0) {
    shell.print()
    shell.print('Stays, as it cannot be taken back:')
    for (const { says, why } of cannot) for (const line of bullet(printable(`${says}: ${why}`), shell.columns)) shell.print(line)
  }
  if (failure !== null) {
    shell.print()
    for (const line of troubleLines(failure, shell.columns)) shell.print(line)
    return exitCodeOf(failure.code)
  }
  const { open, counts } = statement
  if (open.some(({ state }) => state === 'failed' || state === 'in-doubt')) return EXIT.failed
  return open.length > 0 || counts.left > 0 || cannot.length > 0 ? EXIT.person : EXIT.done
}
