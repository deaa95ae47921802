import assert from 'node:assert/strict'
import { test } from 'node:test'
import { switchSay } from '../../src/api/switch.ts'
import { projectRig } from './rig.ts'

test('a domain that is sent back opens the cutover again, and run carries it back without being asked', async () => {
  await using rig = await projectRig()
  const { world, domain } = rig.company
  const place = { stateDir: rig.project.stateDir, domain }
  await rig.signOff('scope', 'user-list', 'go')
  await rig.drive(({ view }) => view.entered === 'final')
  assert.match(rig.company.mx(), /mail\.protection/)

  await switchSay(world, place, { say: 'rollback', scope: 'swapped', reason: 'the scanner cannot send', name: 'Ben' })
  const back = await rig.next()
  assert.deepEqual([back.phase, back.entered, back.command], ['cutover', 'final', 'run'])
  const asked = rig.asked.length
  const after = await rig.run()
  assert.doesNotMatch(rig.company.mx(), /mail\.protection/)
  assert.deepEqual([after.view.phase, after.ended, rig.asked.length], ['cutover', 'waits', asked])
  await assert.rejects(switchSay(world, place, { say: 'again', name: 'Ben' }), { code: 'bad-input' })
})
