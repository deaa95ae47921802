import type { Command } from 'commander'
import { Option } from 'commander'
import type { Simulation } from '../api/simulation.ts'
import { SIMULATED_SOURCES, type SimulatedSource } from '../api/simulated-sources.ts'
import { commonOptions } from './address-options.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { table } from './table.ts'
import { typedCommand } from './typed-command.ts'
import { parseCount } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type SimulateFlags = CommonFlags & {
  readonly mailboxes: number
  readonly messages: number
  readonly source: SimulatedSource
  readonly personality?: SimulatedSource
  readonly directory?: string
  readonly seed: number
  readonly tenant?: boolean
  readonly project?: boolean
}

const HELP = `
Examples:
  cutover simulate
  cutover simulate --tenant
  cutover simulate --project --mailboxes 8 --messages 60
  cutover simulate --mailboxes 20 --messages 500 --source exchange-onprem

Everything runs on this machine and holds made-up mail only. Ctrl-C ends it.`

export function addSimulate(program: Command, run: Runner): void {
  commonOptions(program.command('simulate').description('start an old mail server and an Exchange Online on this machine to try things on'))
    .option('--mailboxes <n>', 'how many mailboxes', parseCount, 5)
    .option('--messages <n>', 'messages in each', parseCount, 200)
    .addOption(new Option('--source <name>', 'which server the source is like').choices(SIMULATED_SOURCES).default('dovecot'))
    // Its earlier name.
    .addOption(new Option('--personality <name>').choices(SIMULATED_SOURCES).hideHelp())
    .option('--directory <dir>', 'where the mailbox list goes (default: a new temporary directory)')
    .option('--seed <n>', 'the same number makes the same mail', parseCount, 1)
    .option('--tenant', 'with a Microsoft 365 tenant that is still empty, to prepare it')
    .option('--project', 'a whole company: also its domain, and mail that arrives; to be imported as a project')
    .addHelpText('after', HELP)
    .action((flags: SimulateFlags) => run(flags, (shell) => simulate(shell, flags)))
}

async function simulate(shell: Shell, flags: SimulateFlags): Promise<number> {
  const { signal } = shell
  await using simulation = await shell.world.operations.simulate({
    mailboxes: flags.mailboxes,
    messages: flags.messages,
    personality: flags.personality ?? flags.source,
    directory: flags.directory ?? null,
    seed: flags.seed,
    emptyTenant: flags.tenant ?? false,
    project: flags.project ?? false,
    signal,
  })
  const { sourceUrl, destinationUrl, mailboxesFile, definitionFile, stateDir, logins } = simulation
  const command = copyCommand(shell, simulation)
  shell.json({ sourceUrl, destinationUrl, mailboxesFile, definitionFile, stateDir, logins, command })
  shell.print('The simulator runs. All mail in it is made up.')
  shell.print()
  shell.print(`Source:      ${sourceUrl}`)
  shell.print(`Destination: ${destinationUrl}`)
  shell.print(`Mailboxes:   ${printable(mailboxesFile)}`)
  shell.print()
  const head = ['login', 'password'].map((title) => ({ title, side: 'left' as const }))
  const rows = logins.map((each) => [each.sourceLogin, each.sourcePassword].map(printable))
  for (const line of table(head, rows, shell.columns)) shell.print(line)
  const odd = logins.filter((each) => each.shows !== null)
  if (odd.length > 0) {
    shell.print()
    shell.print('Some show what trouble looks like:')
    for (const { name, shows } of odd) for (const line of wrapped(printable(`${name} ${shows}`), shell.columns, '  ')) shell.print(line)
  }
  if (definitionFile !== null && flags.project === true) {
    shell.print()
    shell.print('To play the project, paste these into another terminal:')
    shell.print(`  ${typedCommand(shell.world.program, ['project', 'import', definitionFile])}`)
    shell.print(`  ${typedCommand(shell.world.program, ['next'])}`)
  } else if (definitionFile !== null) {
    shell.print()
    shell.print('To prepare the tenant, paste these into another terminal:')
    for (const word of ['connect', 'plan', 'apply']) {
      const words = ['tenant', word, '-f', definitionFile, '--state', stateDir]
      shell.print(`  ${typedCommand(shell.world.program, words)}`)
    }
  }
  shell.print()
  if (flags.project !== true) {
    shell.print('To copy the mail, paste this into another terminal:')
    shell.print(`  ${command}`)
    shell.print()
  }
  shell.print('Ctrl-C ends it.')
  await aborted(signal)
  return EXIT.done
}

function copyCommand(shell: Shell, simulation: Simulation): string {
  const { sourceUrl, destinationUrl, mailboxesFile, stateDir } = simulation
  const options = ['--source', sourceUrl, '--destination', destinationUrl, '--mailboxes', mailboxesFile, '--state', stateDir]
  return typedCommand(shell.world.program, ['copy', ...options])
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
