import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Secret } from '../model/secret.ts'
import { CHANGE_STATES, mayMove, STATE_NAMES } from './change-state.ts'
import type { Journal } from './journal.ts'
import { openJournal, readJournal, type JournalOptions } from './open-journal.ts'
import { small } from './small-plan.fixture.ts'
import type { SmallCall } from './small-system.fixture.ts'
import { statement } from './statement.ts'
import { strongSecret } from './strong-secret.ts'

const scratch = mkdtempSync(join(tmpdir(), 'cutover-journal-'))
after(() => rmSync(scratch, { recursive: true }))
let count = 0
const options = (more: Partial<JournalOptions> = {}): JournalOptions => ({
  directory: join(scratch, `${++count}`),
  system: 'tenant one',
  sealKey: null,
  now: () => 1_800_000_000_000,
  ...more,
})
const open = (given: JournalOptions): Journal<SmallCall> => openJournal<SmallCall>(given)
const WITH_PASSWORD = small('anna', { secrets: ['password'] })

/** As a run would have carried it out. */
function carriedOut(journal: Journal<SmallCall>, change = WITH_PASSWORD): string {
  const [row] = journal.enter(journal.beginRun('apply'), [change])
  if (row === undefined) throw new Error('no row')
  const secret = journal.secretsOf(row).get('password')
  journal.record(row, 'doing', { before: { seen: null, added: [], removed: [] }, acted: true })
  journal.record(row, 'waiting', { callsDone: 1 })
  journal.record(row, 'done')
  return secret?.reveal() ?? ''
}

test('a second run is told who has the journal, while looking into it goes on', () => {
  const given = options()
  assert.equal(readJournal(given), null)
  using journal = open(given)
  carriedOut(journal)
  assert.throws(() => open(given), { code: 'state-in-use', message: new RegExp(`process ${process.pid}\\b`) })
  using reading = readJournal<SmallCall>(given)
  assert.deepEqual(
    reading?.rows().map(({ change, state }) => [change.key, state]),
    [['anna', 'done']],
  )
  assert.throws(() => reading?.beginRun('apply'))
})

test('the journal of another tenant is refused, and not touched', () => {
  const given = options()
  open(given)[Symbol.dispose]()
  assert.throws(() => open({ ...given, system: 'tenant two' }), { code: 'bad-input', message: /is about tenant one, not about tenant two/ })
  open({ ...given, system: null })[Symbol.dispose]()
  open(given)[Symbol.dispose]()
})

test('a move that the table of states does not know is a bug, and nothing is written', () => {
  using journal = open(options())
  const [row] = journal.enter(journal.beginRun('apply'), [small('a', {})])
  if (row === undefined) throw new Error('no row')
  assert.throws(() => journal.record(row, 'undone'), /cannot become undone/)
  assert.equal(journal.row(row.id).state, 'planned')
  for (const state of STATE_NAMES)
    for (const next of STATE_NAMES)
      assert.equal(mayMove(state, next), state === next || [...CHANGE_STATES[state].next].some((one) => one === next))
})

test('whatever became of the changes, their counts add up', () => {
  using journal = open(options())
  const runId = journal.beginRun('apply')
  const [a, b, c] = journal.enter(runId, [small('a', {}), small('b', {}), small('c', {}), small('d', {})])
  for (const row of [a, b, c]) if (row !== undefined) journal.record(row, 'doing', { acted: true })
  if (a !== undefined) journal.record(a, 'done')
  if (b !== undefined) journal.record(b, 'in-doubt')
  const { total, counts, open: left } = statement(journal.rows(runId))
  assert.equal(total, 4)
  assert.equal(
    Object.values(counts).reduce((sum, one) => sum + one, 0),
    total,
  )
  assert.deepEqual(
    left.map(({ key }) => key),
    ['b', 'c', 'd'],
  )
})

for (const sealKey of [null, new Secret('key of the operator')])
  test(`passwords are handed out once, and are nowhere in the state directory${sealKey === null ? '' : ', sealed by the key of the operator'}`, () => {
    const given = options({ sealKey })
    let password: string
    {
      using journal = open(given)
      password = carriedOut(journal)
    }
    const everything = (): string =>
      readdirSync(given.directory)
        .map((file) => readFileSync(join(given.directory, file), 'latin1'))
        .join()
    assert.equal(password.length, 20)
    assert.equal(everything().includes(password), false)
    using journal = open(given)
    assert.equal(journal.secretsWaiting(), 1)
    const sealed = /"sealed":"([^"]+)"/.exec(everything())?.[1] ?? 'none'
    assert.ok(everything().includes(sealed))
    assert.deepEqual(
      journal.handOut(() => {}).map(({ about, name, secret }) => [about, name, secret.reveal(), String(secret)]),
      [['anna', 'password', password, '***']],
    )
    assert.equal(everything().includes(sealed), false)
    assert.deepEqual([journal.handOut(() => {}), journal.secretsWaiting()], [[], 0])
    for (const file of readdirSync(given.directory))
      if (!/-(?:wal|shm)$/.test(file)) assert.equal(statSync(join(given.directory, file)).mode & 0o077, 0)
  })

test('a password of what was not carried out is not handed out, and goes with what was taken back', () => {
  using journal = open(options())
  const [row] = journal.enter(journal.beginRun('apply'), [WITH_PASSWORD])
  if (row === undefined) throw new Error('no row')
  const first = journal.secretsOf(row).get('password')?.reveal()
  journal.record(row, 'doing', { acted: true })
  assert.equal(journal.secretsOf(row).get('password')?.reveal(), first)
  assert.deepEqual(
    journal.handOut(() => {}),
    [],
  )
  journal.record(row, 'done')
  assert.equal(journal.secretsWaiting(), 1)
  journal.record(row, 'undoing')
  journal.record(row, 'undone')
  assert.deepEqual(
    journal.handOut(() => {}),
    [],
  )
})

test('a key that does not open the passwords says which one it was, and nothing is lost by asking', () => {
  const given = options({ sealKey: new Secret('one') })
  {
    using journal = open(given)
    carriedOut(journal)
  }
  for (const sealKey of [null, new Secret('two')]) {
    using journal = open({ ...given, sealKey })
    assert.throws(() => journal.handOut(() => {}), { code: 'bad-input', message: /set CUTOVER_STATE_KEY as it was then/ })
    assert.equal(journal.secretsWaiting(), 1)
  }
  const own = options()
  {
    using journal = open(own)
    carriedOut(journal)
  }
  writeFileSync(join(own.directory, 'seal.key'), 'another')
  using journal = open(own)
  assert.throws(() => journal.handOut(() => {}), { code: 'state-damaged' })
})

test('a password has twenty characters of all four classes, none that is taken for another, and is never the same', () => {
  const all = Array.from({ length: 500 }, () => strongSecret().reveal())
  assert.equal(new Set(all).size, 500)
  for (const one of all) {
    assert.match(one, /^[A-Za-z][A-Za-z2-9!#%*+\-?@_]{18}[A-Za-z]$/)
    assert.doesNotMatch(one, /[0O1lIo]/)
    for (const kind of [/[a-z]/, /[A-Z]/, /[2-9]/, /[^A-Za-z0-9]/]) assert.match(one, kind)
  }
})
