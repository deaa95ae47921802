import type { Command } from 'commander'
import type { ListedTask } from '../api/project-list.ts'
import { timeText } from '../lib/local-time.ts'
import { printable, wrapped } from './printable.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import { count, counted } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

const TASKS_HELP = `
Examples:
  cutover project tasks
  cutover project tasks --open

What both sides have to do, by due date. Those marked with * hold a phase up
until somebody signs them off. The section \`tasks\` of cutover.yaml changes the
list, names owners and sets dates.`

const SIGN_HELP = `
Examples:
  cutover project sign-off scope user-list --name "Anna Example"
  cutover project sign-off dns-access --name Ben --note "by telephone"
  cutover project sign-off go --withdraw --name "Anna Example"

Who signs off, when, and what was said stands in the reports. One that is taken
back is kept there as well.`

type TaskFlags = ProjectFlags & { readonly open?: boolean }
type SignFlags = ProjectFlags & { readonly name: string; readonly note?: string; readonly withdraw?: boolean }

export function addProjectTasks(project: Command, run: Runner): void {
  projectOptions(project.command('tasks').description('the responsibilities of both sides, as a checklist'))
    .option('--open', 'only those that nobody has signed off')
    .addHelpText('after', TASKS_HELP)
    .action((flags: TaskFlags) => run(flags, (shell) => tasks(shell, flags)))
}

export function addProjectSignOff(project: Command, run: Runner): void {
  projectOptions(project.command('sign-off').description('vouch for tasks, by name').argument('<task...>'))
    .requiredOption('--name <name>', 'who signs off')
    .option('--note <text>', 'what is to be said about it')
    .option('--withdraw', 'take it back')
    .addHelpText('after', SIGN_HELP)
    .action((ids: readonly string[], flags: SignFlags) => run(flags, (shell) => signOff(shell, ids, flags)))
}

async function tasks(shell: Shell, flags: TaskFlags): Promise<number> {
  const projects = await shell.world.operations.projects()
  const result = await projects.tasks({ ...projectPlace(shell, flags), env: shell.world.env })
  shell.json(result)
  const open = result.tasks.filter(({ signedOff }) => signedOff === null)
  const shown = flags.open === true ? open : result.tasks
  const overdue = open.filter((task) => task.overdue).length
  shell.print(
    `${printable(result.name)}: ${count(result.tasks.length - open.length)} of ${counted(result.tasks.length, 'task')} signed off${overdue === 0 ? '' : `, ${count(overdue)} overdue`}.`,
  )
  for (const task of shown) for (const line of taskLines(task, result.timeZone, shell.columns)) shell.print(line)
  if (open.some(({ signsOff }) => signsOff)) {
    shell.print()
    shell.print('* holds a phase up until `cutover project sign-off` has its name.')
  }
  return EXIT.done
}

function taskLines(task: ListedTask, timeZone: string, columns: number): readonly string[] {
  const { id, says, side, owner, dueAt, due, signsOff, signedOff } = task
  const mark = signedOff !== null ? '[x]' : signsOff ? '[*]' : '[ ]'
  const who = owner ?? { customer: 'the customer', us: 'us', vendor: 'the vendor' }[side]
  const day = (at: number): string => timeText(at, timeZone).replace(/, \d\d:\d\d$/, '')
  const until = dueAt !== null ? `due ${day(dueAt)}` : due === null ? '' : `due ${due}`
  const state = signedOff !== null ? `signed off by ${signedOff.name}, ${day(signedOff.at)}` : `${until}${task.overdue ? ', OVERDUE' : ''}`
  const note = signedOff === null || signedOff.note === null ? '' : `: ${signedOff.note}`
  const second = [id, who, `${state}${note}`].filter((part) => part !== '').join(' · ')
  const indented = (text: string): readonly string[] => wrapped(printable(text), columns - 4).map((line) => `    ${line}`)
  const [first = '', ...rest] = indented(says)
  return [`${mark} ${first.trimStart()}`, ...rest, ...indented(second)]
}

async function signOff(shell: Shell, ids: readonly string[], { name, note, withdraw = false, ...flags }: SignFlags): Promise<number> {
  const projects = await shell.world.operations.projects()
  const place = { ...projectPlace(shell, flags), env: shell.world.env }
  const result = await projects.signOff({ ...place, tasks: ids, who: name, note: note ?? null, withdraw })
  shell.json(result)
  for (const { id, says, changed } of result.tasks) {
    const what = withdraw ? 'No longer signed off' : 'Signed off'
    const text = changed ? `${what}: ${says}` : `${id} ${withdraw ? 'was not signed off' : 'was signed off before'}: nothing changed.`
    for (const line of wrapped(printable(text), shell.columns)) shell.print(line)
  }
  shell.print(
    result.open === 0
      ? 'Nothing is left that waits for a name.'
      : `${counted(result.open, 'task')} still ${result.open === 1 ? 'waits' : 'wait'} for a name.`,
  )
  return EXIT.done
}
