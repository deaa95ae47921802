import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { realWorld } from '../app.ts'
import { madeUp, outsideOn } from '../dns/assess/assess.fixture.ts'
import type { Outside } from '../dns/assess/outside.ts'
import { Failure } from '../model/failure.ts'
import type { DnsAssessInput, DnsAssessResult } from './dns-assess.ts'
import { operationsIn } from './operations-in.ts'
import type { DnsOutsideOptions } from './world.ts'

const OUTSIDE = madeUp({
  zones: { 'example.org': ['ns1.example.org'], 'example.net': ['ns1.example.net'] },
  records: [
    'example.org 300 MX 0 .',
    'example.net 300 MX 10 mx.example.net',
    'mx.example.net 300 A 192.0.2.9',
    'example.net 300 TXT v=spf1 mx -all',
    'example.net 300 TXT =cmd|<b>',
  ],
})

async function run(
  more: Partial<DnsAssessInput>,
  outside: Outside = OUTSIDE,
): Promise<{ readonly result: DnsAssessResult; readonly opened: readonly DnsOutsideOptions[] }> {
  const opened: DnsOutsideOptions[] = []
  const world = {
    ...realWorld(),
    dnsOutside: (options: DnsOutsideOptions) => {
      opened.push(options)
      return Promise.resolve(outside)
    },
  }
  const result = await operationsIn(world).dnsAssess({
    domains: ['example.org'],
    servers: [],
    resolvers: [],
    selectors: [],
    names: [],
    tenant: null,
    cloud: 'global',
    dnsOnly: false,
    csvFile: null,
    htmlFile: null,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  })
  return { result, opened }
}

const isBadInput = (error: unknown): boolean => error instanceof Failure && error.code === 'bad-input'

test('several domains are looked at together, each once, in the order in which they were given', async () => {
  const done: string[] = []
  const { result } = await run({
    domains: ['example.net', 'Example.org.', 'example.org'],
    onProgress: (progress) => done.push(`${progress.domain} ${progress.done}/${progress.total}`),
  })
  assert.deepEqual([result.domains.map(({ domain }) => domain), result.blockers], [['example.net', 'example.org'], 1])
  assert.deepEqual(
    done.map((one) => one.split(' ')[1]),
    ['1/2', '2/2'],
  )
})

test('findings are written as CSV that no spreadsheet runs and as a page without foreign markup', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-dns-'))
  try {
    const [csvFile, htmlFile] = [join(folder, 'a.csv'), join(folder, 'a.html')]
    await run({ domains: ['example.org', 'example.net'], csvFile, htmlFile })
    const csv = await readFile(csvFile, 'utf8')
    assert.match(csv, /example\.org,block,null-mx,/)
    const html = await readFile(htmlFile, 'utf8')
    assert.ok(html.includes('<h2>example.net</h2>') && html.includes('=cmd|&lt;b&gt;') && !html.includes('<b>'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('servers and resolvers are addresses with or without a port; a server may be a name that a resolver knows', async () => {
  const { opened } = await run({
    servers: ['127.0.0.1:5301', '[::1]:5302', '2001:db8::1', 'mx.example.net:5303'],
    resolvers: ['192.0.2.53'],
  })
  assert.deepEqual(opened.at(-1)?.servers, [
    { address: '127.0.0.1', port: 5301 },
    { address: '::1', port: 5302 },
    { address: '2001:db8::1', port: 53 },
    { address: '192.0.2.9', port: 5303 },
  ])
  assert.deepEqual(opened[0]?.resolvers, [{ address: '192.0.2.53', port: 53 }])
  for (const wrong of [
    { servers: ['127.0.0.1:99999'] },
    { servers: ['gone.example.net'] },
    { resolvers: ['dns.example.org'] },
    { domains: [] },
    { domains: ['localhost'] },
    { domains: ['a@example.org'] },
    { domains: ['https://example.org/'] },
    { selectors: ['a b'] },
  ])
    await assert.rejects(run(wrong), isBadInput, JSON.stringify(wrong))
  await assert.rejects(run({ servers: ['ns1.example.net:dns'] }), /"ns1\.example\.net:dns" is no name server/)
})

test('the tenant may be given by a domain of it', async () => {
  const tenantOf: Outside['tenantOf'] = (domain) =>
    Promise.resolve(
      domain === 'gone.example' ? { seen: 'none' } : { seen: 'tenant', tenantId: domain === 'contoso.example' ? 'ours' : 'theirs' },
    )
  const { result } = await run({ domains: ['example.net'], tenant: 'contoso.example' }, { ...OUTSIDE, tenantOf })
  assert.ok(result.domains[0]?.findings.some(({ code }) => code === 'in-another-tenant'))
  await assert.rejects(run({ tenant: 'gone.example' }, { ...OUTSIDE, tenantOf }), isBadInput)
})

test('a stop ends it at once, with servers that never answer too', async () => {
  const stop = new AbortController()
  const outside = outsideOn({
    given: [{ address: '192.0.2.1', port: 53 }],
    ask: (_, __, ___, { signal }) => {
      const { promise, reject } = Promise.withResolvers<never>()
      signal.addEventListener('abort', () => reject(signal.reason))
      queueMicrotask(() => stop.abort(new Failure('stopped', 'Stopped on request.')))
      return promise
    },
  })
  await assert.rejects(run({ signal: stop.signal }, outside), (error) => error instanceof Failure && error.code === 'stopped')
})
