import assert from 'node:assert/strict'
import { test } from 'node:test'
import { projectRig } from './rig.ts'

test('a run that stays does not send a password again and again that was refused, and the others go on', async () => {
  await using rig = await projectRig()
  await rig.signOff('scope', 'user-list')
  await rig.drive(({ view }) => view.entered === 'prestage', { until: 'prestage' })
  const good = rig.company.mailboxes
  await rig.define(
    (yaml) => yaml,
    (csv) => csv.replace('env:PASSWORD_2', 'wrong'),
  )
  const stayed = await rig.run({ waitMinutes: 120 })
  const passes = stayed.steps.filter(({ says }) => says.includes('copied to the end'))
  assert.equal(passes.length, 1, JSON.stringify(stayed.steps, null, 1))
  assert.deepEqual([stayed.view.mailboxes.copied, stayed.ended], [1, 'gate'])
  const [blocker] = stayed.view.blockers
  assert.deepEqual([blocker?.id, blocker?.needs, blocker?.waivable], ['prestage.mailbox.ben', 'person', false])
  await rig.define(
    (yaml) => yaml,
    () => good,
  )
  assert.equal((await rig.run()).view.mailboxes.copied, 2)
})
