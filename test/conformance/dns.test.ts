import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reversed } from '../../src/dns/carry-out.ts'
import { proveWritable } from '../../src/dns/prove-writable.ts'
import type { Can } from '../../src/dns/provider.ts'
import { sameSet, type RecordSet } from '../../src/dns/record-set.ts'
import { Failure } from '../../src/model/failure.ts'
import { OTHER_TEXT } from './dns.ts'
import { bytes, opened, set, swap } from './dns-zone.ts'
import { DNS_HOSTS } from './dns-hosts.ts'

for (const host of DNS_HOSTS) {
  const { provider, skip } = host
  const says = (sentence: string): string => `${provider.name}: ${sentence}`

  test(
    says('what is written is read back the same, whatever it holds, and the rest of the zone stays as it was (T18)'),
    { skip },
    async () => {
      await using rig = await host.start()
      const at = await opened(host, rig)
      const utf8Only = provider.about.tested === 'stand-in'
      const awkward = [
        set(
          rig,
          '_awkward',
          'TXT',
          [
            'plain',
            '"quoted"',
            'back\\slash \\010 \\"',
            'semi;colon',
            ' blanks  around ',
            'MixedCase=AbC',
            `long ${'x'.repeat(400)}`,
            `ü${'é'.repeat(200)}`,
            'y'.repeat(255),
            'z'.repeat(256),
            'Ünïcode',
          ].map(bytes),
        ),
        ...(utf8Only ? [] : [set(rig, '_bytes', 'TXT', ['\u0000\u0001\u007f\u00ff\u0080'])]),
        set(rig, 'xn--bcher-kva', 'CNAME', ['xn--bcher-kva.example']),
        set(rig, '_sip._tls', 'SRV', ['100 1 443 sipdir.example']),
        set(rig, '_pop3._tcp', 'SRV', ['0 0 0 .']),
        set(rig, 'six', 'AAAA', ['2001:db8::1', '2001:db8::ff:0']),
        set(rig, 'many', 'MX', ['10 a.example', '10 b.example', '5 a.example']),
        set(rig, 'caa', 'CAA', ['0 issue "ca.example; validationmethods=dns-01"', '128 iodef "mailto:pki@example.org"']),
        set(rig, '_25._tcp.mx', 'TLSA', [`3 1 1 ${'0d6fce33'.repeat(8)}`]),
        // Who is asked over DNS only points to the servers of what was delegated.
        ...(utf8Only || provider.name === 'powerdns' ? [set(rig, 'under', 'NS', ['ns1.other.example', 'ns2.other.example'])] : []),
      ]
        .map((one) => ({ ...one, data: one.data.filter((text) => one.type !== 'TXT' || !refusedIn(text, provider.can)) }))
        .filter(
          ({ type, data }) =>
            provider.can.types.includes(type) && data.every((one) => one.length <= (provider.can.longestTxtBytes ?? Infinity)),
        )
      const before = await at.read(['', 'autodiscover'])
      assert.equal(await at.carryOut(awkward.map((after) => swap(null, after))), 'done')
      for (const after of awkward) assert.ok(sameSet(await at.one(after.name, after.type), after, 'counts'), after.type)
      assert.deepEqual(await at.read(['', 'autodiscover']), before)
      assert.equal(await at.carryOut(reversed(awkward.map((after) => swap(null, after)))), 'done')
      for (const { name, type } of awkward) assert.equal(await at.one(name, type), null)
    },
  )

  test(
    says('MX, SPF and autodiscover change in one go and back again; other texts of the name stay; twice is once (T20, T21)'),
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

  test(says('there is an MX at every moment of the switch (T22)'), { skip }, async () => {
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

  test(says('a set that somebody else changed is not overwritten, and nothing else of the change is done (T19)'), { skip }, async () => {
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
    says('a CNAME in the way, a time to live that cannot be and a set without records are refused before anything is written (T24)'),
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
      const { textsWithout } = provider.can
      if (textsWithout !== undefined) await refused(set(rig, 'odd', 'TXT', [`a${textsWithout}b`]), 'bad-input')
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
    const proof = await proveWritable(provider, at.zones, at.zone, rig.ctx).catch((error: unknown) => error)
    assert.ok(proof instanceof Failure && proof.code === 'zone-refused', String(proof))
    assert.deepEqual(await rig.served(rig.zone, 'MX'), ['10 mx.old.test'])
  })

  test(says('that the zone may be changed is proven without a trace, also after a proof that was cut off'), { skip }, async () => {
    await using rig = await host.start()
    const at = await opened(host, rig)
    const check = `_cutover-check.${rig.zone}`
    for (const left of [null, 'of another time'] as const) {
      if (left !== null) await rig.edit(set(rig, '_cutover-check', 'TXT', [left], 3600))
      const outcome = await proveWritable(provider, at.zones, at.zone, rig.ctx)
      assert.equal(outcome, provider.can.automatic ? 'writable' : 'by-hand')
      if (provider.can.automatic) assert.deepEqual(await rig.served(check, 'TXT'), [])
    }
  })
}

function refusedIn(text: string, { textsWithout }: Can): boolean {
  return textsWithout !== undefined && text.includes(textsWithout)
}
