import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SwitchResult } from '../../src/api/switch-results.ts'
import { rfc2136 } from '../../src/dns/adapters/rfc2136.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { Secret } from '../../src/model/secret.ts'
import { typedIn } from '../conformance/dns-person.ts'
import { needs } from '../servers/available.ts'
import { DOMAIN, wholeRig, type WholeRig } from './whole-rig.ts'

const zone = { id: DOMAIN, name: DOMAIN }

/** Somebody in the panel of the host, who does what is shown and nothing else. */
function personAt({ port, env }: WholeRig): (says: string) => Promise<void> {
  const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
  const panel = rfc2136.open({ server: `127.0.0.1:${port}`, zone: DOMAIN, key: new Secret(env['KEY'] ?? '') }, ctx)
  return async (says) => typedIn(panel, zone, says.split('The same as a zone file:')[1] ?? '')
}

test(
  'a domain whose records a person changes is switched and turned back: it waits for each change, says what is to be done, and believes what it sees',
  {
    skip: needs('bind'),
  },
  async () => {
    await using rig = await wholeRig([], 'manual')
    const types = personAt(rig)
    const tasks: string[] = []
    const drive = (until: (result: SwitchResult) => boolean): Promise<SwitchResult> =>
      rig.drive(async (result) => {
        const { byHand } = result.view
        assert.equal(result.ended === 'by-hand', byHand !== null)
        if (byHand === null || tasks.includes(byHand)) return until(result)
        tasks.push(byHand)
        await types(byHand)
        return false
      })
    await drive(({ view }) => view.phase === 'draining')
    assert.deepEqual(await rig.mx(), [`0 ${rig.mail.newMx}`])
    assert.equal(tasks.length, 3)
    for (const task of tasks) assert.match(task, /To put everything back[\s\S]*Now change this:/)
    await rig.operations.switchSay(rig.place, { say: 'rollback', scope: 'all', reason: 'does not work', name: 'anna' })
    await drive(({ view }) => view.phase === 'reverse-draining')
    assert.deepEqual(await rig.mx(), [`10 ${rig.mail.oldMx}`])
    assert.equal(tasks.length, 4)
  },
)
