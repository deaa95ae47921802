import { existsSync } from 'node:fs'
import { Database } from '../db/database.ts'
import { refuseNewer, schemaVersion } from '../db/migrate.ts'
import { Failure } from '../model/failure.ts'
import { MIGRATIONS } from './schema.ts'

/** The database of a ledger, to look into only. `migrateIt` brings one of an older release to this one's schema. */
export function readOnlyDatabase(stateDir: string, path: string, migrateIt: () => void): Database {
  if (!existsSync(path)) throw new Failure('bad-input', `There is no ledger in ${stateDir}: nothing was copied with this --state yet.`)
  const db = new Database(path, { readOnly: true })
  try {
    refuseNewer(db, MIGRATIONS)
    if (schemaVersion(db) === MIGRATIONS.length) return db
  } catch (error) {
    db.close()
    throw error
  }
  db.close()
  migrateIt()
  return new Database(path, { readOnly: true })
}
