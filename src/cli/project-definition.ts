import type { Command } from 'commander'
import type { ProjectImportResult } from '../api/project-import.ts'
import { commonOptions } from './address-options.ts'
import { printable, wrapped } from './printable.ts'
import { planLines } from './project-text.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import { typedCommand } from './typed-command.ts'
import { counted } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

const DEFAULT_FILE = 'cutover.yaml'

const INIT_HELP = `
Example:
  cutover project init --name example-org --customer "Example GmbH"

Writes cutover.yaml with everything explained in it. Then: fill in the tenant
and the old server, \`cutover discover\` for the list of mailboxes,
\`cutover project import cutover.yaml\`, \`cutover next\`.`

const IMPORT_HELP = `
Examples:
  cutover project import cutover.yaml
  cutover project import cutover.yaml --check

Reads the definition and its list of mailboxes, checks all of it and keeps it
in the store of projects. All mistakes are told at once, each with its line;
then nothing was kept. Says what is different from what the store had; earlier
versions are kept. The same file again changes nothing. Passwords that stand
in the list go into files of their own, which only you may read.`

const EXPORT_HELP = `
Examples:
  cutover project export
  cutover project export --to example.yaml

The whole project as one YAML file, mailboxes included; it imports to the same.
Secrets are not in it, only where they are (env:NAME, file:PATH).`

type InitFlags = CommonFlags & { readonly file: string; readonly name?: string; readonly customer?: string; readonly timeZone?: string }
type ImportFlags = ProjectFlags & { readonly name?: string; readonly check?: boolean }
type ExportFlags = ProjectFlags & { readonly to?: string; readonly force?: boolean }

export function addProjectInit(project: Command, run: Runner): void {
  commonOptions(project.command('init').description('write a definition of a project to begin with'))
    .option('-f, --file <cutover.yaml>', 'where to', DEFAULT_FILE)
    .option('--name <name>', 'short name: small letters, digits, hyphens')
    .option('--customer <name>', 'whose mail moves')
    .option('--time-zone <zone>', 'such as Europe/Berlin')
    .addHelpText('after', INIT_HELP)
    .action((flags: InitFlags) => run(flags, (shell) => init(shell, flags)))
}

export function addProjectImport(project: Command, run: Runner): void {
  projectOptions(project.command('import').description('check a definition and its list, and keep them').argument('<cutover.yaml>'))
    .option('--check', 'only tell what is wrong and what would change')
    .option('--name <name>', 'who brings it in, for the timeline of the reports')
    .addHelpText('after', IMPORT_HELP)
    .action((file: string, flags: ImportFlags) => run(flags, (shell) => importFile(shell, file, flags)))
}

export function addProjectExport(project: Command, run: Runner): void {
  projectOptions(project.command('export').description('write the whole project as one YAML file'))
    .option('--to <file>', 'where to; else it is printed')
    .option('--force', 'write over a file that is there')
    .addHelpText('after', EXPORT_HELP)
    .action((flags: ExportFlags) => run(flags, (shell) => exportTo(shell, flags)))
}

async function init(shell: Shell, { file, name, customer, timeZone }: InitFlags): Promise<number> {
  const projects = await shell.world.operations.projects()
  const result = await projects.init({ file, name: name ?? null, customer: customer ?? null, timeZone: timeZone ?? null })
  shell.json(result)
  const says = `${printable(result.file)} is written. Fill in the tenant and the old server; \`cutover discover\` makes the list of mailboxes.`
  for (const line of wrapped(says, shell.columns)) shell.print(line)
  shell.print(`Then: ${typedCommand(shell.world.program, ['project', 'import', result.file])}`)
  return EXIT.done
}

async function importFile(shell: Shell, file: string, flags: ImportFlags): Promise<number> {
  const projects = await shell.world.operations.projects()
  const result = await projects.import({
    ...projectPlace(shell, flags),
    env: shell.world.env,
    file,
    who: flags.name?.trim() || null,
    check: flags.check ?? false,
  })
  shell.json(result)
  for (const line of importLines(result)) for (const part of wrapped(printable(line), shell.columns)) shell.print(part)
  if (!result.made && result.changes.length > 0)
    for (const change of result.changes)
      for (const [at, part] of wrapped(printable(change), shell.columns - 4).entries()) shell.print(`${at === 0 ? '  - ' : '    '}${part}`)
  if (result.made || result.changes.length > 0) for (const line of planLines(result.project, shell.columns)) shell.print(line)
  if (result.passwords > 0 && !result.checked) {
    const says = `${counted(result.passwords, 'password')} stood in the list: now each is in a file of its own in the folder of the project, which only you may read, and its list names those files.`
    for (const line of wrapped(says, shell.columns)) shell.print(line)
  }
  if (result.made && !result.checked) shell.print(`Next: ${typedCommand(shell.world.program, nextWords(result, flags))}`)
  return EXIT.done
}

function nextWords({ project }: ProjectImportResult, { store }: ImportFlags): readonly string[] {
  return ['next', ...(store === undefined ? [] : ['--store', store]), '--project', project.name]
}

function importLines({ project, made, version, changes, onlyLayout, checked }: ProjectImportResult): readonly string[] {
  const { name } = project
  if (made) return [checked ? `Nothing is wrong with it. The project ${name} would be made.` : `The project ${name} was made.`]
  if (onlyLayout) return [`${name}: nothing changed but comments, order or layout.`]
  if (changes.length === 0) return [`${name}: nothing changed.`]
  const count = counted(changes.length, 'change')
  return [checked ? `${name}: ${count}, not kept yet:` : `${name}: ${count}, kept as version ${version ?? ''}:`]
}

async function exportTo(shell: Shell, flags: ExportFlags): Promise<number> {
  const projects = await shell.world.operations.projects()
  const result = await projects.export({
    ...projectPlace(shell, flags),
    env: shell.world.env,
    file: flags.to ?? null,
    force: flags.force ?? false,
  })
  shell.json(result)
  // The text alone, exact for a file and harmless on a terminal.
  const line = shell.world.stdout.isTTY === true ? printable : (text: string) => text
  if (result.file === null) for (const each of result.text.replace(/\n$/, '').split('\n')) shell.print(line(each))
  else shell.print(`${printable(result.file)} is written: version ${result.version} of ${result.name}.`)
  return EXIT.done
}
