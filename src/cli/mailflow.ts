import { InvalidArgumentError, type Command } from 'commander'
import type { MailAccount, MailflowResult } from '../api/mailflow.ts'
import { Secret } from '../model/secret.ts'
import { secretAt, secretPlace } from './access-options.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { table } from './table.ts'
import { tenantAddress, tenantOptions, type TenantFlags } from './tenant-address.ts'
import { counted, duration } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type TestFlags = TenantFlags &
  CommonFlags & {
    readonly user?: string
    readonly to?: string
    readonly alias?: readonly string[]
    readonly group?: readonly string[]
    readonly unmoved?: string
    readonly reflector?: string
    readonly reflectorImap?: string
    readonly reflectorSmtp?: string
    readonly reflectorLogin?: string
    readonly reflectorSecret?: string
    readonly oldMx?: string
    readonly oldMailbox?: string
    readonly oldImap?: string
    readonly oldSmtp?: string
    readonly oldLogin?: string
    readonly oldSecret?: string
    readonly sender?: string
    readonly helo?: string
    readonly port?: readonly string[]
    readonly resolver?: readonly string[]
    readonly ca?: string
    readonly protection?: boolean
    readonly large?: number
    readonly wait: number
    readonly traceWait: number
  }

const HELP = `
Examples:
  cutover mailflow test --user anna@example.org --to ben@example.org
  cutover mailflow test -f cutover.yaml
  cutover mailflow test -f customer.yaml --user anna@example.org \\
      --reflector probe@elsewhere.example --reflector-secret env:PROBE \\
      --reflector-imap imaps://imap.elsewhere.example \\
      --reflector-smtp smtp://smtp.elsewhere.example

What no option says is taken from \`switch:\` and \`source:\` of the definition.
Sends harmless messages over every way of the mail, finds each where it should
arrive, reads what its headers say, and removes it again. What cannot be tried
from here (port 25 closed) is "not run", not failed.
More: docs/guide/mail-flow-test.md
Exit codes: 0 what was tried works, 1 something does not, 3 nothing was tried.`

export function addMailflow(program: Command, run: Runner): void {
  const mailflow = program.command('mailflow').description('test the ways of the mail')
  tenantOptions(mailflow.command('test').description('send probes over every way of the mail, and find them again'))
    .option('--user <address>', 'a mailbox of the tenant that may get and send test mail')
    .option('--to <address>', 'a second one')
    .option('--alias <address=mailbox...>', 'aliases, each with the mailbox where its mail arrives')
    .option('--group <address=member...>', 'groups, each with a member to look at')
    .option('--unmoved <address>', 'somebody whose mailbox is still at the old side')
    .option('--reflector <address>', 'a mailbox outside that gets and sends test mail')
    .option('--reflector-imap <url>', 'where it is read: imaps://imap.elsewhere.example')
    .option('--reflector-smtp <url>', 'where it sends: smtp://smtp.elsewhere.example')
    .option('--reflector-login <login>', 'its login, where that is not its address')
    .option('--reflector-secret <where>', 'its password: env:NAME or file:PATH', secretPlace)
    .option('--old-mx <host[=ip]>', 'the mail host that the domain leaves')
    .option('--old-mailbox <address>', 'a mailbox there')
    .option('--old-imap <url>', 'where that is read; nothing is changed there')
    .option('--old-smtp <url>', 'where it sends')
    .option('--old-login <login>', 'its login, where that is not its address')
    .option('--old-secret <where>', 'its password: env:NAME or file:PATH', secretPlace)
    .option('--sender <address>', 'who mail from this machine comes from')
    .option('--helo <name>', 'the name of this machine, as mail hosts see it')
    .option('--port <port|host=port...>', 'where mail hosts listen, if not at 25')
    .option('--resolver <ip...>', 'ask these for MX (default 1.1.1.1, 8.8.8.8, 9.9.9.9)')
    .option('--ca <file>', 'also trust the certificates in this PEM file')
    .option('--protection', 'also send the test strings of spam and malware')
    .option('--large <MB>', 'also send a message of this size', megabytes)
    .option('--wait <minutes>', 'how long a message may take', minutes, 15)
    .option('--trace-wait <minutes>', 'how long the message trace may take', minutes, 10)
    .addHelpText('after', HELP)
    .action((flags: TestFlags) => run(flags, (shell) => flowTest(shell, flags)))
}

function minutes(text: string): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > 240) throw new InvalidArgumentError('Write a number of minutes from 1 to 240.')
  return value
}

