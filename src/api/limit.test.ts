import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { HandClock } from '../lib/hand-clock.fixture.ts'
import { silentLog } from '../lib/log.ts'
import { limit } from './limit.ts'
import { holdsAt, inForce, parseHours } from './limit-rules.ts'
import { LiveLimits } from './live-limits.ts'
import type { LimitInput } from './operations.ts'

const at = (hour: number, minute = 0): number => new Date(2026, 2, 3, hour, minute).getTime()

type Scene = AsyncDisposable & {
  readonly stateDir: string
  readonly clock: HandClock
  set(input: Partial<LimitInput>): ReturnType<typeof limit>
}

async function scene(now = at(9)): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-limit-'))
  const stateDir = join(folder, 'state')
  const clock = new HandClock(now)
  return {
    stateDir,
    clock,
    set: (input) => limit({ clock }, { stateDir, between: null, clear: false, ...input }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

test('hours are read in the usual spellings, and what are no hours is told in a sentence', () => {
  assert.equal(parseHours(' 8:00 - 18:30 '), '08:00-18:30')
  assert.equal(parseHours('18:00-24:00'), '18:00-24:00')
  for (const text of ['', '8-18', '08:60-09:00', '25:00-26:00', '24:00-08:00', '24:01-08:00', '08:00-18:00 UTC', '08:00'])
    assert.throws(() => parseHours(text), { code: 'bad-input', message: /write them like 08:00-18:00/ })
  assert.throws(() => parseHours('08:00-8:00'), { code: 'bad-input', message: /begin and end at the same minute/ })
})

test('hours begin with their first minute, end before their last, and may go over midnight', () => {
  const day = [at(7, 59), at(8), at(17, 59), at(18)].map((now) => holdsAt('08:00-18:00', now))
  assert.deepEqual(day, [false, true, true, false])
  const night = [at(21, 59), at(22), at(0), at(5, 59), at(6)].map((now) => holdsAt('22:00-06:00', now))
  assert.deepEqual(night, [false, true, true, true, false])
  assert.equal(holdsAt('18:00-24:00', at(23, 59)), true)
})

test('the rule for the present hour wins over the general one, in what it says and in nothing else', () => {
  const rules = [
    { between: '08:00-18:00', bytesPerSecond: 500 },
    { between: null, bytesPerSecond: 1000, connections: 3 },
    { between: '17:00-19:00', bytesPerSecond: null },
  ]
  assert.deepEqual(inForce(rules, at(7)), { bytesPerSecond: 1000, connections: 3 })
  assert.deepEqual(inForce(rules, at(9)), { bytesPerSecond: 500, connections: 3 })
  assert.deepEqual(inForce(rules, at(17, 30)), { bytesPerSecond: null, connections: 3 }, 'of two the one given last')
  assert.deepEqual(inForce([], at(9)), {})
})

test('what is set is kept by rule, told, and readable by the owner alone; clearing takes one rule or all', async () => {
  await using here = await scene()
  assert.deepEqual(await here.set({}), { stateDir: here.stateDir, inForce: {}, rules: [], used: false })
  await assert.rejects(stat(here.stateDir), { code: 'ENOENT' }, 'telling makes nothing')
  await here.set({ bytesPerSecond: 4_000_000 })
  await here.set({ connections: 2 })
  const { inForce: now, rules } = await here.set({ between: '8:00-18:00', bytesPerSecond: 0 })
  assert.deepEqual(now, { bytesPerSecond: 0, connections: 2 })
  assert.deepEqual(rules, [
    { between: null, bytesPerSecond: 4_000_000, connections: 2, holdsNow: true },
    { between: '08:00-18:00', bytesPerSecond: 0, holdsNow: true },
  ])
  assert.equal((await stat(join(here.stateDir, 'limits.json'))).mode & 0o777, 0o600)
  assert.equal((await stat(here.stateDir)).mode & 0o777, 0o700)
  assert.deepEqual((await here.set({ clear: true, between: '08:00-18:00' })).inForce, { bytesPerSecond: 4_000_000, connections: 2 })
  assert.deepEqual((await here.set({ clear: true })).rules, [])
})

test('contradictory wishes are refused in a sentence and change nothing', async () => {
  await using here = await scene()
  await here.set({ connections: 3 })
  await assert.rejects(here.set({ clear: true, bytesPerSecond: 1 }), { code: 'bad-input', message: /--clear takes limits away/ })
  await assert.rejects(here.set({ between: '08:00-18:00' }), { code: 'bad-input', message: /--between says when/ })
  await assert.rejects(here.set({ between: 'noon', connections: 1 }), { code: 'bad-input', message: /"noon"/ })
  assert.deepEqual((await here.set({})).inForce, { connections: 3 })
})

test('a running copy follows within two seconds, and has what it was started with where no limit says otherwise', async () => {
  await using here = await scene()
  const live = new LiveLimits(here.stateDir, { bytesPerSecond: 700, connections: null }, here.clock, silentLog)
  const now = (): unknown => [live.bytesPerSecond, live.connections]
  assert.deepEqual(now(), [700, null])
  await here.set({ bytesPerSecond: 100, connections: 1 })
  assert.deepEqual(now(), [700, null])
  await here.clock.pass(2000)
  assert.deepEqual(now(), [100, 1])
  await here.set({ bytesPerSecond: null })
  await here.clock.pass(2000)
  assert.deepEqual(now(), [null, 1], 'none goes before --rate')
  await here.set({ clear: true })
  await here.clock.pass(2000)
  assert.deepEqual(now(), [700, null])
})

test('the hour changes while a copy runs, and its limits with it', async () => {
  await using here = await scene(at(7, 59))
  await here.set({ bytesPerSecond: 5, between: '08:00-18:00' })
  const live = new LiveLimits(here.stateDir, { bytesPerSecond: null, connections: null }, here.clock, silentLog)
  assert.equal(live.bytesPerSecond, null)
  await here.clock.pass(60_000)
  assert.equal(live.bytesPerSecond, 5)
})

test('a file that cannot be understood stops a copy that begins, not one that runs, and --clear mends it', async () => {
  await using here = await scene()
  await here.set({ connections: 2 })
  const start = { bytesPerSecond: null, connections: null }
  const live = new LiveLimits(here.stateDir, start, here.clock, silentLog)
  for (const text of ['', '{', '[]', '{"rules":[{"between":null,"connections":0}]}', '{"rules":[{"between":"noon"}]}', '{"rules":[{}]}']) {
    await writeFile(join(here.stateDir, 'limits.json'), text)
    assert.throws(() => new LiveLimits(here.stateDir, start, here.clock, silentLog), { code: 'bad-input' }, text)
    await here.clock.pass(2000)
    assert.equal(live.connections, 2)
  }
  await assert.rejects(here.set({ connections: 1 }), { code: 'bad-input', message: /limits\.json/ })
  await here.set({ clear: true })
  await here.clock.pass(2000)
  assert.equal(live.connections, null)
})

test('what a mailbox may hand out a day is for whole days, and nothing is said about it until somebody does', async () => {
  await using here = await scene()
  const live = new LiveLimits(here.stateDir, { bytesPerSecond: null, connections: null }, here.clock, silentLog)
  assert.equal(live.bytesPerDay, undefined)
  const started = new LiveLimits(here.stateDir, { bytesPerSecond: null, connections: null, bytesPerDay: 7 }, here.clock, silentLog)
  assert.equal(started.bytesPerDay, 7, 'what the run was started with, as long as no limit says otherwise')
  const { inForce } = await here.set({ bytesPerDay: 2_000_000_000 })
  assert.deepEqual(inForce, { bytesPerDay: 2_000_000_000 })
  await here.set({ bytesPerDay: null })
  await here.clock.pass(2000)
  assert.equal(live.bytesPerDay, null)
  await assert.rejects(here.set({ bytesPerDay: 5, between: '08:00-18:00' }), { code: 'bad-input', message: /whole days/ })
})
