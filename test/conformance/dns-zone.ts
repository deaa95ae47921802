import assert from 'node:assert/strict'
import { carryOut } from '../../src/dns/carry-out.ts'
import { heldTtl, type Zones } from '../../src/dns/provider.ts'
import type { RecordSet } from '../../src/dns/record-set.ts'
import type { Swap } from '../../src/dns/update-message.ts'
import { OLD_SPF, OTHER_TEXT, type DnsHost, type DnsRig } from './dns.ts'

/** The zone of a rig as the product sees it, with what a switch of mail changes in it. */
export async function opened({ provider }: DnsHost, rig: DnsRig, settings = rig.settings) {
  const zones: Zones = provider.open(settings, rig.ctx)
  // Who may not write may still find the zone, or not even that.
  const zone = (await provider.open(rig.settings, rig.ctx).list()).find(({ name }) => name === rig.zone)
  assert.ok(zone)
  const one = async (name: string, type: RecordSet['type']): Promise<RecordSet | null> =>
    (await zones.read(zone, [{ name, type }])).sets.find((each) => each.name === name && each.type === type) ?? null
  return {
    zones,
    zone,
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
        swap(await one(rig.zone, 'MX'), set(rig, '', 'MX', ['0 cutover-test.mail.protection.outlook.com'], heldTtl(provider.can, 300))),
        swap(text, { ...text, data: text.data.map((value) => (value === OLD_SPF ? spf : value)) }),
        swap(await one(`autodiscover.${rig.zone}`, 'A'), null),
        swap(null, set(rig, 'autodiscover', 'CNAME', ['autodiscover.outlook.com'], 3600)),
      ]
    },
  }
}

export function swap(before: RecordSet | null, after: RecordSet | null): Swap {
  const either = before ?? after
  assert.ok(either)
  return { name: either.name, type: either.type, before, after }
}

export function set(rig: DnsRig, name: string, type: RecordSet['type'], data: readonly string[], ttlSeconds = 3600): RecordSet {
  return { name: full(rig, name), type, ttlSeconds, data }
}

export function full({ zone }: DnsRig, name: string): string {
  return name === '' ? zone : `${name}.${zone}`
}

/** As TXT values are held: one character for each byte. */
export function bytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}
