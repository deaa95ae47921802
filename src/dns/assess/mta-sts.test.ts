import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assessed, madeUp, ranks, type Told } from './assess.fixture.ts'
import { allowsHost, namesMicrosoft, policyIn } from './mta-sts.ts'
import type { Outside, Page } from './outside.ts'

const ZONE: Told = {
  zones: { 'example.org': ['ns1.example.org'] },
  records: [
    'example.org 300 MX 10 mx.example.org',
    'mx.example.org 300 A 192.0.2.9',
    'example.org 300 TXT v=spf1 mx -all',
    '_dmarc.example.org 300 TXT v=DMARC1; p=none',
    '_mta-sts.example.org 300 TXT v=STSv1; id=1',
    'mta-sts.example.org 300 A 192.0.2.80',
  ],
}
const serving = (page: Page): Outside => ({
  ...madeUp(ZONE),
  page: (url) => Promise.resolve(url.includes('mta-sts') ? page : { status: null, why: 'no' }),
})
const policy = (mode: string, ...mx: readonly string[]): Page => ({
  status: 200,
  location: null,
  body: ['version: STSv1', `mode: ${mode}`, ...mx.map((one) => `mx: ${one}`), 'max_age: 604800', ''].join('\r\n'),
})

test('T15 a star in a policy stands for one label and no more', () => {
  assert.deepEqual(
    [
      ['*.mail.protection.outlook.com', 'example-org.mail.protection.outlook.com'],
      ['*.mx.microsoft', 'example-org.o-v1.mx.microsoft'],
      ['*.o-v1.mx.microsoft', 'Example-Org.O-v1.mx.microsoft.'],
      ['*.example.org', 'example.org'],
      ['mx.example.org', 'MX.example.org'],
      ['mx.example.org', 'amx.example.org'],
      ['*', 'example.org'],
    ].map(([pattern = '', host = '']) => allowsHost(pattern, host)),
    [true, false, true, false, true, false, false],
  )
})

test('T15 a policy that allows the old host only must be widened before the switch', async () => {
  const seen = await assessed('example.org', serving(policy('enforce', 'mx.example.org')))
  assert.deepEqual(seen.mtaSts.policy, { mode: 'enforce', maxAgeSeconds: 604_800, mx: ['mx.example.org'] })
  assert.ok(ranks(seen).includes('must-fix mta-sts-narrow'))
  assert.match(seen.findings.find(({ code }) => code === 'mta-sts-narrow')?.remedy ?? '', /wait/)
  for (const page of [policy('testing', 'mx.example.org', '*.mail.protection.outlook.com'), policy('none')])
    assert.ok(!ranks(await assessed('example.org', serving(page))).some((one) => one.includes('mta-sts')))
})

test('T15 patterns that look like those of Microsoft and match none of its hosts do not count', () => {
  const names = (...mx: readonly string[]): boolean => namesMicrosoft({ mode: 'enforce', maxAgeSeconds: 1, mx })
  assert.deepEqual(
    [
      names('*.mail.protection.outlook.com'),
      names('example-org.o-v1.mx.microsoft'),
      names('*.o-v1.mx.microsoft'),
      names('*.mx.microsoft'),
      names('*.outlook.com'),
      names('mail.protection.outlook.com.evil.example'),
    ],
    [true, true, true, false, false, false],
  )
})

test('a policy that is promised and cannot be had stands in the way, whatever the web server says', async () => {
  const pages: readonly Page[] = [
    { status: null, why: 'mta-sts.example.org cannot be reached.' },
    { status: 301, body: '', location: 'https://www.example.org/' },
    { status: 404, body: '', location: null },
    { status: 200, body: '<html>Welcome</html>', location: null },
  ]
  for (const page of pages) {
    const seen = await assessed('example.org', serving(page))
    assert.ok(ranks(seen).includes('block mta-sts-unreachable'), JSON.stringify(page))
    assert.equal(seen.findings[0]?.severity, 'blocker')
  }
  assert.ok(!ranks(await assessed('example.org', madeUp(ZONE))).some((one) => one.startsWith('block')), 'not asked is not unreachable')
})

test('policies that senders cannot use are none', () => {
  const text = (page: Page): string => (page.status === null ? '' : page.body)
  assert.equal(policyIn(text(policy('enforce'))), null)
  assert.equal(policyIn(text(policy('strict', 'mx.example.org'))), null)
  assert.equal(policyIn('mode: enforce\nmx: a.example\nmax_age: 1'), null)
  assert.equal(policyIn('version: STSv1\nmode: enforce\nmx: a.example'), null)
  assert.deepEqual(policyIn('version:STSv1\nmode :enforce\nmx: A.example\nmx:*.b.example  \nmax_age: 60\nmore: 1'), {
    mode: 'enforce',
    maxAgeSeconds: 60,
    mx: ['a.example', '*.b.example'],
  })
})
