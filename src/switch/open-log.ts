import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from '../db/column.ts'
import { Database } from '../db/database.ts'
import { migrate, refuseNewer } from '../db/migrate.ts'
import { createPrivateFile, createStateDirectory, lockStateDirectory } from '../db/state-directory.ts'
import { Failure } from '../model/failure.ts'
import type { Reading } from './events.ts'
import { StoredLog } from './log.ts'
import { MIGRATIONS } from './schema.ts'

export type LogOptions = {
  /** `<state>/switch/<domain>`. */
  readonly directory: string
  readonly domain: string
  readonly reading: () => Reading
}

const FILE = 'switch.sqlite'

/**
 * Opens the log, made where it is missing. `run`: for the one process that carries the switch out, `state-in-use` where another one
 * does. `say`: to write a person's word beside it.
 */
export function openLog(options: LogOptions, to: 'run' | 'say'): StoredLog {
  const { directory, domain, reading } = options
  createStateDirectory(directory)
  const lock = to === 'run' ? lockStateDirectory(directory) : null
  try {
    const path = join(directory, FILE)
    createPrivateFile(path)
    const db = new Database(path)
    try {
      migrate(db, MIGRATIONS, () => reading().wallMs)
      db.transaction(() => {
        if (db.one('SELECT name FROM domain') === undefined) db.run('INSERT INTO domain (id, name) VALUES (1, ?)', domain)
      })
      checkDomain(db, options)
      return new StoredLog(db, lock, domain, reading)
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    lock?.[Symbol.dispose]()
    throw error
  }
}

/** The log to look into, also while another process runs the switch; null where nothing was ever begun. */
export function readLog(options: LogOptions): StoredLog | null {
  const path = join(options.directory, FILE)
  if (!existsSync(path)) return null
  const db = new Database(path, { readOnly: true })
  try {
    refuseNewer(db, MIGRATIONS)
    checkDomain(db, options)
    return new StoredLog(db, null, options.domain, options.reading)
  } catch (error) {
    db.close()
    throw error
  }
}

function checkDomain(db: Database, { directory, domain }: LogOptions): void {
  const row = db.one('SELECT name FROM domain')
  if (row !== undefined && text(row['name']) !== domain)
    throw new Failure('bad-input', `The log in ${directory} is about ${text(row['name'])}, not about ${domain}. Choose another --state.`)
}
