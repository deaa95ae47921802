import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startZoneServer } from '../../src/mail-simulator/zone-server.ts'
import { needs } from '../servers/available.ts'
import { startBind } from '../servers/bind.ts'
import { startPdns } from '../servers/pdns.ts'
import type { Zone } from '../servers/zone.ts'
import { BASE, dns, OWN, planned, say, zone } from './bad-zones.ts'
import { dnsPlanRig } from './rig.ts'

const skip = needs('bind')
const SSHFP = 'IN SSHFP 1 1 123456789abcdef67890123456789abcdef67890'

test('what cannot be as it is wanted is told before, and nothing there is touched', { skip }, async (t) => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'odd.test': [...BASE, 'autodiscover IN A 192.0.2.1', `autodiscover ${SSHFP}`],
    'text.test': [...BASE, 'autodiscover IN A 192.0.2.1', 'autodiscover IN TXT "note"'],
    'wild.test': [...BASE, `* ${SSHFP}`],
    'alias.test': [
      ...BASE,
      '_dmarc IN CNAME d.service.test.',
      '_smtp._tls IN CNAME t.service.test.',
      'autodiscover IN CNAME auto.old.test.',
    ],
    'none.test': ['@ IN MX 0 .'],
  }
  const zones = Object.entries(cases).map(([name, records]): Zone => ({ name, records }))
  const domains = zones.map(({ name }) => `{ name: ${name} }`).join(', ')
  const more = '  dmarc_reports: d@example.test\n  tls_reports: t@example.test\n'
  await using rig = await dnsPlanRig(zones, `${OWN.replace('{ name: example.test }', domains)}${more}`)
  for (const { name } of zones) rig.isInTenant(name)
  const atSwitch = async (domain: string): Promise<readonly string[]> =>
    (await planned(rig, domain)).items
      .filter(({ name, phase }) => name.startsWith('autodiscover') && phase === 'switch')
      .map(({ op, type }) => `${op} ${type}`)

  await t.test('a record of a type that nobody here knows is in the way of an alias', async () => {
    const { code, flat } = await say(rig, 'plan', 'odd.test')
    assert.equal(code, 3)
    assert.match(flat, /autodiscover\.odd\.test CNAME cannot be changed \(switch\): there is a record \(SSHFP\) that must not be touched/)
    assert.match(flat, /or name autodiscover\.odd\.test under keep: in cutover\.yaml/)
    assert.deepEqual(await atSwitch('odd.test'), [], 'the address stays, too')
  })
  await t.test('a text is in the way of an alias', async () => {
    assert.match((await say(rig, 'plan', 'text.test')).flat, /a record of type TXT stands there, and a CNAME has nothing beside it/)
    assert.deepEqual(await atSwitch('text.test'), [])
  })
  await t.test('a wildcard of a type that nobody knows is in nobody’s way', async () => {
    assert.deepEqual(await atSwitch('wild.test'), ['add CNAME'])
  })
  await t.test('a CNAME where records are wanted stays and is told; one at autodiscover is replaced with the switch', async () => {
    const { code, flat } = await say(rig, 'plan', 'alias.test')
    assert.equal(code, 0)
    assert.match(flat, /_dmarc\.alias\.test is a CNAME \(d\.service\.test\) and stays: dmarc_reports has no effect/)
    assert.match(flat, /_smtp\._tls\.alias\.test is a CNAME \(t\.service\.test\) and stays: tls_reports has no effect/)
    assert.deepEqual(await atSwitch('alias.test'), ['replace CNAME'])
    assert.deepEqual((await rig.apply('prepare', { domains: ['alias.test'] })).statement?.open, [])
    assert.equal((await rig.served('alias.test')).find(({ name }) => name.startsWith('_dmarc'))?.type, 'CNAME')
  })
  await t.test('of many domains in one definition each has its plan, and the one that is held holds up no other', async () => {
    const { code, flat } = await say(rig, 'plan')
    assert.equal(code, 3)
    assert.match(flat, /5 domains, \d+ changes planned, something must be solved at 3\./)
    const { statement, held } = await rig.apply('prepare')
    assert.deepEqual(
      held.map(({ domain, why }) => [domain, why[0]?.code]),
      [['none.test', 'null-mx']],
    )
    assert.deepEqual(statement?.open, [])
    assert.equal(
      (await rig.served('none.test')).some(({ type }) => type === 'TXT'),
      false,
    )
  })
})

