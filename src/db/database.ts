import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Cells, Row } from './column.ts'
import { translateSqlite } from './sqlite-failure.ts'

export type DatabaseOptions = {
  readonly readOnly?: boolean
  /** How long to wait for a lock that another process holds. */
  readonly busyTimeoutMs?: number
  /** `wal` lets others read while we write; `delete` keeps everything in the one file. */
  readonly journal?: 'wal' | 'delete'
}

/**
 * One SQLite file, write-ahead log, full sync: what `transaction` returned from is on the disk, whatever happens next.
 * Calls are synchronous. Errors of the file and the disk come out as a `Failure`, mistakes of ours as they are.
 */
export class Database implements Disposable {
  readonly path: string
  readonly #sqlite: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  readonly #cellStatements = new Map<string, StatementSync>()

  constructor(path: string, options: DatabaseOptions = {}) {
    this.path = path
    const readOnly = options.readOnly ?? false
    let sqlite: DatabaseSync | undefined
    try {
      sqlite = new DatabaseSync(path, { readOnly, timeout: options.busyTimeoutMs ?? 5000 })
      // 4000 pages between checkpoints: each costs two more syncs. The log file shrinks again after a burst.
      if (!readOnly && options.journal !== 'delete') sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000')
      sqlite.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 33554432')
      // The first read of the file: what is no database fails here and not in the middle of the work.
      sqlite.prepare('SELECT count(*) FROM sqlite_schema').get()
      this.#sqlite = sqlite
    } catch (error) {
      sqlite?.close()
      throw translateSqlite(error, path)
    }
  }

  /** The statement, prepared once. For loops over many rows; wrap the loop in `transaction` or `guard`. */
  statement(sql: string): StatementSync {
    return this.#prepared(this.#statements, sql, false)
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.guard(() => this.statement(sql).all(...values))
  }

  /** As `all`, for many rows. */
  cells(sql: string, ...values: readonly SQLInputValue[]): readonly Cells[] {
    // With setReturnArrays rows are arrays; the types of node:sqlite do not follow it.
    return this.guard(() => this.#prepared(this.#cellStatements, sql, true).all(...values) as unknown as readonly Cells[])
  }

  /** Calls back for each row as it is read. `onRow` must not run the same query. */
  eachCells(sql: string, values: readonly SQLInputValue[], onRow: (cells: Cells) => void): void {
    this.guard(() => {
      const rows: Iterable<unknown> = this.#prepared(this.#cellStatements, sql, true).iterate(...values)
      for (const row of rows) onRow(row as Cells)
    })
  }

  one(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.guard(() => this.statement(sql).get(...values))
  }

  /** Runs one statement and returns how many rows it changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return this.guard(() => Number(this.statement(sql).run(...values).changes))
  }

  /** Runs an INSERT and returns the id of the new row. */
  insert(sql: string, ...values: readonly SQLInputValue[]): number {
    return this.guard(() => Number(this.statement(sql).run(...values).lastInsertRowid))
  }

  /** Runs SQL of several statements, uncached: schema and pragmas. */
  exec(sql: string): void {
    this.guard(() => {
      this.#sqlite.exec(sql)
    })
  }

  /**
   * All of `body` or nothing, also when the disk fills up or the process dies. A call within a call joins the outer one.
   * `body` must not await: other work on this connection would become part of it.
   */
  transaction<T>(body: () => T): T {
    if (this.#sqlite.isTransaction) return body()
    return this.guard(() => {
      this.statement('BEGIN IMMEDIATE').run()
      try {
        const result = body()
        this.statement('COMMIT').run()
        return result
      } catch (error) {
        // After some errors (a full disk among them) SQLite has rolled back by itself.
        if (this.#sqlite.isTransaction) this.statement('ROLLBACK').run()
        throw error
      }
    })
  }

  /** Runs `body` and translates what SQLite throws in it. */
  guard<T>(body: () => T): T {
    try {
      return body()
    } catch (error) {
      throw translateSqlite(error, this.path)
    }
  }

  #prepared(cache: Map<string, StatementSync>, sql: string, returnArrays: boolean): StatementSync {
    let statement = cache.get(sql)
    if (statement === undefined) {
      statement = this.guard(() => this.#sqlite.prepare(sql))
      statement.setReturnArrays(returnArrays)
      cache.set(sql, statement)
    }
    return statement
  }

  close(): void {
    this.#statements.clear()
    this.#cellStatements.clear()
    if (this.#sqlite.isOpen) this.#sqlite.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
