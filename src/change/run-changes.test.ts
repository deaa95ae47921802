import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import { lagging, runChanges } from './run-changes.ts'
import type { ChangeProgress } from './scene.ts'
import { small, SMALL_PLAN, smallWorld, type SmallChange } from './small-plan.fixture.ts'
import type { SmallCall, SmallSystem } from './small-system.fixture.ts'
import { undoChanges } from './undo-changes.ts'

const MINUTE = 60_000

/** The system refuses what is done to that name, so many times. */
function refuse(system: SmallSystem, name: string, code: FailureCode, times = Infinity, retryAfterMs?: number): void {
  let left = times
  system.onCall = (call: SmallCall, moment) => {
    if (moment === 'after' || call.do === 'look' || !('name' in call) || call.name !== name || left-- <= 0) return
    throw new Failure(code, `${code} for ${name}.`, { notDone: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
  }
}

test('a plan is carried out, holds then, and is taken back to the first state', async () => {
  using world = smallWorld()
  const { system, ctx } = world
  const first = system.state()
  using journal = world.open()
  const done = await runChanges(SMALL_PLAN, { journal, hands: system.hands, ctx })
  assert.deepEqual(done.statement.open, [])
  assert.deepEqual([done.statement.total, done.statement.counts.done, done.statement.counts.already, done.halted], [9, 8, 1, null])
  assert.deepEqual(system.state(), {
    anna: { password: 20 },
    group: { members: ['anna', 'ben'] },
    'mailbox anna': { size: '150MB' },
    org: { size: '36 MB (37,748,736 bytes)', mode: 'on', owners: ['emil'] },
    there: {},
  })
  const deeds = system.deeds.length
  const again = await runChanges(SMALL_PLAN, { journal, hands: system.hands, ctx })
  assert.deepEqual([again.statement.counts.already, system.deeds.length], [9, deeds])
  const undone = await undoChanges({ journal, hands: system.hands, ctx })
  assert.deepEqual(undone.statement.open, [])
  assert.equal(undone.statement.counts.undone, 8)
  assert.deepEqual(system.state(), first)
  const anew = await runChanges(SMALL_PLAN, { journal, hands: system.hands, ctx })
  assert.equal(anew.statement.counts.done, 8)
  assert.deepEqual(
    journal.runs().map(({ kind, endedAtMs }) => [kind, endedAtMs !== null]),
    [
      ['apply', true],
      ['apply', true],
      ['undo', true],
      ['apply', true],
    ],
  )
})

test('what failed holds back only what comes after it, says what to do, and is done by the next run', async () => {
  using world = smallWorld()
  const { system, ctx } = world
  using journal = world.open()
  refuse(system, 'group', 'request-refused')
  const told: ChangeProgress[] = []
  const { statement, halted } = await runChanges(SMALL_PLAN, { journal, hands: system.hands, ctx, onProgress: (one) => told.push(one) })
  assert.equal(halted, null)
  const { failed, planned, done, already } = statement.counts
  assert.deepEqual({ failed, planned, done, already }, { failed: 1, planned: 1, done: 6, already: 1 })
  assert.deepEqual(
    statement.open.map(({ key, state, failure, heldBackBy }) => [key, state, failure?.code, heldBackBy]),
    [
      ['group', 'failed', 'request-refused', []],
      ['members', 'planned', undefined, ['group']],
    ],
  )
  assert.ok(statement.open.every(({ remedy }) => remedy !== ''))
  assert.deepEqual(
    told.filter(({ state }) => state === 'held-back').map(({ key, why }) => [key, why]),
    [['members', 'Do group']],
  )
  system.onCall = () => {}
  const next = await runChanges(SMALL_PLAN, { journal, hands: system.hands, ctx })
  assert.deepEqual(next.statement.open, [])
  assert.equal(journal.rows().filter(({ change }) => change.key === 'group').length, 1)
})

test('a permission that is missing ends all of it, and the rest is left as it was', async () => {
  using world = smallWorld()
  const { system, ctx } = world
  using journal = world.open()
  refuse(system, 'a2', 'permission-missing')
  const plan = ['a1', 'a2', 'a3', 'a4'].map((key, at, keys) => small(key, { after: keys.slice(Math.max(0, at - 1), at) }))
  const { halted, statement } = await runChanges([...plan, small('b', { after: ['a1'] })], { journal, hands: system.hands, ctx, atOnce: 1 })
  assert.equal(halted?.code, 'permission-missing')
  assert.deepEqual([statement.counts.done, statement.counts.failed, statement.counts.planned], [1, 1, 3])
  assert.deepEqual(system.deeds, ['make a1'])
})

test('who is asked to wait waits as long as that, says so, and goes on', async () => {
  using world = smallWorld()
  const { system, ctx, clock } = world
  using journal = world.open()
  refuse(system, 'a', 'throttled', 3, 7 * MINUTE)
  const waits: number[] = []
  const onProgress = ({ nextLookMs, why }: ChangeProgress): void => {
    if (why?.startsWith('throttled') === true && nextLookMs !== null) waits.push(nextLookMs - clock.now())
  }
  const { statement } = await runChanges([small('a', {})], { journal, hands: system.hands, ctx, onProgress })
  assert.equal(statement.counts.done, 1)
  assert.deepEqual(waits, [7 * MINUTE, 7 * MINUTE, 7 * MINUTE])
})

test('what may pass is tried again a few times, and then it has failed', async () => {
  using world = smallWorld()
  const { system, ctx } = world
  using journal = world.open()
  refuse(system, 'a', 'server-unavailable', 3)
  assert.equal((await runChanges([small('a', {})], { journal, hands: system.hands, ctx })).statement.counts.done, 1)
  let calls = 0
  system.onCall = ({ do: deed }) => {
    if (deed === 'make' && ++calls > 0) throw new Failure('server-unavailable', 'Away.', { notDone: true })
  }
  const { statement } = await runChanges([small('b', {})], { journal, hands: system.hands, ctx })
  assert.deepEqual([statement.counts.failed, statement.open[0]?.failure?.code, calls], [1, 'server-unavailable', 4])
})

test('what is not known everywhere yet is tried again where it was made of late, and nowhere else', async () => {
  using world = smallWorld()
  const { system, ctx } = world
  using journal = world.open()
  refuse(system, 'b', 'object-unknown', 6)
  const plan = [small('a', {}), small('b', { after: ['a'] }), small('c', {})]
  assert.equal((await runChanges(plan, { journal, hands: system.hands, ctx })).statement.counts.done, 3)
  refuse(system, 'd', 'object-unknown', 1)
  assert.equal((await runChanges([small('d', {})], { journal, hands: system.hands, ctx })).statement.counts.failed, 1)
})

test('what takes longer than the run may wait stays waiting, with what comes after it, and the next run knows since when', async () => {
  using world = smallWorld()
  const { system, ctx, clock } = world
  using journal = world.open()
  const first = await runChanges(SMALL_PLAN, { journal, hands: system.hands, ctx, waitMs: 2 * MINUTE })
  assert.deepEqual(
    first.statement.open.map(({ key, state, heldBackBy }) => [key, state, heldBackBy]),
    [
      ['mailbox anna', 'waiting', []],
      ['mailbox size', 'planned', ['mailbox anna']],
    ],
  )
  const since = first.statement.open[0]?.waitingSinceMs
  clock.pass(3 * MINUTE)
  const second = await runChanges(SMALL_PLAN, { journal, hands: system.hands, ctx, waitMs: 0 })
  assert.equal(second.statement.open[0]?.waitingSinceMs, since)
  clock.pass(5 * MINUTE)
  const third = await runChanges(SMALL_PLAN, { journal, hands: system.hands, ctx, waitMs: 0 })
  assert.deepEqual(third.statement.open, [])
  assert.deepEqual([...new Set(system.deeds)], system.deeds)
})

test('a stop lets what is in flight come to its end, and the next run goes on', async () => {
  using world = smallWorld()
  const { system, ctx } = world
  using journal = world.open()
  const stop = new AbortController()
  system.onCall = (call, moment) => {
    if (call.do === 'make' && moment === 'before') stop.abort()
  }
  const { halted, statement } = await runChanges(SMALL_PLAN, {
    journal,
    hands: system.hands,
    ctx: { ...ctx, signal: stop.signal },
    atOnce: 1,
  })
  assert.equal(halted?.code, 'stopped')
  assert.equal(statement.counts.failed, 0)
  assert.equal(system.deeds.filter((deed) => deed.startsWith('make')).length, 1)
  system.onCall = () => {}
  assert.deepEqual((await runChanges(SMALL_PLAN, { journal, hands: system.hands, ctx })).statement.open, [])
})

test('what somebody else makes at the same moment is theirs, and is not taken back', async () => {
  using world = smallWorld()
  const { system, ctx } = world
  using journal = world.open()
  system.onCall = ({ do: deed }) => {
    if (deed === 'make') system.put('a', { by: 'somebody' })
  }
  const { statement } = await runChanges([small('a', {})], { journal, hands: system.hands, ctx })
  assert.equal(statement.counts.already, 1)
  await undoChanges({ journal, hands: system.hands, ctx })
  assert.deepEqual(system.state()['a'], { by: 'somebody' })
})

test('what cannot be seen is not set, as nobody would know what to put back', async () => {
  using world = smallWorld()
  using journal = world.open()
  const size = SMALL_PLAN.find(({ key }) => key === 'mailbox size')
  const { statement } = await runChanges(size === undefined ? [] : [size], { journal, hands: world.system.hands, ctx: world.ctx })
  assert.equal(statement.open[0]?.failure?.code, 'object-unknown')
  assert.deepEqual(world.system.deeds, [])
})

test('a plan that has changed drops what was not begun and is wanted no more', async () => {
  using world = smallWorld()
  const { system, ctx } = world
  using journal = world.open()
  refuse(system, 'a', 'request-refused')
  await runChanges([small('a', {}), small('b', { after: ['a'] })], { journal, hands: system.hands, ctx })
  await runChanges([small('c', {})], { journal, hands: system.hands, ctx })
  assert.deepEqual(
    journal.rows().map(({ change, state }) => [change.key, state]),
    [
      ['a', 'dropped'],
      ['b', 'dropped'],
      ['c', 'done'],
    ],
  )
})

test('what was done a moment ago and is planned again for a copy that lags is told, and not done again', async () => {
  using world = smallWorld()
  const { system, ctx, clock } = world
  using journal = world.open()
  const plan: readonly SmallChange[] = SMALL_PLAN.filter(({ key }) => key === 'settings')
  await runChanges(plan, { journal, hands: system.hands, ctx })
  assert.equal(lagging(plan, journal.rows(), clock.now()).length, 1)
  clock.pass(2 * MINUTE)
  assert.equal(lagging(plan, journal.rows(), clock.now()).length, 0)
})

test('two changes of one key, or a circle, are mistakes of whoever planned them', async () => {
  using world = smallWorld()
  using journal = world.open()
  const run = (plan: readonly SmallChange[]) => runChanges(plan, { journal, hands: world.system.hands, ctx: world.ctx })
  await assert.rejects(run([small('a', {}), small('a', {})]), /two changes/)
  await assert.rejects(run([small('a', { after: ['b'] }), small('b', { after: ['a'] })]), /circle/)
  assert.deepEqual(world.system.deeds, [])
})

test('a clock that was set back holds nothing up for longer than it would have taken', async () => {
  using world = smallWorld()
  const { system, ctx, clock } = world
  using journal = world.open()
  system.onCall = ({ do: deed }) => {
    if (deed === 'make') throw new Failure('connection-lost', 'Lost.')
  }
  await runChanges([small('a', {})], { journal, hands: system.hands, ctx, waitMs: 0 })
  assert.equal(journal.rows()[0]?.state, 'in-doubt')
  system.onCall = () => {}
  clock.pass(-24 * 60 * MINUTE)
  system.put('a', null)
  const began = clock.now()
  assert.equal((await runChanges([small('a', {})], { journal, hands: system.hands, ctx })).statement.counts.done, 1)
  assert.ok(clock.now() - began < 5 * MINUTE)
})
