import type { Command } from 'commander'
import type { NativeRunResult, NativeStartInput } from '../api/native-input.ts'
import { Failure } from '../model/failure.ts'
import { addressOptions, addresses, identityOf, sourceAddresses } from './address-options.ts'
import type { AddressFlags, SourceFlags } from './address-options.ts'
import { addNativeBatches } from './native-batches.ts'
import { approver, changeWatch, printFindings, printRun } from './native-report.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { counted, parseCount } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type Excluding = { readonly excludeFolder?: readonly string[] }
type CheckFlags = SourceFlags & Omit<AddressFlags, 'destination'> & CommonFlags & Excluding & { readonly destination?: string }
type StartFlags = AddressFlags &
  CommonFlags &
  Excluding & {
    readonly name: string
    readonly endpoint?: string
    readonly atOnce: number
    readonly followAtOnce: number
    readonly startAfter?: string
    readonly notify?: readonly string[]
    readonly yes?: boolean
    readonly asPowershell?: boolean
    readonly writeLists?: string
  }

const HELP = `
A second lane beside \`cutover copy\`: Microsoft's servers fetch the mail
themselves. docs/guide/native.md says when that fits. In order:
  cutover native check --source imaps://mail.example.org \\
      --mailboxes people.csv
  cutover native start --source imaps://mail.example.org \\
      --destination exchange: --mailboxes people.csv
  cutover native status --follow
  cutover native sync          (after the MX switch)
  cutover copy ...             (adopts what is there, copies what is missing)
  cutover verify ...           (proves it)
  cutover native remove`

export function addNative(program: Command, run: Runner): void {
  const native = program.command('native').description("Microsoft's own migration batches, as a second lane").addHelpText('after', HELP)
  excluding(
    addressOptions(native.command('check').description('tell whether it fits, and its limits; changes nothing'), 'optional'),
  ).action((flags: CheckFlags) => run(flags, (shell) => check(shell, flags)))
  excluding(addressOptions(native.command('start').description('make the endpoint and the batches, and start them')))
    .option('--name <batch>', 'what the batch is called', 'cutover')
    .option('--endpoint <name>', 'the migration endpoint; else an equal one, or a new one')
    .option('--at-once <n>', 'mailboxes that are copied at a time', parseCount, 20)
    .option('--follow-at-once <n>', 'mailboxes whose new mail is fetched at a time', parseCount, 10)
    .option('--start-after <moment>', 'begin then, such as 2026-12-01T20:00:00Z')
    .option('--notify <address...>', 'who gets Microsoft’s reports by mail')
    .option('--yes', 'do not ask')
    .option('--as-powershell', 'print a script for a person to run instead')
    .option('--write-lists <dir>', 'with --as-powershell: write the lists, without passwords')
    .action((flags: StartFlags, command: Command) => {
      if (flags.writeLists !== undefined && flags.asPowershell !== true) command.error('error: --write-lists needs --as-powershell')
      return run(flags, (shell) => (flags.asPowershell === true ? script(shell, flags) : start(shell, flags)))
    })
  addNativeBatches(native, run)
}

function excluding(command: Command): Command {
  return command.option('--exclude-folder <name...>', 'leave out this folder and those below, such as "[Gmail]"')
}

async function check(shell: Shell, flags: CheckFlags): Promise<number> {
  const { destination } = flags
  const result = await shell.world.operations.native.check({
    ...sourceAddresses(shell, flags),
    destination: destination ?? null,
    identity: destination === undefined || !destination.startsWith('exchange:') ? null : identityOf(shell, { ...flags, destination }),
    cloud: flags.cloud,
    excludeFolders: flags.excludeFolder ?? [],
    signal: shell.signal,
  })
  shell.json(result)
  printFindings(shell, result.findings)
  const blocked = result.findings.filter(({ severity }) => severity === 'blocker').length
  const verdict = result.fits
    ? `It fits, as far as can be told: ${counted(result.mailboxes, 'mailbox')}.`
    : `It does not fit as it stands: ${counted(blocked, 'blocker')}.`
  for (const line of wrapped(verdict, shell.columns)) shell.print(line)
  if (!result.askedTenant)
    for (const line of wrapped('The tenant was not asked: give --destination exchange: too.', shell.columns)) shell.print(line)
  shell.print()
  shell.print('What Microsoft documents of this lane:')
  for (const { says } of result.limits) for (const line of bullet(says, shell.columns)) shell.print(line)
  return result.fits ? EXIT.done : EXIT.person
}

function bullet(says: string, columns: number): readonly string[] {
  return wrapped(says, columns, '    ').map((line, at) => (at === 0 ? `  - ${line.trimStart()}` : line))
}

async function start(shell: Shell, flags: StartFlags): Promise<number> {
  const result = await shell.world.operations.native.start({
    ...inputOf(shell, flags),
    identity: addresses(shell, flags).identity,
    approve: approver(shell, flags.yes ?? false),
    onChange: changeWatch(shell),
    signal: shell.signal,
  })
  shell.screen.clear()
  shell.json(result)
  return printStart(shell, result)
}

function printStart(shell: Shell, result: NativeRunResult): number {
  if (result.changes.length === 0 && result.approved) printFindings(shell, result.findings)
  if (result.leftOut.length > 0) {
    const names = result.leftOut.slice(0, 5).map(printable).join(', ')
    const more = result.leftOut.length > 5 ? ` and ${result.leftOut.length - 5} more` : ''
    for (const line of wrapped(`Left out, or at it already: ${names}${more}.`, shell.columns)) shell.print(line)
  }
  const isBlocked = result.findings.some(({ severity }) => severity === 'blocker')
  const code = printRun(shell, result)
  if (code !== EXIT.done) return code
  if (result.changes.length > 0) shell.print(`\`${shell.world.program} native status --follow\` shows how far they are.`)
  return isBlocked ? EXIT.person : EXIT.done
}

async function script(shell: Shell, flags: StartFlags): Promise<number> {
  const result = await shell.world.operations.native.script({ ...inputOf(shell, flags), listDir: flags.writeLists ?? null })
  shell.json(result)
  const say = (text: string): void => {
    for (const line of wrapped(text, shell.columns)) shell.screen.say(line)
  }
  const blockers = result.findings.filter(({ severity }) => severity === 'blocker')
  for (const { says } of blockers) say(`Left out: ${printable(says)}`)
  if (result.script === '') throw new Failure('bad-input', 'No mailbox of the list fits, so that there is nothing to put into a script.')
  if (flags.json !== true) shell.world.stdout.write(result.script)
  for (const { file, rows, written } of result.lists)
    say(
      written
        ? `The script reads ${printable(file)} (${counted(rows, 'row')}): put the passwords in, and delete it afterwards.`
        : `The script reads ${printable(file)}, which you make: EmailAddress,UserName,Password, one line for each of ${counted(rows, 'mailbox')}.`,
    )
  return blockers.length > 0 ? EXIT.person : EXIT.done
}

function inputOf(shell: Shell, flags: StartFlags): Omit<NativeStartInput, 'identity' | 'approve' | 'onChange' | 'signal'> {
  return {
    ...sourceAddresses(shell, flags),
    destination: flags.destination,
    cloud: flags.cloud,
    name: flags.name,
    endpoint: flags.endpoint ?? null,
    maxMigrations: flags.atOnce,
    maxIncremental: flags.followAtOnce,
    excludeFolders: flags.excludeFolder ?? [],
    notify: flags.notify ?? [],
    startAfter: flags.startAfter ?? null,
  }
}
