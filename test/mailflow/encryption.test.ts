import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../../src/dns/ask.ts'
import type { Page } from '../../src/dns/assess/outside.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { startSmtpHost, type SmtpHost } from '../../src/mail-simulator/smtp-host.ts'
import { startZoneServer } from '../../src/mail-simulator/zone-server.ts'
import { FlowRun } from '../../src/mailflow/flow-run.ts'
import { heldToDane, heldToSts, tlsReports } from '../../src/mailflow/routes-encryption.ts'
import type { FlowSetup } from '../../src/mailflow/setup.ts'
import { needs } from '../servers/available.ts'
import { startBind, type NameServer } from '../servers/bind.ts'
import { startUnbound } from '../servers/unbound.ts'
import { bareSetup } from './bare-setup.ts'
import { certificatesFor, noOpenssl, type Certificates } from './certificates.ts'

const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
const HOST = 'mx.new.test'

function mailHost(certificate?: Certificates): Promise<SmtpHost> {
  return startSmtpHost({
    name: HOST,
    addressOf: () => '198.51.100.7',
    recipient: () => {},
    message: () => 'queued',
    ...(certificate === undefined ? {} : { certificate }),
  })
}

const run = (domain: string, more: Partial<FlowSetup>): FlowRun => new FlowRun(bareSetup(domain, more), ctx)

test(
  'a certificate that DANE publishes is the one that is shown, or careful senders do not deliver',
  { skip: needs('bind') || needs('unbound') || noOpenssl },
  async () => {
    const certificate = await certificatesFor(HOST, 'mx.named.new.test')
    await using smtp = await mailHost(certificate)
    const ports = { all: smtp.port, of: {} }
    const [own, authority] = await digests(smtp)
    const tlsa: Readonly<Record<string, readonly string[]>> = {
      key: [`3 1 1 ${own?.keySha256}`],
      whole: [`3 0 2 ${own?.sha512}`],
      rolled: [`3 1 1 ${'ab'.repeat(32)}`, `3 1 1 ${own?.keySha256}`],
      authority: [`2 0 1 ${authority?.sha256}`],
      named: [`2 0 1 ${authority?.sha256}`],
      wrong: [`3 1 1 ${'ab'.repeat(32)}`],
      other: [`2 1 1 ${'cd'.repeat(32)}`],
      odd: [`1 1 1 ${own?.keySha256}`],
      none: [],
    }
    const records = Object.entries(tlsa).flatMap(([name, values]) => [
      `${name} IN MX 0 mx.${name}`,
      `mx.${name} IN A 127.0.0.1`,
      ...values.map((value) => `_25._tcp.mx.${name} IN TLSA ${value}`),
    ])
    await using server = await startBind([{ name: 'new.test', records, signed: true }])
    const anchor = await anchorOf(server)
    const told = async (name: string, resolver: NameServer) => {
      const flow = run(`${name}.new.test`, { ports, resolvers: [{ address: '127.0.0.1', port: resolver.port }] })
      return { flow, ...(await heldToDane(flow)) }
    }
    {
      await using resolver = await startUnbound([{ name: 'new.test', port: server.port, anchor }])
      const outcomes: Record<string, string> = {}
      for (const name of Object.keys(tlsa)) outcomes[name] = (await told(name, resolver)).outcome
      // An authority counts only where the certificate is for the name of the host, and this one is for another.
      const expected = {
        key: 'passed',
        whole: 'passed',
        rolled: 'passed',
        authority: 'failed',
        named: 'passed',
        wrong: 'failed',
        other: 'failed',
        odd: 'warning',
        none: 'not-run',
      }
      assert.deepEqual(outcomes, expected)
      const { flow, says } = await told('wrong', resolver)
      assert.match(says.join(' '), /No TLSA record of mx\.wrong\.new\.test matches/)
      const letter = flow.letter('straight', 'probe@elsewhere.test', 'anna@wrong.new.test')
      const deliveries = await flow.byMx(letter, 'probe@elsewhere.test', 'anna@wrong.new.test')
      assert.deepEqual(typeof deliveries === 'string' ? deliveries : deliveries.map(({ status }) => status), ['failed'])
    }
    await using plain = await startUnbound([{ name: 'new.test', port: server.port }])
    assert.match((await told('wrong', plain)).says.join(' '), /DNSSEC does not vouch for them/)
    await using strict = await startUnbound([
      { name: 'new.test', port: server.port, anchor: `new.test. IN DS 12345 13 2 ${'ab'.repeat(32)}` },
    ])
    assert.match((await told('key', strict)).says.join(' '), /names no mail host .*failed/)
  },
)

