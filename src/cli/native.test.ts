import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NativeCheckResult, NativeRunResult, NativeStatusResult } from '../api/native-input.ts'
import { nativeScene } from '../api/native.fixture.ts'
import { ADDRESSES, stage } from './cli.fixture.ts'

type Native = Parameters<typeof stage>[0]['native']

const nothing = (): never => {
  throw new Error('not asked for here')
}
const NONE: NonNullable<Native> = { check: nothing, start: nothing, script: nothing, status: nothing, act: nothing }
const TO_EXCHANGE = ADDRESSES.map((word) => (word === 'imaps://new.example.org' ? 'exchange:http://127.0.0.1:9' : word))
const FINDING = {
  code: 'not-public',
  severity: 'blocker',
  about: 'x',
  says: 'Cannot be reached.',
  remedy: 'Use copy.',
  where: null,
} as const

function fitsOf(more: Partial<NativeCheckResult> = {}): NativeCheckResult {
  const limits = [{ name: 'size', says: 'Messages up to 35 MB.', source: 'somewhere' }]
  return { fits: true, mailboxes: 2, askedTenant: true, findings: [], limits, ...more }
}

test('check says whether it fits, why not, and what is documented; a blocker needs a person', async () => {
  const good = await stage({ native: { ...NONE, check: async () => fitsOf() } }).run('native', 'check', ...TO_EXCHANGE)
  assert.equal(good.code, 0)
  assert.match(good.out, /It fits, as far as can be told: 2 mailboxes\./)
  assert.match(good.out, /- Messages up to 35 MB\./)
  const bad = await stage({ native: { ...NONE, check: async () => fitsOf({ fits: false, findings: [FINDING] }) } }).run(
    'native',
    'check',
    ...TO_EXCHANGE,
  )
  assert.equal(bad.code, 3)
  assert.match(bad.out, /BLOCKER: Cannot be reached\.\n {2}Use copy\./)
})

test('nothing is started unless a person says so, and --json alone is no yes', async () => {
  let approved: boolean | null = null
  const start: NonNullable<Native>['start'] = async ({ approve }): Promise<NativeRunResult> => {
    approved = await approve({ says: ['Make it.'], findings: [] })
    const changes = approved ? [{ says: 'Make it.', state: 'done', failure: null }] : []
    return { approved, findings: [], leftOut: [], batches: [], changes, halted: null }
  }
  const yes = await stage({ native: { ...NONE, start } }).run('native', 'start', '--yes', ...TO_EXCHANGE)
  assert.deepEqual([yes.code, approved], [0, true])
  assert.match(yes.out, /Make it\.\ndone: Make it\./)
  approved = null
  const json = await stage({ native: { ...NONE, start } }).run('native', 'start', '--json', ...TO_EXCHANGE)
  assert.deepEqual([json.code, approved], [2, null])
  assert.match(json.out, /"error"/)
})

const STATUS: NativeStatusResult = {
  batches: [{ name: 'wave', status: 'Synced', state: 'synced', says: 'has copied all', mailboxes: 2, lastSyncAt: null }],
  mailboxes: [
    {
      name: 'Anna',
      target: 'anna@example.org',
      batch: 'wave',
      state: 'synced',
      status: 'Synced',
      says: 'copied',
      help: null,
      alert: false,
      synced: 2411,
      skipped: 3,
      lastSyncAt: '2026-11-22T12:28:30.000Z',
    },
  ],
  filed: true,
  stopped: false,
}

test('status shows the figures as those of Microsoft, and a red alert before all else', async () => {
  const [anna] = STATUS.mailboxes
  assert.ok(anna)
  const args = ['native', 'status', '--destination', 'exchange:http://127.0.0.1:9'] as const
  const good = await stage({ native: { ...NONE, status: async () => STATUS } }).run(...args)
  assert.equal(good.code, 0)
  assert.match(good.out, /Anna +wave +2,411 +3 +2026-11-22 12:28 +synced/)
  assert.match(good.out, /Microsoft’s own figures/)
  const behind = { ...anna, name: 'Ben', state: 'behind', says: 'new mail no longer comes over', help: 'Check.', alert: true } as const
  const bad = await stage({ native: { ...NONE, status: async () => ({ ...STATUS, mailboxes: [anna, behind] }) } }).run(...args)
  assert.equal(bad.code, 3)
  assert.ok(bad.out.startsWith('!!! Ben: new mail no longer comes over Check.'), bad.out)
  for (const line of bad.out.split('\n')) assert.ok(line.length <= 80, line)
})

test('the whole lane by the command line: check, start, follow, sync, remove, each with its sentence', async () => {
  await using scene = await nativeScene()
  const { addresses, operations } = scene
  const state = ['--state', addresses.stateDir, '--destination', addresses.destination]
  const ends = ['--source', addresses.source, '--mailboxes', addresses.mailboxesFile, ...state]
  const run = (...argv: string[]) => stage(operations).run('native', ...argv)
  assert.match((await run('check', ...ends)).out, /It fits, as far as can be told: 1 mailbox\./)
  const begun = await run('start', '--yes', ...ends)
  assert.equal(begun.code, 0, begun.out + begun.err)
  assert.match(begun.out, /done: Let Microsoft copy 1 mailbox/)
  const followed = await run('status', '--follow', ...state)
  assert.equal(followed.code, 0, followed.out)
  assert.match(followed.out, /Anna +cutover +40 +0 .* +synced/)
  assert.match((await run('sync', '--yes', ...state)).out, /done: Let the batch "cutover" fetch/)
  await scene.pass(120_000)
  const status = await stage(operations).run('status', '--state', addresses.stateDir)
  assert.match(status.out, /unproven until verified:\n.*\nAnna +cutover +40/)
  assert.match((await run('remove', '--yes', ...state)).out, /done: Remove the batch "cutover": what was copied stays/)
  const script = await run('start', '--as-powershell', '--name', 'two', ...ends)
  assert.match(script.out, /New-MigrationBatch -Name 'two'/)
  assert.match(script.err, /The script reads two\.csv, which you make/)
})
