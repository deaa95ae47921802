/** What is particular to Namecheap: only the whole zone is written, and what is not sent is deleted. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namecheap } from '../../src/dns/adapters/namecheap.ts'
import { reversed } from '../../src/dns/carry-out.ts'
import { Failure } from '../../src/model/failure.ts'
import { Secret } from '../../src/model/secret.ts'
import { NAMECHEAP_SMALL, NAMECHEAP_USER, ordinaryAccount, startNamecheap } from './dns-stubs/namecheap.ts'
import { stubRig } from './dns-stubs/rig.ts'
import type { StubRecord } from './dns-stubs/stub-zone.ts'
import type { DnsHost } from './dns.ts'
import { opened, set, swap } from './dns-zone.ts'

const NEW_MX = '0 cutover-test.mail.protection.outlook.com'
type Extra = { readonly name: string; readonly type: string; readonly data: readonly string[]; readonly more?: StubRecord['more'] }

const settingsOf =
  ({ user, key, clientIp }: typeof NAMECHEAP_USER) =>
  (url: string, names: string) => ({ base: `${url}/`, user, key: new Secret(key), clientIp, servers: names })

async function rigWith(extra: readonly Extra[] = [], user = NAMECHEAP_USER) {
  const account = ordinaryAccount()
  const start = () =>
    stubRig((zone) => startNamecheap(zone, account), { settings: settingsOf(NAMECHEAP_USER), withoutRights: settingsOf(user) })
  const rig = await start()
  const { zone } = rig.host
  zone.change([
    ...zone.records,
    ...extra.map(({ name, ...rest }) => zone.make({ name: name === '' ? zone.name : `${name}.${zone.name}`, ttl: 1799, ...rest })),
  ])
  const host: DnsHost = { provider: namecheap, skip: false, stubbed: true, start }
  return { rig, account, zone, at: await opened(host, rig, user === NAMECHEAP_USER ? rig.settings : (rig.withoutRights ?? {})) }
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.catch((thrown: unknown) => thrown)
  assert.ok(error instanceof Failure, String(error))
  return error
}

const bare = (records: readonly StubRecord[]) =>
  records
    .filter(({ type }) => type !== 'NS')
    .map(({ name, type, ttl, data, more }) => {
      const text = data.join(type === 'TXT' ? '' : ' ')
      return JSON.stringify({ name, type, ttl, data: type === 'MX' ? text.toLowerCase() : text, more })
    })
    .toSorted()

test('namecheap: redirects, frames and records of types nobody knows are sent back to the letter, and everything comes back (T26)', async () => {
  const { rig, zone, at } = await rigWith([
    { name: '', type: 'URL301', data: ['https://www.cutover.test/?a=1&b=%20"x"'], more: { mxPref: '40' } },
    { name: 'shop', type: 'FRAME', data: ['http://shop.example/Path/'] },
    { name: '*', type: 'URL', data: ['http://example.org'] },
    { name: 'odd', type: 'XYZ', data: ['What', 'ever;'] },
  ])
  await using _ = rig
  const before = bare(zone.records)
  const others = before.filter((line) => !/"type":"(?:MX|TXT|CNAME)"|autodiscover/.test(line))
  assert.equal(others.length, 4)
  const swaps = await at.switchSwaps()
  assert.equal(await at.carryOut(swaps), 'done')
  for (const line of others) assert.ok(bare(zone.records).includes(line), line)
  assert.equal(await at.carryOut(reversed(swaps)), 'done')
  assert.deepEqual(bare(zone.records), before)
})

for (const [says, extra, shown] of [
  [
    'SRV, which its API does not list',
    { name: '_sip._tls', type: 'SRV', data: ['100', '1', '443', 'sip.example.'] },
    /_sip\._tls\.cutover\.test SRV 100 1 443 sip\.example/,
  ],
  ['another MX beside the listed one', { name: '', type: 'MX', data: ['20', 'backup.old.test.'] }, /cutover\.test MX 20 backup\.old\.test/],
  [
    'a key of DKIM',
    { name: 'selector1._domainkey', type: 'TXT', data: ['v=DKIM1; p=x'] },
    /selector1\._domainkey\.cutover\.test TXT "v=DKIM1; p=x"/,
  ],
  ['keys of DNSSEC', { name: '', type: 'DNSKEY', data: ['257'] }, /DNSSEC/],
] as const)
  test(`namecheap: ${says}, is served: nothing is sent, and the change is for a person, with all that is to be done (T26)`, async () => {
    const { rig, at, zone } = await rigWith([{ ...extra, more: { hidden: true } }])
    await using _ = rig
    const swaps = [swap(await at.one(rig.zone, 'MX'), set(rig, '', 'MX', [NEW_MX], 300))]
    const failure = await failureOf(at.carryOut(swaps))
    assert.ok(failure.code === 'by-hand' && failure.notDone, String(failure))
    assert.match(failure.message, /serve what its list of the zone has not/)
    assert.match(failure.message, shown)
    assert.match(
      failure.message,
      /So nothing was sent[\s\S]*put everything back[\s\S]*mx\.old\.test[\s\S]*Now change this[\s\S]*cutover-test\.mail/,
    )
    assert.equal(rig.writes(), 0)
    zone.change([...zone.without(rig.zone, 'MX'), zone.make({ name: rig.zone, type: 'MX', ttl: 300, data: NEW_MX.split(' ') })])
    assert.equal(await at.carryOut(swaps), 'already', 'once a person did it')
  })

test('namecheap: the mail settings stay as they are, and where Namecheap makes the MX itself it is told how to choose (T26)', async () => {
  const { rig, at, account } = await rigWith()
  await using _ = rig
  account.emailType = 'MXE'
  assert.equal(await at.carryOut([swap(null, set(rig, '_dmarc', 'TXT', ['v=DMARC1; p=none']))]), 'done')
  assert.equal(account.emailType, 'MXE')
  account.emailType = 'FWD'
  const mx = await failureOf(at.carryOut([swap(await at.one(rig.zone, 'MX'), set(rig, '', 'MX', [NEW_MX], 300))]))
  assert.equal(mx.code, 'record-opaque')
  assert.match(mx.message, /mail settings FWD\): choose "Custom MX" in the panel first/)
  const text = await failureOf(at.carryOut([swap(null, set(rig, 'x', 'TXT', ['x']))]))
  assert.equal(text.code, 'by-hand')
  assert.match(text.message, /cutover\.test MX 10 eforward1\.registrar-servers\.com/)
  assert.equal(rig.writes(), 1)
})

test('namecheap: what somebody else changes while the zone is compared is kept elsewhere, and stops the change in its own place', async () => {
  const { rig, at, account } = await rigWith()
  await using _ = rig
  const meanwhile = (name: string, type: 'A' | 'MX', data: string) => {
    account.onQuestion = () => {
      account.onQuestion = () => {}
      rig.stub?.editNow(set(rig, name, type, [data]))
    }
  }
  meanwhile('other', 'A', '192.0.2.80')
  assert.equal(await at.carryOut([swap(null, set(rig, 'x', 'TXT', ['x']))]), 'done')
  assert.deepEqual(await rig.served(`other.${rig.zone}`, 'A'), ['192.0.2.80'])
  const swaps = [swap(await at.one(rig.zone, 'MX'), set(rig, '', 'MX', [NEW_MX], 300))]
  meanwhile('', 'MX', '5 mx.third.test')
  const failure = await failureOf(at.carryOut(swaps))
  assert.ok(failure.notDone && (failure.code === 'record-changed' || failure.code === 'by-hand'), String(failure))
  assert.deepEqual(await rig.served(rig.zone, 'MX'), ['5 mx.third.test'])
})

test('namecheap: a record that does not survive the write is told with what to put back, though the change itself was done', async () => {
  const { rig, at, account } = await rigWith()
  await using _ = rig
  account.onWrite = (records) => records.filter(({ name }) => !name.startsWith('www.'))
  const failure = await failureOf(at.carryOut([swap(await at.one(rig.zone, 'MX'), set(rig, '', 'MX', [NEW_MX], 300))]))
  assert.ok(failure.code === 'by-hand' && !failure.notDone)
  assert.equal(failure.serverText?.match(/<DomainDNSGetHostsResult/g)?.length, 2)
  assert.equal(failure.serverText.match(/Name="www"/g)?.length, 1)
  assert.match(failure.message, /Put this back in its panel[\s\S]*- www\.cutover\.test\. 3600 CNAME web\.host\.test$/)
})

test('namecheap: a record that is switched off would come to life when sent back, so that a person does the change', async () => {
  const { rig, at } = await rigWith([{ name: 'old', type: 'A', data: ['192.0.2.9'], more: { inactive: true } }])
  await using _ = rig
  const failure = await failureOf(at.carryOut([swap(null, set(rig, 'x', 'TXT', ['x']))]))
  assert.ok(failure.code === 'by-hand' && failure.notDone)
  assert.match(failure.message, /- old\.cutover\.test\. 1799 A 192\.0\.2\.9/)
  assert.equal(rig.writes(), 0)
})

test('namecheap: 405 means too many calls and is waited for; the key is in no address', async () => {
  const { rig, at } = await rigWith()
  await using _ = rig
  const busy = { status: 405, text: '<html>Not allowed</html>' }
  rig.host.faults.calls.push(busy, busy)
  rig.host.faults.writes.push(busy)
  assert.equal(await at.carryOut([swap(null, set(rig, 'x', 'TXT', ['x']))]), 'done')
  assert.ok((rig.stub?.waitedMs() ?? 0) >= 3000)
  for (const { path, query } of rig.host.seen) assert.deepEqual([path, query.size], ['/xml.response', 0])
})

test('namecheap: name servers that say nothing leave the zone alone', async () => {
  const { rig } = await rigWith()
  await using _ = rig
  const zones = namecheap.open({ ...rig.settings, servers: '127.0.0.1:1' }, rig.ctx)
  const change = [swap(null, set(rig, 'x', 'TXT', ['x']))]
  const failure = await failureOf(zones.write({ id: rig.zone, name: rig.zone }, change))
  assert.ok(failure.code === 'server-unavailable' && failure.notDone, String(failure))
  assert.equal(rig.writes(), 0)
})

test('namecheap: an account without the API is offered the manual way, another address is told as that; the backup is the list itself', async () => {
  const { rig, at } = await rigWith([], NAMECHEAP_SMALL)
  await using _ = rig
  assert.match((await failureOf(at.one(rig.zone, 'MX'))).message, /API access has not been enabled \(1011102\)\. Use the provider "manual"/)
  const elsewhere = namecheap.open({ ...rig.settings, clientIp: '192.0.2.8' }, rig.ctx)
  assert.match((await failureOf(elsewhere.list())).message, /whitelisted, and not from this one: Invalid request IP: 192\.0\.2\.8/)
  const zones = namecheap.open(rig.settings, rig.ctx)
  assert.match((await zones.backup(at.zone)) ?? '', /EmailType="MX"[\s\S]*Name="www" Type="CNAME" Address="web\.host\.test\."/)
})
