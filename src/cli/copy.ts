import type { Command } from 'commander'
import { Option } from 'commander'
import type { CopyInput } from '../api/operations.ts'
import type { CopyResult } from '../api/results.ts'
import { addressed, addressedOptions, type AddressedFlags } from './addressed.ts'
import { parseInstant } from './instant.ts'
import { printLate } from './late-mail.ts'
import { printable, wrapped } from './printable.ts'
import { watched } from './progress.ts'
import type { Runner } from './run.ts'
import { notYetCopied, printMailboxes, printStatement } from './statement.ts'
import { exitCodeOfAll, printTroubles, sayStopped } from './trouble.ts'
import { typedCommand } from './typed-command.ts'
import { count, counted, duration, parseCount, parseRate, parseSize, size } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type CopyFlags = AddressedFlags &
  CommonFlags & {
    readonly pass: 'auto' | 'initial' | 'delta' | 'final'
    readonly deletions: 'follow' | 'keep'
    readonly allowDeletions?: boolean
    readonly oldestFirst?: boolean
    readonly connections?: number
    readonly mailboxesAtOnce?: number
    readonly maxMessageSize?: number
    readonly keepReceiptRequests?: boolean
    readonly includeDeleted?: boolean
    readonly retryFailed?: boolean
    /** Commander's form of --no-subjects and --no-categories. */
    readonly subjects: boolean
    readonly categories: boolean
    readonly rate?: number
    readonly wait?: boolean
    readonly switched?: number
    readonly oldHost?: readonly string[]
  }

const NAMES_SHOWN = 5

const HELP = `
Examples:
  cutover copy --source imaps://mail.example.org --destination exchange: \\
      --mailboxes people.csv --tenant example.onmicrosoft.com \\
      --client-id 0a1b... --client-secret env:APP_SECRET
  cutover copy --source imap://old.example.org \\
      --destination imaps://new.example.org --mailboxes people.csv --only anna
  cutover copy -f cutover.yaml

Run it again at any time: a second run carries over only what is new, and one
that was stopped goes on where it was. The source is only ever read.

--rate and --connections hold where \`cutover limit\` says nothing else; that
one changes a copy while it runs.`

export function addCopy(program: Command, run: Runner): void {
  addressedOptions(program.command('copy').description('copy the mail of all mailboxes; run again for what is new since'))
    .addOption(new Option('--pass <kind>', 'what to look for').choices(['auto', 'initial', 'delta', 'final']).default('auto'))
    .addOption(new Option('--deletions <what>', 'messages deleted at the source').choices(['follow', 'keep']).default('follow'))
    .option('--allow-deletions', 'follow even if unusually many were deleted')
    .option('--oldest-first', 'begin with the oldest messages, not the newest')
    .option('--connections <n>', 'most connections for one mailbox; see `limit`', parseCount)
    .option('--mailboxes-at-once <n>', 'most mailboxes at the same time', parseCount)
    .option('--max-message-size <size>', 'skip larger messages, for example 35MB', parseSize)
    .option('--keep-receipt-requests', 'leave requests for read receipts in unread messages')
    .option('--include-deleted', 'also copy messages that are marked as deleted')
    .option('--retry-failed', 'try again what was refused in an earlier pass')
    .option('--no-subjects', 'keep no subjects in the ledger')
    .option('--no-categories', 'make no Outlook categories of labels and tags')
    .option('--rate <rate>', 'at most this fast, for example 4MB/s; see `limit`', parseRate)
    .option('--wait', "wait where a server's allowance of the day is used")
    .option('--switched <time>', 'MX was switched then, as 2026-03-03T09:00Z: what comes now is late mail', parseInstant)
    .option('--old-host <name...>', 'with --switched: names of the old mail hosts, its MX first of all')
    .addHelpText('after', HELP)
    .action((flags: CopyFlags) => run(flags, (shell) => copy(shell, flags)))
}

