import type { Command } from 'commander'
import type { ErrorsResult, KeptLabels, MessageError, MicrosoftSkipped } from '../api/results.ts'
import { accessOptions } from './access-options.ts'
import type { AccessFlags } from './access-options.ts'
import { commonOptions, DEFAULT_STATE, serverUrl, sourceAddresses } from './address-options.ts'
import { printable, wrapped } from './printable.ts'
import { watched } from './progress.ts'
import type { Runner } from './run.ts'
import { count, counted, size } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type ErrorsFlags = CommonFlags &
  AccessFlags & {
    readonly state: string
    readonly only?: readonly string[]
    readonly csv?: string
    readonly eml?: string
    readonly source?: string
    readonly mailboxes?: string
    readonly ca?: string
  }

const SHOWN = 50
const LABELS_SHOWN = 8

const HELP = `
Examples:
  cutover errors
  cutover errors --csv errors.csv
  cutover errors --eml ./left-behind --source imaps://mail.example.org \\
      --mailboxes people.csv`

export function addErrors(program: Command, run: Runner): void {
  const command = commonOptions(program.command('errors').description('list every message that was not copied, and why'))
    .option('--state <dir>', 'where the ledger is kept', DEFAULT_STATE)
    .option('--only <name...>', 'only these mailboxes')
    .option('--csv <file>', 'write the list as CSV')
    .option('--eml <dir>', 'also fetch the messages from the source; needs --source and --mailboxes')
    .option('--source <url>', 'as for copy', serverUrl)
    .option('--mailboxes <file.csv>', 'as for copy')
    .option('--ca <file>', 'also trust the certificates in this PEM file')
  accessOptions(command)
    .addHelpText('after', HELP)
    .action((flags: ErrorsFlags, command: Command) => {
      if (flags.eml !== undefined && (flags.source === undefined || flags.mailboxes === undefined))
        command.error('error: --eml fetches the messages again: it needs --source and --mailboxes')
      return run(flags, (shell) => errors(shell, flags))
    })
}

async function errors(shell: Shell, flags: ErrorsFlags): Promise<number> {
  const { source, mailboxes } = flags
  const result = await watched(shell, (watch) =>
    shell.world.operations.errors({
      stateDir: flags.state,
      only: flags.only ?? [],
      csvFile: flags.csv ?? null,
      emlDir: flags.eml ?? null,
      addresses: source === undefined || mailboxes === undefined ? null : sourceAddresses(shell, { ...flags, source, mailboxes }),
      ...watch,
    }),
  )
  shell.json(result)
  print(shell, result)
  return EXIT.done
}

function print(shell: Shell, result: ErrorsResult): void {
  if (result.errors.length > 0) printErrors(shell, result)
  else if (result.microsoft === undefined) shell.print('Nothing was skipped and nothing failed.')
  if (result.microsoft !== undefined) printMicrosoft(shell, result.microsoft)
  for (const kept of result.labels ?? []) {
    shell.print()
    for (const line of wrapped(labelsText(kept), shell.columns)) shell.print(line)
  }
}

/** For information: nothing of this is lost. */
function labelsText({ mailbox, messages, labels }: KeptLabels): string {
  const names = labels.slice(0, LABELS_SHOWN).map((one) => `${printable(one.name)} (${count(one.messages)})`)
  const more = labels.length > LABELS_SHOWN ? ` and ${counted(labels.length - LABELS_SHOWN, 'other label')}` : ''
  return (
    `${printable(mailbox)}: ${counted(messages, 'message')} ${messages === 1 ? 'has' : 'have'} labels beside the folder they went to: ` +
    `${names.join(', ')}${more}. They are no categories in Exchange yet; the ledger keeps them.`
  )
}

function printErrors(shell: Shell, result: ErrorsResult): void {
  shell.print(`skipped ${count(result.skipped)}, failed ${count(result.failed)}`)
  const byCode = Map.groupBy(result.errors, (each) => each.code)
  for (const [code, of] of byCode) shell.print(`  ${count(of.length)}  ${printable(code)}`)
  for (const each of result.errors.slice(0, SHOWN)) {
    shell.print()
    for (const line of messageLines(each, shell.columns)) shell.print(line)
  }
  shell.print()
  if (result.errors.length > SHOWN) shell.print(`(and ${count(result.errors.length - SHOWN)} more; --csv FILE writes all)`)
  if (result.csvFile !== null) shell.print(`CSV: ${printable(result.csvFile)}`)
  if (result.emlDir !== null) shell.print(`${counted(result.exported, 'message')} written to ${printable(result.emlDir)}`)
}

/** Theirs stand apart: they are in none of our counts. */
function printMicrosoft(shell: Shell, skipped: readonly MicrosoftSkipped[]): void {
  if (skipped.length === 0) return
  const title = `Microsoft's batches say that they left out ${counted(skipped.length, 'message')}; \`cutover copy\` tries them, or says why not.`
  for (const line of wrapped(title, shell.columns)) shell.print(line)
  for (const { mailbox, folder, subject, date, sizeBytes, reason, told, help } of skipped.slice(0, SHOWN)) {
    const parts = [mailbox, folder, date?.slice(0, 10), sizeBytes === null ? null : size(sizeBytes)].filter(
      (part) => typeof part === 'string',
    )
    shell.print()
    for (const line of wrapped(`${printable(parts.join(', '))}${subject === null ? '' : `: "${printable(subject)}"`}`, shell.columns))
      shell.print(line)
    for (const line of wrapped(`Microsoft skipped it: ${printable(reason)}`, shell.columns, '  ')) shell.print(line)
    if (told !== null) for (const line of wrapped(`Microsoft said: ${printable(told)}`, shell.columns, '  ')) shell.print(line)
    for (const line of wrapped(`What to do: ${printable(help)}`, shell.columns, '  ')) shell.print(line)
  }
  if (skipped.length > SHOWN) shell.print(`(and ${count(skipped.length - SHOWN)} more; --csv FILE writes all)`)
}

function messageLines(each: MessageError, columns: number): readonly string[] {
  const date = each.date === null ? '' : `, ${printable(each.date.slice(0, 10))}`
  const subject = each.subject === null ? '' : `: "${printable(each.subject)}"`
  const where = `${printable(each.mailbox)}, ${printable(each.folder)}, UID ${each.uid}${date}, ${size(each.sizeBytes)}${subject}`
  return [
    ...wrapped(where, columns),
    ...wrapped(`${each.state}: ${printable(each.reason)}`, columns, '  '),
    ...(each.serverText === null ? [] : wrapped(`The server said: ${printable(each.serverText)}`, columns, '  ')),
    ...wrapped(`What to do: ${printable(each.help)}`, columns, '  '),
    ...(each.emlFile === null ? [] : wrapped(`File: ${printable(each.emlFile)}`, columns, '  ')),
  ]
}
