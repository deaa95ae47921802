import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { candidatesFor } from './candidates.ts'
import type { Found } from './candidates.ts'
import { a, dnsServer, mx, srv } from './dns.fixture.ts'
import { systemLookups } from './system-lookups.ts'
import { parseTarget } from './target.ts'

const signal = new AbortController().signal
const nothing = (): Promise<Response> => Promise.resolve(new Response('', { status: 404 }))

function short({ candidates }: Found): readonly string[] {
  return candidates.map(({ host, port, tls }) => `${host}:${port} ${tls}`)
}

function config(...servers: readonly string[]): string {
  return `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="example.test">${servers.join('')}</emailProvider></clientConfig>`
}

test('SRV records come first, by their priority, then the usual names that exist', async () => {
  await using dns = await dnsServer([
    srv('_imaps._tcp.example.test', 'second.example.test', 993, 20),
    srv('_imaps._tcp.example.test', 'first.example.test', 1993, 10),
    srv('_imap._tcp.example.test', 'first.example.test', 143, 10),
    a('mail.example.test'),
    a('example.test'),
  ])
  const lookups = systemLookups([dns.address], nothing)
  const found = await candidatesFor(parseTarget('anna@example.test'), lookups, signal)
  assert.deepEqual(short(found), [
    'first.example.test:1993 implicit',
    'second.example.test:993 implicit',
    'first.example.test:143 starttls',
    'mail.example.test:993 implicit',
    'mail.example.test:143 starttls',
    'example.test:993 implicit',
    'example.test:143 starttls',
  ])
  assert.match(found.candidates[0]?.because ?? '', /SRV record _imaps\._tcp\.example\.test/)
})

test('a service that a domain denies is told, not tried', async () => {
  await using dns = await dnsServer([srv('_imap._tcp.example.test', '.', 0), a('mail.example.test')])
  const found = await candidatesFor(parseTarget('anna@example.test'), systemLookups([dns.address], nothing), signal)
  assert.equal(found.candidates[0]?.host, 'mail.example.test')
  assert.deepEqual(found.notes, ['_imap._tcp.example.test says that there is no such service.'])
})

test('the configuration file of a domain is read, by the address where one is known', async () => {
  await using dns = await dnsServer([])
  const urls: string[] = []
  const web = (url: string): Promise<Response> => {
    urls.push(url)
    if (!url.startsWith('https://autoconfig.')) return nothing()
    const server = (type: string, host: string, port: number, socket: string): string =>
      `<incomingServer type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>${socket}</socketType></incomingServer>`
    const xml = config(server('pop3', 'pop.example.test', 995, 'SSL'), server('imap', 'in.%EMAILDOMAIN%', 993, 'SSL'))
    return Promise.resolve(new Response(xml))
  }
  const found = await candidatesFor(parseTarget('anna+x@example.test'), systemLookups([dns.address], web), signal)
  assert.deepEqual(short(found), ['in.example.test:993 implicit'])
  assert.deepEqual(urls.sort(), [
    'https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=anna%2Bx%40example.test',
    'https://example.test/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=anna%2Bx%40example.test',
  ])
})

test('well-known mail exchangers tell where the mailboxes are; filters and strangers are named', async () => {
  const cases: readonly (readonly [string, string | RegExp])[] = [
    ['aspmx.l.google.com', 'imap.gmail.com:993 implicit'],
    ['example-test.mail.protection.outlook.com', 'outlook.office365.com:993 implicit'],
    ['in1-smtp.messagingengine.com', 'imap.fastmail.com:993 implicit'],
    ['mx1.emailsrvr.com', 'secure.emailsrvr.com:993 implicit'],
    ['inbound-smtp.eu-west-1.amazonaws.com', 'imap.mail.eu-west-1.awsapps.com:993 implicit'],
    ['mx1-us1.ppe-hosted.com', /goes first to a filter/],
    ['mx.elsewhere.example', /goes to mx\.elsewhere\.example/],
  ]
  for (const [exchange, expected] of cases) {
    await using dns = await dnsServer([mx('example.test', exchange), a('imap.example.test')])
    const found = await candidatesFor(parseTarget('example.test'), systemLookups([dns.address], nothing), signal)
    if (typeof expected === 'string') assert.equal(short(found)[0], expected)
    else assert.match(found.notes.join(), expected)
    assert.ok(short(found).includes('imap.example.test:993 implicit'), exchange)
  }
})

test('a name that is a host itself is looked at first', async () => {
  await using dns = await dnsServer([a('mail.example.test'), srv('_imaps._tcp.mail.example.test', 'other.example.test', 993)])
  const found = await candidatesFor(parseTarget('mail.example.test'), systemLookups([dns.address], nothing), signal)
  assert.deepEqual(short(found).slice(0, 3), [
    'mail.example.test:993 implicit',
    'mail.example.test:143 starttls',
    'other.example.test:993 implicit',
  ])
})

test('a port that was given is tried both ways, an address of a machine without asking DNS', async () => {
  await using dns = await dnsServer([])
  const lookups = systemLookups([dns.address], nothing)
  assert.deepEqual(short(await candidatesFor(parseTarget('127.0.0.1:1993'), lookups, signal)), [
    '127.0.0.1:1993 implicit',
    '127.0.0.1:1993 starttls',
  ])
  assert.deepEqual(short(await candidatesFor(parseTarget('[::1]'), lookups, signal)), ['::1:993 implicit', '::1:143 starttls'])
  assert.deepEqual(dns.asked, [])
})

test('where nothing is found, or DNS says nothing, a sentence tells so', async () => {
  await using dns = await dnsServer([])
  const found = candidatesFor(parseTarget('anna@example.test'), systemLookups([dns.address], nothing), signal)
  await assert.rejects(found, { code: 'host-unknown', message: /No IMAP server of example\.test was found: no SRV/ })
  const gone = await dnsServer([])
  const { address } = gone
  await gone[Symbol.asyncDispose]()
  const silent = candidatesFor(parseTarget('anna@example.test'), systemLookups([address], nothing), signal)
  await assert.rejects(silent, { code: 'host-unknown', message: /DNS gave no answer/ })
})

test('a stop ends the search at once, with its own reason', async () => {
  await using dns = await dnsServer([])
  const stop = new AbortController()
  const web = (_: string, limit: AbortSignal): Promise<Response> =>
    new Promise((_resolve, reject) => limit.addEventListener('abort', () => reject(limit.reason as Error)))
  const found = candidatesFor(parseTarget('anna@example.test'), systemLookups([dns.address], web), stop.signal)
  stop.abort(new Failure('stopped', 'Stopped on request.'))
  await assert.rejects(found, { code: 'stopped' })
})
