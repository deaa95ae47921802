import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { integer } from './column.ts'
import { Database } from './database.ts'
import { Failure } from '../model/failure.ts'
import { translateSqlite } from './sqlite-failure.ts'

/** Makes the directory where it is missing, open to its owner alone. One that exists keeps its permissions. */
export function createStateDirectory(directory: string): void {
  try {
    const made = mkdirSync(directory, { recursive: true, mode: 0o700 })
    // mkdir follows the umask, which may have taken rights from the owner as well.
    if (made !== undefined) chmodSync(directory, 0o700)
  } catch (error) {
    throw translateSqlite(error, directory)
  }
}

/** Makes the file where it is missing, readable by its owner alone. An existing one is not even opened: closing it would drop SQLite's locks. */
export function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return
    throw translateSqlite(error, path)
  }
}

/**
 * Takes the state directory for this process; a second process gets 'state-in-use' naming the pid that holds it.
 * The lock is SQLite's own, on a database that holds nothing else: the system drops it when the process ends, however it ends.
 * An open write transaction is the lock; beside it others may still read whose it is.
 */
export function lockStateDirectory(directory: string, pid: number = process.pid): Disposable {
  const path = join(directory, 'lock.sqlite')
  createPrivateFile(path)
  const db = new Database(path, { journal: 'delete' })
  try {
    // Writing the pid needs a commit, which lets go for an instant. Whoever slips in there has the lock, and we say so.
    waitFor(db, 100)
    db.transaction(() => {
      // A reader of the pid may delay the commit, but not keep it up.
      waitFor(db, 5000)
      db.exec('CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY CHECK (id = 1), pid INTEGER NOT NULL) STRICT')
      db.run('INSERT INTO holder (id, pid) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET pid = excluded.pid', pid)
    })
    waitFor(db, 100)
    db.exec('BEGIN IMMEDIATE')
    return db
  } catch (error) {
    const holder = holderOf(db)
    db.close()
    if (error instanceof Failure && error.code === 'state-in-use')
      throw new Failure('state-in-use', `The state directory ${directory} is in use by ${holder}.`, { cause: error.cause })
    throw error
  }
}

function waitFor(db: Database, busyTimeoutMs: number): void {
  db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
}

/** Who holds the lock, in words: for an instant after it was taken the pid is not to be read yet. */
function holderOf(db: Database): string {
  try {
    waitFor(db, 5000)
    const row = db.one('SELECT pid FROM holder')
    return row === undefined ? 'another process' : `process ${integer(row['pid'])}`
  } catch {
    return 'another process'
  }
}
