import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../model/failure.ts'
import { assessed, madeUp, ranks, type Told } from './assess.fixture.ts'
import { reverseName } from './mail-in.ts'

const zone = (...records: readonly string[]): Told => ({ zones: { 'example.org': ['ns1.example.org', 'ns2.example.org'] }, records })
const PLAIN = [
  'example.org 300 MX 10 mx.example.org',
  'mx.example.org 300 A 192.0.2.9',
  'example.org 300 TXT v=spf1 mx -all',
  '_dmarc.example.org 300 TXT v=DMARC1; p=none',
]
const codes = async (...records: readonly string[]): Promise<readonly string[]> =>
  ranks(await assessed('example.org', madeUp(zone(...records))))

test('a plain domain has nothing in the way', async () => {
  const seen = await assessed('Example.ORG.', madeUp(zone(...PLAIN)))
  assert.deepEqual(ranks(seen), [])
  assert.deepEqual(
    seen.records.map(({ name, type, ttlSeconds }) => `${name} ${type} ${ttlSeconds}`),
    ['example.org MX 300', 'example.org NS 3600', 'example.org TXT 300', '_dmarc.example.org TXT 300', 'mx.example.org A 300'],
  )
  assert.deepEqual([seen.hosts.mail?.name, seen.senders.map(({ name }) => name)], ['a server of their own', ['the present mail host']])
})

test('T4 what a wildcard answers is no key, no autodiscover and no record of the domain', async () => {
  const target = 'web.example.net'
  const seen = await assessed(
    'example.org',
    madeUp(zone(...PLAIN, 'google._domainkey.example.org 300 TXT v=DKIM1; p=MIGf'), (name, type) => {
      const known = ['example.org', 'mx.example.org', '_dmarc.example.org', 'google._domainkey.example.org', 'ns1.example.org']
      if (!name.endsWith('.example.org') || known.includes(name)) return null
      const cname = { name, type: 'CNAME' as const, ttlSeconds: 300, data: [target] }
      const text = { name: target, type: 'TXT' as const, ttlSeconds: 300, data: ['v=DKIM1; p=WILD'] }
      return {
        status: 'answer',
        sets: type === 'TXT' ? [cname, text] : type === 'A' ? [cname, { ...text, type: 'A', data: ['192.0.2.80'] }] : [cname],
      }
    }),
  )
  assert.deepEqual(
    seen.dkim.map(({ selector }) => selector),
    ['google'],
  )
  assert.deepEqual(
    [seen.clients.autodiscover, seen.clients.hosts.map(({ name }) => name), seen.clients.services],
    [[], ['mx.example.org'], []],
  )
  assert.deepEqual([...new Set(seen.wildcard.map(({ name, type }) => `${name} ${type}`))], ['*.example.org CNAME'])
  assert.ok(ranks(seen).includes('warn wildcard'))
  assert.deepEqual(
    seen.records.filter(({ data }) => data.includes(target)).map(({ name }) => name),
    ['*.example.org'],
  )
})

test('T13 keys of Microsoft in both forms are known, and any other thing under their names is in conflict', async () => {
  const key = (target: string): readonly string[] => [
    `selector1._domainkey.example.org 300 CNAME ${target}`,
    `${target} 300 TXT v=DKIM1; p=MIGf`,
  ]
  for (const target of [
    'selector1-example-org._domainkey.contoso.onmicrosoft.com',
    'selector1-example-org._domainkey.contoso.a-v1.dkim.mail.microsoft',
  ]) {
    const seen = await assessed('example.org', madeUp(zone(...PLAIN, ...key(target))))
    assert.deepEqual(seen.dkim, [{ selector: 'selector1', how: 'CNAME', target, key: 'published', owner: 'Microsoft 365' }])
    assert.deepEqual(
      ranks(seen).filter((one) => one.includes('dkim')),
      [],
    )
  }
  assert.ok((await codes(...PLAIN, 'selector1._domainkey.example.org 300 TXT v=DKIM1; p=MIGf')).includes('warn dkim-conflict'))
  assert.ok((await codes(...PLAIN, ...key('s1.domainkey.u1.wl.sendgrid.net'))).includes('warn dkim-conflict'))
})

test('T16 a domain that takes no mail, one that is an alias and one without MX are three things', async () => {
  assert.ok((await codes('example.org 300 MX 0 .')).includes('block null-mx'))
  const alias = await assessed('example.org', madeUp(zone('example.org 300 CNAME www.example.net', 'www.example.net 300 A 192.0.2.80')))
  assert.equal(alias.apexAlias, 'www.example.net')
  assert.ok(ranks(alias).includes('block apex-alias'))
  const implicit = await assessed('example.org', madeUp(zone('example.org 300 A 192.0.2.80')))
  assert.deepEqual([implicit.mail.kind, implicit.mail.exchangers[0]?.addresses], ['implicit', ['192.0.2.80']])
  assert.ok(ranks(implicit).includes('warn implicit-mx'))
  assert.ok((await codes('www.example.org 300 A 192.0.2.80')).includes('warn no-mail'))
})

