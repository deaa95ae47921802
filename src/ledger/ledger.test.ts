import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { integer } from '../db/column.ts'
import { Database } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'
import { openLedger } from './ledger.ts'
import { copyAll, ledgerRig, newEntry } from './rig.ts'
import { MIGRATIONS } from './schema.ts'

function scratch(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'cutover-state-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

const IDENTITY = { source: 'a', destination: 'b', name: 'c' }

test('a ledger is made on first use, for its owner alone, and found again', () => {
  using dir = scratch()
  const state = join(dir.path, 'state')
  using first = openLedger(state)
  const id = first.mailbox(IDENTITY)
  assert.equal(statSync(state).mode & 0o777, 0o700)
  for (const file of readdirSync(state)) assert.equal(statSync(join(state, file)).mode & 0o077, 0, file)
  first.close()
  using again = openLedger(state)
  assert.deepEqual(
    again.mailboxes().map((mailbox) => mailbox.id),
    [id],
  )
})

test('while one process writes, another may read but not write', () => {
  using dir = scratch()
  using writer = openLedger(dir.path)
  const folder = writer.putFolder(writer.mailbox(IDENTITY), { sourceName: 'INBOX', sourcePath: ['INBOX'], found: 2 })
  copyAll(writer, folder.id, [1])
  assert.throws(() => openLedger(dir.path), { code: 'state-in-use', message: new RegExp(`process ${process.pid}\\b`) })
  using reader = openLedger(dir.path, { readOnly: true })
  assert.equal(reader.statement('all').copied, 1)
  writer.atomic(() => {
    copyAll(writer, folder.id, [2])
    assert.equal(reader.statement('all').copied, 1, 'what is not committed is not seen')
  })
  assert.equal(reader.statement('all').copied, 2)
  assert.throws(() => reader.mailbox({ ...IDENTITY, source: 'x' }), { code: 'bad-input' })
})

test('reading needs a ledger and makes none', () => {
  using dir = scratch()
  const state = join(dir.path, 'state')
  assert.throws(() => openLedger(state, { readOnly: true }), { code: 'bad-input', message: /no ledger/ })
  assert.deepEqual(readdirSync(dir.path), [])
})

test('a damaged ledger is told as such and gives the directory free again', () => {
  using dir = scratch()
  const path = join(dir.path, 'ledger.sqlite')
  writeFileSync(path, 'x'.repeat(5000))
  for (let i = 0; i < 2; i++) assert.throws(() => openLedger(dir.path), { code: 'state-damaged' })
  assert.throws(() => openLedger(dir.path, { readOnly: true }), { code: 'state-damaged' })
  truncateSync(path)
  openLedger(dir.path).close()
})

test('a ledger of a newer release is refused, for reading too', () => {
  using dir = scratch()
  openLedger(dir.path).close()
  {
    using db = new Database(join(dir.path, 'ledger.sqlite'))
    db.run(`INSERT INTO migration (version, name, applied_at) VALUES (?, 'later', 0)`, MIGRATIONS.length + 1)
  }
  assert.throws(() => openLedger(dir.path), { code: 'state-newer' })
  assert.throws(() => openLedger(dir.path, { readOnly: true }), { code: 'state-newer' })
})

test('a ledger of every older release becomes the same as a fresh one, whether opened to write or to read', () => {
  const shape = (path: string): unknown => {
    using db = new Database(path)
    return db.all('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').map((row) => ({ ...row }))
  }
  using fresh = scratch()
  openLedger(fresh.path).close()
  for (let version = 0; version < MIGRATIONS.length; version++) {
    for (const readOnly of [false, true]) {
      using dir = scratch()
      const path = join(dir.path, 'ledger.sqlite')
      {
        using db = new Database(path)
        migrate(db, MIGRATIONS.slice(0, version), () => 0)
        if (version > 0) db.run(`INSERT INTO mailbox (source, destination, name, began_at) VALUES ('a', 'b', 'kept', 0)`)
      }
      using ledger = openLedger(dir.path, { readOnly })
      assert.deepEqual(
        ledger.mailboxes().map((mailbox) => mailbox.name),
        version > 0 ? ['kept'] : [],
      )
      assert.deepEqual(ledger.verifications(1), [])
      ledger.close()
      assert.deepEqual(shape(path), shape(join(fresh.path, 'ledger.sqlite')))
    }
  }
})

test('a lease does not outlive the process that held the directory', () => {
  using dir = scratch()
  {
    using ledger = openLedger(dir.path)
    ledger.lease(ledger.mailbox(IDENTITY), 'worker 1', 1e9)
  }
  using ledger = openLedger(dir.path)
  using lease = ledger.lease(ledger.mailbox(IDENTITY), 'worker 2', 1e9)
  assert.ok(lease)
})

test('when the disk fills up while recording, whole batches stand and the ledger goes on once there is room', () => {
  using rig = ledgerRig()
  const { ledger, db, folder } = rig
  const pages = integer(db.one('PRAGMA page_count')?.['page_count'])
  db.exec(`PRAGMA max_page_count = ${pages + 8}`)
  const batch = (first: number): void =>
    ledger.record({ sending: Array.from({ length: 32 }, (_, index) => newEntry(folder.id, first + index)) })
  let next = 1
  assert.throws(
    () => {
      for (; next < 32_000; next += 32) batch(next)
    },
    { code: 'disk-full' },
  )
  assert.ok(next > 32)
  assert.equal(ledger.sending(folder.id).length, next - 1)
  db.exec('PRAGMA max_page_count = 1000000')
  batch(next)
  assert.equal(ledger.knownUids(folder.id, '7').toString(), `1:${next + 31}`)
})

/** Records batches of 50: 50 more in `sending`, and the 50 before them `copied`, as fast as it can; says how many are done. */
const ENDLESS = `
  const [ledgerUrl, rigUrl, directory] = process.argv.slice(1)
  const { openLedger } = await import(ledgerUrl)
  const { newEntry, receipt } = await import(rigUrl)
  const ledger = openLedger(directory)
  const folder = ledger.putFolder(ledger.mailbox({ source: 'a', destination: 'b', name: 'c' }), { sourceName: 'INBOX', sourcePath: ['INBOX'] })
  const start = ledger.sending(folder.id).map((entry) => entry.uid)
  let done = ledger.knownUids(folder.id, '7').max
  let before = start
  for (;;) {
    const uids = Array.from({ length: 50 }, (_, index) => done + index + 1)
    ledger.record({ sending: uids.map((uid) => newEntry(folder.id, uid)), copied: before.map((uid) => receipt(folder.id, uid)) })
    before = uids
    done += 50
    if (!process.stdout.write(done + '\\n')) await new Promise((resolve) => process.stdout.once('drain', resolve))
  }`

test('a process killed while it records leaves whole batches, all that it had been told were written, and a sound file', async () => {
  using dir = scratch()
  const urls = ['./ledger.ts', './rig.ts'].map((file) => new URL(file, import.meta.url).href)
  for (const killAfter of [1, 7, 20]) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', ENDLESS, ...urls, dir.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    let told = 0
    let lines = 0
    for await (const line of createInterface({ input: child.stdout })) {
      told = Number(line)
      if (++lines === killAfter) child.kill('SIGKILL')
    }
    await ended
    {
      using reader = openLedger(dir.path, { readOnly: true })
      assert.ok(reader.knownUids(1, '7').max >= told, 'reading works on what the killed process left')
    }
    using ledger = openLedger(dir.path)
    const rows = ledger.knownUids(1, '7').size
    assert.equal(rows % 50, 0)
    assert.ok(rows >= told, `${rows} of ${told}`)
    assert.equal(ledger.sending(1).length, 50)
    assert.equal(ledger.statement('all').copied, rows - 50)
    ledger.close()
    using db = new Database(join(dir.path, 'ledger.sqlite'))
    assert.deepEqual({ ...db.one('PRAGMA integrity_check') }, { integrity_check: 'ok' })
  }
})
