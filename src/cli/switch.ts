import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { MailAccount } from '../api/mailflow.ts'
import type { SwitchInput } from '../api/switch-open.ts'
import { DECISIONS, type Decision, type SwitchResult, type SwitchView } from '../api/switch-results.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { accessOf, accessOptions, secretAt, secretPlace, type AccessFlags } from './access-options.ts'
import { serverUrl } from './address-options.ts'
import { confirmed } from './confirm.ts'
import { eachDomain } from './each-domain.ts'
import { printable } from './printable.ts'
import type { Runner } from './run.ts'
import { printSwitch, printSwitchPlan, switchEnd } from './switch-text.ts'
import { tenantAddress, tenantOptions, type TenantFlags } from './tenant-address.ts'
import { DEFAULT_DEFINITION } from './tenant-plan.ts'
import { exitCodeOf, troubleLines } from './trouble.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type SwitchFlags = TenantFlags &
  AccessFlags &
  CommonFlags & {
    readonly status?: boolean
    readonly rollback?: boolean
    readonly scope: 'swapped' | 'all'
    readonly override?: string
    readonly endOverride?: string
    readonly overwriteForeign?: string
    readonly pause?: boolean
    readonly resume?: boolean
    readonly again?: boolean
    readonly reason?: string
    readonly name?: string
    readonly yes?: boolean
    readonly wait: number
    readonly source?: string
    readonly user?: string
    readonly reflector?: string
    readonly reflectorImap?: string
    readonly reflectorSmtp?: string
    readonly reflectorLogin?: string
    readonly reflectorSecret?: string
    readonly oldMx?: string
    readonly oldRouting: SwitchInput['mail']['oldRouting']
    readonly sender?: string
    readonly helo?: string
    readonly port?: readonly string[]
    readonly resolver?: readonly string[]
    readonly ca?: string
  }

const HELP = `
Examples:
  cutover switch example.org -f cutover.yaml --name Anna
  cutover switch example.org --source imaps://mail.example.org \\
      --user anna@example.org --name Anna
  cutover switch example.org --status
  cutover switch example.org -f cutover.yaml --rollback \\
      --reason "the scanner cannot send" --name Anna

Shows the plan and every guard with what it rests on, and goes on as far as they
hold: prepares, lowers the times to live, waits, asks, switches MX, watches late
mail. It takes days: run it again, or let it wait with --wait. A guard that does
not hold is told with its reasons. The old host is never switched off by it.
What no option says is taken from \`source:\` and \`switch:\` of the definition.
Several domains are carried on one after another, each with guards of its own;
to let them wait side by side, run one command for each.
More: docs/guide/what-happens-at-cutover.md, docs/guide/how-to-go-back.md
Exit codes: 0 done or only time is waited for, 1 failed, 3 needs a person.`

export function addSwitch(program: Command, run: Runner): void {
  accessOptions(
    tenantOptions(program.command('switch').argument('<domain...>').description('send the mail of a domain to the new side, and back')),
  )
    .option('--status', 'only show where it stands; asks nobody')
    .option('--rollback', 'send mail to the old side again, and carry back what came')
    .addOption(new Option('--scope <what>', 'with --rollback: additions too').choices(['swapped', 'all']).default('swapped'))
    .option('--override <guard>', 'let a guard pass; needs --reason and --name')
    .option('--end-override <guard>', 'let it count again')
    .option('--overwrite-foreign <set>', 'what somebody else wrote may go: "example.org MX"')
    .option('--pause', 'do nothing but look, until --resume')
    .option('--resume', 'go on')
    .option('--again', 'begin from the beginning, after everything was put back')
    .option('--reason <text>', 'why; kept for the report')
    .option('--name <name>', 'who says so; kept for the report')
    .option('--yes', 'do not ask; needs --name')
    .option('--wait <minutes>', 'wait so long for what time brings', minutes, 0)
    .option('--source <url>', 'the old mailboxes, as for `copy`', serverUrl)
    .option('--user <address>', 'a mailbox of the tenant for test messages')
    .option('--reflector <address>', 'a mailbox outside that gets and sends test mail')
    .option('--reflector-imap <url>', 'where it is read: imaps://imap.elsewhere.example')
    .option('--reflector-smtp <url>', 'where it sends: smtp://smtp.elsewhere.example')
    .option('--reflector-login <login>', 'its login, where that is not its address')
    .option('--reflector-secret <where>', 'its password: env:NAME or file:PATH', secretPlace)
    .option('--old-mx <host[=ip]>', 'the mail host that the domain leaves, if not the one of MX')
    .addOption(
      new Option('--old-routing <how>', 'how mail of the domain is routed there')
        .choices(['local', 'auto', 'elsewhere', 'unknown'])
        .default('unknown'),
    )
    .option('--sender <address>', 'who mail from this machine comes from')
    .option('--helo <name>', 'the name of this machine, as mail hosts see it')
    .option('--port <port|host=port...>', 'where mail hosts listen, if not at 25')
    .option('--resolver <ip...>', 'ask these for MX (default 1.1.1.1, 8.8.8.8, 9.9.9.9)')
    .option('--ca <file>', 'also trust the certificates in this PEM file')
    .addHelpText('after', HELP)
    .action((domains: readonly string[], flags: SwitchFlags) =>
      run(flags, (shell) => eachDomain(shell, domains, (own, domain) => switchDomain(own, domain, flags))),
    )
}

function minutes(text: string): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : -1
  if (value < 0) throw new InvalidArgumentError('Write a number of minutes.')
  return value
}

