import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SpfLookup } from '../spf/tree.ts'
import { holdsOf, itemsOf, switchSwaps, type DnsPhase } from './item.ts'
import { brief, carriedOut, codes, DKIM_TARGETS, DOMAIN, MX, OLD_MX, planOf, setsOf, spfIn, tenantOf, WISHES, CAN } from './plan.fixture.ts'

const OLD = setsOf(
  '@ 7200 MX 10 mx.example.test',
  '@ 7200 MX 20 backup.old.test',
  '@ 7200 TXT v=spf1 mx a:web.example.test include:_spf.crm.test -all',
  '@ 7200 TXT other-service=AbC; "quoted" \\ end',
  '@ 7200 TXT ',
  'autodiscover 1800 A 192.0.2.9',
  'autodiscover 1800 AAAA 2001:db8::9',
  '_autodiscover._tcp SRV 0 0 443 mail.example.test',
  '_imaps._tcp SRV 0 1 993 mail.example.test',
  '_pop3s._tcp SRV 0 0 0 .',
  'autoconfig CNAME autoconfig.old.test',
)

test('a domain with other senders is planned in all its phases', async () => {
  const plan = await planOf(OLD)
  const phase = (one: DnsPhase): readonly string[] => brief(itemsOf(plan, one))
  assert.deepEqual(phase('prepare'), ['merge @ TXT', 'add selector1._domainkey CNAME', 'add selector2._domainkey CNAME', 'add _dmarc TXT'])
  assert.deepEqual(phase('lower-ttl'), [
    'ttl @ MX',
    'ttl @ TXT',
    'ttl autodiscover A',
    'ttl autodiscover AAAA',
    'ttl _autodiscover._tcp SRV',
  ])
  assert.deepEqual(phase('switch'), [
    'replace @ MX',
    'delete autodiscover A',
    'delete autodiscover AAAA',
    'add autodiscover CNAME',
    'delete _autodiscover._tcp SRV',
  ])
  assert.deepEqual(phase('tighten'), ['merge @ TXT', 'delete _imaps._tcp SRV', 'delete autoconfig CNAME'])
  assert.deepEqual(phase('raise-ttl'), ['ttl @ MX', 'ttl autodiscover CNAME', 'ttl @ TXT'])
  assert.deepEqual(phase('retire'), [])
  const [mx] = switchSwaps(plan)
  assert.deepEqual(mx?.after, { name: DOMAIN, type: 'MX', ttlSeconds: 300, data: [`0 ${MX}`] })
  assert.equal(mx?.before?.ttlSeconds, 300, 'the switch comes after the times were lowered')
  const last = carriedOut(OLD, plan, 'prepare', 'lower-ttl', 'switch', 'tighten', 'raise-ttl')
  assert.deepEqual(last.find(({ name, type }) => name === DOMAIN && type === 'TXT')?.ttlSeconds, 7200, 'as it was')
  assert.deepEqual(last.find(({ type }) => type === 'MX')?.ttlSeconds, 3600)
  assert.deepEqual(
    plan.waits.map(({ after, before, seconds }) => [after, before, seconds]),
    [['lower-ttl', 'switch', 7200]],
  )
})

test('T7 a bare mx means the old hosts until the switch, and is taken away when the old side is quiet', async () => {
  const plan = await planOf(OLD)
  assert.equal(
    spfIn(itemsOf(plan, 'prepare')),
    `v=spf1 ip4:${OLD_MX[0]} ip6:${OLD_MX[1]} a:web.example.test include:spf.protection.outlook.com include:_spf.crm.test -all`,
  )
  assert.equal(spfIn(itemsOf(plan, 'tighten')), 'v=spf1 a:web.example.test include:spf.protection.outlook.com include:_spf.crm.test -all')
  assert.ok(codes(plan).includes('spf-pinned'))
})

test('T7 an address that was there before is not taken away as ours', async () => {
  const plan = await planOf(setsOf('@ MX 10 mx.old.test', '@ TXT v=spf1 ip4:192.0.2.9 mx -all'))
  assert.equal(spfIn(itemsOf(plan, 'tighten')), 'v=spf1 ip4:192.0.2.9 include:spf.protection.outlook.com -all')
})

