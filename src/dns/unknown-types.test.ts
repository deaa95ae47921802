import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs } from '../../test/servers/available.ts'
import { startBind } from '../../test/servers/bind.ts'
import { startKnot } from '../../test/servers/knot.ts'
import { silentLog } from '../lib/log.ts'
import { systemClock } from '../lib/clock.ts'
import { manual } from './adapters/manual.ts'
import { unknownAt } from './unknown-types.ts'

const SSHFP = 'IN SSHFP 1 1 123456789abcdef67890123456789abcdef67890'
const records = [
  `plain ${SSHFP}`,
  'plain IN A 192.0.2.1',
  'web IN HTTPS 1 . alpn=h2',
  'web IN A 192.0.2.1',
  'odd IN A 192.0.2.1',
  'odd IN TYPE65280 \\# 4 0A000001',
  'host IN A 192.0.2.1',
  `*.wild ${SSHFP}`,
  'x.wild IN A 192.0.2.1',
]

for (const [name, start] of [
  ['bind', startBind],
  ['knot', startKnot],
] as const)
  test(
    `${name}: types that nobody here handles are found where they stand, and not where a wildcard says them`,
    { skip: needs(name) },
    async () => {
      await using server = await start([{ name: 'odd.test', records }])
      const at = { address: server.host, port: server.port }
      const { signal } = new AbortController()
      const found = async (label: string): Promise<readonly string[]> =>
        (await unknownAt(`${label}.odd.test`, 'odd.test', at, signal)).map(({ type }) => type)
      assert.deepEqual(await found('plain'), ['SSHFP'])
      assert.deepEqual(await found('web'), ['HTTPS'])
      // Of a type that nobody has heard of only some servers tell.
      assert.deepEqual(await found('odd'), name === 'bind' ? ['TYPE65280'] : [])
      for (const label of ['host', 'nowhere', 'any.wild', 'x.wild']) assert.deepEqual(await found(label), [], label)
      const zones = manual.open({ zone: 'odd.test', servers: `127.0.0.1:${server.port}` }, { clock: systemClock, log: silentLog, signal })
      const { opaque } = await zones.read({ id: 'odd.test', name: 'odd.test' }, [{ name: 'plain.odd.test', type: 'CNAME' }])
      assert.deepEqual(
        opaque.map(({ type }) => type),
        ['SSHFP'],
      )
    },
  )
