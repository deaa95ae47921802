import type { ProjectNext } from '../api/project-next.ts'
import type { ProjectFlags } from './project-place.ts'

/** Commands that take their project by --store and --project; the others take the files in it. */
const BY_PROJECT: ReadonlySet<string> = new Set([
  'run',
  'next',
  'project',
  'acceptance',
  'assess',
  'transfer',
  'issues',
  'messages',
  'report',
])
const BY_STATE: ReadonlySet<string> = new Set(['errors', 'status'])

/** The command whole, ready to paste: with the project that it is about. */
export function wholeCommand(program: string, command: string, project: ProjectNext, flags: ProjectFlags): string {
  const [word = ''] = command.split(' ')
  const { definitionFile, stateDir, hasOthers } = project
  if (!BY_PROJECT.has(word)) {
    const file = BY_STATE.has(word) ? '' : ` -f ${quoted(definitionFile)}`
    return `${program} ${command}${file} --state ${quoted(stateDir)}`
  }
  const store = flags.store === undefined ? '' : ` --store ${quoted(flags.store)}`
  return `${program} ${command}${store}${hasOthers ? ` --project ${project.project}` : ''}`
}

function quoted(path: string): string {
  return /^[\w./:@-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
