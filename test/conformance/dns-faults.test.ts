/** What hosts of DNS do on bad days; each stand-in is asked to. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldTtl } from '../../src/dns/provider.ts'
import { reversed } from '../../src/dns/carry-out.ts'
import { Failure } from '../../src/model/failure.ts'
import type { DnsHost, DnsRig, StubControl } from './dns.ts'
import { DNS_HOSTS } from './dns-hosts.ts'
import type { Fault } from './dns-stubs/stub-server.ts'
import { opened, set, swap } from './dns-zone.ts'

const MOST_CALLS = 12
const NEW_MX = ['0 cutover-test.mail.protection.outlook.com']

for (const host of DNS_HOSTS.filter(({ stubbed }) => stubbed)) {
  const { provider } = host
  const says = (sentence: string): string => `${provider.name}: ${sentence}`

  for (const fault of ['cut', 'lost'] as const)
    test(
      says(`cut off at any call (${fault === 'cut' ? 'before it' : 'its answer lost'}), the change is finished by running it again (T21)`),
      async () => {
        for (let call = 0; call < MOST_CALLS; call++) {
          await using rig = await host.start()
          const stub = stubOf(rig)
          const at = await opened(host, rig)
          const first = await at.read(['', 'autodiscover'])
          const swaps = await at.switchSwaps()
          // So often that trying again at once does not help either, as when the machine dies.
          stub.faults.writes.push(...Array.from({ length: call }, () => null), fault, ...Array.from({ length: 20 }, () => 'cut' as const))
          const outcome = await at.carryOut(swaps).catch((error: unknown) => error)
          assert.ok(outcome === 'done' || outcome instanceof Failure, String(outcome))
          const wasHit = stub.faults.writes.length < 21
          stub.faults.writes.length = 0
          for (const seen of stub.everServed(rig.zone, 'MX')) assert.notDeepEqual(seen, [])
          await (await opened(host, rig)).carryOut(swaps)
          assert.deepEqual(await rig.served(rig.zone, 'MX'), NEW_MX)
          assert.deepEqual(await rig.served(`autodiscover.${rig.zone}`, 'CNAME'), ['autodiscover.outlook.com'])
          assert.deepEqual(await rig.served(`autodiscover.${rig.zone}`, 'A'), [])
          await at.carryOut(reversed(swaps))
          assert.deepEqual(await at.read(['', 'autodiscover']), first)
          if (!wasHit) return
        }
        assert.fail('the change does not come to an end')
      },
    )

  test(says('a single answer that is lost is nothing to a person'), async () => {
    await using rig = await host.start()
    const at = await opened(host, rig)
    const swaps = await at.switchSwaps()
    stubOf(rig).faults.writes.push('lost')
    assert.equal(await at.carryOut(swaps), 'done')
    assert.deepEqual(await rig.served(rig.zone, 'MX'), NEW_MX)
  })

  const busy: readonly (readonly [name: string, fault: Fault, waitsMs: number])[] = [
    ['429 with seconds', { status: 429, headers: { 'retry-after': '37' } }, 37_000],
    ['429 without a time', { status: 429 }, 1000],
    ['503 with a date', { status: 503, headers: { 'retry-after': new Date(Date.UTC(2026, 0, 1, 0, 2)).toUTCString() } }, 60_000],
    ['503 without a time', { status: 503, text: '<html>later</html>', headers: { 'content-type': 'text/html' } }, 1000],
  ]
  for (const [name, fault, waitsMs] of busy)
    test(says(`${name} is waited for, and the change done (T23)`), async () => {
      await using rig = await host.start()
      const stub = stubOf(rig)
      const at = await opened(host, rig)
      const swaps = await at.switchSwaps()
      stub.faults.writes.push(fault)
      stub.faults.calls.push(fault)
      const before = stub.waitedMs()
      assert.equal(await at.carryOut(swaps), 'done')
      assert.ok(stub.waitedMs() - before >= waitsMs, `${stub.waitedMs() - before} ms`)
      assert.deepEqual(await rig.served(rig.zone, 'MX'), NEW_MX)
    })

  test(says('a host that stays busy is left after ten minutes, with the zone as it was, and gone on with later (T23)'), async () => {
    await using rig = await host.start()
    const stub = stubOf(rig)
    const at = await opened(host, rig)
    const swaps = await at.switchSwaps()
    const first = await at.read(['', 'autodiscover'])
    stub.faults.always = { status: 429, headers: { 'retry-after': '50' } }
    const failure = await at.carryOut(swaps).catch((error: unknown) => error)
    assert.ok(failure instanceof Failure && failure.code === 'throttled' && failure.notDone, String(failure))
    assert.ok((failure.retryAfterMs ?? 0) >= 50_000 && stub.waitedMs() > 9 * 60_000 && stub.waitedMs() <= 11 * 60_000)
    stub.faults.always = null
    assert.deepEqual(await at.read(['', 'autodiscover']), first)
    assert.equal(await at.carryOut(swaps), 'done')
  })

  test(says('a host that shows what was written only later is believed only then'), async () => {
    await using rig = await host.start()
    const stub = stubOf(rig)
    const at = await opened(host, rig)
    const swaps = [swap(await at.one(rig.zone, 'MX'), set(rig, '', 'MX', NEW_MX, heldTtl(provider.can, 300)))]
    stub.lag(3)
    assert.equal(await at.carryOut(swaps), 'done')
    assert.ok(stub.waitedMs() >= 500)
    assert.equal((await at.one(rig.zone, 'MX'))?.data[0], NEW_MX[0])
  })

  test(says('a host that says it is done and never shows it ends in a failure that says so (T32)'), async () => {
    await using rig = await host.start()
    const at = await opened(host, rig)
    const swaps = [swap(await at.one(rig.zone, 'MX'), set(rig, '', 'MX', NEW_MX, heldTtl(provider.can, 300)))]
    stubOf(rig).lag(1000)
    const failure = await at.carryOut(swaps).catch((error: unknown) => error)
    assert.ok(failure instanceof Failure && failure.code === 'not-visible-yet', String(failure))
  })

  if (provider.can.compareAndSet === 'native')
    test(says('what somebody else changes between our look and our change is noticed by the host (T29, T30, T31, T33)'), async () => {
      await using rig = await host.start()
      const stub = stubOf(rig)
      const at = await opened(host, rig)
      const swaps = [swap(await at.one(rig.zone, 'MX'), set(rig, '', 'MX', NEW_MX, heldTtl(provider.can, 300)))]
      stub.faults.meanwhile = () => stub.editNow(set(rig, '', 'MX', ['5 mx.third.test']))
      const failure = await at.carryOut(swaps).catch((error: unknown) => error)
      assert.ok(failure instanceof Failure && failure.code === 'record-changed' && failure.notDone, String(failure))
      assert.deepEqual(await rig.served(rig.zone, 'MX'), ['5 mx.third.test'])
    })

  // Who replaces the whole zone cannot know of it: its own test says how far it looks.
  if (provider.can.replacesZone !== true)
    test(says('a change elsewhere in the zone at that moment is no matter'), async () => {
      await using rig = await host.start()
      const stub = stubOf(rig)
      const at = await opened(host, rig)
      stub.faults.meanwhile = () => stub.editNow(set(rig, 'shop', 'A', ['192.0.2.80']))
      assert.equal(await at.carryOut(await at.switchSwaps()), 'done')
      assert.deepEqual(await rig.served(`shop.${rig.zone}`, 'A'), ['192.0.2.80'])
    })

  test(says('a time to live below the lowest is lifted to it, and taken (T24)'), async () => {
    const { can } = provider
    assert.equal(heldTtl(can, 0), can.lowestTtlSeconds)
    assert.equal(heldTtl(can, 4_000_000_000), can.highestTtlSeconds)
    await using rig = await host.start()
    const at = await opened(host, rig)
    const after = set(rig, 'quick', 'TXT', ['x'], heldTtl(can, 0))
    assert.equal(await at.carryOut([swap(null, after)]), 'done')
    assert.equal((await at.one(after.name, 'TXT'))?.ttlSeconds, can.lowestTtlSeconds)
  })

  test(says('what it answers that is no answer is told as that, and no secret of ours with it'), async () => {
    await using rig = await host.start()
    const at = await opened(host, rig)
    const swaps = await at.switchSwaps()
    const secrets = Object.values(rig.settings).flatMap((one) => (typeof one === 'object' ? [one.reveal()] : []))
    for (const fault of [
      { status: 200, text: '<html>welcome</html>' },
      { status: 200, json: { nothing: 'known' } },
      { status: 302, headers: { location: 'https://elsewhere.example/' } },
      { status: 400, json: { message: secrets.join(' '), error: secrets.join(' '), code: 'BAD' } },
      { status: 200, json: { status: 0, errors: [secrets.join(' ')], data: null } },
      { status: 500, text: secrets.join(' ') },
    ]) {
      stubOf(rig).faults.calls.push(...Array.from({ length: 500 }, () => fault))
      const failure = await at.carryOut(swaps).catch((error: unknown) => error)
      assert.ok(failure instanceof Failure, `${fault.status}: ${String(failure)}`)
      const shown = `${failure.message} ${String(failure.cause)} ${failure.serverText}`
      for (const secret of secrets) assert.ok(!shown.includes(secret.slice(0, 300)), `${fault.status}: ${shown.slice(0, 200)}`)
      stubOf(rig).faults.calls.length = 0
    }
    assert.equal(await at.carryOut(swaps), 'done')
  })
}

function stubOf({ stub }: DnsRig): StubControl {
  assert.ok(stub)
  return stub
}

test('every host that answers over HTTPS has a stand-in that can misbehave', () => {
  const real: readonly DnsHost[] = DNS_HOSTS.filter(({ stubbed }) => !stubbed)
  assert.deepEqual(new Set(real.map(({ provider }) => provider.name.split(' ')[0])), new Set(['powerdns', 'rfc2136', 'manual']))
})
