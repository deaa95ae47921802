import { InvalidArgumentError, Option, type Command } from 'commander'
import type { ProjectRunResult } from '../api/project-run.ts'
import type { Question } from '../api/project-scene.ts'
import { localTime, timeText } from '../lib/local-time.ts'
import { Failure } from '../model/failure.ts'
import { confirmed } from './confirm.ts'
import { printNext } from './next.ts'
import { printable, wrapped } from './printable.ts'
import { watched } from './progress.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

type RunFlags = ProjectFlags & { readonly until?: Phase; readonly wait: number; readonly yes?: boolean; readonly name?: string }

const PHASES = ['assess', 'provision', 'prestage', 'verify', 'cutover', 'final', 'reconcile', 'closeout'] as const
type Phase = (typeof PHASES)[number]

const HELP = `
Examples:
  cutover run
  cutover run --until verify
  cutover run --wait 1440 --yes --name "Anna Example"

Does everything in a project that needs no person, phase by phase, and stops
where one is needed. What is to be changed in the tenant or in DNS is shown and
asked for first, the switch above all; --yes answers all of it in advance, and
is kept with the name. It may be stopped or killed at any time and run again.
With --wait it stays and keeps the copies up to date meanwhile. Once the project
is closed it makes all reports and says where they are.
More: docs/guide/next-and-run.md
Exit codes: 0 done or only time is waited for, 1 failed, 3 needs a person.`

export function addRunProject(program: Command, run: Runner): void {
  projectOptions(program.command('run').description('carry a project on: everything that needs no person'))
    .addOption(new Option('--until <phase>', 'end once this phase is reached').choices(PHASES))
    .option('--wait <minutes>', 'stay for so long for what time brings', minutes, 0)
    .option('--yes', 'do not ask before changes; needs --name')
    .option('--name <name>', 'who agrees; kept for the report')
    .addHelpText('after', HELP)
    .action((flags: RunFlags) => run(flags, (shell) => runProject(shell, flags)))
}

function minutes(text: string): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : -1
  if (value < 0) throw new InvalidArgumentError('Write a number of minutes.')
  return value
}

async function runProject(shell: Shell, flags: RunFlags): Promise<number> {
  const { world, screen } = shell
  const name = flags.name?.trim() ?? ''
  if (flags.yes === true && name === '') throw new Failure('bad-input', 'Who agrees? Give --name with --yes: it is kept for the report.')
  const operations = await world.operations.phases()
  const address = { ...projectPlace(shell, flags), env: world.env }
  // What is wrong with the place is said before anything else.
  const { timeZone } = await operations.next(address)
  let failed = 0
  let last = ''
  const result = await watched(shell, (watch) =>
    operations.run({
      ...address,
      ...watch,
      waitMinutes: flags.wait,
      until: flags.until ?? null,
      reportsAtEnd: true,
      show: (message) => screen.say(message),
      approve: (question) => agreed(shell, flags, question),
      onDoing(says) {
        if (flags.quiet !== true && screen.live) screen.redraw(printable(`${says} ...`))
      },
      onDone({ at, phase, says, ok }) {
        if (!ok) failed++
        if (flags.quiet === true || says === last) return
        last = says
        const [first = '', ...rest] = wrapped(printable(`${ok ? '' : 'FAILED: '}${says.replaceAll(/\s*\n\s*/g, ' ')}`), shell.columns - 22)
        screen.clear()
        shell.print(`${localTime(at, timeZone).slice(5).replace('T', ' ')} ${phase.padEnd(9)} ${first}`)
        for (const line of rest) shell.print(`${' '.repeat(22)}${line}`)
      },
    }),
  )
  const project = await operations.next(address)
  shell.json({ ...result, view: project })
  if (result.steps.length > 0 && flags.quiet !== true) shell.print()
  printNext(shell, project, flags)
  printAgain(shell, result, timeZone)
  return exitOf(result, failed)
}

async function agreed(shell: Shell, flags: RunFlags, question: Question): Promise<string | null> {
  const { screen, columns } = shell
  screen.clear()
  shell.print()
  for (const line of question.lines) {
    const isRecord = /^[+-] /.test(line)
    const [first = '', ...rest] = wrapped(printable(line), columns - 4)
    shell.print(isRecord ? `  ${first}` : `  - ${first}`)
    for (const more of rest) shell.print(`    ${more}`)
  }
  if (flags.yes === true) {
    for (const line of wrapped(printable(`${question.says} Agreed by ${flags.name ?? ''}.`), columns)) shell.print(line)
    return flags.name?.trim() ?? null
  }
  const name = flags.name?.trim() ?? ''
  let answer: boolean
  try {
    answer = await confirmed(shell, printable(question.says), false)
  } catch (error) {
    // Nobody is here: what needs nobody goes on all the same.
    if (error instanceof Failure && error.code === 'bad-input') return null
    throw error
  }
  if (!answer) return null
  if (name !== '') return name
  const typed = (await shell.world.ask('Your name, for the report: ', shell.signal))?.trim() ?? ''
  return typed === '' ? null : typed
}

function printAgain(shell: Shell, { ended, again }: ProjectRunResult, timeZone: string): void {
  if (again === null || ended !== 'waits') return
  shell.print()
  const text = `By itself something is to be done again at ${timeText(again, timeZone)}. \`run --wait MINUTES\` stays for it.`
  for (const line of wrapped(text, shell.columns)) shell.print(line)
}

function exitOf({ ended }: ProjectRunResult, failed: number): number {
  if (ended === 'gate') return EXIT.person
  return failed > 0 ? EXIT.failed : EXIT.done
}
