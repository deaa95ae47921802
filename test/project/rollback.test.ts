import assert from 'node:assert/strict'
import { test } from 'node:test'
import { switchSay } from '../../src/api/switch.ts'
import { projectRig } from './rig.ts'

test('a domain that is sent back opens the cutover again: deltas go on, it waits for a person, and may be begun again', async () => {
  await using rig = await projectRig()
  const { world, domain } = rig.company
  const place = { stateDir: rig.project.stateDir, domain }
  await rig.signOff('scope', 'user-list', 'go')
  await rig.drive(({ view }) => view.entered === 'final')
  assert.match(rig.company.mx(), /mail\.protection/)

  await switchSay(world, place, { say: 'rollback', scope: 'swapped', reason: 'the scanner cannot send', name: 'Ben' })
  const back = await rig.next()
  assert.deepEqual([back.phase, back.entered], ['cutover', 'final'])
  const restored = await rig.drive(({ view }) => view.blockers.some(({ id }) => id.startsWith('cutover.restored')))
  assert.doesNotMatch(rig.company.mx(), /mail\.protection/)
  assert.equal(restored.view.command, `switch ${domain} --again --name NAME`)
  assert.match(restored.view.because, /scanner/)
  await rig.company.arrive()
  await world.clock.sleep(48 * 3_600_000)
  assert.match((await rig.run()).steps.map(({ says }) => says).join(), /copied to the end/)

  await switchSay(world, place, { say: 'again', name: 'Ben' })
  await rig.drive(({ view }) => !view.blockers.some(({ phase }) => phase === 'cutover'))
  assert.match(rig.company.mx(), /mail\.protection/)
})