test('T9 every other text of the domain stays byte for byte, in every phase', async () => {
  const plan = await planOf(OLD)
  const others = OLD.find(({ type }) => type === 'TXT')?.data.filter((text) => !text.startsWith('v=spf1'))
  for (const item of plan.items.filter(({ name, type }) => name === DOMAIN && type === 'TXT'))
    assert.deepEqual(
      item.after?.data.filter((text) => !text.startsWith('v=spf1')),
      others,
      item.phase,
    )
})

test('a phase that was carried out has nothing to do any more, and the plan after all of them is empty', async () => {
  const phases = ['prepare', 'lower-ttl', 'switch', 'tighten', 'raise-ttl'] as const
  const first = await planOf(OLD)
  let now = OLD
  for (const [at, phase] of phases.entries()) {
    now = carriedOut(now, first, phase)
    const pristine = { atMs: 0, sets: OLD, oldMx: OLD_MX, policy: null }
    const next = await planOf(now, { pristine })
    const left = phases.slice(at + 1)
    assert.deepEqual(
      next.items.map(({ phase: one, name, type, after }) => [one, name, type, after]),
      first.items.filter((item) => left.some((one) => one === item.phase)).map((item) => [item.phase, item.name, item.type, item.after]),
      `after ${phase}`,
    )
    assert.equal(next.isSwitched, at >= 2)
    assert.deepEqual(next.oldTtlSeconds, 7200)
  }
})

test('T6 no SPF record, two of them, and one that has Microsoft already below another one', async () => {
  const prepared = async (...texts: readonly string[]): Promise<readonly [string | undefined, readonly string[]]> => {
    const plan = await planOf(setsOf('@ MX 10 mx.old.test', ...texts.map((text) => `@ TXT ${text}`)), {}, (name) =>
      Promise.resolve(
        name === '_spf.all.test'
          ? { status: 'found', data: ['v=spf1 include:spf.protection.outlook.com -all'] }
          : { status: 'nothing', data: [] },
      ),
    )
    return [spfIn(itemsOf(plan, 'prepare')), codes(plan)]
  }
  const [none, said] = await prepared()
  assert.equal(none, 'v=spf1 ip4:192.0.2.9 ip6:2001:db8::9 include:spf.protection.outlook.com ~all', 'the present mail host still may send')
  assert.ok(said.includes('spf-first'))
  const plan = await planOf(setsOf('@ MX 10 mx.old.test'))
  assert.equal(spfIn(itemsOf(plan, 'tighten')), 'v=spf1 include:spf.protection.outlook.com ~all')
  const after = await planOf(setsOf(`@ MX 0 ${MX}`))
  assert.equal(spfIn(itemsOf(after, 'prepare')), 'v=spf1 include:spf.protection.outlook.com ~all', 'nothing is left to be kept')
  const [two, found] = await prepared('v=spf1 ip4:192.0.2.1 ?all', 'v=spf1 ip4:192.0.2.2 ?all')
  assert.equal(two, 'v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 include:spf.protection.outlook.com ?all')
  assert.ok(found.includes('spf-several'))
  assert.equal((await prepared('v=spf1 include:_spf.all.test -all'))[0], undefined, 'nothing is to be done')
})

test('T6 an SPF record that nobody can read is left, and holds the switch', async () => {
  const plan = await planOf(setsOf('@ MX 10 mx.old.test', '@ TXT v=spf1 inlcude:_spf.crm.test -all'))
  assert.equal(spfIn(itemsOf(plan, 'prepare')), undefined)
  const finding = plan.findings.find(({ code }) => code === 'spf-wrong')
  assert.equal(finding?.severity, 'blocker')
  assert.ok(finding.holds.includes('switch'))
})

