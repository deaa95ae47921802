import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import type net from 'node:net'
import { test } from 'node:test'
import type tls from 'node:tls'
import { silentLog } from '../lib/log.ts'
import { systemClock } from '../lib/clock.ts'
import { selfSigned } from '../simulator/self-signed.fixture.ts'
import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import { connectImap, lookAt } from './connect.ts'
import { imapEndpoint } from './endpoint.ts'
import type { ImapEndpoint } from './endpoint.ts'
import { noop } from './noop.ts'
import { PASSWORD } from './scripted-server.ts'
import { strangeServer } from './strange-servers.fixture.ts'

const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
const NAME = 'imap.example.test'
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const der = selfSigned(privateKey, publicKey, NAME).toString('base64')
const cert = `-----BEGIN CERTIFICATE-----\n${der.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END CERTIFICATE-----\n`
const KEYS: tls.TlsOptions = { key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert }

type Case = {
  readonly of: string
  readonly act: (socket: net.Socket) => void
  readonly encrypted?: tls.TlsOptions
  readonly part?: Partial<ImapEndpoint>
  readonly code: FailureCode
  readonly says: RegExp
}

const says =
  (text: string) =>
  (socket: net.Socket): void =>
    void socket.write(Buffer.from(text, 'latin1'))
const silent = (): void => {}
const TLS: Partial<ImapEndpoint> = { tls: 'implicit', ca: cert, serverName: NAME }

