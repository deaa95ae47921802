import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DnsAssessInput, DnsAssessResult } from '../api/dns-assess.ts'
import { assessed, madeUp } from '../dns/assess/assess.fixture.ts'
import { stage } from './cli.fixture.ts'

const LONG = `v=spf1 ${Array.from({ length: 20 }, (_, at) => `ip4:192.0.2.${at}`).join(' ')} -all`

async function resultOf(domains: readonly string[], ...records: readonly string[]): Promise<DnsAssessResult> {
  const outside = madeUp({
    zones: Object.fromEntries(domains.map((domain) => [domain, ['ada.ns.cloudflare.com', 'bob.ns.cloudflare.com']])),
    records,
  })
  const seen = await Promise.all(domains.map((domain) => assessed(domain, outside)))
  return {
    domains: seen,
    blockers: seen.flatMap(({ findings }) => findings.filter(({ rank }) => rank === 'block')).length,
    csvFile: null,
    htmlFile: null,
  }
}

const RECORDS = [
  'example.org 86400 MX 10 aspmx.l.google.com',
  'aspmx.l.google.com 300 A 192.0.2.9',
  `example.org 300 TXT ${LONG}`,
  'example.org 300 TXT evil=\u001b[2Jtext',
  '_dmarc.example.org 300 TXT v=DMARC1; p=reject',
  'google._domainkey.example.org 300 TXT v=DKIM1; p=MIGf',
]

test('one domain is a page of 80 columns: who hosts, who sends, records with their TTL, and what to do', async () => {
  const result = await resultOf(['example.org'], ...RECORDS)
  const asked: DnsAssessInput[] = []
  const cli = stage({ dnsAssess: (input) => (asked.push(input), Promise.resolve(result)) })
  const { code, out, err } = await cli.run(
    'dns',
    'assess',
    'example.org',
    '--server',
    '127.0.0.1:5301',
    '--selector',
    'a',
    'b',
    '--dns-only',
  )
  assert.deepEqual([code, err], [0, ''])
  assert.deepEqual(
    asked.map(({ domains, servers, selectors, dnsOnly }) => [domains, servers, selectors, dnsOnly]),
    [[['example.org'], ['127.0.0.1:5301'], ['a', 'b'], true]],
  )
  assert.ok(
    out.split('\n').every((line) => line.length <= 80),
    out,
  )
  for (const part of [
    /DNS at +Cloudflare \(provider "cloudflare"\)/,
    /Mail at +Google Workspace/,
    /SPF +1 record, 0 of 10/,
    /86400 MX +10 aspmx/,
    /Is put right before the switch:\n {2}- The MX/,
    /DKIM google/,
  ])
    assert.match(out, part)
  assert.ok(!out.includes('\u001b') && out.includes(String.raw`\x1b`), 'what comes from outside is harmless')
})

test('something in the way is told first, and is exit code 3', async () => {
  const result = await resultOf(['example.org'], 'example.org 300 MX 0 .')
  const { code, out } = await stage({ dnsAssess: () => Promise.resolve(result) }).run('dns', 'assess', 'example.org')
  assert.equal(code, 3)
  assert.ok(out.indexOf('Must be solved first') < out.indexOf('Look at this'))
})

test('many domains are a table, with what stands in the way of each', async () => {
  const names = ['a.example', 'b.example', 'c.example', 'd.example']
  const result = await resultOf(names, 'b.example 300 MX 0 .')
  const { code, out } = await stage({ dnsAssess: () => Promise.resolve(result) }).run('dns', 'assess', ...names)
  assert.equal(code, 3)
  for (const name of names) assert.match(out, new RegExp(`^${name} .*Cloudflare`, 'm'))
  assert.match(out, /b\.example says that it takes no mail/)
  assert.ok(!out.includes('Records ('))
  const whole = await stage({ dnsAssess: () => Promise.resolve(result) }).run('dns', 'assess', ...names, '--all')
  assert.equal(whole.out.match(/^=+$/gm)?.length, 4)
})

test('with --all nothing is cut short, and with --json everything is one object', async () => {
  const result = await resultOf(['example.org'], ...RECORDS)
  const whole = await stage({ dnsAssess: () => Promise.resolve(result) }).run('dns', 'assess', 'example.org', '--all')
  assert.ok(whole.out.replaceAll(/\s+/g, ' ').includes(LONG))
  assert.ok(whole.out.split('\n').every((line) => line.length <= 80))
  const json = await stage({ dnsAssess: () => Promise.resolve(result) }).run('dns', 'assess', 'example.org', '--json')
  assert.deepEqual(JSON.parse(json.out), JSON.parse(JSON.stringify(result)))
})

test('on a terminal it is told how far it is', async () => {
  const result = await resultOf(['example.org'], ...RECORDS)
  const world = stage(
    {
      dnsAssess: ({ onProgress }) => {
        onProgress({ domain: 'example.org', done: 1, total: 2 })
        return Promise.resolve(result)
      },
    },
    { tty: true },
  )
  assert.match((await world.run('dns', 'assess', 'example.org', 'example.net')).err, /1 of 2 domains: example\.org/)
})

test('without a domain the usage is wrong', async () => {
  assert.equal((await stage({}).run('dns', 'assess')).code, 2)
})
