import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Database } from './database.ts'
import { migrate, schemaVersion, type Migration } from './migrate.ts'

const FIRST: Migration = { name: 'first', sql: 'CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);' }
const SECOND: Migration = { name: 'second', sql: 'ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = x;' }
const now = (): number => 5

test('a fresh database takes every step, each once', () => {
  using db = new Database(':memory:')
  assert.equal(schemaVersion(db), 0)
  assert.equal(migrate(db, [FIRST, SECOND], now), 2)
  assert.equal(migrate(db, [FIRST, SECOND], now), 0)
  assert.deepEqual(
    db.all('SELECT * FROM migration').map((row) => ({ ...row })),
    [
      { version: 1, name: 'first', applied_at: 5 },
      { version: 2, name: 'second', applied_at: 5 },
    ],
  )
})

test('an older database takes the steps it lacks and keeps its rows', () => {
  using db = new Database(':memory:')
  migrate(db, [FIRST], now)
  assert.equal(migrate(db, [FIRST, SECOND], now), 1)
  assert.deepEqual({ ...db.one('SELECT * FROM a') }, { x: 1, y: '1' })
})

test('a database of a newer release is refused and left alone', () => {
  using db = new Database(':memory:')
  migrate(db, [FIRST, SECOND], now)
  assert.throws(() => migrate(db, [FIRST], now), { code: 'state-newer' })
  assert.equal(schemaVersion(db), 2)
})

test('a step that fails leaves the version before it, whole', () => {
  using db = new Database(':memory:')
  migrate(db, [FIRST], now)
  const broken = { name: 'broken', sql: 'DELETE FROM a; CREATE TABLE a (x INTEGER);' }
  assert.throws(() => migrate(db, [FIRST, broken], now), /already exists/)
  assert.equal(schemaVersion(db), 1)
  assert.equal(db.all('SELECT * FROM a').length, 1)
})

test('the database of another program is not touched', () => {
  using db = new Database(':memory:')
  db.exec('CREATE TABLE diary (entry TEXT)')
  assert.throws(() => migrate(db, [FIRST], now), { code: 'state-damaged' })
})
