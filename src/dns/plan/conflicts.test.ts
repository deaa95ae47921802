import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holdsOf, itemsOf, switchSwaps } from './item.ts'
import {
  brief,
  CAN,
  codes,
  DKIM_TARGETS,
  DOMAIN,
  factsOf,
  GRAPH_ROWS,
  MX,
  planOf,
  row,
  setsOf,
  spfIn,
  tenantOf,
  WISHES,
} from './plan.fixture.ts'
import { planDomain } from './plan-domain.ts'

const OLD = setsOf('@ MX 10 mx.old.test', '@ TXT v=spf1 ip4:192.0.2.9 -all')
const [, ...NOT_MX] = GRAPH_ROWS
const mx = (mailExchange: string, more = {}): Record<string, unknown> => row('Mx', DOMAIN, { mailExchange, preference: 0, ...more })

/** What Graph says of MX, what becomes of it, and what is found. */
const TOLD: readonly (readonly [string, readonly Record<string, unknown>[], readonly string[], readonly string[]])[] = [
  ['classic', [mx(MX)], [`0 ${MX}`], []],
  ['of the new form', [mx('example-test.o-v1.mx.microsoft')], ['0 example-test.o-v1.mx.microsoft'], []],
  ['T12 of an unknown form', [mx('mx.tomorrow.test')], ['0 mx.tomorrow.test'], ['mx-suffix']],
  [
    'for mail and for relaying',
    [mx('relay.mail.protection.outlook.com', { supportedService: 'EmailInternalRelayOnly' }), mx(MX)],
    [`0 ${MX}`],
    [],
  ],
  [
    'for relaying only',
    [mx('relay.mail.protection.outlook.com', { supportedService: 'EmailInternalRelayOnly' })],
    ['0 relay.mail.protection.outlook.com'],
    ['tenant-mx-relay'],
  ],
  ['not yet', [row('Unavailable', DOMAIN, { description: 'Try again in an hour.' })], [], ['tenant-mx-missing']],
  ['never', [], [], ['tenant-mx-missing']],
  ['with another service', [mx(MX), mx('x.test', { supportedService: 'Intune' })], [`0 ${MX}`], ['other-services']],
  ['of another domain', [mx(MX), { ...mx('x.test'), label: 'elsewhere.test' }], [`0 ${MX}`], ['tenant-record-strange']],
]

for (const [title, rows, data, found] of TOLD)
  test(`T10 MX ${title}`, async () => {
    const plan = await planOf(OLD, { tenant: tenantOf([...rows, ...NOT_MX]) })
    assert.deepEqual(switchSwaps(plan)[0]?.after?.data ?? [], data)
    assert.deepEqual(
      codes(plan).filter((code) => /^(?:tenant|mx|other)/.test(code)),
      found,
    )
    if (found.includes('tenant-mx-missing')) {
      assert.ok(holdsOf(plan, 'switch').length > 0 && holdsOf(plan, 'prepare').length === 0)
      if (title === 'not yet') assert.match(plan.findings.map(({ says }) => says).join(), /Try again in an hour/)
    }
  })

test('T10 two MX records for mail hold the switch', async () => {
  const plan = await planOf(OLD, { tenant: tenantOf([mx(MX), mx('b.mail.protection.outlook.com'), ...NOT_MX]) })
  assert.deepEqual(
    holdsOf(plan, 'switch').map(({ code }) => code),
    ['tenant-mx-several'],
  )
})

test('T11 a domain with hyphens takes what the tenant tells, whatever it looks like', async () => {
  const tenant = tenantOf([mx('exa--mple0i.k-v1.mx.microsoft'), ...NOT_MX])
  assert.deepEqual(switchSwaps(await planOf(OLD, { tenant }))[0]?.after?.data, ['0 exa--mple0i.k-v1.mx.microsoft'])
})

test('T13 both forms of DKIM targets are taken as they are', async () => {
  const classic = [
    'selector1-example-test._domainkey.customer.onmicrosoft.com',
    'selector2-example-test._domainkey.customer.onmicrosoft.com',
  ]
  for (const targets of [classic, DKIM_TARGETS]) {
    const plan = await planOf(OLD, { tenant: tenantOf(GRAPH_ROWS, targets) })
    assert.deepEqual(
      itemsOf(plan, 'prepare')
        .filter(({ type }) => type === 'CNAME')
        .flatMap(({ after }) => after?.data ?? []),
      targets,
    )
  }
})

test('T13 a TXT at selector1 is told and left, the rest is prepared', async () => {
  const plan = await planOf([...OLD, ...setsOf('selector1._domainkey TXT v=DKIM1; p=AAAA')])
  assert.ok(codes(plan).includes('dkim-conflict'))
  assert.deepEqual(
    brief(plan.items).filter((one) => one.includes('_domainkey')),
    ['add selector2._domainkey CNAME'],
  )
  assert.deepEqual(holdsOf(plan, 'switch'), [])
})

test('a selector of another tenant is replaced with the switch, not before', async () => {
  const plan = await planOf([...OLD, ...setsOf('selector1._domainkey CNAME selector1-x._domainkey.other.onmicrosoft.com')])
  assert.ok(codes(plan).includes('dkim-replaced'))
  assert.ok(brief(itemsOf(plan, 'switch')).includes('replace selector1._domainkey CNAME'))
})

