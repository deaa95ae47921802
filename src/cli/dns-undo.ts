import type { Command } from 'commander'
import type { ChangeView } from '../api/tenant-results.ts'
import { commonOptions, DEFAULT_STATE } from './address-options.ts'
import { changeWatch } from './change-progress.ts'
import { confirmed } from './confirm.ts'
import { printByHand } from './by-hand.ts'
import { dnsInput, type DnsFlags } from './dns-plan.ts'
import { bullet, printChanges } from './plan-text.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { printStatement } from './statement-of-changes.ts'
import { tenantOptions } from './tenant-address.ts'
import { instantText } from './instant.ts'
import { exitCodeOf, troubleLines } from './trouble.ts'
import { counted, parseCount } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type UndoFlags = DnsFlags & { readonly yes?: boolean; readonly wait: number; readonly all?: boolean }
type StatusFlags = CommonFlags & { readonly state: string; readonly all?: boolean }

const UNDO_HELP = `
Examples:
  cutover dns undo
  cutover dns undo example.org --yes

Puts back what \`cutover dns apply\` changed from this state directory, newest
first: each set as it was found, with its time to live. What somebody has
changed since is left, and told. A domain that \`cutover switch\` has in hand is
left as well: its way back is \`cutover switch --rollback\`.`

const STATUS_HELP = `
Examples:
  cutover dns status
  cutover dns status --all

What was done to records from this state directory, what waits and what failed.
Asks no server; also while apply or undo runs.`

export function addDnsUndo(dns: Command, run: Runner): void {
  tenantOptions(dns.command('undo').argument('[domain...]', 'only these domains').description('put back what apply changed, newest first'))
    .option('--yes', 'do not ask')
    .option('--wait <minutes>', 'wait so long for what a person does', parseCount, 60)
    .option('--all', 'show every change, however many')
    .addHelpText('after', UNDO_HELP)
    .action((domains: readonly string[], flags: UndoFlags) => run(flags, (shell) => undo(shell, domains, flags)))
}

export function addDnsStatus(dns: Command, run: Runner): void {
  commonOptions(dns.command('status').description('tell what was done to records, and what is open'))
    .option('--state <dir>', 'where is kept what was done', DEFAULT_STATE)
    .option('--all', 'list every change')
    .addHelpText('after', STATUS_HELP)
    .action((flags: StatusFlags) => run(flags, (shell) => status(shell, flags)))
}

async function undo(shell: Shell, domains: readonly string[], flags: UndoFlags): Promise<number> {
  const watch = changeWatch(shell)
  const approve = async (changes: readonly ChangeView[]): Promise<boolean> => {
    watch.pause()
    shell.print('To be taken back, newest first:')
    printChanges(shell, changes, flags.all ?? false)
    shell.print()
    return confirmed(shell, `Take back ${counted(changes.length, 'change')}?`, flags.yes ?? false)
  }
  const result = await shell.world.operations.dnsUndo({
    ...dnsInput(shell, domains, flags),
    approve,
    waitMinutes: flags.wait,
    onProgress: watch.onProgress,
    onByHand: (domain, says) => {
      watch.pause()
      printByHand(shell, domain, says)
    },
  })
  watch.end()
  shell.json(result)
  const { approved, held, statement, failure } = result
  if (!approved) shell.print('Nothing was changed.')
  else if (statement === null) shell.print(held.length > 0 ? 'Nothing was taken back.' : 'There is nothing to take back.')
  else printStatement(shell, statement)
  if (held.length > 0) shell.print()
  for (const { says, remedy } of held) {
    for (const line of bullet(printable(says), shell.columns)) shell.print(line)
    for (const line of wrapped(`What to do: ${printable(remedy)}`, shell.columns, '    ')) shell.print(line)
  }
  if (failure !== null) {
    shell.print()
    for (const line of troubleLines(failure, shell.columns)) shell.print(line)
    return exitCodeOf(failure.code)
  }
  const open = statement?.open ?? []
  if (open.some(({ state }) => state === 'failed' || state === 'in-doubt')) return EXIT.failed
  return open.length > 0 || held.length > 0 ? EXIT.person : EXIT.done
}

async function status(shell: Shell, flags: StatusFlags): Promise<number> {
  const { env, operations } = shell.world
  const result = await operations.dnsStatus({ stateDir: flags.state, env })
  shell.json(result)
  const { runs, statement, changes } = result
  const last = runs.at(-1)
  if (statement === null || last === undefined) {
    shell.print('No record was changed from this state directory yet.')
    return EXIT.done
  }
  const end = last.endedAt === null ? 'it runs, or was killed' : `ended ${instantText(Date.parse(last.endedAt))}`
  for (const line of wrapped(
    `${counted(runs.length, 'run')}; the last was ${last.kind}, begun ${instantText(Date.parse(last.beganAt))}: ${end}.`,
    shell.columns,
  ))
    shell.print(line)
  if (flags.all === true)
    for (const { domain, phase, says, state, changedAt } of changes)
      for (const line of bullet(
        `${instantText(Date.parse(changedAt))} ${printable(domain)} ${phase}, ${state}: ${printable(says)}`,
        shell.columns,
      ))
        shell.print(line)
  printStatement(shell, statement)
  return statement.open.length > 0 ? EXIT.person : EXIT.done
}
