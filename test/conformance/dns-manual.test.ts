/** A person in the panel, with real name servers that show what they did. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manual } from '../../src/dns/adapters/manual.ts'
import { rfc2136 } from '../../src/dns/adapters/rfc2136.ts'
import { untilSeen, type Progress } from '../../src/dns/manual/watch.ts'
import type { Zones } from '../../src/dns/provider.ts'
import type { RecordSet } from '../../src/dns/record-set.ts'
import type { Swap } from '../../src/dns/update-message.ts'
import { silentLog } from '../../src/lib/log.ts'
import { Failure } from '../../src/model/failure.ts'
import { Secret } from '../../src/model/secret.ts'
import { carryOut } from '../../src/dns/carry-out.ts'
import { needs } from '../servers/available.ts'
import { startBind, type NameServer } from '../servers/bind.ts'
import { startKnot } from '../servers/knot.ts'
import { UPDATE_KEY } from '../servers/zone.ts'

const NAME = 'cutover.test'
/** BIND takes no MX within the zone that has no address. */
const ZONE = { name: NAME, records: ['@ IN MX 10 mx.old.test.', 'cutover-test.mail.protection.outlook.com IN A 192.0.2.1'] }
const REF = { id: NAME, name: NAME }
const skip = needs('bind') || needs('knot')

function clocked() {
  let now = 0
  const slept: number[] = []
  const sleep = async (ms: number): Promise<void> => {
    now += ms
    slept.push(ms)
  }
  return { slept, ctx: { clock: { now: () => now, sleep }, log: silentLog, signal: new AbortController().signal } }
}

function panelOf({ port }: NameServer): Zones {
  const key = new Secret(`${UPDATE_KEY.algorithm}:${UPDATE_KEY.name}:${UPDATE_KEY.secret}`)
  const { ctx } = clocked()
  return rfc2136.open({ server: `127.0.0.1:${port}`, zone: NAME, key }, { ...ctx, clock: { now: Date.now, sleep: ctx.clock.sleep } })
}

async function edit(server: NameServer, name: string, type: RecordSet['type'], data: readonly string[], ttlSeconds = 300): Promise<void> {
  const panel = panelOf(server)
  const before = (await panel.read(REF, [{ name, type }])).sets[0] ?? null
  await panel.write(REF, [{ name, type, before, after: data.length === 0 ? null : { name, type, ttlSeconds, data } }])
}

const NEW_MX = '0 cutover-test.mail.protection.outlook.com'
const before: RecordSet = { name: NAME, type: 'MX', ttlSeconds: 3600, data: ['10 mx.old.test'] }
const SWAP: Swap = { name: NAME, type: 'MX', before, after: { name: NAME, type: 'MX', ttlSeconds: 300, data: [NEW_MX] } }

test(
  "manual: the task is told, a mistake is told by name, somebody else's change stops it, and what is done is believed when all servers show it (T35)",
  { skip },
  async () => {
    await using bind = await startBind([ZONE])
    await using knot = await startKnot([ZONE])
    const { ctx } = clocked()
    const zones = manual.open({ zone: NAME, servers: `127.0.0.1:${bind.port}, 127.0.0.1:${knot.port}` }, ctx)
    const outcome = (): Promise<unknown> => carryOut(manual, zones, REF, [SWAP], ctx).catch((error: unknown) => error)
    const failed = async (code: string, says: RegExp): Promise<void> => {
      const failure = await outcome()
      assert.ok(failure instanceof Failure && failure.code === code && failure.notDone, String(failure))
      assert.match(failure.message, says)
    }
    await failed('by-hand', /put everything back[\s\S]*mx\.old\.test[\s\S]*Now change this[\s\S]*cutover-test\.mail/)
    for (const server of [bind, knot]) await edit(server, NAME, 'MX', [`${NEW_MX}.${NAME}`])
    await failed('by-hand', /Something is not right yet:\n- The panel added the domain/)
    for (const server of [bind, knot]) await edit(server, NAME, 'MX', ['10 mx.third.test'])
    await failed('record-changed', /mx\.third\.test/)
    await edit(bind, NAME, 'MX', [NEW_MX])
    await failed('not-visible-yet', /do not agree/)
    await edit(knot, NAME, 'MX', [NEW_MX])
    assert.equal(await outcome(), 'already')
  },
)

test('manual: it is looked every quarter of a minute, and later every minute, until every server shows it', { skip }, async () => {
  await using bind = await startBind([ZONE])
  await using knot = await startKnot([ZONE])
  const { ctx, slept } = clocked()
  const servers = [bind, knot].map(({ port }) => ({ address: '127.0.0.1', port }))
  const looks: Progress[] = []
  const options = { patienceMs: 3_600_000, onProgress: (progress: Progress) => void looks.push(progress) }
  const steps = [
    () => edit(bind, NAME, 'MX', [NEW_MX, '10 mx.old.test']),
    () => edit(bind, NAME, 'MX', [NEW_MX]),
    () => edit(knot, NAME, 'MX', [NEW_MX]),
  ]
  const { sleep } = ctx.clock
  const clock = {
    ...ctx.clock,
    // At the start, then after ten minutes.
    async sleep(ms: number) {
      await sleep(ms)
      if (slept.length <= 2 || slept.length === 50) await steps.shift()?.()
    },
  }
  const last = await untilSeen({ servers, elsewhere: [] }, NAME, [SWAP], { ...ctx, clock }, options)
  assert.equal(last.seen, true)
  assert.deepEqual([slept[0], slept[39], slept[40], slept[49]], [15_000, 15_000, 60_000, 60_000])
  assert.deepEqual(
    looks[1]?.typos.map(({ kind }) => kind),
    ['old-beside-new'],
  )
  assert.deepEqual(
    looks[2]?.servers.map(({ missing }) => missing.length),
    [0, 1],
  )
  const gaveUp = await untilSeen({ servers, elsewhere: [] }, NAME, [{ ...SWAP, after: before }], ctx, { ...options, patienceMs: 0 })
  assert.equal(gaveUp.seen, false)
})

test('manual: a change in the panel of another host is told as that (T35)', { skip }, async () => {
  await using bind = await startBind([ZONE])
  await using other = await startKnot([ZONE])
  const { ctx } = clocked()
  const servers = { servers: `127.0.0.1:${bind.port}`, elsewhere: `127.0.0.1:${other.port}, gone.invalid` }
  const zones = manual.open({ zone: NAME, ...servers }, ctx)
  const outcome = (): Promise<unknown> => carryOut(manual, zones, REF, [SWAP], ctx).catch((error: unknown) => error)
  assert.doesNotMatch(String(await outcome()), /wrong panel/)
  await edit(other, NAME, 'MX', [NEW_MX])
  assert.match(String(await outcome()), /Something is not right yet:\n- .*wrong panel/)
})
