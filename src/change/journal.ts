import { integer } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import type { Change } from '../model/change.ts'
import type { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import { CHANGE_STATES, mayMove, STATE_NAMES, UNSETTLED, type ChangeState } from './change-state.ts'
import type { Seen } from './hands.ts'
import { rowOf, sameDeed, type Before, type JournalRow } from './journal-row.ts'
import type { HandedOut, SecretBook } from './secret-book.ts'

/** What is written beside a state; what is absent stays as it is. */
export type JournalPatch = {
  readonly before?: Before
  readonly made?: Seen
  readonly callsDone?: number
  readonly undoCallsDone?: number
  readonly acted?: boolean
  /** Absent: what had gone wrong is over. */
  readonly failure?: Failure
  /** Why it was left. */
  readonly why?: string
}

export type RunEntry = { readonly id: number; readonly kind: RunKind; readonly beganAtMs: number; readonly endedAtMs: number | null }
export type RunKind = 'apply' | 'undo'

const RESTING = STATE_NAMES.filter((state) => CHANGE_STATES[state].next.length === 0)

/**
 * What was done to another system, change by change: the truth after a crash, and what can be taken back. Each call that writes is
 * one transaction, on the disk when it returns. Throws `Failure`: 'disk-full', 'state-damaged', 'state-in-use'. See `openJournal`.
 */
export class Journal<Call> implements Disposable {
  readonly #db: Database
  readonly #lock: Disposable | null
  readonly #now: () => number
  readonly #secrets: SecretBook

  constructor(db: Database, lock: Disposable | null, secrets: SecretBook, now: () => number) {
    this.#db = db
    this.#lock = lock
    this.#secrets = secrets
    this.#now = now
  }

  [Symbol.dispose](): void {
    this.#db.close()
    this.#lock?.[Symbol.dispose]()
  }

  beginRun(kind: RunKind): number {
    return this.#db.insert('INSERT INTO run (kind, began_at) VALUES (?, ?)', kind, this.#now())
  }

  endRun(id: number): void {
    this.#db.run('UPDATE run SET ended_at = ? WHERE id = ?', this.#now(), id)
  }

  /** Oldest first. One that was killed has no end. */
  runs(): readonly RunEntry[] {
    return this.#db.all('SELECT id, kind, began_at, ended_at FROM run ORDER BY id').map((row) => ({
      id: integer(row['id']),
      kind: row['kind'] === 'undo' ? 'undo' : 'apply',
      beganAtMs: integer(row['began_at']),
      endedAtMs: row['ended_at'] === null ? null : integer(row['ended_at']),
    }))
  }

  /** All rows, or those that a run took up last, as they were entered. */
  rows(runId?: number): readonly JournalRow<Call>[] {
    const rows = runId === undefined ? this.#db.all('SELECT * FROM change ORDER BY id') : this.#rowsOf(runId)
    return rows.map((row) => rowOf<Call>(row))
  }

  #rowsOf(runId: number) {
    return this.#db.all('SELECT * FROM change WHERE run_id = ? ORDER BY id', runId)
  }

  row(id: number): JournalRow<Call> {
    const row = this.#db.one('SELECT * FROM change WHERE id = ?', id)
    if (row === undefined) throw new Error(`no change ${id} in the journal`)
    return rowOf(row)
  }

  /**
   * The rows of a plan, one for each change, all entered before anything is done. A change that was begun and did not end goes on in
   * its row; one that ended well is looked at again there. What was not begun and is in the plan no longer is dropped.
   */
  enter(runId: number, changes: readonly Change<Call>[]): readonly JournalRow<Call>[] {
    return this.#db.transaction(() => {
      const keys = new Set(changes.map(({ key }) => key))
      for (const row of this.rows())
        if (!keys.has(row.change.key) && (row.state === 'planned' || (row.state === 'failed' && !row.acted))) this.record(row, 'dropped')
      return changes.map((change) => this.#enterOne(runId, change))
    })
  }

  #enterOne(runId: number, change: Change<Call>): JournalRow<Call> {
    const latest = this.#db.one('SELECT * FROM change WHERE key = ? ORDER BY id DESC LIMIT 1', change.key)
    const row = latest === undefined ? null : rowOf<Call>(latest)
    const isOver = row === null || RESTING.includes(row.state) || row.state === 'undoing'
    if (isOver || (!sameDeed(row.change, change) && row.acted) || row.state === 'done') {
      if (row !== null && !isOver && UNSETTLED.includes(row.state)) this.record(row, 'in-doubt')
      return this.#insert(runId, change)
    }
    this.#db.run('UPDATE change SET run_id = ?, body = ? WHERE id = ?', runId, JSON.stringify(change), row.id)
    return this.row(row.id)
  }

  #insert(runId: number, change: Change<Call>): JournalRow<Call> {
    const sql = `INSERT INTO change (run_id, key, body, state, changed_at) VALUES (?, ?, ?, 'planned', ?)`
    return this.row(this.#db.insert(sql, runId, change.key, JSON.stringify(change), this.#now()))
  }

  /** Rows that were begun and did not end, and that this run did not take up: they are taken up now. */
  adopt(runId: number): readonly JournalRow<Call>[] {
    return this.#db.transaction(() => {
      const rows = this.rows().filter(
        (row) => row.runId !== runId && (UNSETTLED.includes(row.state) || (row.state === 'failed' && row.acted)),
      )
      for (const row of rows) this.#db.run('UPDATE change SET run_id = ? WHERE id = ?', runId, row.id)
      return rows.map(({ id }) => this.row(id))
    })
  }

  takeUp(runId: number, rows: readonly JournalRow<Call>[]): void {
    this.#db.transaction(() => {
      for (const { id } of rows) this.#db.run('UPDATE change SET run_id = ? WHERE id = ?', runId, id)
    })
  }

  /** Moves a change on, and returns its row as it is then. A move that CHANGE_STATES does not know is a bug and throws. */
  record({ id }: Pick<JournalRow<Call>, 'id'>, state: ChangeState, patch: JournalPatch = {}): JournalRow<Call> {
    return this.#db.transaction(() => {
      const row = this.row(id)
      if (!mayMove(row.state, state)) throw new Error(`a change that is ${row.state} cannot become ${state}: ${row.change.key}`)
      const now = this.#now()
      const begins = state === 'doing' && row.place === null
      this.#db.run(
        `UPDATE change SET state = ?, place = ?, acted = ?, before = ?, made = ?, calls_done = ?, undo_calls_done = ?, changed_at = ?,
           waiting_since = ?, failure_code = ?, failure_text = ?, why = ? WHERE id = ?`,
        state,
        begins || (state === 'waiting' && row.place === null) ? this.#nextPlace() : row.place,
        (patch.acted ?? row.acted) ? 1 : 0,
        jsonOr(patch.before ?? row.before),
        jsonOr(patch.made ?? row.made),
        patch.callsDone ?? row.callsDone,
        patch.undoCallsDone ?? row.undoCallsDone,
        now,
        state === 'waiting' ? (row.waitingSinceMs ?? now) : row.waitingSinceMs,
        patch.failure?.code ?? null,
        patch.failure?.message ?? null,
        patch.why ?? null,
        id,
      )
      if (state === 'undone' || state === 'already' || state === 'dropped') this.#secrets.forget(id)
      return this.row(id)
    })
  }

  #nextPlace(): number {
    return integer(this.#db.one('SELECT coalesce(max(place), 0) + 1 AS place FROM change')?.['place'])
  }

  /** The secrets of a change, made where they are missing: before the call that needs them, so that a later attempt has the same. */
  secretsOf({ id, change }: JournalRow<Call>): ReadonlyMap<string, Secret> {
    return this.#db.transaction(() => this.#secrets.of(id, change.secrets ?? []))
  }

  /** Secrets that wait to be handed out. */
  secretsWaiting(): number {
    return this.#secrets.waiting()
  }

  /** The secrets of all that was carried out. They are gone from the journal with that; a second call returns none. */
  handOut(deliver: (all: readonly HandedOut[]) => void): readonly HandedOut[] {
    return this.#secrets.handOut(deliver)
  }
}

function jsonOr(value: Before | Seen | null): string | null {
  return value === null ? null : JSON.stringify(value)
}
