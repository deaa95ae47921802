/** What people get wrong, through the real command line: a clear sentence that says what to do, the right exit code, and nothing started. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import type { CopyResult } from '../../src/api/results.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { needs } from '../servers/available.ts'
import { type DovecotServer, startDovecot } from '../servers/dovecot.ts'
import { type Finished, runCutover } from '../rig/process.ts'
import { mailboxList, outcomeOf, simulatedMigration } from './migration.ts'

const skip = needs('dovecot')
const execute = promisify(execFile)
let folder = ''
let states = 0
let dovecot: DovecotServer | undefined
let plain: DovecotServer | undefined

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutover-bad-input-'))
  await writeFile(
    join(folder, 'people.csv'),
    mailboxList([
      {
        name: 'Alice',
        sourceLogin: 'alice@example.org',
        sourcePassword: 'alice-secret',
        target: 'bob@example.org',
        targetPassword: 'bob-secret',
      },
    ]),
  )
  if (skip === false) [dovecot, plain] = await Promise.all([startDovecot(), startDovecot({ tls: false })])
})
after(async () => {
  await Promise.all([dovecot?.[Symbol.asyncDispose](), plain?.[Symbol.asyncDispose]()])
  await rm(folder, { recursive: true, force: true })
})

/** Runs a copy that cannot go well; every line that it prints for people fits 80 columns. */
async function fails(args: readonly string[]): Promise<Finished> {
  const done = await runCutover(args, { cwd: folder, env: { CUTOVER_PROGRAM: 'cutover' } })
  const wide = `${done.stdout}\n${done.stderr}`.split('\n').filter((line) => line.length > 80)
  assert.deepEqual(args.includes('--json') ? [] : wide, [])
  assert.doesNotMatch(done.stdout + done.stderr, /This is a bug|\n {4}at /)
  return done
}

const copy = (source: string, destination: string, ...more: readonly string[]): readonly string[] => [
  'copy',
  '--source',
  source,
  '--destination',
  destination,
  '--mailboxes',
  'people.csv',
  '--state',
  `state-${++states}`,
  ...more,
]

/** The text in one line, as wrapping may fall anywhere. */
const flat = (done: Finished): string => (done.stdout + done.stderr).replaceAll(/\s+/g, ' ')

test('servers that cannot be reached or trusted', { skip }, async () => {
  assert.ok(dovecot !== undefined && plain !== undefined)
  const here = `imap://127.0.0.1:${plain.port}?tls=none`
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [
      copy('imaps://mail.nowhere.invalid', here),
      3,
      /Source: (There is no host named mail\.nowhere\.invalid|The name .* cannot be resolved).*What to do: Check the host name/,
    ],
    [
      copy('imap://127.0.0.1:1?tls=none', here),
      1,
      /Source: Nothing accepts connections at 127\.0\.0\.1:1\. What to do: Check host and port/,
    ],
    [copy(`imaps://127.0.0.1:${dovecot.tlsPort}`, here), 3, /The certificate of 127\.0\.0\.1 is self-signed\. What to do: .*--ca FILE/],
    [copy(`imap://127.0.0.1:${plain.port}`, here), 3, /offers no STARTTLS\. What to do: Use imaps:\/\/, or add \?tls=none/],
    [copy(`imaps://127.0.0.1:${plain.port}`, here), 3, /answers, but not in TLS\. What to do: Is the port right/],
    [copy(here, `imaps://127.0.0.1:${dovecot.tlsPort}`), 3, /Destination: The certificate of 127\.0\.0\.1 is self-signed/],
  ]
  const check = async ([args, code, says]: (typeof cases)[number]): Promise<void> => {
    const done = await fails(args)
    assert.match(flat(done), says)
    assert.equal(done.code, code, flat(done))
  }
  await Promise.all(cases.map(check))
  const trusted = await fails(copy(`imaps://localhost:${dovecot.tlsPort}`, here, '--ca', dovecot.caFile, '--quiet'))
  assert.equal(trusted.code, 0, flat(trusted))
})

