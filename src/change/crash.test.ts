import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Failure } from '../model/failure.ts'
import { holds, objectSeen } from './compare.ts'
import { runChanges } from './run-changes.ts'
import { SMALL_PLAN, smallWorld, type SmallChange, type SmallWorld } from './small-plan.fixture.ts'
import { Killed } from './small-system.fixture.ts'
import { undoChanges } from './undo-changes.ts'

type Act = (world: SmallWorld, onWrite: () => void) => Promise<unknown>

const apply =
  (plan: readonly SmallChange[]): Act =>
  async (world, onWrite) => {
    using journal = world.open(onWrite)
    return await runChanges(plan, { journal, hands: world.system.hands, ctx: world.ctx })
  }

const undo: Act = async (world, onWrite) => {
  using journal = world.open(onWrite)
  return await undoChanges({ journal, hands: world.system.hands, ctx: world.ctx })
}

/** Runs until the n-th moment (a write of the journal, the instant before a call reaches the system, the one after) and dies there. */
async function killedAt(world: SmallWorld, n: number, act: Act): Promise<{ readonly died: boolean; readonly moments: number }> {
  let moments = 0
  const moment = (): void => {
    if (++moments >= n) throw new Killed()
  }
  world.system.onCall = moment
  try {
    await act(world, moment)
    return { died: false, moments }
  } catch (error) {
    if (!(error instanceof Killed)) throw error
    return { died: true, moments }
  } finally {
    world.system.onCall = () => {}
  }
}

/** What a planner would plan now: what cannot be seen to hold. */
async function replanned({ system }: SmallWorld): Promise<readonly SmallChange[]> {
  const open = await Promise.all(
    SMALL_PLAN.map(async (change) => {
      const seen = objectSeen(change.look, await system.hands.read(change.look.call))
      return holds(change.expect, seen) ? [] : [change]
    }),
  )
  return open.flat()
}

/** What cannot be done twice without a difference. A kill in the middle of a change of two settings sets the first of them again. */
function deedsOf({ system }: SmallWorld): readonly string[] {
  const settings = new Set(system.deeds.filter((deed) => deed.startsWith('set ')))
  return [...settings, ...system.deeds.filter((deed) => !deed.startsWith('set '))].toSorted()
}

/** A whole run without a kill: how many moments it has, what it does, and what it leaves. */
async function undisturbed() {
  using world = smallWorld()
  const first = world.system.state()
  const applied = await killedAt(world, Infinity, apply(SMALL_PLAN))
  const [after, deeds] = [world.system.state(), deedsOf(world)]
  world.system.deeds.length = 0
  const undone = await killedAt(world, Infinity, undo)
  return { first, after, deeds, undoDeeds: deedsOf(world), moments: applied.moments, undoMoments: undone.moments }
}
const clean = await undisturbed()

for (const plans of ['the same plan', 'a fresh plan'] as const)
  test(`killed at any moment of a run, the next run with ${plans} does the rest, and nothing twice; an undo leaves the first state`, async () => {
    for (let n = 1; n <= clean.moments; n++) {
      using world = smallWorld()
      assert.equal((await killedAt(world, n, apply(SMALL_PLAN))).died, true)
      await apply(plans === 'the same plan' ? SMALL_PLAN : await replanned(world))(world, () => {})
      assert.deepEqual(world.system.state(), clean.after, `killed at ${n}`)
      assert.deepEqual(deedsOf(world), clean.deeds, `killed at ${n}`)
      await undo(world, () => {})
      assert.deepEqual(world.system.state(), clean.first, `killed at ${n}`)
    }
  })

test('killed at any moment of a run, an undo takes back whatever was done of it', async () => {
  for (let n = 1; n <= clean.moments; n++) {
    using world = smallWorld()
    await killedAt(world, n, apply(SMALL_PLAN))
    await undo(world, () => {})
    assert.deepEqual(world.system.state(), clean.first, `killed at ${n}`)
  }
})

test('killed at any moment of an undo, the next one does the rest, and nothing twice', async () => {
  for (let n = 1; n <= clean.undoMoments; n++) {
    using world = smallWorld()
    await apply(SMALL_PLAN)(world, () => {})
    world.system.deeds.length = 0
    assert.equal((await killedAt(world, n, undo)).died, true)
    await undo(world, () => {})
    assert.deepEqual(world.system.state(), clean.first, `killed at ${n}`)
    assert.deepEqual(deedsOf(world), clean.undoDeeds, `killed at ${n}`)
  }
})

test('killed again and again, with lost replies and whatever lag, it ends as if nothing had been', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: clean.moments }), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
      fc.integer({ min: 0, max: 30_000 }),
      fc.integer({ min: 0, max: 100_000 }),
      async (kills, lost, lagMs, restMs) => {
        using world = smallWorld(lagMs)
        for (const n of kills) {
          await killedAt(world, n, apply(SMALL_PLAN))
          world.clock.pass(restMs)
        }
        let calls = 0
        world.system.onCall = () => {
          if (lost.includes(++calls)) throw new Failure('connection-lost', 'Lost.')
        }
        await apply(SMALL_PLAN)(world, () => {})
        world.system.onCall = () => {}
        await apply(SMALL_PLAN)(world, () => {})
        assert.deepEqual(world.system.state(), clean.after)
        assert.deepEqual(deedsOf(world), clean.deeds)
        for (const n of kills) await killedAt(world, n, undo)
        await undo(world, () => {})
        assert.deepEqual(world.system.state(), clean.first)
      },
    ),
    { numRuns: 25 },
  )
})
