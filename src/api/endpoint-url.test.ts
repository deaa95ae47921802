import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { parseEndpointUrl } from './endpoint-url.ts'

const plain = { caFile: null, compress: false, oldTls: false }

test('imaps is encrypted from the first byte, on port 993 unless told otherwise', () => {
  const url = { kind: 'imap', host: 'mail.example.org', port: 993, tls: 'implicit', options: plain }
  assert.deepEqual(parseEndpointUrl('imaps://mail.example.org'), url)
  assert.deepEqual(parseEndpointUrl(' IMAPS://mail.example.org:10993/ '), { ...url, port: 10_993 })
})

test('imap requires STARTTLS, and is plain text only when the address says so', () => {
  const url = { kind: 'imap', host: 'mail.example.org', port: 143, tls: 'starttls', options: plain }
  assert.deepEqual(parseEndpointUrl('imap://mail.example.org'), url)
  assert.deepEqual(parseEndpointUrl('imap://mail.example.org:1143?tls=none'), { ...url, port: 1143, tls: 'none' })
})

test('IPv6 addresses stand in brackets, and names in other scripts become ASCII', () => {
  const six = parseEndpointUrl('imaps://[2001:db8::25]:1993')
  assert.deepEqual(six.kind === 'imap' && [six.host, six.port], ['2001:db8::25', 1993])
  const umlaut = parseEndpointUrl('imaps://bücher.example')
  assert.equal(umlaut.kind === 'imap' && umlaut.host, 'xn--bcher-kva.example')
})

test('a certificate file and compression are options', () => {
  const url = parseEndpointUrl('imaps://mail.example.org?ca=/etc/our%20ca.pem&compress=1')
  assert.deepEqual(url.kind === 'imap' && url.options, { caFile: '/etc/our ca.pem', compress: true, oldTls: false })
})

test('TLS that is no longer safe is spoken only where the address says so', () => {
  for (const [text, tls] of [
    ['imaps://mail.example.org?tls=old', 'implicit'],
    ['imap://mail.example.org?tls=old', 'starttls'],
  ] as const) {
    const url = parseEndpointUrl(text)
    assert.deepEqual(url.kind === 'imap' && [url.tls, url.options.oldTls], [tls, true])
  }
})

test('exchange: is the real one, or a simulator on this machine', () => {
  assert.deepEqual(parseEndpointUrl('exchange:'), { kind: 'exchange', simulator: null, cloud: 'global' })
  assert.deepEqual(parseEndpointUrl('exchange:?cloud=dod'), { kind: 'exchange', simulator: null, cloud: 'dod' })
  const simulator = { kind: 'exchange', simulator: 'http://127.0.0.1:8080', cloud: 'global' }
  assert.deepEqual(parseEndpointUrl('exchange:http://127.0.0.1:8080/'), simulator)
})

test('every mistake is a sentence that says what is wrong and shows what is right', () => {
  const mistakes: Record<string, RegExp> = {
    '': /empty.*imaps:\/\/mail\.example\.org/,
    'mail.example.org': /how to connect.*imaps:\/\/mail\.example\.org$/,
    'mail.example.org:993': /how to connect.*imaps:\/\/mail\.example\.org:993$/,
    'https://mail.example.org': /"https:\/\/" is not known.*imaps:\/\//,
    'imaps:mail.example.org': /"\/\/" is missing/,
    'imaps://': /host is missing/,
    'imaps://mail example.org': /not a host name/,
    'imaps://mail.example.org:0': /"0" is not a port.*imaps:\/\/mail\.example\.org:993/,
    'imaps://mail.example.org:': /not a port/,
    'imaps://mail.example.org/INBOX': /follow the port/,
    'imaps://[1::2::3]': /not an IPv6 address.*\[2001:db8::25\]/,
    'imaps://2001:db8::25': /in brackets.*imaps:\/\/\[2001:db8::25\]:993/,
    'imaps://mail.example.org?tls=none': /always encrypted.*imap:\/\/mail\.example\.org:143\?tls=none/,
    'imap://mail.example.org?tls=maybe': /"tls=maybe" is not known/,
    'imaps://mail.example.org?compress=yes': /compress=1/,
    'imaps://mail.example.org?ca=': /names no file/,
    'imaps://mail.example.org?ca=a&ca=b': /given twice/,
    'exchange:https://outlook.office365.com': /simulator on this machine.*exchange:http:\/\/127\.0\.0\.1:8080/,
    'exchange:http://10.0.0.1:80': /simulator on this machine/,
    'exchange:?cloud=mars': /"mars" is not known.*gcc-high/,
  }
  for (const [text, says] of Object.entries(mistakes)) {
    assert.throws(
      () => parseEndpointUrl(text),
      (error) => error instanceof Failure && error.code === 'bad-input' && says.test(error.message),
      text,
    )
  }
})

test('an address with a login, a password or an unknown option is refused without repeating the secret', () => {
  for (const text of [
    'imaps://anna:hunter2@mail.example.org',
    'imaps://anna:hunter2:x',
    'imaps://anna:hunter2?x@mail.example.org',
    'imap://mail.example.org?password=hunter2',
  ]) {
    assert.throws(
      () => parseEndpointUrl(text),
      (error) => error instanceof Failure && !error.message.includes('hunter2'),
      text,
    )
  }
})
