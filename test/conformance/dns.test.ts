import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carryOut, reversed } from '../../src/dns/carry-out.ts'
import type { Zones } from '../../src/dns/provider.ts'
import { sameSet, type RecordSet } from '../../src/dns/record-set.ts'
import type { Swap } from '../../src/dns/update-message.ts'
import { Failure } from '../../src/model/failure.ts'
import { OLD_SPF, OTHER_TEXT, type DnsHost, type DnsRig } from './dns.ts'
import { DNS_HOSTS } from './dns-hosts.ts'

for (const host of DNS_HOSTS) {
  const { provider, skip } = host
  const says = (sentence: string): string => `${provider.name}: ${sentence}`

  test(says('what is written is read back the same, whatever it holds, and the rest of the zone stays as it was'), { skip }, async () => {
    await using rig = await host.start()
    const at = await opened(host, rig)
    const awkward = [
      set(
        rig,
        '_awkward',
        'TXT',
        ['plain', '"quoted"', 'back\\slash', 'semi;colon', `long ${'x'.repeat(400)}`, 'Ünïcode'.normalize()].map(bytes),
      ),
      set(rig, 'idn', 'CNAME', ['xn--bcher-kva.example']),
      set(rig, '_sip._tls', 'SRV', ['100 1 443 sipdir.example']),
      set(rig, 'six', 'AAAA', ['2001:db8::1']),
    ].filter(
      ({ type, data }) =>
        provider.can.types.includes(type) && data.every((one) => one.length <= (provider.can.longestTxtBytes ?? Infinity)),
    )
    const before = await at.read(['', 'autodiscover'])
    assert.equal(await at.carryOut(awkward.map((after) => swap(null, after))), 'done')
    for (const after of awkward) assert.ok(sameSet(await at.one(after.name, after.type), after, 'counts'), after.type)
    assert.deepEqual(await at.read(['', 'autodiscover']), before)
    assert.equal(await at.carryOut(reversed(awkward.map((after) => swap(null, after)))), 'done')
    for (const { name, type } of awkward) assert.equal(await at.one(name, type), null)
  })

  test(
    says('MX, SPF and autodiscover change in one go and back again; other texts of the name stay; twice is once'),
    { skip },
    async () => {
      await using rig = await host.start()
      const at = await opened(host, rig)
      const swaps = await at.switchSwaps()
      const first = await at.read(['', 'autodiscover'])
      assert.equal(await at.carryOut(swaps), 'done')
      assert.deepEqual(await rig.served(rig.zone, 'MX'), ['0 cutover-test.mail.protection.outlook.com'])
      assert.deepEqual(await rig.served(`autodiscover.${rig.zone}`, 'CNAME'), ['autodiscover.outlook.com'])
      assert.ok((await rig.served(rig.zone, 'TXT')).includes(OTHER_TEXT))
      const writes = rig.writes()
      assert.equal(await at.carryOut(swaps), 'already')
      assert.equal(rig.writes(), writes)
      assert.equal(await at.carryOut(reversed(swaps)), 'done')
      assert.deepEqual(await at.read(['', 'autodiscover']), first)
    },
  )

  test(says('there is an MX at every moment of the switch'), { skip }, async () => {
    await using rig = await host.start()
    const at = await opened(host, rig)
    const done = new AbortController()
    let looks = 0
    const observer = (async () => {
      for (; !done.signal.aborted; looks++) assert.notDeepEqual(await rig.served(rig.zone, 'MX'), [])
    })()
    await at.carryOut(await at.switchSwaps())
    done.abort()
    await observer
    assert.ok(looks > 0)
    for (const seen of rig.stub?.everServed(rig.zone, 'MX') ?? []) assert.notDeepEqual(seen, [])
  })

  test(says('a set that somebody else changed is not overwritten, and nothing else of the change is done'), { skip }, async () => {
    await using rig = await host.start()
    const at = await opened(host, rig)
    const swaps = await at.switchSwaps()
    await rig.edit(set(rig, '', 'MX', ['10 mx.third.test'], 3600))
    const refusal = await at.carryOut(swaps).catch((error: unknown) => error)
    assert.ok(refusal instanceof Failure && refusal.code === 'record-changed', String(refusal))
    for (const value of ['mx.old.test', 'mx.third.test', 'protection.outlook.com']) assert.match(refusal.message, new RegExp(value))
    assert.deepEqual(await rig.served(rig.zone, 'MX'), ['10 mx.third.test'])
    assert.deepEqual(await rig.served(`autodiscover.${rig.zone}`, 'A'), ['127.0.0.11'])
  })

  test(
    says('a CNAME in the way, a time to live that cannot be and a set without records are refused before anything is written'),
    { skip },
    async () => {
      await using rig = await host.start()
      const at = await opened(host, rig)
      const writes = rig.writes()
      const refused = async (after: RecordSet, code: string): Promise<void> => {
        const failure = await at.carryOut([swap(null, after)]).catch((error: unknown) => error)
        assert.ok(failure instanceof Failure && failure.code === code, `${after.name} ${after.type}: ${String(failure)}`)
      }
      await refused(set(rig, 'autodiscover', 'CNAME', ['autodiscover.outlook.com']), 'record-opaque')
      await refused(set(rig, 'empty', 'TXT', []), 'bad-input')
      if (provider.can.lowestTtlSeconds > 0) await refused(set(rig, 'quick', 'TXT', ['x'], provider.can.lowestTtlSeconds - 1), 'bad-input')
      assert.equal(rig.writes(), writes)
    },
  )

  test(says('who has no right to change the zone is told so, and nothing changed'), { skip }, async () => {
    await using rig = await host.start()
    if (rig.withoutRights === null) return
    const at = await opened(host, rig, rig.withoutRights)
    const failure = await at
      .carryOut([swap(set(rig, '', 'MX', ['10 mx.old.test'], 3600), set(rig, '', 'MX', ['0 mx.new.test']))])
      .catch((error: unknown) => error)
    assert.ok(failure instanceof Failure && failure.code === 'zone-refused' && failure.notDone, String(failure))
    assert.deepEqual(await rig.served(rig.zone, 'MX'), ['10 mx.old.test'])
  })
}

