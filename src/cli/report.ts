import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import type { ReportFormat, ReportName } from '../api/report-names.ts'
import type { ReportsResult } from '../api/reports.ts'
import { printable, wrapped } from './printable.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import { counted } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

type ReportFlags = ProjectFlags & {
  readonly to?: string
  readonly format?: readonly ReportFormat[]
  readonly language?: 'en' | 'de' | 'fr' | 'es' | 'ru'
  readonly manifest?: string
  readonly hours?: number
  readonly spent?: readonly { readonly says: string; readonly amount: number }[]
}

/** Said here and not asked of the operations, which are loaded only by who wants them. */
const REPORTS: Readonly<Record<ReportName, string>> = {
  analysis: 'what was found before the move, how long it takes, what it costs',
  readiness: 'go or no-go: every criterion with its evidence and time',
  statistics: 'what was found, copied, left out and why, and how fast',
  errors: 'every message that was not copied, why, what to do, who',
  verification: 'the certificate of what was proven, with a signed proof',
  closeout: 'final status, acceptance, open issues, timeline, budget',
}
const NAMES = Object.keys(REPORTS).filter((name): name is ReportName => Object.hasOwn(REPORTS, name))
const FORMATS: readonly ReportFormat[] = ['html', 'pdf', 'csv', 'json']

const HELP = `
Reports:
${NAMES.map((name) => `  ${name.padEnd(13)} ${REPORTS[name]}`).join('\n')}

Examples:
  cutover report
      all that can be made now, into the folder "reports" of the project
  cutover report readiness --format pdf --to ~/Desktop
  cutover report closeout --hours 12.5 --spent "Licences=480"
      tells what was really spent; it is kept for later reports
  cutover report verification --manifest proof.json

In the language and the time of the project. Asks no server and changes
nothing. What is in each: docs/guide/reports.md.`

export function addReport(program: Command, run: Runner): void {
  projectOptions(program.command('report').description('reports of a project: HTML, PDF, CSV and JSON'))
    .argument('[names...]', `which: ${NAMES.join(', ')}; none: all that can be made now`)
    .option('--to <dir>', 'where they are written; else the folder "reports" of the project')
    .option('--format <list>', 'some of html,pdf,csv,json; else all of them', formats)
    .addOption(new Option('--language <code>', 'another language than that of the project').choices(['en', 'de', 'fr', 'es', 'ru']))
    .option('--manifest <file>', 'verification: make the certificate of this signed manifest')
    .option('--hours <n>', 'closeout: hours that were worked', hours)
    .option('--spent <what=amount>', 'closeout: what an item of the budget came to; may be repeated', spent)
    .addHelpText('after', HELP)
    .action((words: readonly string[], flags: ReportFlags, command: Command) => {
      const names = words.map((word) => NAMES.find((each) => each === word.toLowerCase()))
      if (names.includes(undefined)) command.error(`error: there is no such report: there are ${NAMES.join(', ')}`)
      const known = names.filter((name) => name !== undefined)
      return run(flags, (shell) => report(shell, known, flags))
    })
}

async function report(shell: Shell, names: readonly ReportName[], flags: ReportFlags): Promise<number> {
  const { store, name } = projectPlace(shell, flags)
  const isTold = flags.hours !== undefined || flags.spent !== undefined
  const result = await shell.world.operations.makeReports({
    store,
    name,
    env: shell.world.env,
    reports: names,
    formats: flags.format ?? FORMATS,
    to: flags.to ?? null,
    language: flags.language ?? null,
    manifestFile: flags.manifest ?? null,
    spent: isTold ? { hours: flags.hours ?? null, amounts: flags.spent ?? [] } : null,
    signal: shell.signal,
    onReport(each) {
      if (flags.quiet !== true && shell.screen.live) shell.screen.redraw(`Making the report: ${each}`)
    },
  })
  shell.screen.clear()
  shell.json(result)
  print(shell, result)
  return EXIT.done
}

function print(shell: Shell, { folder, reports, later }: ReportsResult): void {
  const all = reports.flatMap(({ files }) => files)
  for (const line of wrapped(`${counted(all.length, 'file')} written to ${printable(folder)}`, shell.columns)) shell.print(line)
  for (const { report: name, title, files } of reports) {
    shell.print()
    shell.print(`${name}: ${printable(title)}`)
    const own = files.map((file) => printable(file.startsWith(folder) ? file.slice(folder.length + 1) : file))
    for (const line of wrapped(own.join(', '), shell.columns, '  ')) shell.print(line)
  }
  if (later.length === 0 || shell.flags.quiet === true) return
  shell.print()
  for (const { report: name, why } of later)
    for (const line of wrapped(`Not made: ${name}. ${printable(why)}`, shell.columns)) shell.print(line)
}

function formats(text: string): readonly ReportFormat[] {
  return text.split(',').map((word) => {
    const format = FORMATS.find((each) => each === word.trim().toLowerCase())
    if (format === undefined) throw new InvalidArgumentError(`there are ${FORMATS.join(', ')}; several with commas between them.`)
    return format
  })
}

function hours(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('a number of hours, such as 12.5.')
  return value
}

function spent(text: string, before: ReportFlags['spent']): NonNullable<ReportFlags['spent']> {
  const [, says, amount] = /^(.+)=\s*(-?\d+(?:\.\d+)?)\s*$/s.exec(text) ?? []
  if (says === undefined) throw new InvalidArgumentError('write it as "what=amount", such as "Licences=480".')
  return [...(before ?? []), { says: says.trim(), amount: Number(amount) }]
}
