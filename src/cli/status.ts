import type { Command } from 'commander'
import type { StatusResult } from '../api/results.ts'
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
  printMicrosoft(shell, result.mailboxes)
  printTroubles(shell, result.mailboxes)
  return EXIT.done
}

/** Their figures stand apart, as nothing is proven by them. */
function printMicrosoft(shell: Shell, mailboxes: StatusResult['mailboxes']): void {
  const rows = mailboxes.flatMap(({ name, microsoft: lane }) => {
    if (lane === undefined) return []
    const figures = [lane.synced, lane.skipped].map((figure) => (figure === null ? '-' : count(figure)))
    return [[printable(name), printable(lane.batch), ...figures, lane.lastSyncAt?.slice(0, 16).replace('T', ' ') ?? '-', lane.state]]
  })
  if (rows.length === 0) return
  shell.print()
  const title = "In Microsoft's batches, by its own figures, unproven until verified:"
  for (const line of wrapped(title, shell.columns)) shell.print(line)
  const lines = table(
    [
      { title: 'mailbox', side: 'left', shrinks: true },
      { title: 'batch', side: 'left', shrinks: true },
      { title: 'copied', side: 'right' },
      { title: 'skipped', side: 'right' },
      { title: 'last sync', side: 'left' },
      { title: 'state', side: 'left' },
    ],
    rows,
    shell.columns,
  )
  for (const line of lines) shell.print(line)
  for (const { name, microsoft: lane } of mailboxes)
    if (lane?.state === 'behind')
      for (const line of wrapped(`!!! ${printable(name)}: ${printable(lane.detail ?? 'new mail no longer comes over')}`, shell.columns))
        shell.print(line)
}
