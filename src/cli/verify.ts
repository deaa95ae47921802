import type { Command } from 'commander'
import { Option } from 'commander'
import type { Difference, VerifyFigures, VerifyLevel, VerifyResult } from '../api/results.ts'
import { addressed, addressedOptions, type AddressedFlags } from './addressed.ts'
import { printable, wrapped } from './printable.ts'
import { watched } from './progress.ts'
import type { Runner } from './run.ts'
import { table } from './table.ts'
import { exitCodeOfAll, printTroubles, sayStopped, stateOf } from './trouble.ts'
import { count, counted, duration, parseSample } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type VerifyFlags = AddressedFlags &
  CommonFlags & {
    readonly level: VerifyLevel
    readonly sample?: { readonly messages: number } | { readonly percent: number }
    readonly repair?: boolean
    readonly fresh?: boolean
    readonly manifest?: string
    readonly csv?: string
    readonly html?: string
  }

const DIFFERENCES_SHOWN = 20

const HELP = `
Levels:
  counts        folders, numbers of messages, sizes; quick
  fingerprints  every message is there, once, in the right folder, with its date
                and flags
  content       headers, text and attachments of every message, or of a random
                sample, are compared

Examples:
  cutover verify --source imaps://mail.example.org --destination exchange: \\
      --mailboxes people.csv
  cutover verify -f cutover.yaml --level content --sample 5% --manifest p.json
  cutover verify ... --repair`

export function addVerify(program: Command, run: Runner): void {
  addressedOptions(program.command('verify').description('prove that what was at the source is at the destination'))
    .addOption(new Option('--level <level>', 'how deep to look').choices(['counts', 'fingerprints', 'content']).default('fingerprints'))
    .option('--sample <n>', 'with --level content: a random sample, a number or a share such as 5%', parseSample)
    .option('--repair', 'copy again what is missing')
    .option('--fresh', 'look again at what a run that was broken off had verified')
    .option('--manifest <file>', 'write a signed manifest')
    .option('--csv <file>', 'write every difference as CSV')
    .option('--html <file>', 'write a report as HTML')
    .addHelpText('after', HELP)
    .action((flags: VerifyFlags, command: Command) => {
      if (flags.sample !== undefined && flags.level !== 'content') command.error('error: --sample needs --level content')
      return run(flags, (shell) => verify(shell, flags))
    })
}

async function verify(shell: Shell, flags: VerifyFlags): Promise<number> {
  const both = await addressed(shell, flags)
  const result = await watched(shell, (watch) =>
    shell.world.operations.verify({
      ...both,
      ...watch,
      level: flags.level,
      sample: flags.sample ?? null,
      repair: flags.repair ?? false,
      fresh: flags.fresh ?? false,
      manifestFile: flags.manifest ?? null,
      csvFile: flags.csv ?? null,
      htmlFile: flags.html ?? null,
    }),
  )
  shell.json(result)
  for (const line of wrapped(verifyText(result), shell.columns)) shell.print(line)
  const compared = result.compared === null ? '' : `, ${counted(result.compared, 'message')} compared`
  const repaired = result.repaired === 0 ? '' : `, ${count(result.repaired)} copied again`
  shell.print(`Level ${result.level}, ${duration(result.seconds)}${compared}${repaired}.`)
  if (result.foldersTakenOver > 0) {
    const of = counted(
      result.mailboxes.reduce((sum, each) => sum + each.folders.length, 0),
      'folder',
    )
    const says = `${count(result.foldersTakenOver)} of ${of} verified before, by the run that was broken off; --fresh looks again at all.`
    for (const line of wrapped(says, shell.columns)) shell.print(line)
  }
  printFigures(shell, result)
  printDifferences(shell, result.differences, result.missing + result.extra + result.different)
  printTroubles(shell, result.mailboxes)
  printFiles(shell, result)
  const stopped = sayStopped(shell, result.mailboxes)
  if (!stopped && result.missing > 0 && flags.repair !== true && flags.quiet !== true)
    shell.print('Run it again with --repair to copy what is missing.')
  return verifyExitCode(result)
}

/** The verdict in one sentence of figures. */
export function verifyText(figures: VerifyFigures): string {
  const { found, missing, extra, different, unexplained } = figures
  return `found ${count(found)}: missing ${count(missing)}, extra ${count(extra)}, different ${count(different)}, unexplained ${count(unexplained)}`
}

/** 1 where something is missing, different or unexplained, 3 where a person must look (failed, extra), 0 when proven. */
export function verifyExitCode(result: VerifyResult): number {
  if (result.missing + result.different > 0 || result.unexplained !== 0) return EXIT.failed
  const code = exitCodeOfAll(result.mailboxes)
  return code === EXIT.done && result.extra + result.failed > 0 ? EXIT.person : code
}

function printFigures(shell: Shell, result: VerifyResult): void {
  const head = ['found', 'skipped', 'failed', 'missing', 'extra', 'different'].map((title) => ({ title, side: 'right' as const }))
  const rows = result.mailboxes.map((each) => [
    printable(each.name),
    ...[each.found, each.skipped, each.failed, each.missing, each.extra, each.different].map(count),
    stateOf(each.failure),
  ])
  shell.print()
  const columns = [{ title: 'mailbox', side: 'left' as const, shrinks: true }, ...head, { title: 'state', side: 'left' as const }]
  for (const line of table(columns, rows, shell.columns)) shell.print(line)
}

function printDifferences(shell: Shell, differences: readonly Difference[], all: number): void {
  if (differences.length === 0) return
  shell.print()
  for (const each of differences.slice(0, DIFFERENCES_SHOWN)) {
    const subject = each.subject === null ? '' : ` "${printable(each.subject)}"`
    const lines = wrapped(`${each.kind}: ${printable(each.mailbox)}, ${printable(each.folder)}${subject}`, shell.columns)
    for (const line of [...lines, ...wrapped(printable(each.says), shell.columns, '  ')]) shell.print(line)
  }
  if (all > DIFFERENCES_SHOWN) shell.print(`(and ${count(all - DIFFERENCES_SHOWN)} more; --csv FILE writes all)`)
}

function printFiles(shell: Shell, result: VerifyResult): void {
  for (const [what, file] of [
    ['Signed manifest', result.manifestFile],
    ['CSV', result.csvFile],
    ['HTML', result.htmlFile],
  ] as const)
    if (file !== null) shell.print(`${what}: ${printable(file)}`)
}
