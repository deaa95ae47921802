import type { Command } from 'commander'
import { commonOptions, DEFAULT_STATE } from './address-options.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { printStatement } from './statement.ts'
import { table } from './table.ts'
import { printTroubles, stateOf } from './trouble.ts'
import { count, counted, size } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type StatusFlags = CommonFlags & { readonly state: string; readonly only?: readonly string[] }

const HELP = `
Examples:
  cutover status
  cutover status --state ./example.org --only anna --json

Reads the ledger only; no server is asked.`

export function addStatus(program: Command, run: Runner): void {
  commonOptions(program.command('status').description('show what the ledger knows of each mailbox'))
    .option('--state <dir>', 'where the ledger is kept', DEFAULT_STATE)
    .option('--only <name...>', 'only these mailboxes')
    .addHelpText('after', HELP)
    .action((flags: StatusFlags) => run(flags, (shell) => status(shell, flags)))
}

async function status(shell: Shell, flags: StatusFlags): Promise<number> {
  const result = await shell.world.operations.status({ stateDir: flags.state, only: flags.only ?? [] })
  shell.json(result)
  const open = result.mailboxes.reduce((sum, each) => (each.state === 'done' ? sum : sum + each.unexplained), 0)
  printStatement(shell, result, open)
  for (const line of wrapped(
    `${counted(result.mailboxes.length, 'mailbox')}, ${size(result.bytes)}, in ${printable(result.stateDir)}`,
    shell.columns,
  ))
    shell.print(line)
  if (result.mailboxes.length === 0) return EXIT.done
  shell.print()
  const lines = table(
    [
      { title: 'mailbox', side: 'left', shrinks: true },
      { title: 'found', side: 'right' },
      { title: 'copied', side: 'right' },
      { title: 'skipped', side: 'right' },
      { title: 'failed', side: 'right' },
      { title: 'last pass', side: 'left' },
      { title: 'state', side: 'left' },
    ],
    result.mailboxes.map((each) => [
      printable(each.name),
      count(each.found),
      count(each.copied),
      count(each.skipped),
      count(each.failed),
      each.lastPass === null ? '-' : printable(`${each.lastPass} ${(each.lastPassAt ?? '').slice(0, 16).replace('T', ' ')}`.trim()),
      each.failure === null || each.failure.code === 'stopped' ? each.state : stateOf(each.failure),
    ]),
    shell.columns,
  )
  for (const line of lines) shell.print(line)
  printTroubles(shell, result.mailboxes)
  return EXIT.done
}
