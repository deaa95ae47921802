import type { Command } from 'commander'
import type { Explanation } from '../api/explain.ts'
import { printable, wrapped } from './printable.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'
import { parseCount } from './units.ts'

type ExplainFlags = ProjectFlags & { readonly state?: string; readonly eml?: string }

const HELP = `
Examples:
  cutover explain anna@example.org
  cutover explain anna INBOX/Projects
  cutover explain anna INBOX 4711
  cutover explain --eml lost.eml

Folder and UID are those of the old side, as \`cutover errors\` tells them.`

export function addExplain(program: Command, run: Runner): void {
  projectOptions(
    program
      .command('explain')
      .description('the whole story of a mailbox, a folder or a message')
      .argument('[mailbox]', 'name or address')
      .argument('[folder]', 'of the old side')
      .argument('[uid]', 'of a message in it', parseCount),
  )
    .option('--state <dir>', 'of copies without a project')
    .option('--eml <file>', 'the message as a file; looked for everywhere')
    .addHelpText('after', HELP)
    .action((mailbox: string | undefined, folder: string | undefined, uid: number | undefined, flags: ExplainFlags) =>
      run(flags, (shell) => explain(shell, { mailbox: mailbox ?? null, folder: folder ?? null, uid: uid ?? null }, flags)),
    )
}

async function explain(
  shell: Shell,
  about: { readonly mailbox: string | null; readonly folder: string | null; readonly uid: number | null },
  flags: ExplainFlags,
): Promise<number> {
  const control = await shell.world.operations.control()
  const place = flags.state === undefined ? { ...projectPlace(shell, flags), env: shell.world.env } : { stateDir: flags.state }
  const told = await control.explain(place, { ...about, emlFile: flags.eml ?? null })
  shell.json({ found: told })
  for (const one of told) printStory(shell, one)
  return EXIT.done
}

function printStory(shell: Shell, { title, says, todo, facts, story }: Explanation): void {
  const say = (text: string, indent = ''): void => {
    for (const line of wrapped(text, shell.columns - indent.length)) shell.print(`${indent}${line}`)
  }
  say(printable(title))
  say(printable(says))
  if (todo !== null) say(printable(todo))
  if (facts.length > 0) shell.print()
  for (const { label, value } of facts) say(`${printable(label)}: ${printable(value)}`, '  ')
  if (story.length > 0) shell.print()
  for (const { at, says: what } of story) say(`${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC  ${printable(what)}`, '  ')
  shell.print()
}
