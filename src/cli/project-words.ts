import type { Command } from 'commander'
import { printable, wrapped } from './printable.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

const WAIVE_HELP = `
Examples:
  cutover project waive provision.licences --name "Anna Example" \\
      --reason "the licences come on Monday"
  cutover project waive provision.licences --withdraw --name "Anna Example"

\`cutover next\` names what is in the way, and what of it may be let pass. What
would lose mail never may. Name and reason stand in the reports.`

const POSTPONE_HELP = `
Examples:
  cutover project postpone --to 2027-03-12T18:00 --name "Anna Example" \\
      --reason "year-end closing"
  cutover project postpone --open --name "Anna Example" \\
      --reason "a new date follows"

The time is that of the clocks where the project is (project.time_zone). New
mail is copied all the while, for as long as it takes. The definition in the
store has the new date from then on: \`cutover project export\` writes it.`

type WaiveFlags = ProjectFlags & { readonly name: string; readonly reason?: string; readonly withdraw?: boolean }
type PostponeFlags = ProjectFlags & {
  readonly to?: string
  readonly open?: boolean
  readonly batch?: string
  readonly name: string
  readonly reason: string
}

export function addProjectWaive(project: Command, run: Runner): void {
  projectOptions(project.command('waive').description('let pass what is in the way, by name and with a reason').argument('<blocker>'))
    .requiredOption('--name <name>', 'who lets it pass')
    .option('--reason <text>', 'why')
    .option('--withdraw', 'take it back')
    .addHelpText('after', WAIVE_HELP)
    .action((blocker: string, flags: WaiveFlags) => run(flags, (shell) => waive(shell, blocker, flags)))
}

export function addProjectPostpone(project: Command, run: Runner): void {
  projectOptions(project.command('postpone').description('give the cutover another date, or none yet'))
    .option('--to <time>', 'day and time there, like 2027-03-12T18:00')
    .option('--open', 'without a new date')
    .option('--batch <name>', 'only that batch')
    .requiredOption('--name <name>', 'who decides')
    .requiredOption('--reason <text>', 'why')
    .addHelpText('after', POSTPONE_HELP)
    .action((flags: PostponeFlags, command: Command) => {
      if ((flags.to === undefined) === (flags.open !== true)) command.error('error: give either --to TIME or --open')
      return run(flags, (shell) => postpone(shell, flags))
    })
}

async function waive(shell: Shell, blocker: string, flags: WaiveFlags): Promise<number> {
  const projects = await shell.world.operations.projects()
  const place = { ...projectPlace(shell, flags), env: shell.world.env }
  const withdraw = flags.withdraw ?? false
  const result = await projects.waive({ ...place, blocker, who: flags.name, reason: flags.reason ?? '', withdraw })
  shell.json(result)
  const text = withdraw
    ? `${blocker} is looked at again.`
    : result.changed
      ? `Let pass: ${result.says ?? blocker}`
      : `${blocker} was let pass before: nothing changed.`
  for (const line of wrapped(printable(text), shell.columns)) shell.print(line)
  return EXIT.done
}

async function postpone(shell: Shell, flags: PostponeFlags): Promise<number> {
  const projects = await shell.world.operations.projects()
  const result = await projects.postpone({
    ...projectPlace(shell, flags),
    env: shell.world.env,
    to: flags.to ?? null,
    batch: flags.batch ?? null,
    who: flags.name,
    reason: flags.reason,
  })
  shell.json(result)
  const { name, says } = result
  const text = says === null ? `${name}: that is the date already; nothing changed.` : `${name}: ${says}.`
  for (const line of wrapped(printable(text), shell.columns)) shell.print(line)
  return EXIT.done
}