const CASES: readonly Case[] = [
  { of: 'SMTP', act: says('220 mx.example.test ESMTP Postfix\r\n'), code: 'not-imap', says: /takes mail in \(SMTP\).*"220 mx/ },
  { of: 'an SMTP that is closed', act: says('554 5.7.1 go away\r\n'), code: 'not-imap', says: /SMTP/ },
  { of: 'POP3', act: says('+OK POP3 ready\r\n'), code: 'not-imap', says: /POP3 server/ },
  { of: 'SSH', act: says('SSH-2.0-OpenSSH_9.2\r\n'), code: 'not-imap', says: /SSH server/ },
  { of: 'FTP', act: says('220 ProFTPD FTP Server\r\n'), code: 'not-imap', says: /FTP/ },
  { of: 'a web server that complains at once', act: says('HTTP/1.1 400 Bad Request\r\n\r\n'), code: 'not-imap', says: /web server/ },
  { of: 'a TLS alert in the clear', act: says('\x15\x03\x01\x00\x02\x02\x46'), code: 'not-imap', says: /speaks TLS from the start/ },
  { of: 'binary garbage', act: says('\x00\xff\x00\xfe\r\n\x01'), code: 'not-imap', says: /does not greet as an IMAP server/ },
  { of: 'endless garbage without a line end', act: says('x'.repeat(200_000)), code: 'not-imap', says: /does not greet/ },
  { of: 'data instead of a greeting', act: says('* LIST () "/" INBOX\r\n'), code: 'not-imap', says: /does not greet/ },
  {
    of: 'half a greeting',
    act: says('* OK I shall be rea'),
    part: { connectTimeoutMs: 50 },
    code: 'not-imap',
    says: /does not greet.*shall be rea/,
  },
  { of: 'silence', act: silent, part: { connectTimeoutMs: 50 }, code: 'connection-timeout', says: /did not greet.*imaps:/ },
  { of: 'a door that shuts at once', act: (socket) => socket.end(), code: 'connection-lost', says: /before it said a word/ },
  { of: 'a reset', act: (socket) => socket.resetAndDestroy(), code: 'connection-lost', says: /before it said a word|broke the connection/ },
  {
    of: 'a refusal with a reason',
    act: says('* BYE too busy today\r\n'),
    code: 'server-unavailable',
    says: /too busy today/,
  },
  { of: 'TLS where plain text is spoken', act: says('* OK hi\r\n'), part: { tls: 'implicit' }, code: 'tls-failed', says: /not in TLS/ },
  {
    of: 'TLS 1.0 and nothing newer',
    act: says('* OK hi\r\n'),
    encrypted: { ...KEYS, minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
    part: TLS,
    code: 'tls-old',
    says: /no longer safe/,
  },
  {
    of: 'a self-signed certificate',
    act: says('* OK hi\r\n'),
    encrypted: KEYS,
    part: { tls: 'implicit' },
    code: 'tls-untrusted',
    says: /self-signed/,
  },
  {
    of: 'a client certificate demanded in TLS 1.3',
    act: says('* OK hi\r\n'),
    encrypted: { ...KEYS, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' },
    part: TLS,
    code: 'tls-client-certificate',
    says: /client certificate/,
  },
  {
    of: 'STARTTLS that is offered and refused',
    act: says('* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n'),
    part: { tls: 'starttls' },
    code: 'tls-required',
    says: /offers STARTTLS but refuses it/,
  },
  {
    of: 'no STARTTLS',
    act: says('* OK [CAPABILITY IMAP4rev1] hi\r\n'),
    part: { tls: 'starttls' },
    code: 'tls-required',
    says: /no STARTTLS/,
  },
]

for (const each of CASES)
  test(`${each.of}: one sentence, and no password was sent`, async () => {
    const heard: Buffer[] = []
    const act = (socket: net.Socket): void => {
      socket.on('data', (chunk: Buffer) => {
        heard.push(chunk)
        const line = chunk.toString('latin1')
        const tag = line.split(' ')[0] ?? ''
        if (/ STARTTLS/.test(line)) socket.write(`${tag} BAD not today\r\n`)
        if (/ CAPABILITY/.test(line)) socket.write(`* CAPABILITY IMAP4rev1\r\n${tag} OK\r\n`)
      })
      each.act(socket)
    }
    await using server = await strangeServer(act, each.encrypted ?? null)
    const endpoint = imapEndpoint({ host: '127.0.0.1', port: server.port, tls: 'none', ...each.part })
    await assert.rejects(connectImap(endpoint, PASSWORD, ctx), (error) => {
      assert.ok(error instanceof Failure, String(error))
      assert.equal(error.code, each.code, error.message)
      assert.match(error.message, each.says)
      assert.doesNotMatch(error.message, /\n/)
      return true
    })
    assert.doesNotMatch(Buffer.concat(heard).toString('latin1'), /s3cret|LOGIN|AUTHENTICATE/)
  })

test('a server that says line after line that is no IMAP is left, also where it would never fall silent', async () => {
  await using server = await strangeServer((socket) => {
    socket.write('* OK [CAPABILITY IMAP4rev1] hi\r\n')
    const more = setInterval(() => socket.write('blah blah blah\r\n'.repeat(100)), 1)
    socket.once('close', () => clearInterval(more))
  })
  const endpoint = imapEndpoint({ host: '127.0.0.1', port: server.port, tls: 'none' })
  await assert.rejects(connectImap(endpoint, PASSWORD, ctx), { code: 'protocol', message: /line after line that is no IMAP/ })
})

test('garbage now and then, between answers, does no harm', async () => {
  await using server = await strangeServer((socket) => {
    socket.write('* OK [CAPABILITY IMAP4rev1] hi\r\n')
    socket.on('data', (chunk: Buffer) => {
      const tag = chunk.toString('latin1').split(' ')[0] ?? ''
      socket.write(`${'who said that\r\n'.repeat(900)}${tag} OK [CAPABILITY IMAP4rev1] done\r\n`)
    })
  })
  const endpoint = imapEndpoint({ host: '127.0.0.1', port: server.port, tls: 'none' })
  const session = await connectImap(endpoint, PASSWORD, ctx)
  for (let times = 0; times < 5; times++) await noop(session)
  assert.ok(session.alive)
  session.destroy()
})

test('TLS 1.0 is spoken where a person asked for it, and the certificate still counts', async () => {
  await using server = await strangeServer(says('* OK [CAPABILITY IMAP4rev1] old\r\n'), {
    ...KEYS,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  })
  const endpoint = imapEndpoint({ host: '127.0.0.1', port: server.port, tls: 'implicit', ...TLS, oldTls: true })
  const { session } = await lookAt(endpoint, ctx)
  assert.equal(session.greeting, 'old')
  assert.equal(session.peer?.protocol, 'TLSv1')
  session.destroy()
  const stranger = imapEndpoint({ host: '127.0.0.1', port: server.port, tls: 'implicit', oldTls: true })
  await assert.rejects(lookAt(stranger, ctx), { code: 'tls-untrusted' })
})

test('a look at a server takes any certificate and tells what is wrong with it; a login never does', async () => {
  await using server = await strangeServer(says('* OK [CAPABILITY IMAP4rev1] hi\r\n'), KEYS)
  const endpoint = imapEndpoint({ host: '127.0.0.1', port: server.port, tls: 'implicit', anyCertificate: true })
  const { session } = await lookAt(endpoint, ctx)
  const { peer } = session
  assert.match(peer?.objection ?? '', /self-signed/)
  assert.deepEqual(peer?.certificate.names, [NAME])
  assert.equal(peer?.certificate.selfSigned, true)
  assert.equal(peer?.certificate.notAfterMs, Date.UTC(2049, 11, 31))
  session.destroy()
  await assert.rejects(connectImap(endpoint, PASSWORD, ctx), /never signs in/)
})
