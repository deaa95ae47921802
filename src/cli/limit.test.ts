import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ControlOperations } from '../api/project-control.ts'
import type { LimitInput } from '../api/operations.ts'
import type { LimitResult } from '../api/results.ts'
import { stage } from './cli.fixture.ts'

const NONE: LimitResult = { stateDir: './cutover-state', inForce: {}, rules: [], used: true }

async function limited(
  result: LimitResult,
  ...argv: string[]
): Promise<{ code: number; out: string; err: string; input: LimitInput | null }> {
  let input: LimitInput | null = null
  const limit = async (given: LimitInput): Promise<LimitResult> => {
    input = given
    return result
  }
  return { ...(await stage({ limit }).run('limit', ...argv)), input }
}

test('what is in force is told in a sentence and a row for each rule', async () => {
  const rules = [
    { between: null, bytesPerSecond: 4_000_000, connections: null, holdsNow: true },
    { between: '08:00-18:00', bytesPerSecond: 500_000, connections: 2, holdsNow: true },
    { between: '22:00-06:00', bytesPerSecond: 0, holdsNow: false },
  ]
  const { code, out } = await limited({ ...NONE, inForce: { bytesPerSecond: 500_000, connections: 2 }, rules })
  assert.equal(code, 0)
  assert.equal(
    out,
    `Now: at most 500 kB/s, at most 2 connections for a mailbox.

when         rate      connections
always       4.0 MB/s  no limit
08:00-18:00  500 kB/s  2            now
22:00-06:00  paused    -
`,
  )
})

/** Where a project is, and nothing else. */
function controlOf(where: ControlOperations['where']): ControlOperations {
  const missing = (): Promise<never> => Promise.reject(new Error('this test has no such operation'))
  const all = { transfer: missing, hold: missing, release: missing, retry: missing, issues: missing, issueSay: missing, explain: missing }
  return { ...all, where }
}

test('a project has its own limits', async () => {
  const asked: unknown[] = []
  const where: ControlOperations['where'] = async ({ store, name }) => ({ stateDir: `${store}/${name}/state`, timeZone: 'UTC' })
  const limit = async ({ stateDir }: LimitInput): Promise<LimitResult> => {
    asked.push(stateDir)
    return NONE
  }
  const at = stage({ limit, control: async () => controlOf(where) })
  await at.run('limit', '--project', 'example', '--store', '/projects', '--rate', '1MB/s')
  await at.run('limit', '--rate', '1MB/s')
  await at.run('limit', '--state', './elsewhere', '--project', 'example')
  assert.deepEqual(asked, ['/projects/example/state', './cutover-state', './elsewhere'])
})

test('no limits, a pause and a new state directory are said plainly; --json prints the result', async () => {
  assert.equal((await limited(NONE)).out, 'No limits now: a copy runs as it was started.\n')
  assert.match((await limited({ ...NONE, inForce: { bytesPerSecond: 0 } })).out, /^Now: paused\.\n/)
  assert.match((await limited({ ...NONE, used: false })).out, /No copy has used \.\/cutover-state yet/)
  assert.deepEqual(JSON.parse((await limited(NONE, '--json')).out), NONE)
})

test('options arrive as plain data: none lifts, 0 pauses, and what is not said is absent', async () => {
  const told = async (...argv: string[]): Promise<unknown> => (await limited(NONE, '--state', './x', ...argv)).input
  const plain = { stateDir: './x', between: null, clear: false }
  assert.deepEqual(await told(), plain)
  assert.deepEqual(await told('--rate', '4MB/s'), { ...plain, bytesPerSecond: 4_000_000 })
  assert.deepEqual(await told('--rate', 'none', '--connections', 'None'), { ...plain, bytesPerSecond: null, connections: null })
  for (const zero of ['0', '0MB/s', '0 kB']) assert.deepEqual(await told('--rate', zero), { ...plain, bytesPerSecond: 0 })
  assert.deepEqual(await told('--connections', '3', '--between', '08:00-18:00'), { ...plain, connections: 3, between: '08:00-18:00' })
  assert.deepEqual(await told('--clear'), { ...plain, clear: true })
})

for (const [argv, says] of [
  [['--rate', 'fast'], /Write a rate like 4MB\/s/],
  [['--rate', '-1'], /Write a rate like 4MB\/s/],
  [['--connections', '0'], /To pause a copy: --rate 0/],
  [['--connections', '1.5'], /whole number/],
] as const) {
  test(`${argv.join(' ')} is wrong usage and nothing is called`, async () => {
    const { code, err, input } = await limited(NONE, ...argv)
    assert.deepEqual([code, input], [2, null])
    assert.match(err.replaceAll('\n', ' '), says)
  })
}

test('--daily sets what a mailbox may hand out a day, none lifts it, and a column tells it', async () => {
  const rules = [{ between: null, bytesPerDay: 2_000_000_000, holdsNow: true }]
  const told = await limited({ ...NONE, inForce: { bytesPerDay: 2_000_000_000 }, rules }, '--daily', '2GB')
  assert.equal(told.input?.bytesPerDay, 2_000_000_000)
  assert.match(
    told.out,
    /^Now: at most 2\.0 GB a day from a mailbox\.\n\nwhen {4}rate {2}connections {2}a day\nalways {2}- {5}- {12}2\.0 GB\n$/,
  )
  assert.equal((await limited(NONE, '--daily', 'none')).input?.bytesPerDay, null)
  const wrong = await limited(NONE, '--daily', 'much')
  assert.equal(wrong.code, 2)
  assert.match(wrong.err, /Write a size like 2500MB, or none/)
})
