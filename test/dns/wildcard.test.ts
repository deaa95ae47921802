import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manual } from '../../src/dns/adapters/manual.ts'
import { rfc2136 } from '../../src/dns/adapters/rfc2136.ts'
import { carryOut } from '../../src/dns/carry-out.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { Secret } from '../../src/model/secret.ts'
import { needs } from '../servers/available.ts'
import { startBind } from '../servers/bind.ts'
import { startKnot } from '../servers/knot.ts'
import { UPDATE_KEY } from '../servers/zone.ts'

const ZONE = {
  name: 'wild.test',
  records: ['* IN CNAME web.test.', 'www IN CNAME web.test.', 'other IN CNAME else.test.', 'deep IN A 192.0.2.1', '*.deep IN TXT "deep"'],
}
const zone = { id: ZONE.name, name: ZONE.name }
const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }

for (const [name, start] of [
  ['bind', startBind],
  ['knot', startKnot],
] as const)
  test(`${name}: what a wildcard answers is no set of its own, so that one can be made there`, { skip: needs(name) }, async () => {
    await using server = await start([ZONE])
    const at = `127.0.0.1:${server.port}`
    const zones = rfc2136.open(
      { server: at, zone: ZONE.name, key: new Secret(`${UPDATE_KEY.algorithm}:${UPDATE_KEY.name}:${UPDATE_KEY.secret}`) },
      ctx,
    )
    const asked = ['www', 'other', 'autodiscover', '_dmarc', '*'].map((label) => ({ name: `${label}.wild.test`, type: 'CNAME' as const }))
    const { sets } = await zones.read(zone, [...asked, { name: 'a.deep.wild.test', type: 'TXT' }])
    assert.deepEqual(sets.map((set) => set.name).toSorted(), ['*.wild.test', 'other.wild.test', 'www.wild.test'])
    const swaps = [
      {
        name: '_dmarc.wild.test',
        type: 'TXT' as const,
        before: null,
        after: { name: '_dmarc.wild.test', type: 'TXT' as const, ttlSeconds: 60, data: ['v=DMARC1; p=none'] },
      },
      {
        name: 'autodiscover.wild.test',
        type: 'CNAME' as const,
        before: null,
        after: { name: 'autodiscover.wild.test', type: 'CNAME' as const, ttlSeconds: 60, data: ['a.test'] },
      },
    ]
    assert.equal(await carryOut(rfc2136, zones, zone, swaps, ctx), 'done')
    const seen = await manual.open({ zone: ZONE.name, servers: at }, ctx).read(zone, asked)
    assert.deepEqual(
      seen.sets.map((set) => set.name).toSorted(),
      ['*.wild.test', 'autodiscover.wild.test', 'other.wild.test'],
      'what equals the wildcard cannot be told apart by asking',
    )
  })
