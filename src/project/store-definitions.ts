import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { integer, text, textOrNull, type Row } from '../db/column.ts'
import { translateSqlite } from '../db/sqlite-failure.ts'
import { Failure } from '../model/failure.ts'
import type { StoredProject } from './store.ts'

/** A definition as the store keeps it: it means the same wherever it is read from, and its list stands beside it. */
export type KeptDefinition = {
  readonly version: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly who: string | null
  readonly yaml: string
  /** CSV. */
  readonly list: string
}

/** The one that holds; null: the project has none yet. */
export function newestDefinition(project: StoredProject): KeptDefinition | null {
  const row = project.db.one('SELECT * FROM definition WHERE project = ? ORDER BY version DESC LIMIT 1', project.id)
  return row === undefined ? null : keptOf(row)
}

/** All of them, oldest first. */
export function definitions(project: StoredProject): readonly KeptDefinition[] {
  return project.db.all('SELECT * FROM definition WHERE project = ? ORDER BY version', project.id).map(keptOf)
}

/** Keeps a definition as the newest one; its files are written by `settleFiles`. Returns its version. */
export function addDefinition(project: StoredProject, { yaml, list, who }: Pick<KeptDefinition, 'yaml' | 'list' | 'who'>): number {
  const version = (newestDefinition(project)?.version ?? 0) + 1
  project.db.insert(
    'INSERT INTO definition (project, version, at, who, yaml, list) VALUES (?, ?, ?, ?, ?, ?)',
    project.id,
    version,
    Math.round(project.now()),
    who,
    yaml,
    list,
  )
  return version
}

/**
 * Puts the files of a project in order: those of the newest definition are written where they are missing or are of an earlier one, as
 * after a crash. Throws `bad-input` where somebody edited them: an edit is never lost, and never taken over unseen.
 */
export function settleFiles(project: StoredProject): void {
  const newest = newestDefinition(project)
  if (newest === null) return
  const places = [
    { path: project.definitionFile, wanted: newest.yaml, part: 'yaml' as const },
    { path: project.mailboxesFile, wanted: newest.list, part: 'list' as const },
  ].filter(({ path, wanted }) => textAt(path) !== wanted)
  const edited = places.filter(({ path, part }) => {
    const found = textAt(path)
    return found !== null && !definitions(project).some((kept) => kept[part] === found)
  })
  if (edited.length > 0)
    throw new Failure(
      'bad-input',
      `${edited.map(({ path }) => basename(path)).join(' and ')} in ${project.folder} was changed by hand. \`cutover project import ${project.definitionFile}\` takes the change over; \`cutover project export\` shows what holds.`,
    )
  for (const { path, wanted } of places) writeWhole(path, wanted)
}

/** Writes the files of the newest definition whatever stands there. */
export function writeFiles(project: StoredProject): void {
  const newest = newestDefinition(project)
  if (newest === null) return
  if (textAt(project.definitionFile) !== newest.yaml) writeWhole(project.definitionFile, newest.yaml)
  if (textAt(project.mailboxesFile) !== newest.list) writeWhole(project.mailboxesFile, newest.list)
}

/** There whole or not at all, for its owner alone. */
export function writeWhole(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const file = openSync(temporary, 'w', 0o600)
    try {
      writeFileSync(file, content)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw translateSqlite(error, path)
  }
}

/** null: there is no such file. */
export function textAt(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw translateSqlite(error, path)
  }
}

function keptOf(row: Row): KeptDefinition {
  return {
    version: integer(row['version']),
    at: integer(row['at']),
    who: textOrNull(row['who'] ?? null),
    yaml: text(row['yaml']),
    list: text(row['list']),
  }
}
