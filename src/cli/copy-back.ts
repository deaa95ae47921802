import type { Command } from 'commander'
import type { CopyBackResult } from '../api/copy-back.ts'
import { addressed, addressedOptions, type AddressedFlags } from './addressed.ts'
import { confirmed } from './confirm.ts'
import { instantText, parseInstant } from './instant.ts'
import { copyExitCode } from './copy.ts'
import { printable, wrapped } from './printable.ts'
import { watched } from './progress.ts'
import type { Runner } from './run.ts'
import { notYetCopied, printMailboxes, printStatement } from './statement.ts'
import { printTroubles, sayStopped } from './trouble.ts'
import { counted, duration, parseCount, parseRate, size } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type CopyBackFlags = AddressedFlags &
  CommonFlags & {
    readonly since: number
    readonly oldHost?: readonly string[]
    readonly connections?: number
    readonly mailboxesAtOnce?: number
    readonly retryFailed?: boolean
    readonly rate?: number
    readonly yes?: boolean
  }

const HELP = `
Example:
  cutover copy-back --since 2026-03-03T08:00Z --mailboxes people.csv \\
      --source imaps://mail.example.org --destination exchange: ...

The addresses are those of \`copy\`, not exchanged: mail goes from --destination
to --source. This is the one command that writes to the old server. It appends
messages and makes folders that are lacking; it changes and removes nothing.

Run it again until it finds nothing new twice: mail may still arrive at the new
side until every cache has forgotten it.`

export function addCopyBack(program: Command, run: Runner): void {
  addressedOptions(program.command('copy-back').description('carry mail that came to the new side back to the old server'))
    .requiredOption('--since <time>', 'an hour before the switch, as 2026-03-03T08:00Z', parseInstant)
    .option('--old-host <name...>', 'names of the old mail hosts, its MX first of all')
    .option('--connections <n>', 'most connections for one mailbox; see `limit`', parseCount)
    .option('--mailboxes-at-once <n>', 'most mailboxes at the same time', parseCount)
    .option('--retry-failed', 'try again what was refused in an earlier run')
    .option('--rate <rate>', 'at most this fast, for example 4MB/s; see `limit`', parseRate)
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP)
    .action((flags: CopyBackFlags) => run(flags, (shell) => copyBack(shell, flags)))
}

async function copyBack(shell: Shell, flags: CopyBackFlags): Promise<number> {
  const both = await addressed(shell, flags)
  const question = `Append to the old mailboxes at ${printable(both.source)} what came to the new side since ${instantText(flags.since)}?`
  if (!(await confirmed(shell, question, flags.yes ?? false))) {
    shell.screen.say('Nothing was done.')
    return EXIT.person
  }
  const result = await watched(shell, (watch) =>
    shell.world.operations.copyBack({
      ...both,
      ...watch,
      since: flags.since,
      oldHosts: flags.oldHost ?? [],
      connections: flags.connections ?? null,
      mailboxesAtOnce: flags.mailboxesAtOnce ?? null,
      bytesPerSecond: flags.rate ?? null,
      retryFailed: flags.retryFailed ?? false,
      mark: null,
    }),
  )
  shell.json(result)
  const { copy } = result
  printStatement(shell, copy, notYetCopied(copy.mailboxes))
  shell.print(`${size(copy.bytes)} in ${duration(copy.seconds)}, ${counted(copy.mailboxes.length, 'mailbox')}.`)
  printMailboxes(shell, copy.mailboxes)
  printTroubles(shell, copy.mailboxes)
  printNext(shell, flags, result)
  return copyExitCode(copy)
}

function printNext(shell: Shell, flags: CopyBackFlags, { copy, carried, complete }: CopyBackResult): void {
  if (sayStopped(shell, copy.mailboxes) || flags.quiet === true) return
  shell.print()
  const next = complete && carried === 0 ? NOTHING_NEW : complete ? AGAIN : TROUBLE
  for (const line of wrapped(next, shell.columns)) shell.print(line)
}

const NOTHING_NEW = 'Nothing new came to the new side since the last run.'
const AGAIN = 'Run it again until it carries nothing twice.'
const TROUBLE = 'Not every mailbox could be read and written. Once the trouble above is solved, run the same command again.'
