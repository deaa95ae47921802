import assert from 'node:assert/strict'
import { test } from 'node:test'
import { happeningOf, type SwitchWord } from '../../src/api/switch-words.ts'
import { Failure } from '../../src/model/failure.ts'
import { USUAL } from '../../src/switch/settings.ts'
import { play } from './play.ts'
import { keyOf, NEW_MX, OLD_MX } from './zone-model.ts'

const MX = keyOf({ name: 'example.org', type: 'MX' })
const SETTINGS = { ...USUAL, tailMs: 0 }
const FOREIGN = [OLD_MX, '20 backup.example']

test('T50 what somebody else wrote is overwritten only with a word of consent, about what was shown, and the word is kept', async () => {
  let step: 'begin' | 'edited' | 'given-up' = 'begin'
  const word: SwitchWord = { say: 'give-up', set: 'example.org. mx', reason: 'nobody needs it', name: 'anna' }
  const played = await play(3, {
    settings: SETTINGS,
    variant: { rollback: 0 },
    between: (world, log) => {
      const { phase, seen } = log.state()
      if (phase !== 'ready') return
      if (step === 'begin') {
        assert.throws(() => happeningOf(log, word), /Nothing was seen that somebody else has changed/)
        world.zone.edit(MX, (set) => ({ ...set, data: FOREIGN }), world.now)
        step = 'edited'
      }
      const isShown = seen.zone?.found.sets.some(({ now }) => now?.data.length === 2) === true
      if (step !== 'edited' || !isShown) return
      assert.deepEqual(world.zone.now.get(MX)?.data, FOREIGN, 'nothing was overwritten so far')
      assert.throws(() => happeningOf(log, { ...word, reason: ' ' }), /needs a reason/)
      assert.throws(
        () => happeningOf(log, { ...word, set: 'www.example.org A' }),
        (error) => error instanceof Failure && error.message === 'Which one? Somebody else has changed: example.org MX.',
      )
      log.append(happeningOf(log, word))
      step = 'given-up'
    },
  })
  assert.deepEqual([step, played.ended], ['given-up', 'decommissioned'])
  assert.deepEqual(played.world.zone.now.get(MX)?.data, [NEW_MX])
  const kept = played.log.kept.find(({ payload }) => payload.type === 'given-up')
  assert.deepEqual(kept?.payload, { type: 'given-up', set: MX, data: FOREIGN, reason: 'nobody needs it', name: 'anna' })
})

test('T49 a move that is turned back after its end opens the domain again, and is not over before', async () => {
  const played = await play(4, {
    settings: USUAL,
    variant: { rollback: 0 },
    between: (world, log) => {
      const { phase, turnedBack } = log.state()
      if (phase !== 'finalised' || turnedBack !== null) return
      assert.equal(world.closed, true)
      log.append(happeningOf(log, { say: 'rollback', scope: 'all', reason: 'does not work', name: 'anna' }))
    },
  })
  assert.equal(played.ended, 'restored')
  assert.equal(played.world.closed, false)
  const types = played.log.kept.map(({ payload }) => payload.type)
  assert.ok(types.lastIndexOf('opened') > types.indexOf('turned-back'))
  const putBack = played.log.kept.findIndex(({ payload }) => payload.type === 'written' && payload.step === 'put-back')
  assert.ok(types.indexOf('opening') > putBack, 'where mail goes comes first')
})
