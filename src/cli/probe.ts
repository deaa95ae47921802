import { type Command, InvalidArgumentError } from 'commander'
import { Secret } from '../model/secret.ts'
import { accessOf, accessOptions, secretAt, secretPlace } from './access-options.ts'
import type { AccessFlags } from './access-options.ts'
import { commonOptions, DEFAULT_STATE } from './address-options.ts'
import { probeReport } from './probe-report.ts'
import type { Runner } from './run.ts'
import { troubleLines } from './trouble.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type ProbeFlags = AccessFlags &
  CommonFlags & {
    readonly login?: string
    readonly secret?: string
    readonly allowOldTls?: boolean
    readonly ca?: string
    readonly resolver?: readonly string[]
    readonly timeout: number
    readonly state: string
  }

const HELP = `
Examples:
  cutover probe example.org
  cutover probe anna@example.org --login anna@example.org --secret env:ANNA
  cutover probe mail.example.org:143 --login anna --access authzid \\
      --access-login admin --access-secret file:admin.password

Finds the IMAP server, says which system it is, what that means for the
migration, and what to tell the customer. Without --login nobody signs in;
with it one mailbox is looked at, and nothing is changed.`

export function addProbe(program: Command, run: Runner): void {
  const command = program
    .command('probe')
    .argument('<host|address|domain>', 'mail.example.org, mail.example.org:993, anna@example.org or example.org')
    .description('find a mail server and say what it is')
    .option('--login <mailbox>', 'open this mailbox and look at its folders')
    .option('--secret <where>', 'its password: env:NAME or file:PATH', secretPlace)
    .option('--allow-old-tls', 'also speak TLS that is no longer safe')
    .option('--ca <file>', 'also trust the certificates in this PEM file')
    .option('--resolver <ip...>', 'ask these DNS servers and no others')
    .option('--timeout <seconds>', 'for everything together', seconds, 60)
    .option('--state <dir>', 'where what persons granted is kept', DEFAULT_STATE)
  commonOptions(accessOptions(command))
    .addHelpText('after', HELP)
    .action((target: string, flags: ProbeFlags) => run(flags, (shell) => probe(shell, target, flags)))
}

function seconds(text: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > 3600) throw new InvalidArgumentError('Write a number of seconds from 1 to 3600.')
  return value
}

async function probe(shell: Shell, target: string, flags: ProbeFlags): Promise<number> {
  const { env } = shell.world
  if (flags.quiet !== true && shell.screen.live) shell.screen.redraw('Looking ...')
  const result = await shell.world.operations
    .probe({
      ...accessOf(shell, flags),
      target,
      mailbox: flags.login ?? null,
      password: flags.secret === undefined ? null : new Secret(secretAt(flags.secret, '--secret', env)),
      env,
      stateDir: flags.state,
      caFile: flags.ca ?? null,
      allowOldTls: flags.allowOldTls ?? false,
      resolvers: flags.resolver ?? [],
      limitMs: flags.timeout * 1000,
      cloud: 'global',
      signal: shell.signal,
    })
    .finally(() => shell.screen.clear())
  shell.json(result)
  for (const line of probeReport(result, shell.columns)) shell.print(line)
  if (result.failure === null) return EXIT.done
  shell.print()
  shell.print('The mailbox could not be opened:')
  for (const line of troubleLines(result.failure, shell.columns)) shell.print(line)
  return EXIT.person
}
