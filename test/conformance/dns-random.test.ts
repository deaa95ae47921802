/** Zones and changes that nobody thought of. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { reversed } from '../../src/dns/carry-out.ts'
import type { RecordSet, RecordType } from '../../src/dns/record-set.ts'
import { DNS_HOSTS } from './dns-hosts.ts'
import { opened, swap } from './dns-zone.ts'

const ZONE = 'cutover.test'
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/)
const target = fc.tuple(label, label).map((labels) => `${labels.join('.')}.example`)
const number = fc.integer({ min: 0, max: 65_535 })
/** Not empty, which some hosts refuse. */
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 150 }).map((one) => Buffer.from(`t${one}`).toString('latin1'))
const DATA: Readonly<Partial<Record<RecordType, fc.Arbitrary<string>>>> = {
  A: fc.ipV4(),
  MX: fc.tuple(number, target).map((parts) => parts.join(' ')),
  TXT: text,
  SRV: fc.tuple(number, number, number, target).map((parts) => parts.join(' ')),
}
const TYPES = ['A', 'MX', 'TXT', 'SRV'] as const

/** Sets of these names and types; several records, never the same twice. */
const sets = fc
  .uniqueArray(fc.tuple(fc.constantFrom('', 'a', 'b', '_c._d'), fc.constantFrom(...TYPES)), {
    maxLength: 6,
    selector: (pair) => pair.join(' '),
  })
  .chain((pairs) =>
    fc.tuple(
      ...pairs.map(([name, type]) =>
        fc.record({
          name: fc.constant(name === '' ? ZONE : `${name}.${ZONE}`),
          type: fc.constant<RecordType>(type),
          ttlSeconds: fc.integer({ min: 600, max: 60_000 }),
          data: fc.uniqueArray(DATA[type] ?? target, { minLength: 1, maxLength: 4 }).map((data) => data.toSorted()),
        }),
      ),
    ),
  )

for (const host of DNS_HOSTS.filter(({ stubbed }) => stubbed))
  test(`${host.provider.name}: any sets become any other sets, and what was there before again`, async () => {
    await fc.assert(
      fc.asyncProperty(sets, sets, async (first, second) => {
        await using rig = await host.start()
        const at = await opened(host, rig)
        const { types, textsWithout } = host.provider.can
        const known = (all: readonly RecordSet[]): readonly RecordSet[] =>
          all.flatMap((set) => {
            const data = set.data.filter((one) => set.type !== 'TXT' || textsWithout === undefined || !one.includes(textsWithout))
            return types.includes(set.type) && data.length > 0 ? [{ ...set, data }] : []
          })
        const now = async (): Promise<readonly RecordSet[]> => {
          const names = [ZONE, `a.${ZONE}`, `b.${ZONE}`, `_c._d.${ZONE}`].flatMap((name) => TYPES.map((type) => ({ name, type })))
          return (await at.zones.read(at.zone, names)).sets.toSorted((a, b) => (`${a.name} ${a.type}` < `${b.name} ${b.type}` ? -1 : 1))
        }
        const become = (from: readonly RecordSet[], to: readonly RecordSet[]) =>
          [...from, ...to.filter((set) => !from.some((one) => one.name === set.name && one.type === set.type))].map((set) => {
            const same = (one: RecordSet): boolean => one.name === set.name && one.type === set.type
            const [before, after] = [from.find(same) ?? null, to.find(same) ?? null]
            return swap(before, after)
          })
        const begun = await now()
        await at.carryOut(become(begun, known(first)))
        const middle = await now()
        const swaps = become(middle, known(second))
        await at.carryOut(swaps)
        const wanted = new Map(known(second).map((one) => [`${one.name} ${one.type}`, one]))
        for (const { name, type, ttlSeconds, data } of await now()) {
          const one = wanted.get(`${name} ${type}`)
          assert.ok(one)
          assert.deepEqual({ name, type, ttlSeconds, data: data.toSorted() }, { ...one })
          wanted.delete(`${name} ${type}`)
        }
        assert.equal(wanted.size, 0)
        await at.carryOut(reversed(swaps))
        assert.deepEqual(await now(), middle)
      }),
      { numRuns: 12 },
    )
  })
