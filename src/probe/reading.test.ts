import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAutoconfig } from './autoconfig.ts'
import { systemLookups } from './system-lookups.ts'
import { parseTarget } from './target.ts'

const signal = new AbortController().signal
const IMAP =
  '<incomingServer type="imap"><hostname>imap.example.test</hostname><port>993</port><socketType>SSL</socketType></incomingServer>'

test('what is to be looked at may be a host, a port, an address of either kind, or a domain', () => {
  assert.deepEqual(parseTarget(' mail.example.org:143 '), { kind: 'server', host: 'mail.example.org', port: 143, tls: null })
  assert.deepEqual(parseTarget('192.0.2.7'), { kind: 'server', host: '192.0.2.7', port: null, tls: null })
  assert.deepEqual(parseTarget('[2001:db8::1]:993'), { kind: 'server', host: '2001:db8::1', port: 993, tls: null })
  assert.deepEqual(parseTarget('localhost'), { kind: 'server', host: 'localhost', port: null, tls: null })
  assert.deepEqual(parseTarget('anna@Bücher.example'), {
    kind: 'domain',
    domain: 'xn--bcher-kva.example',
    address: 'anna@xn--bcher-kva.example',
  })
  assert.deepEqual(parseTarget('example.org.'), { kind: 'name', domain: 'example.org', address: null })
})

test('what is no name or port is refused with a sentence and right examples', () => {
  for (const text of ['', '  ', 'no such host', 'anna@', '@example.org', 'x:', 'x:0', 'x:70000', 'a..b', 'x'.repeat(300), '$(id).example'])
    assert.throws(() => parseTarget(text), { code: 'bad-input', message: /Right are for example/ }, text)
})

test('the IMAP servers of a configuration file come in its order, others are passed over', () => {
  const plain = IMAP.replace('SSL', 'plain').replace('993', '143')
  const xml = `<clientConfig>${IMAP}${IMAP.replace('imap"', 'pop3"')}${plain}${IMAP.replace('993', 'many')}</clientConfig>`
  assert.deepEqual(parseAutoconfig(xml, 'example.test'), [
    { host: 'imap.example.test', port: 993, tls: 'implicit' },
    { host: 'imap.example.test', port: 143, tls: 'none' },
  ])
})

test('what is no configuration file is none: web pages, broken XML, documents that define entities', () => {
  for (const xml of [
    '',
    '<!doctype html><title>Not found</title>',
    `<clientConfig>${IMAP}`,
    `<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "boom">]><clientConfig>${IMAP}&a;</clientConfig>`,
    IMAP.replace('imap.example.test', 'imap.example.test/../x'),
    '\0\0\0',
  ])
    assert.deepEqual(parseAutoconfig(xml, 'example.test'), [], xml)
})

test('a web server that refuses, sends too much or breaks off has no text', async () => {
  const replies: Record<string, () => Promise<Response>> = {
    text: () => Promise.resolve(new Response('<x/>')),
    missing: () => Promise.resolve(new Response('no', { status: 404 })),
    long: () => Promise.resolve(new Response('x'.repeat(100_000))),
    broken: () => Promise.reject(new TypeError('fetch failed')),
  }
  const lookups = systemLookups([], (url) => replies[url.slice('https://'.length)]?.() ?? Promise.reject(new Error(url)))
  const found = await Promise.all(Object.keys(replies).map(async (name) => [name, await lookups.text(`https://${name}`, signal)]))
  assert.deepEqual(Object.fromEntries(found), { text: '<x/>', missing: null, long: null, broken: null })
})
