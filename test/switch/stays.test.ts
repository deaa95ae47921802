import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { needs } from '../servers/available.ts'
import { startBind } from '../servers/bind.ts'
import { DOMAIN, recordsBefore, wholeRig } from './whole-rig.ts'

const skip = needs('bind')

test(
  'a run that has written stays, without --wait, until the name servers have it; where an hour is missing it does not',
  { skip },
  async () => {
    await using rig = await wholeRig()
    const first = await rig.once()
    assert.deepEqual([first.view.phase, first.ended], ['ttl-lowered', 'waits'])
  },
)

test(
  'a name server that has not followed within two minutes is waited for, and after half an hour a person is needed',
  { skip },
  async () => {
    await using rig = await wholeRig()
    await using slow = await startBind([{ name: DOMAIN, records: recordsBefore(rig.mail.oldMx) }])
    const text = await readFile(rig.definitionFile, 'utf8')
    const both = text.replace(/name_servers: (.*)/, `name_servers: [$1, 127.0.0.1:${slow.port}]`)
    await writeFile(rig.definitionFile, both)
    const first = await rig.once()
    assert.deepEqual([first.view.phase, first.ended], ['snapshotted', 'waits'], JSON.stringify(first, null, 1))
    const late = await rig.once({ waitMinutes: 40 })
    assert.deepEqual([late.view.phase, late.ended], ['snapshotted', 'refused'])
  },
)
