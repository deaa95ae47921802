import type { Command } from 'commander'
import type { ProjectDetails } from '../api/project-list.ts'
import { timeText } from '../lib/local-time.ts'
import { printable, wrapped } from './printable.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import { labelled, planLines } from './project-text.ts'
import type { Runner } from './run.ts'
import { table } from './table.ts'
import { count, parseCount } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

const LIST_HELP = `
Example:
  cutover project list --store /srv/moves`

const SHOW_HELP = `
Examples:
  cutover project show
  cutover project show --project example-org --events 50

\`cutover next\` says what is to be done now.`

export function addProjectList(project: Command, run: Runner): void {
  projectOptions(project.command('list').description('all projects of the store'))
    .addHelpText('after', LIST_HELP)
    .action((flags: ProjectFlags) => run(flags, (shell) => list(shell, flags)))
}

export function addProjectShow(project: Command, run: Runner): void {
  projectOptions(project.command('show').description('what a project is, and what happened in it'))
    .option('--events <n>', 'how many of the latest events', parseCount, 10)
    .addHelpText('after', SHOW_HELP)
    .action((flags: ProjectFlags & { readonly events: number }) => run(flags, (shell) => show(shell, flags)))
}

async function list(shell: Shell, flags: ProjectFlags): Promise<number> {
  const { store } = projectPlace(shell, flags)
  const projects = await shell.world.operations.projects()
  const result = await projects.list({ store, env: shell.world.env })
  shell.json(result)
  if (result.projects.length === 0) {
    shell.print(`There are no projects in ${printable(store)} yet.`)
    shell.print('`cutover project init` writes a definition to begin with.')
    return EXIT.done
  }
  const rows = result.projects.map(({ name, summary, closed }) =>
    summary === null
      ? [name, '', '', '', 'cannot be read']
      : [
          name,
          printable(summary.customer),
          count(summary.mailboxes),
          summary.cutoverAt === null ? 'not planned' : timeText(summary.cutoverAt, summary.timeZone).replace(/^\w+, /, ''),
          closed ? 'closed' : (summary.phase ?? ''),
        ],
  )
  const head = [
    { title: 'project', side: 'left' },
    { title: 'customer', side: 'left', shrinks: true },
    { title: 'mailboxes', side: 'right' },
    { title: 'cutover', side: 'left' },
    { title: 'phase', side: 'left' },
  ] as const
  for (const line of table(head, rows, shell.columns)) shell.print(line)
  for (const { name, trouble } of result.projects)
    if (trouble !== null)
      for (const line of wrapped(printable(`${name}: ${trouble.split('\n')[0] ?? ''}`), shell.columns)) shell.screen.say(line)
  return result.projects.some(({ trouble }) => trouble !== null) ? EXIT.person : EXIT.done
}

async function show(shell: Shell, flags: ProjectFlags & { readonly events: number }): Promise<number> {
  const projects = await shell.world.operations.projects()
  const details = await projects.show({ ...projectPlace(shell, flags), env: shell.world.env })
  shell.json(details)
  const { project, closed } = details
  shell.print(`${printable(project.name)}: ${closed ? 'closed' : `in the phase ${project.phase ?? ''}`}`)
  for (const line of planLines(project, shell.columns)) shell.print(line)
  const lines: readonly (readonly [string, string])[] = [
    ['price', priceText(details)],
    ['tasks', `${count(details.tasks - details.openTasks)} of ${count(details.tasks)} signed off`],
    ['definition', versionText(details)],
    ['files', project.folder],
  ]
  for (const [label, value] of lines) for (const line of labelled(label, value, shell.columns)) shell.print(line)
  for (const { name, address, phone, side, role } of details.people) {
    const where = { customer: 'customer', us: 'us', vendor: 'vendor' }[side]
    const text = `${name}, ${role}: ${address}${phone === null ? '' : `, ${phone}`}`
    for (const line of labelled(where, text, shell.columns)) shell.print(line)
  }
  const latest = flags.events === 0 ? [] : details.events.slice(-flags.events)
  if (latest.length > 0) shell.print()
  for (const { at, who, says } of latest) {
    const text = `${timeText(at, project.timeZone)}  ${says}${who === null ? '' : ` (${who})`}`
    const [first = '', ...rest] = wrapped(printable(text), shell.columns - 4)
    for (const line of [first, ...rest.map((each) => `    ${each}`)]) shell.print(line)
  }
  const more = details.events.length - latest.length
  if (more > 0) shell.print(`(${count(more)} earlier: --events ${count(details.events.length)})`)
  return EXIT.done
}

function priceText({ price, project }: ProjectDetails): string {
  const { currency, base, perMailbox, hours, extras, total } = price
  const parts = [
    money(base),
    `${count(project.mailboxes)} x ${money(perMailbox)}`,
    ...(hours === null ? [] : [`${hours.planned} h x ${money(hours.rate)}`]),
    ...extras.map(({ amount }) => money(amount)),
  ]
  return `${money(total)} ${currency} = ${parts.join(' + ').replaceAll('+ -', '- ')}`
}

function money(amount: number): string {
  return Number.isInteger(amount) ? String(amount) : amount.toFixed(2)
}

function versionText({ versions, project }: ProjectDetails): string {
  const newest = versions.at(-1)
  if (newest === undefined) return 'none yet'
  return `version ${newest.version} of ${timeText(newest.at, project.timeZone)}${newest.who === null ? '' : `, by ${newest.who}`}`
}
