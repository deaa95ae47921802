import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from '../db/column.ts'
import type { Database } from '../db/database.ts'
import { createPrivateFile } from '../db/state-directory.ts'
import { sealing, type Sealed, type Sealing } from '../lib/sealing.ts'
import type { Change } from '../model/change.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { strongSecret } from './strong-secret.ts'

/** A secret that was made for a change, for the person who passes it on. */
export type HandedOut = { readonly about: string; readonly key: string; readonly name: string; readonly secret: Secret }

type Kept = Sealed & { readonly by: 'state-key' | 'file' }

/**
 * The secrets of a journal, sealed by the key of the operator, or by one of its own in a file beside the journal that only its owner
 * may read. Call within a transaction where all of it must be one.
 */
export class SecretBook {
  readonly #db: Database
  readonly #directory: string
  readonly #stateKey: Sealing | null
  #fileKey: Sealing | null = null

  constructor(db: Database, directory: string, stateKey: Secret | null) {
    this.#db = db
    this.#directory = directory
    this.#stateKey = stateKey === null ? null : sealing(stateKey.reveal())
  }

  /** The secrets of a change by name; those that are not kept yet are made. */
  of(changeId: number, names: readonly string[]): ReadonlyMap<string, Secret> {
    return new Map(names.map((name) => [name, this.#kept(changeId, name) ?? this.#make(changeId, name)]))
  }

  forget(changeId: number): void {
    this.#db.run('DELETE FROM secret WHERE change_id = ?', changeId)
  }

  /** How many wait to be handed out. */
  waiting(): number {
    return this.#rows().length
  }

  /**
   * All secrets of what was carried out, which are gone with that: a second call returns none. `deliver` keeps them somewhere first
   * (at once: it is one transaction with their removal); where it throws they stay.
   */
  handOut(deliver: (all: readonly HandedOut[]) => void): readonly HandedOut[] {
    const all = this.#db.transaction(() => {
      const all = this.#rows().map((row) => {
        const change = JSON.parse(text(row['body'])) as Change<unknown>
        const [id, name] = [Number(row['change_id']), text(row['name'])]
        return { id, about: change.about, key: change.key, name, secret: this.#opened(text(row['sealed']), id, name) }
      })
      const handed = all.map(({ about, key, name, secret }) => ({ about, key, name, secret }))
      if (handed.length > 0) deliver(handed)
      for (const { id } of all) this.forget(id)
      return handed
    })
    // They are overwritten in the file, and the log of it still has them.
    this.#db.all('PRAGMA wal_checkpoint(TRUNCATE)')
    return all
  }

  #rows() {
    return this.#db.all(
      `SELECT change_id, name, sealed, body FROM secret JOIN change ON change.id = change_id
       WHERE state IN ('done', 'waiting') ORDER BY change.place, name`,
    )
  }

  #kept(changeId: number, name: string): Secret | null {
    const row = this.#db.one('SELECT sealed FROM secret WHERE change_id = ? AND name = ?', changeId, name)
    return row === undefined ? null : this.#opened(text(row['sealed']), changeId, name)
  }

  #make(changeId: number, name: string): Secret {
    const secret = strongSecret()
    const by = this.#stateKey === null ? 'file' : 'state-key'
    const kept: Kept = { by, ...(this.#stateKey ?? this.#ownKey()).seal(secret.reveal(), aboutOf(changeId, name)) }
    this.#db.run('INSERT INTO secret (change_id, name, sealed) VALUES (?, ?, ?)', changeId, name, JSON.stringify(kept))
    return secret
  }

  #opened(told: string, changeId: number, name: string): Secret {
    const kept = JSON.parse(told) as Kept
    const key = kept.by === 'file' ? this.#ownKey() : this.#stateKey
    const secret = key?.open(kept, aboutOf(changeId, name)) ?? null
    if (secret !== null) return new Secret(secret)
    if (kept.by === 'file') throw new Failure('state-damaged', `The key ${this.#keyFile} does not open the passwords that were made.`)
    throw new Failure('bad-input', 'The passwords that were made are sealed: set CUTOVER_STATE_KEY as it was then.')
  }

  get #keyFile(): string {
    return join(this.#directory, 'seal.key')
  }

  #ownKey(): Sealing {
    if (this.#fileKey !== null) return this.#fileKey
    const file = this.#keyFile
    createPrivateFile(file)
    // Empty, too, where we were killed between the two: nothing was sealed then.
    if (readFileSync(file, 'utf8') === '') writeFileSync(file, randomBytes(32).toString('base64'), { flush: true })
    this.#fileKey = sealing(readFileSync(file, 'utf8'), 'random')
    return this.#fileKey
  }
}

function aboutOf(changeId: number, name: string): string {
  return `change ${changeId} ${name}`
}
