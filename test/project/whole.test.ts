import assert from 'node:assert/strict'
import { test } from 'node:test'
import { projectRig } from './rig.ts'

test('a project is carried from kickoff to closeout by running it again and again, and every message is found once', async () => {
  await using rig = await projectRig()
  await rig.signOff('scope', 'user-list', 'go', 'acceptance')
  const ended = await rig.drive(({ view }) => view.closed)
  assert.equal(ended.view.entered, 'closeout')
  assert.equal(rig.company.mx().includes('mail.protection'), true, rig.company.mx())
  const { sent, once } = rig.company.arrivals()
  assert.equal(once, sent)
})