async function opened({ provider }: DnsHost, rig: DnsRig, settings = rig.settings) {
  const zones: Zones = provider.open(settings, rig.ctx)
  // Who may not write may still find the zone, or not even that.
  const zone = (await provider.open(rig.settings, rig.ctx).list()).find(({ name }) => name === rig.zone)
  assert.ok(zone)
  const one = async (name: string, type: RecordSet['type']): Promise<RecordSet | null> =>
    (await zones.read(zone, [{ name, type }])).sets.find((each) => each.name === name && each.type === type) ?? null
  return {
    one,
    carryOut: (swaps: readonly Swap[]) => carryOut(provider, zones, zone, swaps, rig.ctx),
    read: async (names: readonly string[]) => {
      const wanted = names.flatMap((name) => (['MX', 'TXT', 'A', 'CNAME'] as const).map((type) => ({ name: full(rig, name), type })))
      return (await zones.read(zone, wanted)).sets.toSorted((a, b) => `${a.name} ${a.type}`.localeCompare(`${b.name} ${b.type}`))
    },
    async switchSwaps(): Promise<readonly Swap[]> {
      const text = await one(rig.zone, 'TXT')
      assert.ok(text !== null && text.data.includes(OTHER_TEXT) && text.data.includes(OLD_SPF))
      const spf = 'v=spf1 ip4:192.0.2.9 include:spf.protection.outlook.com include:_spf.crm.test -all'
      return [
        swap(
          await one(rig.zone, 'MX'),
          set(rig, '', 'MX', ['0 cutover-test.mail.protection.outlook.com'], lowTtl(provider.can.lowestTtlSeconds)),
        ),
        swap(text, { ...text, data: text.data.map((value) => (value === OLD_SPF ? spf : value)) }),
        swap(await one(`autodiscover.${rig.zone}`, 'A'), null),
        swap(null, set(rig, 'autodiscover', 'CNAME', ['autodiscover.outlook.com'], 3600)),
      ]
    },
  }
}

function lowTtl(lowest: number): number {
  return Math.max(300, lowest)
}

function swap(before: RecordSet | null, after: RecordSet | null): Swap {
  const either = before ?? after
  assert.ok(either)
  return { name: either.name, type: either.type, before, after }
}

function set(rig: DnsRig, name: string, type: RecordSet['type'], data: readonly string[], ttlSeconds = 3600): RecordSet {
  return { name: full(rig, name), type, ttlSeconds, data }
}

function full({ zone }: DnsRig, name: string): string {
  return name === '' ? zone : `${name}.${zone}`
}

/** As TXT values are held: one character for each byte. */
function bytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}
