import type { Command } from 'commander'
import { commonOptions } from './address-options.ts'
import { copyExitCode } from './copy.ts'
import { printable, wrapped } from './printable.ts'
import { watched } from './progress.ts'
import type { Runner } from './run.ts'
import { notYetCopied, printMailboxes, printStatement } from './statement.ts'
import { printTroubles, sayStopped } from './trouble.ts'
import { duration, parseCount } from './units.ts'
import { verifyText } from './verify.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type RehearseFlags = CommonFlags & { readonly mailboxes: number; readonly messages: number; readonly seed: number; readonly mail?: boolean }

const HELP = `
Examples:
  cutover rehearse
  cutover rehearse --mailboxes 10 --messages 1000

Starts the simulator, copies its mail, changes things at the source, copies what
is new, verifies, and ends with the statement found = copied + skipped + failed.
Touches nothing outside this machine.`

export function addRehearse(program: Command, run: Runner): void {
  commonOptions(program.command('rehearse').description('a whole migration on made-up mail, on this machine'))
    .option('--mailboxes <n>', 'how many mailboxes', parseCount, 5)
    .option('--messages <n>', 'messages in each', parseCount, 200)
    .option('--seed <n>', 'the same number makes the same mail', parseCount, 1)
    .option('--mail', 'also the switch of MX, with DNS and mail hosts on this machine')
    .addHelpText('after', HELP)
    .action((flags: RehearseFlags) => run(flags, (shell) => rehearse(shell, flags)))
}

async function rehearse(shell: Shell, flags: RehearseFlags): Promise<number> {
  const { mailboxes, messages, seed } = flags
  const result = await watched(shell, (watch) =>
    shell.world.operations.rehearse({ ...watch, mailboxes, messages, seed, mail: flags.mail ?? false }),
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
