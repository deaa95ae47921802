import type { Command } from 'commander'
import type { AcceptanceCriterion, AcceptanceResult } from '../api/project-acceptance.ts'
import { timeText } from '../lib/local-time.ts'
import { printable, wrapped } from './printable.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

type AcceptanceFlags = ProjectFlags & {
  readonly status?: boolean
  readonly details?: boolean
  readonly waive?: string
  readonly name?: string
  readonly reason?: string
}

const HELP = `
Examples:
  cutover acceptance
  cutover acceptance --status --details
  cutover acceptance --waive protection --name "Anna Example" \\
      --reason "another product filters spam"

Checks the five criteria of a move, each with its proofs: access of every user
by every protocol, mail and folders, transport rules, mail in and out, and
protection. Test messages are sent and taken out again; nothing else is
changed. Exit code 3: a criterion is neither met nor let pass by name.`

export function addAcceptance(program: Command, run: Runner): void {
  projectOptions(program.command('acceptance').description('check what was agreed for the end of a move, with proofs'))
    .option('--status', 'only show what the last check found')
    .option('--details', 'every proof')
    .option('--waive <criterion>', 'let one pass; needs --name and --reason')
    .option('--name <name>', 'who says so; kept for the report')
    .option('--reason <text>', 'why; kept for the report')
    .addHelpText('after', HELP)
    .action((flags: AcceptanceFlags) => run(flags, (shell) => acceptance(shell, flags)))
}

async function acceptance(shell: Shell, flags: AcceptanceFlags): Promise<number> {
  const { operations, env } = shell.world
  const phases = await operations.phases()
  const address = { ...projectPlace(shell, flags), env }
  const { name: by = '', reason = '' } = flags
  const result =
    flags.waive === undefined
      ? await phases
          .acceptance({
            ...address,
            look: flags.status !== true,
            signal: shell.signal,
            show: (message) => shell.screen.say(message),
            onDoing(says) {
              if (flags.quiet !== true && shell.screen.live) shell.screen.redraw(printable(`${says} ...`))
            },
          })
          .finally(() => shell.screen.clear())
      : await phases.waiveCriterion({ ...address, criterion: flags.waive, by, reason })
  shell.json(result)
  print(shell, result, flags.details === true)
  return result.accepted ? EXIT.done : EXIT.person
}

const WORDS = { passed: 'met', failed: 'NOT MET', 'not-run': 'NOT CHECKED', waived: 'let pass', 'left-out': 'left out' } as const
const MOST_PROOFS = 8

function print(shell: Shell, { criteria, timeZone, accepted }: AcceptanceResult, details: boolean): void {
  for (const one of criteria) {
    const at = one.at === null ? '' : `, ${timeText(one.at, timeZone)}`
    const [first = '', ...rest] = wrapped(printable(`${one.title} (${one.id}${at})`), shell.columns - 12)
    shell.print(`${WORDS[one.outcome].padEnd(12)}${first}`)
    for (const line of rest) shell.print(`${' '.repeat(12)}${line}`)
    printProofs(shell, one, details)
  }
  shell.print()
  shell.print(accepted ? 'Everything that was agreed is met, or was let pass by name.' : 'Not everything that was agreed is met.')
}

function printProofs(shell: Shell, { says, proofs, outcome, waived }: AcceptanceCriterion, details: boolean): void {
  const say = (text: string): void => {
    for (const line of wrapped(printable(text), shell.columns, ' '.repeat(12))) shell.print(line)
  }
  if (waived !== null && outcome === 'waived') say(`by ${waived.name}: ${waived.reason}`)
  const shown = details ? proofs : proofs.filter(({ ok }) => ok !== true).slice(0, MOST_PROOFS)
  if (shown.length === 0) say(says)
  for (const proof of shown) say(`${proof.ok === true ? '+' : proof.ok === false ? '-' : '?'} ${proof.about}: ${proof.says}`)
  const hidden = proofs.filter(({ ok }) => ok !== true).length - shown.length
  if (!details && hidden > 0) say(`and ${hidden} more: --details shows all`)
}
