import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Failure } from '../model/failure.ts'
import { runChanges } from './run-changes.ts'
import { small, SMALL_PLAN, smallWorld, type SmallChange, type SmallWorld } from './small-plan.fixture.ts'
import type { Journal } from './journal.ts'
import type { SmallCall } from './small-system.fixture.ts'
import { toUndo, undoChanges } from './undo-changes.ts'

type Applied = { readonly journal: Journal<SmallCall>; readonly undo: () => ReturnType<typeof undoChanges<SmallCall>> }

async function applied(world: SmallWorld, plan = SMALL_PLAN): Promise<Applied & Disposable> {
  const journal = world.open()
  const { ctx, system } = world
  await runChanges(plan, { journal, hands: system.hands, ctx })
  system.deeds.length = 0
  return { journal, undo: () => undoChanges({ journal, hands: system.hands, ctx }), [Symbol.dispose]: () => journal[Symbol.dispose]() }
}

const states = (journal: Journal<SmallCall>): Readonly<Record<string, string>> =>
  Object.fromEntries(journal.rows().map(({ change, state }) => [change.key, state]))

test('what somebody else has changed since is left, with the reason', async () => {
  using world = smallWorld()
  using run = await applied(world)
  world.system.put('org', { size: '50MB', mode: 'on', owners: ['emil'] })
  world.system.put('group', null)
  world.clock.pass(60_000)
  world.system.put('group', { members: ['other'] })
  world.clock.pass(60_000)
  const { statement } = await run.undo()
  const { settings, owners, group, members } = states(run.journal)
  assert.deepEqual({ settings, owners, group, members }, { settings: 'left', owners: 'undone', group: 'left', members: 'undone' })
  assert.match(statement.open.find(({ key }) => key === 'settings')?.why ?? '', /changed size since/)
  assert.deepEqual(world.system.state()['org'], { size: '50MB', mode: 'on', owners: ['carl', 'emil'] })
})

test('another object of the same name is not ours', async () => {
  using world = smallWorld()
  using run = await applied(world, [small('a', {})])
  world.system.put('a', null)
  world.system.put('a', { by: 'somebody' })
  world.clock.pass(60_000)
  const { statement } = await run.undo()
  assert.equal(statement.counts.left, 1)
  assert.match(statement.open[0]?.why ?? '', /Another one/)
  assert.deepEqual(world.system.state()['a'], { by: 'somebody' })
})

test('of a list only those entries are taken back that were added, and are still there', async () => {
  using world = smallWorld()
  using run = await applied(world)
  world.system.put('group', { members: ['ben', 'somebody'] })
  world.clock.pass(60_000)
  await run.undo()
  assert.equal(states(run.journal)['members'], 'undone')
  assert.deepEqual(
    world.system.deeds.filter((deed) => deed.endsWith(' group')),
    ['remove group'],
  )
})

test('what is gone already counts as taken back, and nothing is done for it', async () => {
  using world = smallWorld()
  using run = await applied(world, [small('a', {})])
  world.system.put('a', null)
  world.clock.pass(60_000)
  assert.equal((await run.undo()).statement.counts.undone, 1)
  assert.deepEqual(world.system.deeds, [])
})

test('what cannot be taken back is told, and holds up nothing', async () => {
  using world = smallWorld()
  using run = await applied(world, [small('a', {}), small('b', { after: ['a'], undo: { cannot: 'Nobody can.' } })])
  const { cannot, statement } = await run.undo()
  assert.deepEqual(
    cannot.map(({ key, why }) => [key, why]),
    [['b', 'Nobody can.']],
  )
  assert.deepEqual([statement.counts.undone, statement.counts.done], [1, 1])
})

test('an undo that is refused keeps what it came after, and the next one goes on', async () => {
  using world = smallWorld()
  using run = await applied(world, [
    small('a', {}),
    small('m', { calls: [], undo: [], look: { call: { do: 'look', name: 'a' } }, after: ['a'] }),
    small('b', { after: ['m'] }),
  ])
  let isBlocked = true
  world.system.onCall = ({ do: deed }) => {
    if (deed === 'remove' && isBlocked) throw new Failure('request-refused', 'No.', { notDone: true })
  }
  const { statement } = await run.undo()
  assert.deepEqual(states(run.journal), { a: 'done', m: 'already', b: 'undoing' })
  assert.equal(statement.open[0]?.failure?.code, 'request-refused')
  isBlocked = false
  await run.undo()
  assert.deepEqual(world.system.deeds, ['remove b', 'remove a'])
})

