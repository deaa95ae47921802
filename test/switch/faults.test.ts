import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Failure } from '../../src/model/failure.ts'
import type { Reading } from '../../src/switch/events.ts'
import { USUAL } from '../../src/switch/settings.ts'
import { Killed, play, replayed } from './play.ts'
import { Random } from './random.ts'
import { DAY, HOUR, type World } from './world.ts'
import { Watchman } from './world-invariants.ts'
import { keyOf, OLD_MX } from './zone-model.ts'
import type { Around } from './world-hands.ts'

const NONE = { ended: false, lost: 0, bounced: 0 }
const RUNS = 8
const SETTINGS = { ...USUAL, tailMs: 0 }
const MX = keyOf({ name: 'example.org', type: 'MX' })

/** Kills, refusals and lost answers, for so many calls of each kind. */
function struck(seed: number): (world: World) => Around {
  const random = new Random(seed ^ 0x5f5f)
  let left = 25
  const strikes = (): boolean => left > 0 && random.chance(0.1) && left-- > 0
  return () => ({
    before() {
      if (strikes()) throw random.chance(0.5) ? new Killed() : new Failure('connection-refused', 'Too much at once.', { notDone: true })
    },
    after() {
      if (strikes()) throw random.chance(0.5) ? new Killed() : new Failure('connection-timeout', 'No answer came.', { notDone: false })
    },
  })
}

await suite('faults strike a move and leave it whole', () => {
  test('T53 T58 I1–I12 hold while it is killed before and after effects, refused and left without an answer, and it comes to its end', async () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const watchman = new Watchman(SETTINGS)
      const played = await play(seed, {
        settings: SETTINGS,
        around: struck(seed),
        onEvent: (state, world, log) => watchman.look(state, world, log),
      })
      watchman.end(played.world, played.log)
      assert.deepEqual(watchman.broken, [], `seed ${seed}`)
      assert.deepEqual({ ended: played.ended === 'stuck', lost: played.lost, bounced: played.bounced }, NONE, `seed ${seed}`)
    }
  })

  test('T54 a clock that is set back and forth, and a machine that starts anew, satisfy no guard too early', async () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = new Random(seed)
      const jumps = Array.from({ length: 6 }, () => ({ at: random.between(0, 10) * DAY, by: random.between(-300, 300) * DAY }))
      const reading = (world: World): Reading => {
        const upMs = world.now - world.begins
        return { wallMs: world.now + (jumps.findLast(({ at }) => upMs >= at)?.by ?? 0), boot: 'one', upMs }
      }
      const watchman = new Watchman(SETTINGS)
      const played = await play(seed, { settings: SETTINGS, reading, onEvent: (state, world, log) => watchman.look(state, world, log) })
      watchman.end(played.world, played.log)
      assert.deepEqual(watchman.broken, [], `seed ${seed}`)
      assert.deepEqual({ ended: played.ended === 'stuck', lost: played.lost, bounced: played.bounced }, NONE, `seed ${seed}`)
    }
  })

  test('what somebody else writes into MX meanwhile is never overwritten without a word, and stops the move', async () => {
    let edited = false
    const played = await play(3, {
      settings: SETTINGS,
      variant: { rollback: 0 },
      longest: 6 * DAY,
      between: (world, log) => {
        if (edited || log.state().phase !== 'ready') return
        edited = true
        world.zone.edit(MX, (set) => ({ ...set, data: [OLD_MX, '20 backup.example'] }), world.now)
      },
    })
    assert.equal(edited, true)
    assert.equal(played.log.state().phase, 'ready')
    assert.deepEqual(played.world.zone.now.get(MX)?.data, [OLD_MX, '20 backup.example'])
  })

  test('I12 the log, read again from any of its beginnings, tells the same', async () => {
    const { log } = await play(5, { settings: SETTINGS, longest: 4 * DAY + HOUR })
    assert.deepEqual(replayed(log), log.state())
  })
})
