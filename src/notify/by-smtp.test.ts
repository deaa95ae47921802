import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { Secret } from '../model/secret.ts'
import { selfSigned } from '../simulator/self-signed.fixture.ts'
import { bySmtp } from './by-smtp.ts'
import type { Letter } from './carrier.ts'

const LETTER: Letter = {
  from: { name: 'IT', address: 'it@example.org' },
  replyTo: 'help@example.org',
  to: { name: 'Änne "A" Berg', address: 'anna@example.org' },
  messageId: 'live.1.abc@example.org',
  language: 'de',
  subject: 'Grüße\r\nBcc: all@example.org',
  text: 'Hallo\n',
  html: '<p>Hallo</p>',
  logo: { type: 'image/png', name: 'logo.png', bytes: new Uint8Array([1, 2, 3]) },
}

type Host = AsyncDisposable & { readonly port: number; readonly mail: string[]; readonly connections: () => number }

async function startHost(options: SMTPServerOptions, lines = new Set<Socket>()): Promise<Host> {
  const mail: string[] = []
  let connections = 0
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    onConnect: (_, done) => {
      connections += 1
      done()
    },
    onData(stream, _, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mail.push(Buffer.concat(chunks).toString())
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  server.server.on('connection', (line) => void lines.add(line))
  const { promise, resolve } = Promise.withResolvers<number>()
  server.listen(0, '127.0.0.1', () => {
    const at = server.server.address()
    resolve(typeof at === 'object' && at !== null ? at.port : 0)
  })
  const port = await promise
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done())
    })
  return { port, mail, connections: () => connections, [Symbol.asyncDispose]: close }
}

function certificate(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = selfSigned(privateKey, publicKey, '127.0.0.1').toString('base64').replaceAll(/.{64}/g, '$&\n')
  const cert = `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert }
}

test('many messages go over one line, whole: both parts, the logo within, the words against answers of machines', async () => {
  await using host = await startHost({ disabledCommands: ['STARTTLS', 'AUTH'] })
  await using carrier = bySmtp({ url: `smtp://127.0.0.1:${host.port}?tls=none`, login: null, password: null })
  for (const to of ['a@example.org', 'b@example.org', 'c@example.org']) assert.equal((await carrier.send(LETTER, to)).kind, 'sent')
  assert.deepEqual([host.connections(), host.mail.length], [1, 3])
  const [mail = ''] = host.mail
  for (const part of [
    /^Message-ID: <live\.1\.abc@example\.org>$/im,
    /^Auto-Submitted: auto-generated$/im,
    /^Reply-To: help@example\.org$/im,
    /^Content-Type: text\/plain/im,
    /^Content-Type: text\/html/im,
    /^Content-ID: <logo>$/im,
    /^Content-Disposition: inline/im,
  ])
    assert.match(mail, part)
  assert.doesNotMatch(mail, /^Bcc:/im)
})

test('a host whose certificate nobody vouches for gets neither password nor mail', async () => {
  const pair = certificate()
  const seen: string[] = []
  await using host = await startHost({
    ...pair,
    onAuth: (auth, _, done) => {
      seen.push(auth.username ?? '')
      done(null, { user: auth.username ?? '' })
    },
  })
  const options = { url: `smtp://127.0.0.1:${host.port}`, login: 'it', password: new Secret('pw') }
  await using stranger = bySmtp(options)
  await assert.rejects(stranger.send(LETTER, 'a@example.org'), { code: 'tls-failed', notDone: true })
  assert.deepEqual(seen, [])
})

test('a login that is refused, and a sender that is, end the run: they would be for everybody', async () => {
  await using host = await startHost({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_, __, done) => done(new Error('no')),
    onMailFrom: (_, __, done) => done(Object.assign(new Error('not you'), { responseCode: 553 })),
  })
  const url = `smtp://127.0.0.1:${host.port}?tls=none`
  await using wrong = bySmtp({ url, login: 'it', password: new Secret('hidden') })
  await assert.rejects(wrong.send(LETTER, 'a@example.org'), (error: Error) => {
    assert.match(error.message, /login and password of messages\.smtp/)
    assert.doesNotMatch(error.message, /hidden/)
    return true
  })
  await using anonymous = bySmtp({ url, login: null, password: null })
  await assert.rejects(anonymous.send(LETTER, 'a@example.org'), { code: 'smtp-refused', notDone: true })
  assert.throws(() => bySmtp({ url: 'smtp://mail.example.org?tls=none', login: 'it', password: new Secret('pw') }), {
    code: 'tls-required',
  })
})

test('a line that the host closes between two messages is opened again, without a doubt', async () => {
  const lines = new Set<Socket>()
  await using host = await startHost({ disabledCommands: ['STARTTLS', 'AUTH'] }, lines)
  await using carrier = bySmtp({ url: `smtp://127.0.0.1:${host.port}?tls=none`, login: null, password: null })
  assert.equal((await carrier.send(LETTER, 'a@example.org')).kind, 'sent')
  for (const line of lines) line.destroy()
  // Whether it has been seen by then is chance: a message that met it was certainly not taken.
  const second = await carrier.send(LETTER, 'b@example.org')
  assert.ok(second.kind === 'sent' || second.kind === 'later', second.says)
  assert.equal((await carrier.send(LETTER, 'c@example.org')).kind, 'sent')
})
