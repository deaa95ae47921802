import { createHash } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { definitionFailure, positioned } from '../definition/definition.ts'
import { rehomed, wholePlace } from '../definition/document.ts'
import { inspectBytes, type Inspected } from '../definition/inspect.ts'
import { listRecords, listText, type ListRecord } from '../definition/list-table.ts'
import { listRows, mailboxesIn, type ListRows, type MailboxLine } from '../definition/mailbox-list.ts'
import type { Sections } from '../definition/sections.ts'
import { wantedTenant } from '../definition/wanted.ts'
import { csvRows } from '../lib/csv-rows.ts'
import { Failure } from '../model/failure.ts'
import type { DefinitionState } from '../project/definition-diff.ts'
import { unknownFields } from '../notify/fields.ts'
import { projectPlan } from '../project/plan-of.ts'
import type { PlanProblem } from '../project/plan-problem.ts'
import { planProblems } from '../project/plan-problems.ts'
import type { ProjectPlan } from '../project/plan.ts'
import type { KeptDefinition } from '../project/store-definitions.ts'
import type { StoredProject } from '../project/store.ts'

/** A definition file and its list, read and looked at as a whole. */
export type ReadProject = {
  readonly inspected: Inspected
  readonly name: string
  /** Rows of the list, also those that stay behind. */
  readonly records: readonly ListRecord[]
  readonly list: readonly MailboxLine[]
}

const UNREAD = { source: false, target: false, unread: true }

/** Name of the project that a file is about; null where that cannot be told. Nothing else is looked at. */
export function nameIn({ sections, damaged }: Inspected): string | null {
  return damaged.has('project.name') ? null : (sections.project?.name ?? null)
}

/**
 * Reads all of a project without a secret. Every mistake of file and list, and every contradiction between their parts, comes in one
 * `Failure('bad-input')` with its line. `before`: what the store has, whose dates may lie in the past by now.
 */
export async function readProject(
  inspected: Inspected,
  { now, before }: { readonly now: number; readonly before: ProjectPlan | null },
): Promise<ReadProject> {
  const { fileName, mailboxesFile: listFile } = inspected
  const listName = basename(listFile ?? fileName)
  const { rows, unread } = await rowsOf(listFile)
  const { lines: list, problems: listed } =
    rows === null ? { lines: [], problems: [] } : await mailboxesIn(rows, { directory: '', env: {} }, UNREAD)
  // Bad rows count too: else putting them right would bring the next complaint.
  const isRead = unread === null && (listed.length === 0 || list.length > 0) && !inspected.damaged.has('mailboxes')
  const own = [...planProblems(inspected, { now, before, list: isRead ? list : null }), ...templateProblems(inspected)]
  // Of mailboxes in the definition itself the schema has complained already.
  const schema = new Set(inspected.problems.map(({ line, says }) => `${line} ${says}`))
  const said: readonly Said[] = [
    ...inspected.problems.map((each) => ({ ...each, file: fileName })),
    ...own.map((each) =>
      'line' in each
        ? { line: each.line, column: null, file: listName, says: each.says }
        : { ...inspected.at(each.at, each.key === true ? 'key' : undefined), file: fileName, says: each.says },
    ),
    ...(unread === null ? [] : [{ ...inspected.at(['mailboxes', 'list']), file: fileName, says: unread }]),
    ...listed
      .filter(({ line, says }) => !schema.has(`${line} ${says}`))
      .map((each) => ({ line: each.line, column: null, file: listName, says: each.says })),
  ]
  const wanted = inspected.problems.length === 0 && listed.length === 0 && unread === null ? wantedMistakes(inspected, list) : []
  const told = [...said.toSorted(byPlace(fileName)).map(sentence), ...wanted]
  if (told.length > 0) throw definitionFailure(fileName, told)
  const { project } = inspected.sections
  // Without it there was a mistake.
  if (project === undefined) throw new Failure('bad-input', `The definition ${fileName} has no section "project".`)
  return { inspected, name: project.name, records: rows === null ? [] : listRecords(rows), list }
}

