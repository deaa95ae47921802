import type { Command } from 'commander'
import type { Watch } from '../api/operations.ts'
import type { LoginEnd, LoginsResult, Trouble } from '../api/results.ts'
import { addressed, addressedOptions, type AddressedFlags } from './addressed.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { table } from './table.ts'
import { printTroubles, sayStopped } from './trouble.ts'
import { count, counted, parseCount } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type LoginsFlags = AddressedFlags & CommonFlags & { readonly sourceOnly?: boolean; readonly wait: number }

const ROWS_SHOWN = 200
const SPOKEN_MS = 10_000

const HELP = `
Examples:
  cutover logins --source imaps://mail.example.org --mailboxes people.csv
  cutover logins -f cutover.yaml
  cutover logins --source imaps://mail.example.org --destination exchange: \\
      --mailboxes people.csv --access authzid --access-login admin \\
      --access-secret env:ADMIN_PASSWORD --wait 60

Opens every mailbox once at each end and changes nothing. A password that was
refused is not tried again, so that no account is locked by this.`

export function addLogins(program: Command, run: Runner): void {
  addressedOptions(program.command('logins').description('try which mailboxes can be opened, at both ends'), 'optional')
    .option('--source-only', 'with -f: leave the destination alone')
    .option('--wait <minutes>', 'try again for so long what may take effect by itself', parseCount, 0)
    .addHelpText('after', HELP)
    .action((flags: LoginsFlags) => run(flags, (shell) => logins(shell, flags)))
}

async function logins(shell: Shell, flags: LoginsFlags): Promise<number> {
  const both = await addressed(shell, flags)
  const destination = both.destination === '' || flags.sourceOnly === true ? null : both.destination
  const result = await shell.world.operations
    .logins({
      ...both,
      ...progress(shell, destination === null ? 1 : 2),
      destination,
      waitMinutes: flags.wait,
    })
    .finally(() => shell.screen.clear())
  shell.json(result)
  print(shell, result)
  return endsOf(result).every(({ works }) => works) ? EXIT.done : EXIT.person
}

/** On a terminal one redrawn line, otherwise one every ten seconds; and what is waited for. */
function progress(shell: Shell, ends: number): Watch {
  const { screen, world, signal } = shell
  let total = 0
  let tried = 0
  let spokenAt = world.clock.now()
  return {
    signal,
    onMailboxes: (names) => void (total = names.length * ends),
    onProgress({ phase, note, mailbox }) {
      if (shell.flags.quiet === true) return
      if (phase === 'done') tried++
      const says = `${count(tried)} of ${counted(total, 'login')} tried`
      if (note !== null) screen.say(`${printable(mailbox)} ${printable(note)}`)
      else if (screen.live) screen.redraw(says)
      else if (world.clock.now() - spokenAt >= SPOKEN_MS) {
        spokenAt = world.clock.now()
        screen.say(says)
      }
    },
  }
}

type NamedEnd = LoginEnd & { readonly name: string }

function endsOf(result: LoginsResult): readonly NamedEnd[] {
  return result.mailboxes.flatMap(({ name, source, destination }) =>
    [source, ...(destination === null ? [] : [destination])].map((end) => ({ name, ...end })),
  )
}

function print(shell: Shell, { mailboxes }: LoginsResult): void {
  const both = mailboxes.some(({ destination }) => destination !== null)
  const bad = mailboxes.filter(({ source, destination }) => !source.works || destination?.works === false)
  const sides = both ? 'at both ends' : 'at the source'
  shell.print(`${count(mailboxes.length - bad.length)} of ${counted(mailboxes.length, 'mailbox')} can be opened ${sides}.`)
  const shown = mailboxes.length > ROWS_SHOWN ? bad : mailboxes
  const head = ['mailbox', 'source', ...(both ? ['destination'] : [])]
  const columns = head.map((title) => ({ title, side: 'left' as const, shrinks: title === 'mailbox' }))
  const rows = shown.map(({ name, source, destination }) => [
    printable(name),
    wordFor(source),
    ...(destination === null ? [] : [wordFor(destination)]),
  ])
  shell.print()
  if (rows.length > 0) for (const line of table(columns, rows, shell.columns)) shell.print(line)
  const hidden = mailboxes.length - shown.length
  if (hidden > 0) shell.print(`(${counted(hidden, 'more mailbox')}, all well)`)
  const result = { mailboxes }
  printTroubles(shell, endsOf(result))
  if (sayStopped(shell, endsOf(result)) || bad.length === 0) return
  shell.print()
  const text = endsOf(result).some(({ failure }) => failure !== null && mayPass(failure))
    ? 'Some may work by themselves in a while: --wait 60 tries them for an hour.'
    : 'Once that is put right, run the same command again.'
  for (const line of wrapped(text, shell.columns)) shell.print(line)
}

const WORDS: Partial<Record<Trouble['code'], string>> = {
  'auth-rejected': 'wrong password',
  'access-rejected': 'administrator refused',
  'app-password-needed': 'app password',
  'login-held': 'not tried',
  'account-locked': 'locked',
  'imap-disabled': 'IMAP off',
  'no-rights': 'no rights',
  'mailbox-unknown': 'unknown mailbox',
  'mailbox-not-connected': 'not connected',
  'grant-pending': 'not yet granted',
  'too-many-connections': 'connections',
  'auth-unsupported': 'no way in',
  'token-rejected': 'token refused',
  throttled: 'throttled',
  'host-unknown': 'unreachable',
  'connection-refused': 'unreachable',
  'connection-timeout': 'unreachable',
  'connection-lost': 'unreachable',
  'server-unavailable': 'unavailable',
  'tls-untrusted': 'certificate',
  'tls-failed': 'no TLS',
  'tls-old': 'old TLS',
  'tls-client-certificate': 'certificate',
  'not-imap': 'no IMAP server',
  'tls-required': 'no TLS',
  stopped: 'not tried',
}

function wordFor(end: LoginEnd): string {
  if (end.failure === null) return end.messages === null ? 'works' : `works (${counted(end.messages, 'message')})`
  return WORDS[end.failure.code] ?? end.failure.code
}

function mayPass({ code }: Trouble): boolean {
  return ['mailbox-not-connected', 'grant-pending', 'too-many-connections', 'throttled', 'server-unavailable'].includes(code)
}