test('T12 an MX host that nobody knows is named by its domain, and is nothing in the way', async () => {
  const seen = await assessed(
    'example.org',
    madeUp(zone(...PLAIN, 'example.org 300 MX 20 in.unheard.co.uk', 'in.unheard.co.uk 300 A 192.0.2.33')),
  )
  assert.deepEqual(ranks(seen), ['warn backup-mx'])
  const only = await assessed(
    'example.org',
    madeUp(zone('example.org 300 MX 5 in.unheard.co.uk', 'in.unheard.co.uk 300 A 192.0.2.33', ...PLAIN.slice(2))),
  )
  assert.equal(only.hosts.mail?.name, 'unheard.co.uk')
})

test('each thing that the switch would meet is found', async () => {
  const cases: readonly (readonly [string, ...string[]])[] = [
    ['must-fix mx-ttl', 'example.org 86400 MX 10 mx.example.org', ...PLAIN.slice(1)],
    [
      'warn mx-is-alias',
      ...PLAIN.filter((one) => !one.startsWith('mx.')),
      'mx.example.org 300 CNAME host.example.org',
      'host.example.org 300 A 192.0.2.9',
    ],
    ['warn mx-without-address', ...PLAIN.slice(0, 1), ...PLAIN.slice(2)],
    ['warn mx-is-address', ...PLAIN, 'example.org 300 MX 10 192.0.2.9'],
    ['must-fix spf-several', ...PLAIN, 'example.org 300 TXT v=spf1 a -all'],
    ['block spf-invalid', ...PLAIN.filter((one) => !one.includes('spf1')), 'example.org 300 TXT v=spf1 mx ipv4:192.0.2.1 -all'],
    ['warn spf-missing', ...PLAIN.filter((one) => !one.includes('spf1'))],
    ['must-fix spf-no-record', ...PLAIN.filter((one) => !one.includes('spf1')), 'example.org 300 TXT v=spf1 include:gone.example.org -all'],
    ['warn dmarc-missing', ...PLAIN.slice(0, 3)],
    ['must-fix dmarc-several', ...PLAIN, '_dmarc.example.org 300 TXT v=DMARC1; p=reject'],
    ['warn dmarc-without-dkim', ...PLAIN.slice(0, 3), '_dmarc.example.org 300 TXT v=DMARC1; p=reject'],
    [
      'info dmarc-consent',
      ...PLAIN.slice(0, 3),
      '_dmarc.example.org 300 TXT v=DMARC1; p=none; rua=mailto:x@reports.example.net,mailto:y@example.org',
    ],
    [
      'warn gateway',
      ...PLAIN.slice(2),
      'example.org 300 MX 10 mx1.example.iphmx.pphosted.com',
      'mx1.example.iphmx.pphosted.com 300 A 192.0.2.7',
    ],
    ['warn forwarder', ...PLAIN.slice(2), 'example.org 300 MX 10 route1.mx.cloudflare.net', 'route1.mx.cloudflare.net 300 A 192.0.2.7'],
    ['warn msoid', ...PLAIN, 'msoid.example.org 300 CNAME clientconfig.microsoftonline-p.net'],
    ['warn mail-is-web', ...PLAIN, 'example.org 300 A 192.0.2.80', 'mail.example.org 300 A 192.0.2.80'],
    ['warn ms-mx', ...PLAIN, 'example.org 300 MX 32767 ms12345678.msv1.invalid'],
    ['info autodiscover-old', ...PLAIN, 'autodiscover.example.org 300 A 192.0.2.80'],
    ['info autodiscover-srv', ...PLAIN, '_autodiscover._tcp.example.org 300 SRV 0 0 443 old.example.net'],
    ['info client-records', ...PLAIN, '_imaps._tcp.example.org 300 SRV 0 1 993 imap.example.org'],
    [
      'warn subdomain-mail',
      ...PLAIN,
      '_imaps._tcp.example.org 300 SRV 0 1 993 imap.example.org',
      'imap.example.org 300 MX 10 mx.example.org',
    ],
    ['info proofs', ...PLAIN, 'example.org 300 TXT google-site-verification=abc'],
    ['info caa', ...PLAIN, 'example.org 300 CAA 0 issue "ca.example"'],
    ['info tls-rpt', ...PLAIN, '_smtp._tls.example.org 300 TXT v=TLSRPTv1; rua=mailto:x@example.org'],
    ['info bimi', ...PLAIN, 'default._bimi.example.org 300 TXT v=BIMI1; l=https://example.org/logo.svg'],
    ['info dane', ...PLAIN, '_25._tcp.mx.example.org 300 TLSA 3 1 1 0d6fce33'],
    ['info is-microsoft', ...PLAIN.slice(2), 'example.org 300 MX 0 example-org.mail.protection.outlook.com'],
  ]
  for (const [code, ...records] of cases)
    assert.ok((await codes(...records)).includes(code), `${code}, not ${(await codes(...records)).join(', ')}`)
})