test('the same setting changed twice is put back to what stood there first', async () => {
  using world = smallWorld()
  const mode = (key: string, to: string): SmallChange =>
    small(key, {
      about: 'org',
      look: { call: { do: 'look', name: 'org' } },
      expect: { is: 'set', values: { mode: { to, as: 'text' } } },
      calls: [{ do: 'set', name: 'org', values: { mode: to } }],
      undo: [{ do: 'set', name: 'org', values: { mode: { $: 'before.mode' } } }],
    })
  const first = world.system.state()
  using run = await applied(world, [mode('x', 'on')])
  await runChanges([mode('y', 'half')], { journal: run.journal, hands: world.system.hands, ctx: world.ctx })
  await runChanges([mode('x', 'full')], { journal: run.journal, hands: world.system.hands, ctx: world.ctx })
  assert.equal((await run.undo()).statement.counts.undone, 3)
  assert.deepEqual(world.system.state(), first)
})

test('only those that are asked for are taken back', async () => {
  using world = smallWorld()
  using run = await applied(world)
  const { ctx, system } = world
  const { statement } = await undoChanges({
    journal: run.journal,
    hands: system.hands,
    ctx,
    only: ({ change }) => change.key === 'settings',
  })
  assert.deepEqual([statement.total, statement.counts.undone], [1, 1])
  assert.equal(toUndo(run.journal.rows()).length, 7)
})

const dag = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.tuple(
    fc.array(fc.array(fc.nat({ max: 11 }), { maxLength: 3 }), { minLength: size, maxLength: size }),
    fc.shuffledSubarray(
      Array.from({ length: size }, (_, at) => at),
      { minLength: size },
    ),
    fc.integer({ min: 1, max: 4 }),
  ),
)

test('whatever comes after what, nothing is done before that, nothing taken back before what came after it, and each once', async () => {
  await fc.assert(
    fc.asyncProperty(dag, async ([edges, order, atOnce]) => {
      using world = smallWorld(500)
      const { system, ctx } = world
      const all = edges.map((after, at) => small(`n${at}`, { after: after.filter((one) => one < at).map((one) => `n${one}`) }))
      const plan = order.flatMap((at) => all[at] ?? [])
      using journal = world.open()
      const done = await runChanges(plan, { journal, hands: system.hands, ctx, atOnce })
      assert.equal(done.statement.counts.done, plan.length)
      const place = new Map(system.deeds.map((deed, at) => [deed, at]))
      const placeOf = (deed: string): number => place.get(deed) ?? -1
      for (const { key, after } of plan) for (const one of after) assert.ok(placeOf(`make ${one}`) < placeOf(`make ${key}`))
      assert.equal(system.deeds.length, plan.length)
      system.deeds.length = 0
      await undoChanges({ journal, hands: system.hands, ctx, atOnce })
      place.clear()
      for (const [at, deed] of system.deeds.entries()) place.set(deed, at)
      for (const { key, after } of plan) for (const one of after) assert.ok(placeOf(`remove ${key}`) < placeOf(`remove ${one}`))
      assert.equal(system.deeds.length, plan.length)
    }),
    { numRuns: 40 },
  )
})

test('an undo of several calls that broke off goes on with the one that was refused', async () => {
  using world = smallWorld()
  using run = await applied(
    world,
    SMALL_PLAN.filter(({ key }) => key === 'settings'),
  )
  let sets = 0
  world.system.onCall = ({ do: deed }, moment) => {
    if (deed === 'set' && moment === 'before' && ++sets === 2) throw new Failure('request-refused', 'No.', { notDone: true })
  }
  assert.equal((await run.undo()).statement.counts.undoing, 1)
  world.system.onCall = () => {}
  assert.equal((await run.undo()).statement.counts.undone, 1)
  assert.deepEqual(world.system.deeds, ['set org size', 'set org mode'])
})