test('two SPF records become one that lets everybody send, and undo puts both back', { skip }, async () => {
  await using rig = await dnsPlanRig([zone(['@ IN TXT "v=spf1 ip4:192.0.2.44 include:_spf.crm.test ~all"'])], OWN)
  const before = await rig.served('example.test')
  const { flat } = await say(rig, 'plan', '--phase', 'prepare')
  assert.match(flat, /There are 2 SPF records, which makes all of them invalid/)
  assert.equal((await say(rig, 'apply', '--phase', 'prepare', '--yes')).code, 0)
  const texts = (await rig.served('example.test')).find(({ name, type }) => name === 'example.test' && type === 'TXT')?.data ?? []
  const spf = texts.filter((text) => text.startsWith('v=spf1'))
  assert.equal(spf.length, 1)
  for (const term of ['ip4:192.0.2.44', 'ip4:192.0.2.9', 'include:_spf.crm.test', 'include:spf.protection.outlook.com'])
    assert.ok(spf[0]?.split(' ').includes(term), `${term} in ${spf[0]}`)
  assert.ok(texts.includes('kept=1'))
  assert.equal((await say(rig, 'undo', '--yes')).code, 0)
  assert.deepEqual(await rig.served('example.test'), before)
})

test('a registrar that leads to other servers than the host is told, and holds the switch', { skip }, async () => {
  await using elsewhere = await startBind([{ name: 'example.test', records: ['@ IN MX 10 mx.other.test.', '@ IN TXT "v=spf1 -all"'] }])
  await using rig = await dnsPlanRig([zone([])], OWN.replace('name_servers: 127.0.0.1:PORT', `name_servers: 127.0.0.1:${elsewhere.port}`))
  const { code, flat } = await say(rig, 'plan')
  assert.equal(code, 3)
  assert.match(
    flat,
    /example\.test MX: the name server \(RFC 2136\) has "10 mx\.example\.test", and the world is told "10 mx\.other\.test"/,
  )
  assert.match(flat, /Does the delegation point to this host/)
  const held = (await planned(rig)).findings.filter(({ severity, holds }) => severity === 'blocker' && holds.includes('switch'))
  assert.ok(held.some(({ code: one }) => one === 'host-not-served'))
})

test('a resolver that lies about the old hosts puts nobody into the SPF record', { skip }, async () => {
  await using liar = await startZoneServer(
    ['example.test', 'crm.test'],
    [
      { name: 'mx.example.test', type: 'A', value: '198.51.100.66' },
      { name: 'example.test', type: 'MX', value: '10 mx.evil.test' },
      { name: 'example.test', type: 'TXT', value: 'v=spf1 +all' },
    ],
  )
  await using rig = await dnsPlanRig([zone([])], OWN, undefined, liar)
  const { flat } = await say(rig, 'plan')
  assert.match(flat, /ip4:192\.0\.2\.9 include:spf\.protection\.outlook\.com -all/)
  assert.doesNotMatch(flat, /198\.51\.100\.66|evil|\+all/)
})

test('a key that may change the texts and not MX does what it may; the rest is told, and nothing is half', { skip }, async () => {
  const mayUpdate = { '@': ['TXT'], _dmarc: ['TXT'] }
  await using rig = await dnsPlanRig([zone(['autodiscover IN A 192.0.2.1'], { mayUpdate })], OWN)
  const before = await rig.served('example.test')
  assert.equal((await say(rig, 'apply', '--phase', 'prepare', '--yes')).code, 0)
  const { code, flat } = await say(rig, 'apply', '--phase', 'lower-ttl', '--yes')
  assert.equal(code, 3, flat)
  assert.match(flat, /3 changes = 1 done \+ 2 failed/)
  assert.match(flat, /The name server does not let this key change these records\. What to do: The key or token must be allowed/)
  assert.equal((await say(rig, 'undo', '--yes')).code, 0)
  assert.deepEqual(await rig.served('example.test'), before)
})

test('a key that is wrong is refused by each host in a sentence, and nothing is done', { skip: skip || needs('pdns') }, async () => {
  await using server = await startPdns([zone([])])
  const powerdns = `provider: powerdns, settings: { url: "${server.url}", key: env:WRONG }, name_servers: "127.0.0.1:${server.port}"`
  const updates = 'provider: rfc2136, settings: { server: "127.0.0.1:PORT", key: env:WRONG }, name_servers: "127.0.0.1:PORT"'
  const both = `  domains:\n    - { name: example.test, ${powerdns} }\n    - { name: own.test, ${updates} }\n`
  await using rig = await dnsPlanRig([{ name: 'own.test', records: BASE }], dns(both))
  rig.isInTenant('own.test')
  const { code, flat } = await say(rig, 'plan', 'example.test')
  assert.equal(code, 3)
  assert.match(flat, /PowerDNS/)
  assert.doesNotMatch(flat, /All is as wanted/)
  const refused = await say(rig, 'apply', '--phase', 'prepare', '--yes')
  assert.equal(refused.code, 3)
  assert.match(refused.flat, /does not know a key of this name\. What to do: The key or token must be allowed to change/)
  assert.match(refused.flat, /1 domain held back: .*example\.test/)
})