async function copy(shell: Shell, flags: CopyFlags): Promise<number> {
  const both = await addressed(shell, flags)
  const result = await watched(shell, (watch) =>
    shell.world.operations.copy({
      ...both,
      ...watch,
      pass: flags.pass,
      deletions: flags.deletions,
      allowDeletions: flags.allowDeletions ?? false,
      oldestFirst: flags.oldestFirst ?? false,
      connections: flags.connections ?? null,
      mailboxesAtOnce: flags.mailboxesAtOnce ?? null,
      maxMessageBytes: flags.maxMessageSize ?? null,
      keepReceiptRequests: flags.keepReceiptRequests ?? false,
      includeDeleted: flags.includeDeleted ?? false,
      retryFailed: flags.retryFailed ?? false,
      subjects: flags.subjects,
      ...(flags.categories ? {} : { categories: false }),
      bytesPerSecond: flags.rate ?? null,
      ...(flags.wait === true ? { wait: true } : {}),
      ...afterSwitch(flags),
    }),
  )
  const late = flags.switched === undefined ? null : await shell.world.operations.lateMail({ ...both, switchedAt: flags.switched })
  shell.json(late === null ? result : { ...result, late })
  printStatement(shell, result, notYetCopied(result.mailboxes))
  shell.print(`${size(result.bytes)} in ${duration(result.seconds)}, ${counted(result.mailboxes.length, 'mailbox')}${changes(result)}.`)
  printMailboxes(shell, result.mailboxes)
  printTroubles(shell, result.mailboxes)
  printNotes(shell, result)
  if (late !== null) printLate(shell, late, flags.switched ?? 0)
  printNext(shell, flags, result)
  return copyExitCode(result)
}

/** Of an MX whose time to live nobody named. */
const USUAL_TTL_SECONDS = 3600

function afterSwitch({ switched, oldHost }: CopyFlags): Pick<CopyInput, 'afterSwitch'> {
  return switched === undefined ? {} : { afterSwitch: { at: switched, ttlSeconds: USUAL_TTL_SECONDS, oldHosts: oldHost ?? [] } }
}

/** 1 where the books do not close or something plainly failed, 3 where a person must look, 0 otherwise. */
export function copyExitCode(result: CopyResult): number {
  if (result.unexplained !== notYetCopied(result.mailboxes)) return EXIT.failed
  const code = exitCodeOfAll(result.mailboxes)
  return code === EXIT.done && result.failed > 0 ? EXIT.person : code
}

function changes(result: CopyResult): string {
  const sum = (of: (mailbox: CopyResult['mailboxes'][number]) => number): number =>
    result.mailboxes.reduce((all, mailbox) => all + of(mailbox), 0)
  const parts = [
    [sum((each) => each.flagsChanged), 'flags changed'],
    [sum((each) => each.moved), 'moved'],
    [sum((each) => each.deleted), 'deleted'],
    [sum((each) => each.labelled ?? 0), 'with categories'],
  ] as const
  const said = parts.filter(([number]) => number > 0).map(([number, what]) => `${count(number)} ${what}`)
  return said.length === 0 ? '' : `; ${said.join(', ')}`
}

function printNotes(shell: Shell, { mailboxes }: CopyResult): void {
  const told = Map.groupBy(
    mailboxes.flatMap(({ name, notes = [] }) => notes.map((note) => ({ name, note }))),
    ({ note }) => note,
  )
  for (const [note, of] of told) {
    shell.print()
    const names = of.slice(0, NAMES_SHOWN).map(({ name }) => printable(name))
    const more = of.length > NAMES_SHOWN ? ` and ${count(of.length - NAMES_SHOWN)} more` : ''
    for (const line of wrapped(`${names.join(', ')}${more}: ${printable(note)}`, shell.columns)) shell.print(line)
  }
}

function printNext(shell: Shell, flags: CopyFlags, result: CopyResult): void {
  if (sayStopped(shell, result.mailboxes) || flags.quiet === true) return
  shell.print()
  const { program } = shell.world
  const say = (text: string): void => {
    for (const line of wrapped(text, shell.columns)) shell.print(line)
  }
  if (result.skipped + result.failed > 0) say(`What was not copied, and why: ${typedCommand(program, ['errors', '--state', flags.state])}`)
  if (result.mailboxes.some((each) => each.failure !== null)) say('Once the trouble above is solved, run the same command again.')
  else if (flags.pass !== 'final') say('Run the same command again for a delta: it carries over what is new since.')
  const verify =
    flags.file === undefined
      ? `${program} verify with the same addresses.`
      : typedCommand(program, ['verify', '-f', flags.file, '--state', flags.state])
  say(`Then prove it: ${verify}`)
}
