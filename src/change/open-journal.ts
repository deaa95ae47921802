import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from '../db/column.ts'
import { Database } from '../db/database.ts'
import { migrate, refuseNewer } from '../db/migrate.ts'
import { createPrivateFile, createStateDirectory, lockStateDirectory } from '../db/state-directory.ts'
import { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import { Journal } from './journal.ts'
import { MIGRATIONS } from './schema.ts'
import { SecretBook } from './secret-book.ts'

export type JournalOptions = {
  /** A directory of its own: `<state>/tenant`. */
  readonly directory: string
  /** The system that it is about, such as the id of a tenant: a journal of another one is refused. null: whatever it is about. */
  readonly system: string | null
  /** What secrets are sealed by (CUTOVER_STATE_KEY); null: a key of the journal's own, in a file that only its owner may read. */
  readonly sealKey: Secret | null
  readonly now: () => number
}

const FILE = 'journal.sqlite'

/**
 * Opens the journal, made where it is missing, for this process alone. Throws 'state-in-use' naming the process that has it, and
 * 'bad-input' where it is about another system.
 */
export function openJournal<Call>(options: JournalOptions): Journal<Call> {
  const { directory, now } = options
  createStateDirectory(directory)
  const lock = lockStateDirectory(directory)
  try {
    const path = join(directory, FILE)
    createPrivateFile(path)
    const db = new Database(path)
    try {
      db.exec('PRAGMA secure_delete = ON')
      migrate(db, MIGRATIONS, now)
      bind(db, options, true)
      return new Journal<Call>(db, lock, new SecretBook(db, directory, options.sealKey), now)
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    lock[Symbol.dispose]()
    throw error
  }
}

/** The journal to look into, also while another process works with it; null where nothing was ever done. Writing throws. */
export function readJournal<Call>(options: JournalOptions): Journal<Call> | null {
  const path = join(options.directory, FILE)
  if (!existsSync(path)) return null
  const db = new Database(path, { readOnly: true })
  try {
    refuseNewer(db, MIGRATIONS)
    bind(db, options, false)
    return new Journal<Call>(db, null, new SecretBook(db, options.directory, options.sealKey), options.now)
  } catch (error) {
    db.close()
    throw error
  }
}

function bind(db: Database, { directory, system }: JournalOptions, mayWrite: boolean): void {
  if (system === null) return
  const row = db.one('SELECT name FROM system')
  if (row === undefined && mayWrite) db.run('INSERT INTO system (id, name) VALUES (1, ?)', system)
  if (row !== undefined && text(row['name']) !== system)
    throw new Failure(
      'bad-input',
      `The journal in ${directory} is about ${text(row['name'])}, not about ${system}. Choose another --state.`,
    )
}