test('lists that cannot be read: every mistake with its line, and nothing starts', async () => {
  const lists: Readonly<Record<string, readonly [string, RegExp]>> = {
    'binary.csv': ['\u0000\u0001\uFFFD', /line 1: the first line does not name the columns/],
    'empty.csv': ['', /line 1: the list is empty/],
    'column.csv': ['source_login;source_password;target;target_password;colour\n', /line 1: unknown column "colour"/],
    'target.csv': [
      'source_login,source_password,target,target_password\na@x.test,p,t@x.test,q\nb@x.test,p,T@x.test,q\nc@x.test,,u@x.test,q\n',
      /has 2 mistakes: line 3: target "T@x\.test" stands on line 2 already line 4: source_password is empty/,
    ],
    'quote.csv': ['source_login,source_password,target,target_password\n"unclosed,p,t,q\n', /line 2: a quote .* is not closed/],
  }
  const check = async ([name, [text, says]]: readonly [string, readonly [string, RegExp]]): Promise<void> => {
    await writeFile(join(folder, name), text)
    const args = ['copy', '--source', 'imap://127.0.0.1:1?tls=none', '--destination', 'imap://127.0.0.1:1?tls=none', '--mailboxes', name]
    const [done, json] = await Promise.all([fails([...args, '--state', 'never']), fails([...args, '--state', 'never', '--json'])])
    assert.equal(done.code, 2)
    assert.match(flat(done), says)
    assert.doesNotMatch(done.stderr, /\\n/)
    assert.equal((json.json() as { readonly error: { readonly code: string } }).error.code, 'bad-input')
  }
  await Promise.all(Object.entries(lists).map(check))
  assert.equal(existsSync(join(folder, 'never')), false)
  const missing = await fails(['copy', '--source', 'imap://a.test', '--destination', 'imap://b.test', '--mailboxes', 'gone.csv'])
  assert.deepEqual([missing.code, /"gone\.csv" does not exist/.test(flat(missing))], [2, true])
})

test('a wrong password for one of many stops that one', async () => {
  await using world = await simulatedMigration({ mailboxes: 2, messages: 10, faulty: ['badpassword'] })
  const { sim, move } = world
  const done = await fails(move.args('copy', '--quiet'))
  assert.equal(done.code, 3)
  assert.match(done.stdout, /^found 20 = copied 20 \+ skipped 0 \+ failed 0$/m)
  assert.match(flat(done), /Badpassword: Source: .* What to do: Check the login and password/)
  sim.faults.clear('badpassword@old.example.test')
  const again = await runCutover(move.args('copy', '--json'))
  const result = again.json() as CopyResult
  assert.deepEqual([again.code, outcomeOf(result, 'Badpassword').copied, result.unexplained], [0, 10, 0])
})

test('a state directory in use, or of a newer version, is left as it is', async () => {
  await using world = await simulatedMigration({ mailboxes: 1, messages: 10 })
  const { sim, move } = world
  {
    using held = openLedger(move.stateDir)
    assert.deepEqual(held.mailboxes(), [])
    const done = await fails(move.args('copy', '--quiet'))
    assert.equal(done.code, 3)
    assert.match(flat(done), new RegExp(`is in use by process ${process.pid}\\. What to do: Wait for that process, or stop it`))
  }
  const file = join(move.stateDir, 'ledger.sqlite')
  {
    using ledger = new DatabaseSync(file)
    ledger.exec(`INSERT INTO migration (version, name, applied_at) VALUES (999, 'later', 0)`)
  }
  for (const args of [move.args('copy', '--quiet'), ['status', '--state', move.stateDir]]) {
    const done = await fails(args)
    assert.equal(done.code, 3, flat(done))
    assert.match(flat(done), /A newer version of cutover wrote .*What to do: Use that version/)
  }
  assert.equal(sim.appends, 0)
})

const noDisk = process.getuid?.() === 0 ? false : 'a small file system can only be mounted by root'

test(
  'a disk that is full ends the run with a sentence, and once there is room it goes on without a double',
  { skip: noDisk },
  async (t) => {
    await using world = await simulatedMigration({ mailboxes: 1, messages: 400, medianBytes: 1500, maxBytes: 3000 })
    const { sim, move } = world
    const disk = join(move.folder, 'disk')
    try {
      await execute('sh', ['-c', 'mkdir "$1" && mount -t tmpfs -o size=400k tmpfs "$1"', 'sh', disk])
    } catch {
      t.skip('no file system can be mounted here')
      return
    }
    try {
      const args = move.args('copy', '--quiet').map((word) => (word === move.stateDir ? join(disk, 'state') : word))
      const done = await fails(args)
      assert.equal(done.code, 3, flat(done))
      assert.match(flat(done), /What to do: Free some disk space, then run the same command again/)
      const sofar = sim.appends
      await execute('mount', ['-o', 'remount,size=20m', disk])
      const again = await runCutover([...args, '--json'])
      const result = again.json() as CopyResult
      assert.deepEqual([again.code, result.found, result.copied, result.unexplained], [0, 400, 400, 0], `after ${sofar}`)
      assert.equal(sim.appends, 400)
    } finally {
      await execute('umount', [disk])
    }
  },
)
