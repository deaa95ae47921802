import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { integer, text, type Row } from '../db/column.ts'
import { Database } from '../db/database.ts'
import { migrate, refuseNewer } from '../db/migrate.ts'
import { createPrivateFile, createStateDirectory } from '../db/state-directory.ts'
import { Failure } from '../model/failure.ts'
import { MIGRATIONS } from './store-schema.ts'

/** Where projects are kept where nobody says otherwise; the environment's CUTOVER_STORE goes before it. */
export const DEFAULT_STORE = 'cutover-projects'
export const STORE_FILE = 'projects.sqlite'

/** One project in its store. Plain data but for the database that `store-records.ts` and others work on. */
export type StoredProject = {
  readonly db: Database
  readonly id: number
  readonly name: string
  readonly createdAt: number
  readonly now: () => number
  /** `<store>/<name>`, and what is in it. */
  readonly folder: string
  /** What every operation takes as its definition. */
  readonly definitionFile: string
  readonly mailboxesFile: string
  /** What every operation takes as `stateDir`: ledger, journals of tenant and DNS, logs of switches. */
  readonly stateDir: string
  readonly reportsDir: string
}

export type StoreOptions = {
  /** Looks only: others may work in it meanwhile, and nothing is made where there is no store. */
  readonly readOnly?: boolean
  readonly now: () => number
}

/** The projects of one directory, side by side. */
export class ProjectStore implements Disposable {
  readonly directory: string
  readonly db: Database
  readonly #now: () => number

  constructor(directory: string, db: Database, now: () => number) {
    this.directory = directory
    this.db = db
    this.#now = now
  }

  projects(): readonly StoredProject[] {
    return this.db.all('SELECT id, name, created_at FROM project ORDER BY name').map((row) => this.#project(row))
  }

  find(name: string): StoredProject | null {
    const row = this.db.one('SELECT id, name, created_at FROM project WHERE name = ?', name)
    return row === undefined ? null : this.#project(row)
  }

  /** The one that is meant; null: the only one. Throws `bad-input` that names those there are. */
  project(name: string | null): StoredProject {
    const found = name === null ? this.#only() : this.find(name)
    if (found !== null) return found
    const names = this.projects().map((each) => each.name)
    if (names.length === 0)
      throw new Failure('bad-input', `There is no project in ${this.directory} yet: \`cutover project import cutover.yaml\` makes one.`)
    const called = name === null ? 'Which project? Say --project NAME:' : `There is no project "${name}" in ${this.directory}:`
    throw new Failure('bad-input', `${called} there ${names.length === 1 ? 'is' : 'are'} ${listed(names)}.`)
  }

  /** Makes a project without anything in it, within the caller's transaction. */
  add(name: string): StoredProject {
    this.db.insert('INSERT INTO project (name, created_at) VALUES (?, ?)', name, this.#now())
    return this.project(name)
  }

  close(): void {
    this.db.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #only(): StoredProject | null {
    const [first, second] = this.projects()
    return first !== undefined && second === undefined ? first : null
  }

  #project(row: Row): StoredProject {
    const name = text(row['name'])
    const folder = join(this.directory, name)
    return {
      db: this.db,
      id: integer(row['id']),
      name,
      createdAt: integer(row['created_at']),
      now: this.#now,
      folder,
      definitionFile: join(folder, 'cutover.yaml'),
      mailboxesFile: join(folder, 'mailboxes.csv'),
      stateDir: join(folder, 'state'),
      reportsDir: join(folder, 'reports'),
    }
  }
}

/** Opens the store, made where it is missing. Throws `state-newer` where a newer version wrote it; nothing is changed then. */
export function openStore(directory: string, { readOnly = false, now }: StoreOptions): ProjectStore {
  const whole = resolve(directory)
  const path = join(whole, STORE_FILE)
  if (readOnly && !existsSync(path))
    throw new Failure(
      'bad-input',
      `There are no projects in ${whole}: \`cutover project import cutover.yaml\` makes one, --store names another place.`,
    )
  if (!readOnly) {
    createStateDirectory(whole)
    createPrivateFile(path)
  }
  const db = new Database(path, { readOnly })
  try {
    if (readOnly) refuseNewer(db, MIGRATIONS)
    else migrate(db, MIGRATIONS, now)
    return new ProjectStore(whole, db, now)
  } catch (error) {
    db.close()
    throw error
  }
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ')
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown
}