async function switchDomain(shell: Shell, domain: string, flags: SwitchFlags): Promise<number> {
  const { operations } = shell.world
  const place = { domain, stateDir: flags.state, ...definitionAt(flags) }
  const { name = '', reason = '' } = flags
  if (flags.status === true) return status(shell, await operations.switchStatus(place), domain)
  const say = async (word: Parameters<typeof operations.switchSay>[1]): Promise<SwitchView> => operations.switchSay(place, word)
  if (flags.override !== undefined) return written(shell, await say({ say: 'override', guard: flags.override, reason, name }))
  if (flags.endOverride !== undefined) return written(shell, await say({ say: 'end-override', guard: flags.endOverride, name }))
  if (flags.overwriteForeign !== undefined) return written(shell, await say({ say: 'give-up', set: flags.overwriteForeign, reason, name }))
  if (flags.pause === true) return written(shell, await say({ say: 'pause', reason, name }))
  if (flags.resume === true) return written(shell, await say({ say: 'resume', name }))
  if (flags.again === true) return written(shell, await say({ say: 'again', name }))
  if (flags.rollback === true) {
    const before = await operations.switchStatus(place)
    // Run again it only goes on.
    if (before === null || before.turnedBack === null) {
      const question = `Send mail for ${printable(domain)} to the old side again, and carry back what came to the new one?`
      if (!(await confirmed(shell, question, flags.yes ?? false))) return EXIT.person
      await say({ say: 'rollback', scope: flags.scope, reason, name })
    }
  }
  return goOn(shell, domain, flags)
}

/** A definition that is there, and need not be. */
function definitionAt({ file }: SwitchFlags): { readonly definitionFile?: string } {
  if (file !== undefined) return { definitionFile: file }
  return existsSync(DEFAULT_DEFINITION) ? { definitionFile: DEFAULT_DEFINITION } : {}
}

async function goOn(shell: Shell, domain: string, flags: SwitchFlags): Promise<number> {
  const live = flags.quiet !== true && shell.screen.live
  const result = await shell.world.operations
    .switchRun({
      ...inputOf(shell, domain, flags),
      waitMinutes: flags.wait,
      approve: (what, view) => agreed(shell, flags, what, view),
      onDoing: (what) => {
        if (live) shell.screen.redraw(`${printable(domain)}: ${printable(what)} ...`)
      },
      onView: () => {},
    })
    .finally(() => shell.screen.clear())
  shell.json(result)
  printSwitch(shell, result.view)
  return ended(shell, result)
}

async function agreed(shell: Shell, flags: SwitchFlags, what: 'begin' | Decision, view: SwitchView): Promise<string | null> {
  const name = flags.name?.trim() ?? ''
  shell.screen.clear()
  printSwitch(shell, view)
  printSwitchPlan(shell, view, what)
  const question = what === 'begin' ? `Begin to prepare the records of ${view.domain}?` : `${sentence(DECISIONS[what])}?`
  if (!(await confirmed(shell, question, flags.yes ?? false))) return null
  if (name === '') throw new Failure('bad-input', 'Who decides? Give --name: it is kept for the report.')
  return name
}

function inputOf(shell: Shell, domain: string, flags: SwitchFlags): SwitchInput {
  const { access = null } = accessOf(shell, flags)
  return {
    ...tenantAddress(shell, flags),
    definitionFile: flags.file ?? DEFAULT_DEFINITION,
    stateDir: flags.state,
    signal: shell.signal,
    domain: domain.toLowerCase(),
    source: flags.source === undefined ? null : { source: flags.source, access },
    access,
    mail: {
      user: flags.user ?? null,
      reflector: reflectorOf(shell, flags),
      oldMx: flags.oldMx ?? null,
      oldRouting: flags.oldRouting,
      sender: flags.sender ?? null,
      helo: flags.helo ?? null,
      ports: flags.port ?? [],
      resolvers: flags.resolver ?? [],
      caFile: flags.ca ?? null,
    },
  }
}

function reflectorOf(shell: Shell, flags: SwitchFlags): MailAccount | null {
  if (flags.reflector === undefined) return null
  const place = flags.reflectorSecret
  return {
    address: flags.reflector,
    login: flags.reflectorLogin ?? flags.reflector,
    password: new Secret(place === undefined ? '' : secretAt(place, '--reflector-secret', shell.world.env)),
    imapUrl: flags.reflectorImap ?? null,
    smtpUrl: flags.reflectorSmtp ?? null,
  }
}

function status(shell: Shell, view: SwitchView | null, domain: string): number {
  shell.json(view ?? { domain, phase: null })
  if (view === null) {
    shell.print(`Nothing was begun for ${printable(domain)}.`)
    return EXIT.done
  }
  printSwitch(shell, view)
  printSwitchPlan(shell, view, null)
  return view.attention.some(({ severity }) => severity === 'red') ? EXIT.person : EXIT.done
}

function written(shell: Shell, view: SwitchView): number {
  shell.json(view)
  shell.print('Written down.')
  printSwitch(shell, view)
  return EXIT.done
}

function ended(shell: Shell, result: SwitchResult): number {
  const { view, failure } = result
  shell.print()
  for (const line of switchEnd(result, shell.columns)) shell.print(line)
  if (failure !== null) {
    for (const line of troubleLines(failure, shell.columns)) shell.print(line)
    return exitCodeOf(failure.code)
  }
  if (view.attention.some(({ severity }) => severity === 'red')) return EXIT.person
  return result.ended === 'waits' || result.ended === 'over' || result.ended === 'elsewhere' ? EXIT.done : EXIT.person
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