test('T16 a null MX and a CNAME at the top hold everything; mail to the address of the domain itself is told', async () => {
  const nothing = await planOf(setsOf('@ MX 0 .'))
  assert.deepEqual(
    holdsOf(nothing, 'prepare').map(({ code }) => code),
    ['null-mx'],
  )
  const alias = await planOf(setsOf('@ CNAME web.host.test'))
  assert.deepEqual(
    holdsOf(alias, 'prepare').map(({ code }) => code),
    ['apex-cname'],
  )
  assert.deepEqual(alias.items, [])
  const implicit = await planOf(setsOf('@ A 192.0.2.1'))
  assert.ok(codes(implicit).includes('mx-implicit'))
  assert.equal(itemsOf(implicit, 'switch')[0]?.op, 'add')
})

test('what the host manages itself, and what it cannot hold, is left out and told', async () => {
  const plan = planDomain({
    ...(await factsOf(OLD)),
    opaque: [{ name: DOMAIN, type: 'MX', says: 'routing of the host itself' }],
    host: { can: { ...CAN, longestTxtBytes: 30 }, title: 'the host' },
  })
  assert.deepEqual(brief(itemsOf(plan, 'switch')), ['add autodiscover CNAME'])
  assert.equal(spfIn(plan.items), undefined)
  assert.ok(holdsOf(plan, 'switch').some(({ says }) => says.includes('routing of the host itself')))
  assert.ok(holdsOf(plan, 'switch').some(({ says }) => says.includes('at most 30 bytes')))
})

test('a domain that is not verified gets the record that proves it beside everything else, and the rest waits', async () => {
  const proof = [{ name: DOMAIN, type: 'TXT' as const, data: 'MS=ms12345678', ttlSeconds: 3600, service: 'Email', isOptional: false }]
  const tenant = { ...tenantOf([], []), isVerified: false, proof }
  const plan = await planOf(setsOf('@ MX 10 mx.old.test', '@ 600 TXT other=1'), { tenant })
  const [item] = itemsOf(plan, 'prepare')
  assert.deepEqual(item?.after, { name: DOMAIN, type: 'TXT', ttlSeconds: 600, data: ['other=1', 'MS=ms12345678'] })
  assert.deepEqual(
    holdsOf(plan, 'switch').map(({ code }) => code),
    ['domain-unverified'],
  )
})

test('a domain that the tenant does not have is not touched', async () => {
  const tenant = { ...tenantOf([], []), isInTenant: false, isVerified: false }
  const plan = await planOf(OLD, { tenant })
  assert.deepEqual(
    holdsOf(plan, 'prepare').map(({ code }) => code),
    ['domain-not-in-tenant'],
  )
})

test('DMARC is made where there is none and never changed; reports elsewhere need consent', async () => {
  const wishes = { ...WISHES, dmarcReports: 'dmarc@reports.test', tlsReports: 'tls@example.test' }
  const fresh = itemsOf(await planOf(OLD, { wishes }), 'prepare')
  assert.deepEqual(fresh.find(({ name }) => name.startsWith('_dmarc'))?.after?.data, ['v=DMARC1; p=none; rua=mailto:dmarc@reports.test'])
  assert.deepEqual(fresh.find(({ name }) => name.startsWith('_smtp'))?.after?.data, ['v=TLSRPTv1; rua=mailto:tls@example.test'])
  assert.ok(codes(await planOf(OLD, { wishes })).includes('dmarc-consent'))
  for (const there of ['_dmarc TXT v=DMARC1; p=reject', '_dmarc CNAME managed.test']) {
    const plan = await planOf([...OLD, ...setsOf(there)], { wishes })
    assert.deepEqual(
      brief(plan.items).filter((one) => one.includes('_dmarc')),
      [],
    )
    assert.equal(codes(plan).includes('dmarc-strict'), there.includes('reject'))
  }
})

test('records of other services are made where they are wanted, and told where not', async () => {
  const tenant = tenantOf([
    ...GRAPH_ROWS,
    row('Srv', `_sipfederationtls._tcp.${DOMAIN}`, {
      nameTarget: 'sipfed.online.lync.com',
      port: 5061,
      priority: 100,
      weight: 1,
      supportedService: 'OfficeCommunicationsOnline',
    }),
  ])
  const wanted = await planOf(OLD, { tenant, wishes: { ...WISHES, services: ['OfficeCommunicationsOnline'] } })
  assert.deepEqual(itemsOf(wanted, 'prepare').find(({ type }) => type === 'SRV')?.after?.data, ['100 1 5061 sipfed.online.lync.com'])
  const left = await planOf(OLD, { tenant })
  assert.ok(codes(left).includes('other-services') && !left.items.some(({ type }) => type === 'SRV'))
})

test('what the world is told otherwise than the host says holds the switch; one server alone is only late', async () => {
  const own = OLD[0] ?? assert.fail()
  const other = { ...own, data: ['10 mx.elsewhere.test'] }
  const at = (server: string, set: typeof own | 'silent') => ({ server, name: DOMAIN, type: 'MX' as const, set })
  const found = async (...served: ReturnType<typeof at>[]) =>
    (await planOf(OLD, { served })).findings.filter(({ code }) => /server|served/.test(code))
  assert.deepEqual(await found(at('ns1', own), at('ns2', { ...own, ttlSeconds: 5 })), [])
  assert.deepEqual(
    (await found(at('ns1', other), at('ns2', other))).map(({ code, holds }) => [code, holds]),
    [['host-not-served', ['switch']]],
  )
  assert.deepEqual(
    (await found(at('ns1', own), at('ns2', other))).map(({ code, holds }) => [code, holds]),
    [['server-differs', []]],
  )
  assert.deepEqual(
    (await found(at('ns1', 'silent'))).map(({ code }) => code),
    ['server-silent', 'servers-silent'],
  )
})