test('T6 ten look-ups are published, and eleven are not: the record stays as it is and the switch waits', async () => {
  const record = (count: number): string => `v=spf1 ${Array.from({ length: count }, (_, at) => `include:s${at}.test`).join(' ')} -all`
  const found: SpfLookup = () => Promise.resolve({ status: 'found', data: ['v=spf1 ip4:192.0.2.1 -all'] })
  const ten = await planOf(setsOf('@ MX 10 mx.old.test', `@ TXT ${record(9)}`), {}, found)
  assert.match(spfIn(itemsOf(ten, 'prepare')) ?? '', /include:spf\.protection\.outlook\.com include:s0/)
  const eleven = await planOf(setsOf('@ MX 10 mx.old.test', `@ TXT ${record(10)}`), {}, found)
  assert.equal(spfIn(itemsOf(eleven, 'prepare')), undefined)
  assert.deepEqual(
    holdsOf(eleven, 'switch').map(({ code }) => code),
    ['spf-too-many'],
  )
})

test('senders that the definition names are let send, whether they stood in the record or not', async () => {
  const wishes = { ...WISHES, senders: ['include:_spf.crm.test', 'ip4:192.0.2.77'] }
  const plan = await planOf(setsOf('@ MX 10 mx.old.test', '@ TXT v=spf1 include:_spf.crm.test -all'), { wishes })
  assert.equal(spfIn(itemsOf(plan, 'prepare')), 'v=spf1 include:spf.protection.outlook.com include:_spf.crm.test ip4:192.0.2.77 -all')
  const none = await planOf(setsOf('@ MX 10 mx.old.test'), { wishes })
  const first = 'v=spf1 ip4:192.0.2.9 ip6:2001:db8::9 include:spf.protection.outlook.com include:_spf.crm.test ip4:192.0.2.77 ~all'
  assert.equal(spfIn(itemsOf(none, 'prepare')), first)
})

test('T24 a time to live below what the host takes becomes the lowest one, and it is said', async () => {
  const plan = await planOf(OLD, { host: { can: { ...CAN, lowestTtlSeconds: 600 }, title: 'the host' } })
  assert.deepEqual([...new Set(itemsOf(plan, 'lower-ttl').map(({ after }) => after?.ttlSeconds))], [600])
  assert.equal(switchSwaps(plan)[0]?.after?.ttlSeconds, 600)
  assert.match(plan.findings.find(({ code }) => code === 'ttl-clamped')?.says ?? '', /300 seconds: it becomes 600/)
})

test('names under keep stay as they are', async () => {
  const plan = await planOf(OLD, { wishes: { ...WISHES, keep: [`autodiscover.${DOMAIN}`, `_imaps._tcp.${DOMAIN}`] } })
  assert.deepEqual(
    brief(plan.items).filter((one) => /autodiscover [AC]|_imaps/.test(one)),
    [],
  )
})

test('what the definition lets go goes in the phase retire, and not before', async () => {
  const now = setsOf('@ MX 10 mx.old.test', '@ TXT v=spf1 include:spf.old.test -all', 'old._domainkey TXT v=DKIM1; p=AAAA')
  const plan = await planOf(now, {
    wishes: { ...WISHES, retireSenders: ['include:spf.old.test'], retireNames: [`old._domainkey.${DOMAIN}`] },
  })
  assert.match(spfIn(itemsOf(plan, 'tighten')) ?? spfIn(itemsOf(plan, 'prepare')) ?? '', /include:spf\.old\.test/)
  assert.deepEqual(brief(itemsOf(plan, 'retire')), ['merge @ TXT', 'delete old._domainkey TXT'])
  assert.equal(spfIn(itemsOf(plan, 'retire')), 'v=spf1 include:spf.protection.outlook.com -all')
})

test('T11 no value of the plan is made of the domain: each stands in what the tenant told or in what was there', async () => {
  const tenant = tenantOf()
  const plan = await planOf(OLD, { tenant })
  const told = new Set([...tenant.records, ...tenant.dkim].map(({ data }) => data))
  for (const { after, type } of plan.items)
    for (const one of after?.data ?? [])
      if (type !== 'TXT' && !told.has(one))
        assert.ok(
          OLD.some(({ data }) => data.includes(one)),
          one,
        )
  assert.ok(!JSON.stringify(plan.items).includes('example-test._domainkey'))
  assert.deepEqual(
    tenant.dkim.map(({ data }) => data),
    DKIM_TARGETS,
  )
})