test('a policy of encryption is kept, or what enforces it does not deliver', { skip: noOpenssl }, async () => {
  const certificate = await certificatesFor(HOST)
  await using smtp = await mailHost(certificate)
  await using zone = await startZoneServer(['moving.test', 'new.test'])
  zone.set([
    { name: 'moving.test', type: 'MX', value: `0 ${HOST}` },
    { name: HOST, type: 'A', value: '127.0.0.1' },
    { name: 'mta-sts.moving.test', type: 'A', value: '127.0.0.1' },
    { name: '_mta-sts.moving.test', type: 'TXT', value: 'v=STSv1; id=20261101' },
  ])
  const base = { ports: { all: smtp.port, of: {} }, resolvers: [zone], ca: certificate.authority }
  const served = (mode: string, mx: string): Partial<FlowSetup> => ({
    ...base,
    page: async (): Promise<Page> => ({ status: 200, body: `version: STSv1\nmode: ${mode}\nmx: ${mx}\nmax_age: 86400\n`, location: null }),
  })
  const outcome = async (more: Partial<FlowSetup>) => (await heldToSts(run('moving.test', more))).outcome
  assert.equal(await outcome(served('enforce', '*.new.test')), 'passed')
  assert.equal(await outcome(served('enforce', 'mx.old.test')), 'failed')
  assert.equal(await outcome(served('testing', 'mx.old.test')), 'warning')
  assert.equal(await outcome({ ...served('enforce', HOST), ca: null }), 'failed', 'nobody knows the authority')
  assert.equal(await outcome(served('none', HOST)), 'not-run')
  assert.equal(await outcome({ ...base, page: async () => ({ status: 404, body: '', location: null }) }), 'warning')
  const flow = run('moving.test', { ...served('enforce', 'mx.old.test') })
  const deliveries = await flow.byMx(
    flow.letter('straight', 'probe@elsewhere.test', 'anna@moving.test'),
    'probe@elsewhere.test',
    'anna@moving.test',
  )
  assert.match(typeof deliveries === 'string' ? deliveries : (deliveries[0]?.says ?? ''), /the MTA-STS policy does not name mx\.new\.test/)
  zone.set([{ name: '_mta-sts.moving.test', type: 'TXT', value: '' }])
  assert.equal(await outcome(served('enforce', 'mx.old.test')), 'not-run')
})

test('reports about encryption are told with where they go', async () => {
  await using zone = await startZoneServer(['moving.test'])
  const told = async () => (await tlsReports(run('moving.test', { resolvers: [zone] }))).outcome
  assert.equal(await told(), 'not-run')
  const at = { name: '_smtp._tls.moving.test', type: 'TXT' } as const
  zone.set([{ ...at, value: 'v=TLSRPTv1; rua=mailto:tls@moving.test' }])
  assert.equal(await told(), 'passed')
  zone.set([{ ...at, value: 'v=TLSRPTv1; rua=tls@moving.test' }])
  assert.equal(await told(), 'warning')
})

async function digests(smtp: SmtpHost) {
  const flow = run('new.test', { ports: { all: smtp.port, of: {} } })
  return (await flow.greeting(HOST, '127.0.0.1')).tls.certificate?.chain ?? []
}

/** BIND makes its key and signs after it has loaded: one step of the serial each. */
async function anchorOf(server: NameServer): Promise<string> {
  const at = { address: '127.0.0.1', port: server.port }
  for (const until = performance.now() + 10_000; performance.now() < until;) {
    const { soa } = await ask(at, 'new.test', 'SOA', ctx)
    if ((soa?.serial ?? 0) < 2026010102) continue
    const { others } = await ask(at, 'new.test', 'DNSKEY', ctx)
    const key = others.map(({ data }) => JSON.parse(data)).find(({ flags }) => flags === 257)
    if (key !== undefined) return `new.test. IN DNSKEY 257 3 ${key.algorithm} ${Buffer.from(key.key.data).toString('base64')}`
  }
  throw new Error(server.output())
}
