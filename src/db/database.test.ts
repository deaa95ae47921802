import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { integer } from './column.ts'
import { Database } from './database.ts'

type Scratch = Disposable & { readonly path: string; open(): Database }

function scratch(): Scratch {
  const directory = mkdtempSync(join(tmpdir(), 'cutover-db-'))
  const path = join(directory, 'x.sqlite')
  const open = (): Database => {
    const db = new Database(path)
    db.exec('CREATE TABLE IF NOT EXISTS a (x INTEGER UNIQUE, y TEXT) STRICT')
    return db
  }
  return { path, open, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) }
}

function count(db: Database): number {
  return integer(db.one('SELECT count(*) AS n FROM a')?.['n'])
}

test('a ledger database writes ahead and syncs each commit', () => {
  using dir = scratch()
  using db = dir.open()
  assert.deepEqual({ ...db.one('PRAGMA journal_mode') }, { journal_mode: 'wal' })
  assert.deepEqual({ ...db.one('PRAGMA synchronous') }, { synchronous: 2 })
  assert.deepEqual({ ...db.one('PRAGMA foreign_keys') }, { foreign_keys: 1 })
})

test('a transaction is all or nothing, with what is nested in it', () => {
  using dir = scratch()
  using db = dir.open()
  const broken = (): void =>
    db.transaction(() => {
      db.transaction(() => db.run('INSERT INTO a (x) VALUES (1)'))
      throw new Error('broken off')
    })
  assert.throws(broken, /broken off/)
  assert.equal(count(db), 0)
  assert.equal(
    db.transaction(() => db.transaction(() => db.run('INSERT INTO a (x) VALUES (1)'))),
    1,
  )
  assert.equal(count(db), 1)
})

test('a full disk is told as such, leaves nothing half-written, and once there is room the database goes on', () => {
  using dir = scratch()
  using db = dir.open()
  const fill = (rows: number): void =>
    db.transaction(() => {
      for (let i = 0; i < rows; i++) db.run('INSERT INTO a (y) VALUES (?)', 'y'.repeat(1000))
    })
  fill(10)
  const pages = integer(db.one('PRAGMA page_count')?.['page_count'])
  db.exec(`PRAGMA max_page_count = ${pages + 3}`)
  assert.throws(() => fill(1000), { code: 'disk-full' })
  assert.equal(count(db), 10)
  db.exec('PRAGMA max_page_count = 100000')
  fill(1000)
  assert.equal(count(db), 1010)
})

test('a file that is no database is a damaged one', () => {
  using dir = scratch()
  writeFileSync(dir.path, 'this is a diary and no database '.repeat(200))
  assert.throws(() => new Database(dir.path), { code: 'state-damaged' })
  assert.throws(() => new Database(dir.path, { readOnly: true }), { code: 'state-damaged' })
})

test('a database with overwritten pages is damaged, not empty', () => {
  using dir = scratch()
  {
    using db = dir.open()
    db.transaction(() => {
      for (let i = 0; i < 500; i++) db.run('INSERT INTO a (x, y) VALUES (?, ?)', i, 'y'.repeat(100))
    })
  }
  const bytes = readFileSync(dir.path)
  writeFileSync(dir.path, bytes.fill(0xff, 4096))
  using db = new Database(dir.path)
  assert.throws(() => db.all('SELECT y FROM a'), { code: 'state-damaged' })
})

test('a directory that is not there is bad input', () => {
  using dir = scratch()
  assert.throws(() => new Database(join(dir.path, 'no', 'such.sqlite')), { code: 'bad-input' })
})

test('another writer that does not let go is named as the state being in use', () => {
  using dir = scratch()
  using holder = dir.open()
  using waiting = new Database(dir.path, { busyTimeoutMs: 0 })
  holder.exec('BEGIN IMMEDIATE')
  assert.throws(() => waiting.transaction(() => waiting.run('INSERT INTO a (x) VALUES (1)')), { code: 'state-in-use' })
  holder.exec('COMMIT')
  assert.equal(waiting.run('INSERT INTO a (x) VALUES (1)'), 1)
})

test('a mistake of ours comes out as the error it is', () => {
  using dir = scratch()
  using db = dir.open()
  db.run('INSERT INTO a (x) VALUES (1)')
  assert.throws(() => db.run('INSERT INTO a (x) VALUES (1)'), { name: 'Error', message: /UNIQUE constraint failed/ })
  assert.throws(() => db.all('SELECT nothing FROM nowhere'), { name: 'Error' })
})
