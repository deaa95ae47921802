import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startZoneServer, type ZoneRecord } from '../../src/mail-simulator/zone-server.ts'
import { needs } from '../servers/available.ts'
import { planned, say } from './bad-zones.ts'
import { dnsPlanRig } from './rig.ts'

const text = (name: string, value: string): ZoneRecord => ({ name, type: 'TXT', value })
/** Services that send for others, as the world knows them. */
const OUTSIDE: readonly ZoneRecord[] = [
  text('_spf.crm.test', 'v=spf1 include:a.crm.test include:b.crm.test -all'),
  text('a.crm.test', 'v=spf1 ip4:198.51.100.0/24 -all'),
  text('b.crm.test', 'v=spf1 ip4:198.51.101.0/24 -all'),
  text('_spf.news.test', 'v=spf1 include:a.deep.test include:b.deep.test include:c.deep.test -all'),
  ...['a', 'b', 'c'].flatMap((one): readonly ZoneRecord[] => [
    text(`${one}.deep.test`, 'v=spf1 a -all'),
    { name: `${one}.deep.test`, type: 'A', value: '192.0.2.7' },
  ]),
  text('spf.protection.outlook.com', 'v=spf1 ip4:40.107.0.0/16 -all'),
]
const REST = [
  '@ 7200 IN MX 10 mx',
  'mx IN A 192.0.2.9',
  'www IN A 192.0.2.80',
  '@ IN TXT "crm-domain-verification=abc"',
  'crm._domainkey IN TXT "v=DKIM1; p=AAAA"',
]
const DNS = `domains: [{ name: example.test }, { name: many.test }]
dns:
  provider: rfc2136
  settings: { server: 127.0.0.1:PORT, key: env:KEY }
  name_servers: 127.0.0.1:PORT
  senders: ["include:_spf.shop.test"]
`

test(
  'dns plan of a zone with other senders: all of them stay, and a record that would lead too far is not made',
  { skip: needs('bind') },
  async (t) => {
    await using outside = await startZoneServer(['crm.test', 'news.test', 'deep.test', 'shop.test', 'protection.outlook.com'], OUTSIDE)
    const zones = [
      {
        name: 'example.test',
        records: [...REST, '@ IN TXT "v=spf1 mx include:_spf.crm.test ?all"', '@ IN TXT "v=spf1 a:www.example.test ~all"'],
      },
      { name: 'many.test', records: [...REST, '@ IN TXT "v=spf1 mx a:www.many.test include:_spf.crm.test include:_spf.news.test -all"'] },
    ]
    await using rig = await dnsPlanRig(zones, DNS, undefined, outside)
    rig.isInTenant('many.test')

    await t.test('T6 two records, an include with more below it and a sender of the definition become one record', async () => {
      const { code, flat } = await say(rig, 'plan', 'example.test')
      assert.equal(code, 0)
      assert.match(flat, /There are 2 SPF records, which makes all of them invalid \(RFC 7208 §4\.5\)\. They become one\./)
      const spf = (await planned(rig)).items.find(
        ({ name, type, phase }) => name === 'example.test' && type === 'TXT' && phase === 'prepare',
      )
      const [one, ...more] = (spf?.after?.data ?? []).filter((value) => value.startsWith('v=spf1'))
      assert.deepEqual(more, [])
      assert.deepEqual(
        one?.split(' ').slice(0, -1).toSorted(),
        [
          'v=spf1',
          'a:www.example.test',
          'ip4:192.0.2.9',
          'include:spf.protection.outlook.com',
          'include:_spf.crm.test',
          'include:_spf.shop.test',
        ].toSorted(),
      )
      assert.match(one ?? '', / [?~]all$/)
      assert.ok(spf?.after?.data.includes('crm-domain-verification=abc'))
    })

    await t.test('T6 thirteen look-ups: told with what would help and what the record would be, and the record stays', async () => {
      const { code, flat } = await say(rig, 'plan', 'many.test')
      assert.equal(code, 3)
      assert.match(flat, /SPF of many\.test would lead to 13 look-ups, and receivers stop at 10: mail would fail it\. \(holds: switch,/)
      assert.match(flat, /For fewer look-ups in SPF: Write ip4:192\.0\.2\.80 in the place of "a:www\.many\.test": saves 1\./)
      assert.match(
        flat,
        /SPF of many\.test would be: v=spf1 ip4:192\.0\.2\.9 a:www\.many\.test include:spf\.protection\.outlook\.com include:_spf\.crm\.test/,
      )
      const { items } = await planned(rig, 'many.test')
      assert.deepEqual(
        items.filter(({ name, type, op }) => name === 'many.test' && type === 'TXT' && op !== 'ttl'),
        [],
      )
    })
  },
)
