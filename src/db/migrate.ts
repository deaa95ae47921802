import { Failure } from '../model/failure.ts'
import { integer } from './column.ts'
import type { Database } from './database.ts'

/** One step of the schema; its number is its place in the list, from 1. Steps that a release has carried are never edited. */
export type Migration = { readonly name: string; readonly sql: string }

/** The number of the last step that this database has seen; 0 for a fresh file. Throws 'state-damaged' on somebody else's database. */
export function schemaVersion(db: Database): number {
  const tables = db.all(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
  if (tables.length === 0) return 0
  if (!tables.some((table) => table['name'] === 'migration'))
    throw new Failure('state-damaged', `${db.path} is a database, but not one of ours.`)
  const row = db.one('SELECT coalesce(max(version), 0) AS version FROM migration')
  return row === undefined ? 0 : integer(row['version'])
}

/** Throws 'state-newer' when a newer release of us has written this database. */
export function refuseNewer(db: Database, migrations: readonly Migration[]): void {
  const version = schemaVersion(db)
  if (version > migrations.length)
    throw new Failure(
      'state-newer',
      `A newer version of cutover wrote ${db.path} (schema ${version}; this one knows ${migrations.length}).`,
    )
}

/** Brings the database to the last step. Each step is one transaction, so that a kill leaves a whole version. Returns the steps done. */
export function migrate(db: Database, migrations: readonly Migration[], now: () => number): number {
  refuseNewer(db, migrations)
  const from = schemaVersion(db)
  for (const [index, migration] of migrations.entries()) {
    if (index < from) continue
    db.transaction(() => {
      db.exec('CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT')
      db.exec(migration.sql)
      db.insert('INSERT INTO migration (version, name, applied_at) VALUES (?, ?, ?)', index + 1, migration.name, now())
    })
  }
  return migrations.length - from
}
