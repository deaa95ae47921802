import type { Command } from 'commander'
import { parseReading, placeOptions } from './assess.ts'
import { Failure } from '../model/failure.ts'
import { copyExitCode } from './copy.ts'
import { printable, wrapped } from './printable.ts'
import { watched } from './progress.ts'
import type { RehearseProjectFlags } from './rehearse-project.ts'
import type { Runner } from './run.ts'
import { notYetCopied, printMailboxes, printStatement } from './statement.ts'
import { printTroubles, sayStopped } from './trouble.ts'
import { duration, parseCount, parseSize } from './units.ts'
import { verifyText } from './verify.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type RehearseFlags = CommonFlags &
  Omit<RehearseProjectFlags, 'mailboxes'> & {
    /** How many are made up, or the list of the real ones. */
    readonly mailboxes?: number | string
    readonly messages?: number
    readonly seed: number
    readonly copy?: boolean
    readonly mail?: boolean
    readonly to?: string
  }

const COPIED = { mailboxes: 5, messages: 200 }

const HELP = `
Examples:
  cutover rehearse
  cutover rehearse --copy --mailboxes 10 --messages 1000
  cutover rehearse --project example
  cutover rehearse --source imaps://mail.example.org --mailboxes people.csv \\
      --sample 10%

Plays a whole project with a made-up company: an old mail system, its domain and
a Microsoft 365 tenant are simulated, mail keeps arriving, days pass in seconds.
It ends with the closeout, and leaves its reports behind. With --copy only the
mail: a first pass, edits at the source, a delta, and the verification.
Touches nothing outside this machine.

With --project, -f or --source the real mailboxes are read, all of them or a
sample, and copied into a simulated Exchange on this machine: it tells what the
real one would refuse, what is repaired and renamed, and how long it takes.
Nothing is written anywhere.`

export function addRehearse(program: Command, run: Runner): void {
  placeOptions(program.command('rehearse').description('a whole migration on this machine, of made-up mail or of the real mail'))
    .option(
      '--mailboxes <n or file.csv>',
      'how many mailboxes are made up (8, with --copy 5); or the list of the real ones',
      parseMailboxes,
    )
    .option('--messages <n>', 'messages in each (60, with --copy 200)', parseCount)
    .option('--seed <n>', 'the same number makes the same mail', parseCount, 1)
    .option('--to <dir>', 'where store and reports are left (default a new temporary one)')
    .option('--copy', 'only the copying of the mail')
    .option('--mail', 'with --copy: then mail on every way, with DNS and mail hosts on this machine')
    .option('--sample <n>', 'real mail: messages of each mailbox to copy, 400, 5% or full', parseReading, 'full')
    .option('--mailboxes-at-once <n>', 'real mail: mailboxes at the same time', parseCount)
    .option('--max-message-size <size>', 'real mail: what the new side will accept', parseSize)
    .addHelpText('after', HELP)
    .action((flags: RehearseFlags) => run(flags, (shell) => rehearse(shell, flags)))
}

/** A number of mailboxes to make up, or the file that lists real ones. */
function parseMailboxes(text: string): number | string {
  return /^\d+$/.test(text.trim()) ? parseCount(text) : text
}

async function rehearse(shell: Shell, flags: RehearseFlags): Promise<number> {
  const { mailboxes, messages, seed, project, file, source } = flags
  const list = typeof mailboxes === 'string' ? { mailboxes } : {}
  if ([project, file, source].some((given) => given !== undefined)) {
    const { rehearseProject } = await import('./rehearse-project.ts')
    const { mailboxes: _, ...rest } = flags
    return rehearseProject(shell, { ...rest, ...list })
  }
  if (typeof mailboxes === 'string')
    throw new Failure('bad-input', `Where are the mailboxes of ${mailboxes}? Give --source, -f cutover.yaml or --project.`)
  if (flags.copy !== true && flags.mail !== true) {
    const { rehearseWhole } = await import('./rehearse-whole.ts')
    return rehearseWhole(shell, { mailboxes, messages, seed, to: flags.to })
  }
  const [people, each] = [mailboxes ?? COPIED.mailboxes, messages ?? COPIED.messages]
  const result = await watched(shell, (watch) =>
    shell.world.operations.rehearse({ ...watch, mailboxes: people, messages: each, seed, mail: flags.mail ?? false }),
  )
  shell.json(result)
  for (const step of result.steps) {
    const line = `${step.ok ? 'ok ' : 'NOT OK'} ${printable(step.says)} (${duration(step.seconds)})`
    for (const each of wrapped(line, shell.columns)) shell.print(each)
  }
  printMailboxes(shell, result.mailboxes)
  printTroubles(shell, result.mailboxes)
  shell.print()
  for (const line of wrapped(`Verified at level ${result.verify.level}: ${verifyText(result.verify)}`, shell.columns)) shell.print(line)
  printStatement(shell, result, notYetCopied(result.mailboxes))
  const verdict = result.ok ? 'The rehearsal went through.' : 'The rehearsal did NOT go through: see above.'
  shell.print(`${verdict} ${duration(result.seconds)}.`)
  sayStopped(shell, result.mailboxes)
  if (result.ok) return EXIT.done
  const code = copyExitCode(result)
  return code === EXIT.done ? EXIT.failed : code
}
