import type { Command } from 'commander'
import type { ProjectNext } from '../api/project-next.ts'
import { timeText } from '../lib/local-time.ts'
import { printable, wrapped } from './printable.ts'
import { wholeCommand } from './project-command.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import { counted, duration } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

const HELP = `
Examples:
  cutover next
  cutover next --project example-org --json

Where the project stands, what is in its way, and the one command to run now.
Asks no server: it tells what is known. Exit codes: 0 nothing is in the way but
what \`cutover run\` or time takes care of, 3 a person has to do something.
More: docs/guide/next-and-run.md`

export function addNext(program: Command, run: Runner): void {
  projectOptions(program.command('next').description('where a project stands, what is in its way, the one command to run now'))
    .addHelpText('after', HELP)
    .action((flags: ProjectFlags) => run(flags, (shell) => next(shell, flags)))
}

async function next(shell: Shell, flags: ProjectFlags): Promise<number> {
  const phases = await shell.world.operations.phases()
  const project = await phases.next({ ...projectPlace(shell, flags), env: shell.world.env })
  const command = project.command === null ? null : wholeCommand(shell.world.program, project.command, project, flags)
  shell.json({ ...project, typed: command })
  if (flags.quiet === true) shell.print(command ?? '')
  else printNext(shell, project, flags)
  return project.blockers.some(({ needs }) => needs === 'person') ? EXIT.person : EXIT.done
}

const MOST_SHOWN = 12

/** Everything that `next` has to say. */
export function printNext(shell: Shell, project: ProjectNext, flags: ProjectFlags): void {
  const { columns } = shell
  const print = (text: string, indent = ''): void => {
    for (const line of wrapped(printable(text), columns, indent)) shell.print(line)
  }
  print(`${project.project} (${project.customer})`)
  for (const line of standing(project)) print(line, '  ')
  const { blockers, waived } = project
  if (blockers.length > 0) {
    shell.print()
    shell.print('In the way:')
    let phase = ''
    for (const blocker of blockers.slice(0, MOST_SHOWN)) {
      if (blocker.phase !== phase) print(`${(phase = blocker.phase)}:`, '  ')
      const sign = { work: 'run   ', time: 'time  ', person: 'PERSON' }[blocker.needs]
      const when = blocker.notBefore === null ? '' : ` Not before ${timeText(blocker.notBefore, project.timeZone)}.`
      const [first = '', ...rest] = wrapped(printable(`${blocker.says}${when}`), columns - 11)
      shell.print(`    ${sign} ${first}`)
      for (const line of rest) shell.print(`${' '.repeat(11)}${line}`)
      if (blocker.needs === 'person' && blocker.waivable) print(`(${blocker.id})`, ' '.repeat(11))
    }
    if (blockers.length > MOST_SHOWN) print(`and ${blockers.length - MOST_SHOWN} more: --json tells all`, '    ')
    if (blockers.some(({ needs, waivable }) => needs === 'person' && waivable))
      print('What has a name in brackets may be let pass: `cutover project waive NAME --name WHO --reason WHY`.', '  ')
  }
  if (waived.length > 0) {
    shell.print()
    shell.print('Let pass:')
    for (const { id, name, reason } of waived) print(`${id}, by ${name}: ${reason}`, '    ')
  }
  if (!blockers.slice(0, MOST_SHOWN).some(({ says }) => says === project.because)) {
    shell.print()
    print(project.because)
  }
  if (project.command === null) return
  shell.print()
  // Not wrapped: it is there to be copied.
  shell.print(`Now: ${printable(wholeCommand(shell.world.program, project.command, project, flags))}`)
}

function standing(project: ProjectNext): readonly string[] {
  const { mailboxes, lag, phase, entered, cutoverAt, timeZone, closed, reportsDir } = project
  const { all, begun, copied, verified, paused } = mailboxes
  const later = all === begun ? '' : `, ${all - begun} come later`
  return [
    closed ? 'closed' : phase === entered ? `phase: ${phase}` : `phase: ${phase} is open again; ${entered} was reached`,
    `cutover: ${cutoverAt === null ? 'not planned' : `${timeText(cutoverAt, timeZone)} (${timeZone})`}`,
    `${counted(begun, 'mailbox')}: ${copied} copied, ${verified} verified${paused === 0 ? '' : `, ${paused} paused`}${later}`,
    ...(closed && reportsDir !== null ? [`reports: ${reportsDir}`] : []),
    ...(lag === null ? [] : [`mail lag: at most ${duration(lag.lagMs / 1000)} (${lag.mailbox})`]),
  ]
}