function megabytes(text: string): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > 150) throw new InvalidArgumentError('Write a number of megabytes from 1 to 150.')
  return value
}

async function flowTest(shell: Shell, flags: TestFlags): Promise<number> {
  let tried = 0
  const quiet = flags.quiet === true || !shell.screen.live
  if (!quiet) shell.screen.redraw('Sending ...')
  const result = await shell.world.operations
    .mailflowTest({
      ...tenantAddress(shell, flags),
      user: flags.user ?? null,
      second: flags.to ?? null,
      aliases: flags.alias ?? [],
      groups: flags.group ?? [],
      unmoved: flags.unmoved ?? null,
      reflector: accountOf(shell, flags, 'reflector'),
      oldMx: flags.oldMx ?? null,
      oldAccount: accountOf(shell, flags, 'old'),
      sender: flags.sender ?? null,
      helo: flags.helo ?? null,
      ports: flags.port ?? [],
      resolvers: flags.resolver ?? [],
      caFile: flags.ca ?? null,
      protection: flags.protection ?? false,
      largeBytes: flags.large === undefined ? null : flags.large * 1_000_000,
      windowMs: flags.wait * 60_000,
      traceMs: flags.traceWait * 60_000,
      signal: shell.signal,
      onRoute: ({ title, outcome }) => {
        tried += 1
        if (!quiet) shell.screen.redraw(`${counted(tried, 'way')} of the mail tried; last: ${printable(title)}: ${outcome}`)
      },
    })
    .finally(() => shell.screen.clear())
  shell.json(result)
  printReport(shell, result)
  if (result.outcome === 'failed') return EXIT.failed
  return result.outcome === 'not-run' ? EXIT.person : EXIT.done
}

function accountOf(shell: Shell, flags: TestFlags, kind: 'reflector' | 'old'): MailAccount | null {
  const address = kind === 'reflector' ? flags.reflector : flags.oldMailbox
  const place = kind === 'reflector' ? flags.reflectorSecret : flags.oldSecret
  if (address === undefined) return null
  return {
    address,
    login: (kind === 'reflector' ? flags.reflectorLogin : flags.oldLogin) ?? address,
    password: new Secret(place === undefined ? '' : secretAt(place, `--${kind}-secret`, shell.world.env)),
    imapUrl: (kind === 'reflector' ? flags.reflectorImap : flags.oldImap) ?? null,
    smtpUrl: (kind === 'reflector' ? flags.reflectorSmtp : flags.oldSmtp) ?? null,
  }
}

const SHOWN = { passed: 'ok', warning: 'LOOK', failed: 'FAILED', 'not-run': 'not run' } as const

function printReport(shell: Shell, { domain, run, criteria, routes, removed, left, notes, began, at, outcome }: MailflowResult): void {
  for (const line of wrapped(`Mail flow of ${printable(domain)}, run ${run}: ${duration((at - began) / 1000)}.`, shell.columns))
    shell.print(line)
  shell.print()
  const rows = criteria.filter(({ by }) => by === null).map(({ id, title, outcome }) => [id, title, SHOWN[outcome]])
  const head = [
    { title: '', side: 'left' },
    { title: 'what must hold', side: 'left', shrinks: true },
    { title: 'result', side: 'left' },
  ] as const
  for (const line of table(head, rows, shell.columns)) shell.print(line)
  shell.print()
  for (const [by, some] of Map.groupBy(criteria, (one) => one.by))
    if (by !== null)
      for (const line of wrapped(`${some.map(({ id }) => id).join(', ')}: proven by ${by}.`, shell.columns)) shell.print(line)
  for (const route of routes.toSorted((a, b) => a.criterion.localeCompare(b.criterion))) {
    shell.print()
    for (const line of wrapped(`${route.criterion}  ${printable(route.title)}: ${SHOWN[route.outcome]}`, shell.columns)) shell.print(line)
    for (const text of route.says) for (const line of wrapped(printable(text), shell.columns, '    ')) shell.print(line)
  }
  shell.print()
  if (removed > 0) shell.print(`${counted(removed, 'test message')} removed again.`)
  for (const text of left) for (const line of wrapped(`Not removed: ${printable(text)}`, shell.columns)) shell.print(line)
  for (const text of notes) for (const line of wrapped(printable(text), shell.columns)) shell.print(line)
  shell.print(
    outcome === 'failed'
      ? 'A way of the mail does NOT work: see above.'
      : outcome === 'not-run'
        ? 'Nothing could be tried from here: see above.'
        : outcome === 'warning'
          ? 'The mail flows; look at what is marked LOOK.'
          : 'All that was tried works.',
  )
}
