import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs } from '../servers/available.ts'
import { postfixRig } from './postfix-rig.ts'

const skip = needs('bind') || needs('knot') || needs('unbound') || needs('postfix') || needs('dovecot')

test(
  'T59 with a server that lags, resolvers that remember and five senders at a real Postfix, a switch and a rollback leave every message once at the old side',
  { skip },
  async () => {
    await using rig = await postfixRig()
    const strays = (side: 'old' | 'new'): number =>
      [...rig.accepted.values()].filter((one) => one.side === side && one.right !== side).length
    await rig.drive(({ view }) => view.phase === 'draining')
    assert.deepEqual(await rig.mx(), [`0 ${rig.mail.newMx}`])
    await rig.operations.switchSay(rig.place, { say: 'rollback', scope: 'all', reason: 'does not work', name: 'anna' })
    const ended = await rig.drive(({ ended }) => ended === 'over')
    assert.equal(ended.view.phase, 'restored')
    assert.deepEqual(await rig.mx(), [`10 ${rig.mail.oldMx}`])
    for (const phase of ['switched-partial', 'rolled-back-partial']) assert.ok(rig.phases.has(phase), phase)
    assert.ok(strays('old') > 0 && strays('new') > 0, 'no cache remembered anything')
    assert.deepEqual(rig.refused, [])
    const once = Object.fromEntries([...rig.accepted.keys()].map((id) => [id, 1]))
    assert.deepEqual(await rig.found('old'), once)
  },
)