test('every finding says what to do', async () => {
  const seen = await assessed(
    'example.org',
    madeUp(zone('example.org 90000 MX 0 .', 'example.org 300 TXT v=spf1 include:a include:b.example -all')),
  )
  assert.ok(seen.findings.length > 3)
  for (const { says, remedy, code } of seen.findings) assert.ok(/[.:]$/.test(says.trim()) && remedy.endsWith('.'), code)
  const places = seen.findings.map(({ rank }) => ['block', 'must-fix', 'warn', 'info'].indexOf(rank))
  assert.deepEqual(
    places,
    places.toSorted((one, other) => one - other),
  )
})

test('a domain of another tenant stands in the way, the same tenant does not, and an unknown one is told of', async () => {
  const tenantId = '11111111-2222-3333-4444-555555555555'
  const outside = { ...madeUp(zone(...PLAIN)), tenantOf: () => Promise.resolve({ seen: 'tenant', tenantId } as const) }
  const found = async (ours: string | null): Promise<readonly string[]> => ranks(await assessed('example.org', outside, { tenantId: ours }))
  assert.deepEqual(await found(null), ['warn in-tenant'])
  assert.deepEqual(await found(tenantId.toUpperCase()), [])
  assert.deepEqual(await found('99999999-2222-3333-4444-555555555555'), ['block in-another-tenant'])
})

test('a web server that answers Outlook at the domain itself is told of', async () => {
  const xml = '<?xml version="1.0"?><Autodiscover xmlns="x"/>'
  const outside = madeUp(zone(...PLAIN, 'example.org 300 A 192.0.2.80'))
  const seen = await assessed('example.org', { ...outside, page: () => Promise.resolve({ status: 200, body: xml, location: null }) })
  assert.deepEqual(seen.clients.pages, ['https://example.org/autodiscover/autodiscover.xml'])
  assert.ok(ranks(seen).includes('warn autodiscover-hijack'))
  const welcome = await assessed('example.org', {
    ...outside,
    page: () => Promise.resolve({ status: 200, body: '<html>', location: null }),
  })
  assert.deepEqual(welcome.clients.pages, [])
})

test('servers of the same state of the zone that differ about MX are answered by hand only', async () => {
  const plain = madeUp(zone(...PLAIN))
  const outside = {
    ...plain,
    given: [
      { address: '192.0.2.1', port: 53 },
      { address: '192.0.2.2', port: 53 },
    ],
    ask: async (...[server, name, type, options]: Parameters<typeof plain.ask>) => {
      const answer = await plain.ask({ address: '192.0.2.1', port: 53 }, name, type, options)
      return server.address === '192.0.2.2' && type === 'MX'
        ? { ...answer, sets: answer.sets.map((set) => ({ ...set, data: ['10 other.example.org'] })) }
        : answer
    },
  }
  assert.ok(ranks(await assessed('example.org', outside)).includes('block servers-disagree'))
})

test('a name that the registry does not know is told as such, and the resolver is asked no more', async () => {
  const outside = madeUp({ zones: { org: ['a.nic.org'] }, records: ['a.nic.org 300 A 192.0.2.1'] })
  const seen = await assessed('example.org', { ...outside, given: [] })
  assert.deepEqual([seen.zone, ranks(seen)], [{ missing: 'name', servers: [] }, ['block domain-unknown']])
  assert.ok(seen.evidence.length < 10, String(seen.evidence.length))
})

test('what is no domain is refused before anything is asked', async () => {
  await assert.rejects(assessed('a b.example', madeUp(zone())), (error) => error instanceof Failure && error.code === 'bad-input')
})

test('addresses are looked up backwards in both families', () => {
  assert.equal(reverseName('192.0.2.9'), '9.2.0.192.in-addr.arpa')
  assert.equal(reverseName('2001:db8::9'), `9.0.0.0${'.0'.repeat(20)}.8.b.d.0.1.0.0.2.ip6.arpa`)
})