/** Fields that no message has. */
function templateProblems({ sections }: Inspected): readonly PlanProblem[] {
  return Object.entries(sections.messages?.templates ?? {}).flatMap(([moment, template]) =>
    (['subject', 'text', 'extra'] as const).flatMap((part) =>
      unknownFields(template?.[part] ?? '').map(({ says }) => ({
        at: ['messages', 'templates', moment, part],
        says: `messages.templates.${moment}.${part}: ${says}`,
      })),
    ),
  )
}

type Said = { readonly line: number; readonly column: number | null; readonly file: string; readonly says: string }

function sentence({ file, line, column, says }: Said): string {
  return column === null ? `${file} line ${line}: ${says}` : `${positioned(file, { line, column })}: ${says}`
}

function byPlace(first: string): (a: Said, b: Said) => number {
  return (a, b) => Number(a.file !== first) - Number(b.file !== first) || a.line - b.line || (a.column ?? 0) - (b.column ?? 0)
}

async function rowsOf(listFile: string | null): Promise<{ readonly rows: ListRows | null; readonly unread: string | null }> {
  if (listFile === null) return { rows: null, unread: null }
  try {
    return { rows: await listRows(listFile), unread: null }
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'bad-input') throw error
    return { rows: null, unread: error.message.replace(/\.$/, '') }
  }
}

/** Addresses that are taken twice, and cells that the tenant does not understand. */
function wantedMistakes(inspected: Inspected, list: readonly MailboxLine[]): readonly string[] {
  try {
    wantedTenant(definitionOf(inspected), list, inspected.mailboxesFile)
    return []
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return error.message.split('\n').slice(1)
  }
}

function definitionOf(inspected: Inspected): Parameters<typeof wantedTenant>[0] {
  const { fileName, mailboxesFile } = inspected
  return {
    fileName,
    mailboxesFile,
    sections: wholeSections(inspected),
    where: (path) => `${fileName} line ${inspected.at(path).line}`,
    position: (path, key) => positioned(fileName, inspected.at(path, key)),
  }
}

/** Of a definition without mistakes nothing is missing. */
function wholeSections({ sections }: Inspected): Sections {
  return sections as Sections
}

/** What is kept of it, and the passwords that stood in the list: each goes into a file of its own, which the list then names. */
export type ProjectToKeep = {
  readonly yaml: string
  readonly list: string
  readonly passwords: readonly { readonly target: string; readonly path: string; readonly content: string }[]
}

export function projectToKeep({ inspected, records }: ReadProject, folder: string): ProjectToKeep {
  const { directory, mailboxesFile } = inspected
  const from = mailboxesFile === null ? directory : dirname(mailboxesFile)
  const passwords: { target: string; path: string; content: string }[] = []
  const kept = records.map((record) => {
    const cells = new Map(record)
    for (const column of ['source_password', 'target_password'] as const) {
      const given = cells.get(column)
      if (given === undefined || given.startsWith('env:')) continue
      if (given.startsWith('file:')) {
        cells.set(column, wholePlace(given, from))
        continue
      }
      const target = record.get('target') ?? ''
      const who = createHash('sha256').update(`${target.toLowerCase()}\n${record.get('source_login') ?? ''}`)
      const path = join(folder, 'secrets', `${column.replace('_', '-')}-${who.digest('hex').slice(0, 16)}`)
      passwords.push({ target, path, content: `${given}\n` })
      cells.set(column, `file:${path}`)
    }
    return cells
  })
  const list = mailboxesFile === null ? '' : listText(kept)
  return { yaml: rehomed(inspected.text, directory, mailboxesFile === null ? null : 'mailboxes.csv'), list, passwords }
}

/** A kept definition as it is told and compared; null where this version does not understand it any more. */
export async function stateOfKept(
  project: Pick<StoredProject, 'definitionFile'>,
  { yaml, list }: Pick<KeptDefinition, 'yaml' | 'list'>,
): Promise<DefinitionState | null> {
  const inspected = inspectBytes(Buffer.from(yaml), project.definitionFile)
  if (inspected.problems.length > 0) return null
  const rows = csvRows(Buffer.from(list))
  const { lines } = list === '' ? { lines: [] } : await mailboxesIn(rows, { directory: '', env: {} }, UNREAD)
  const sections = wholeSections(inspected)
  const { fileName, directory } = inspected
  const plan = projectPlan({ sections, fileName, file: (name) => join(directory, name) }, lines)
  return { plan, sections, records: list === '' ? [] : listRecords(rows) }
}
