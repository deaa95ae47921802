import type { Command } from 'commander'
import type { Issue } from '../api/project-control.ts'
import { parseInstant } from './instant.ts'
import { timeText } from '../lib/local-time.ts'
import { printable, wrapped } from './printable.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import { counted } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

type IssuesFlags = ProjectFlags & {
  readonly all?: boolean
  readonly fixed?: string
  readonly accept?: string
  readonly reopen?: string
  readonly assign?: string
  readonly name?: string
  readonly note?: string
  readonly owner?: string
  readonly due?: number
}

const HELP = `
Examples:
  cutover issues
  cutover issues --assign verify.mailbox.anna --owner Olga \\
      --due 2026-12-01T12:00+01:00 --name Ben
  cutover issues --accept messages.anna.message-too-large --name Olga \\
      --note "the customer keeps the file"

What is put right disappears from the list by itself. What is accepted stands in
the closeout report with the name of who accepted it.
Exit codes: 0 nothing is open, 3 something is.`

export function addIssues(program: Command, run: Runner): void {
  projectOptions(program.command('issues').description('everything in a project that needs a person, in one list'))
    .option('--all', 'also what is fixed or accepted')
    .option('--fixed <issue>', 'it was put right')
    .option('--accept <issue>', 'it stays as it is; needs --name and --note')
    .option('--reopen <issue>', 'it is open again')
    .option('--assign <issue>', 'give it an owner or a date')
    .option('--owner <name>', 'who takes care of it')
    .option('--due <time>', 'until when, as 2026-12-01T12:00Z', parseInstant)
    .option('--note <text>', 'kept for the report')
    .option('--name <name>', 'who says so')
    .addHelpText('after', HELP)
    .action((flags: IssuesFlags) => run(flags, (shell) => issues(shell, flags)))
}

async function issues(shell: Shell, flags: IssuesFlags): Promise<number> {
  const control = await shell.world.operations.control()
  const place = { ...projectPlace(shell, flags), env: shell.world.env }
  const said = saidIn(flags)
  const all =
    said === null
      ? await control.issues(place)
      : await control.issueSay(place, {
          ...said,
          name: flags.name ?? '',
          note: flags.note ?? null,
          owner: flags.owner ?? null,
          dueAt: flags.due ?? null,
        })
  const open = all.filter(({ state }) => state === 'open')
  shell.json({ open: open.length, issues: flags.all === true ? all : open })
  const shown = flags.all === true ? all : open
  if (shown.length > 0) {
    const { timeZone } = await control.where(place)
    for (const one of shown) printIssue(shell, one, timeZone)
  }
  const rest = all.length - open.length
  const also = rest === 0 || flags.all === true ? '' : ` ${counted(rest, 'other')} fixed or accepted (--all).`
  shell.print(open.length === 0 ? `Nothing needs a person.${also}` : `${counted(open.length, 'issue')} open.${also}`)
  return open.some(({ severity }) => severity !== 'note') ? EXIT.person : EXIT.done
}

function saidIn(flags: IssuesFlags): { readonly issue: string; readonly word: 'fixed' | 'accepted' | 'reopened' | 'assigned' } | null {
  if (flags.fixed !== undefined) return { issue: flags.fixed, word: 'fixed' }
  if (flags.accept !== undefined) return { issue: flags.accept, word: 'accepted' }
  if (flags.reopen !== undefined) return { issue: flags.reopen, word: 'reopened' }
  return flags.assign === undefined ? null : { issue: flags.assign, word: 'assigned' }
}

const SIGN: Readonly<Record<Issue['severity'], string>> = { red: '!!!', yellow: ' ! ', note: '   ' }

function printIssue(shell: Shell, { id, severity, state, says, todo, owner, dueAt, by, note }: Issue, timeZone: string): void {
  const lines = (text: string): void => {
    for (const line of wrapped(text, shell.columns - 4)) shell.print(`    ${line}`)
  }
  shell.print(`${state === 'open' ? SIGN[severity] : ' ok'} ${printable(id)}`)
  lines(printable(says))
  if (state === 'open') lines(printable(todo))
  const due = dueAt === null ? '' : `, until ${timeText(dueAt, timeZone)} (${timeZone})`
  if (owner !== null || dueAt !== null) lines(`Whose: ${printable(owner ?? 'nobody yet')}${due}`)
  if (state !== 'open')
    lines(
      `${state === 'fixed' ? 'Fixed' : 'Accepted'}${by === null ? '' : ` by ${printable(by)}`}${note === null ? '' : `: ${printable(note)}`}`,
    )
  shell.print()
}
