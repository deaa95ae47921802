import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import zlib from 'node:zlib'
import { test } from 'node:test'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import { Secret } from '../model/secret.ts'
import { connectImap } from './connect.ts'
import { imapEndpoint } from './endpoint.ts'
import type { ImapLogin } from './endpoint.ts'
import { noop } from './noop.ts'
import { PASSWORD, scriptedServer } from './scripted-server.ts'

const TOKEN: ImapLogin = { kind: 'token', user: 'anna@example.test', token: () => Promise.resolve(new Secret('tok3n')) }
const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }

function failed(code: FailureCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Failure, String(error))
    assert.equal(error.code, code, error.message)
    return true
  }
}

test('capabilities are asked for when the server does not tell them, before and after the login', async () => {
  await using server = await scriptedServer(async (client) => {
    client.say('* OK The Microsoft Exchange IMAP4 service is ready. [abc=]')
    assert.equal(await client.answer('* CAPABILITY IMAP4 IMAP4rev1 AUTH=XOAUTH2 LOGINDISABLED SASL-IR', '% OK'), 'CAPABILITY')
    const line = await client.answer('% OK AUTHENTICATE completed.')
    assert.equal(line, `AUTHENTICATE XOAUTH2 ${Buffer.from('user=anna@example.test\x01auth=Bearer tok3n\x01\x01').toString('base64')}`)
    await client.answer('* CAPABILITY IMAP4 IMAP4rev1 MOVE NAMESPACE LITERAL +', '% OK')
    await client.answer('* NAMESPACE (("" "/")) NIL NIL', '% OK')
  })
  const session = await server.connect({}, TOKEN)
  assert.ok(session.has('MOVE') && session.has('LITERAL+') && !session.has('SASL-IR'))
  assert.equal(session.quirk('plain-list'), true)
  session.destroy()
})

test('without SASL-IR the token waits for a +, and an error challenge is answered with an empty line (A20)', async () => {
  await using server = await scriptedServer(async (client) => {
    client.say('* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] hi')
    const { tag, text } = await client.command()
    assert.equal(text, 'AUTHENTICATE XOAUTH2')
    client.say('+ ')
    assert.match(Buffer.from(await client.line(), 'base64').toString(), /tok3n/)
    client.say(`+ ${Buffer.from('{"status":"401"}').toString('base64')}`)
    assert.equal(await client.line(), '')
    client.say(`${tag} NO AUTHENTICATE failed.`)
  })
  await assert.rejects(server.connect({}, TOKEN), failed('auth-rejected'))
  await server.script
})

test('a login whose mailbox cannot be opened is found out at once', async () => {
  await using server = await scriptedServer(async (client) => {
    client.say('* OK [CAPABILITY IMAP4rev1] hi')
    await client.answer('% OK [CAPABILITY IMAP4rev1 NAMESPACE] in')
    await client.answer('% BAD User is authenticated but not connected.')
  })
  await assert.rejects(server.connect(), failed('mailbox-not-connected'))
})

test('a password with octets above 127 goes as a literal', async () => {
  await using server = await scriptedServer(async (client) => {
    client.say('* OK [CAPABILITY IMAP4rev1] hi')
    const { tag, text } = await client.command()
    assert.equal(text, 'LOGIN "an\\"na" {3}')
    client.say('+')
    assert.equal((await client.line()).length, 3)
    client.say(`${tag} OK [CAPABILITY IMAP4rev1] in`)
  })
  const session = await server.connect({}, { kind: 'password', user: 'an"na', password: new Secret('pä'), authzid: null })
  session.destroy()
})

test('a refused password is tried once, and never appears in the error', async () => {
  await using server = await scriptedServer(async (client) => {
    client.say('* OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] hi')
    await client.answer('% NO [AUTHENTICATIONFAILED] LOGIN anna s3cret failed')
    await client.closed()
    assert.equal(client.unread, '')
  })
  await assert.rejects(server.connect({ tls: 'none', without: new Set(['AUTH=CRAM-MD5']) }), (error) => {
    assert.ok(failed('auth-rejected')(error))
    assert.ok(!inspect(error, { depth: 9 }).includes('s3cret'))
    return true
  })
  await server.script
})

test('a mechanism that the server offers but cannot do is passed over', async () => {
  await using server = await scriptedServer(async (client) => {
    client.say('* OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5 LOGINDISABLED AUTH=PLAIN] hi')
    assert.equal(await client.answer('% BAD unsupported'), 'AUTHENTICATE CRAM-MD5')
    const { tag } = await client.command()
    client.say('+')
    assert.equal(Buffer.from(await client.line(), 'base64').toString(), '\0anna\0s3cret')
    client.say(`${tag} OK [CAPABILITY IMAP4rev1] in`)
  })
  const session = await server.connect()
  session.destroy()
  await server.script
})

test('a server whose hashed logins are known to refuse the right password gets it in the open', async () => {
  await using server = await scriptedServer(async (client) => {
    client.say('* OK IMAP4rev1')
    await client.answer('* CAPABILITY IMAP4rev1 AUTH=CRAM-MD5 AUTH=SCRAM-SHA-256', '% OK')
    assert.equal(await client.answer('% OK in'), 'LOGIN "anna" "s3cret"')
    await client.answer('* CAPABILITY IMAP4rev1', '% OK')
  })
  const session = await server.connect()
  assert.equal(session.quirk('examine-unstable'), true)
  session.destroy()
})

test('when nothing fits, the error says what was offered, and the password is not sent (A04)', async () => {
  await using server = await scriptedServer(async (client) => {
    client.say('* OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=GSSAPI] hi')
    await client.closed()
    assert.equal(client.unread, '')
  })
  await assert.rejects(server.connect(), /AUTH=GSSAPI/)
  await server.script
})

test('IMAP4rev2 is never enabled, and a kill switch hides a capability', async () => {
  await using server = await scriptedServer(async (client) => {
    client.say('* OK [CAPABILITY IMAP4rev1 IMAP4rev2 ENABLE QRESYNC CONDSTORE] hi')
    await client.answer('% OK [CAPABILITY IMAP4rev1 IMAP4rev2 ENABLE QRESYNC CONDSTORE] in')
    assert.equal(await client.answer('* ENABLED CONDSTORE', '% OK'), 'ENABLE CONDSTORE')
  })
  const session = await server.connect({ without: new Set(['QRESYNC']) })
  assert.equal(session.has('QRESYNC'), false)
  await server.script
  session.destroy()
})

test('a greeting of BYE is a refusal with its reason (A23)', async () => {
  await using server = await scriptedServer(async (client) => {
    client.say('* BYE Maximum number of connections from user+IP exceeded')
    await client.closed()
  })
  await assert.rejects(server.connect(), failed('too-many-connections'))
})

test('plain text behind the answer to STARTTLS is tampering (A03)', async () => {
  await using server = await scriptedServer(async (client) => {
    client.say('* OK [CAPABILITY IMAP4rev1 STARTTLS] hi')
    assert.equal(await client.answer('% OK begin TLS', '* CAPABILITY IMAP4rev1'), 'STARTTLS')
    await client.closed()
  })
  await assert.rejects(server.connect({ tls: 'starttls' }), /tampering/)
})

test('without STARTTLS, or already signed in, nothing goes in the clear', async () => {
  for (const greeting of ['* OK [CAPABILITY IMAP4rev1] hi', '* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hi']) {
    await using server = await scriptedServer(async (client) => {
      client.say(greeting)
      if (greeting.includes('OK')) await client.answer('* CAPABILITY IMAP4rev1', '% OK')
      await client.closed()
      assert.equal(client.unread, '')
    })
    await assert.rejects(server.connect({ tls: 'starttls' }), failed('tls-required'))
    await server.script
  }
})

test('a port where nothing listens, and a server that does not greet, are told apart', async () => {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  const endpoint = imapEndpoint({ host: '127.0.0.1', port, tls: 'none' })
  await assert.rejects(connectImap(endpoint, PASSWORD, ctx), failed('connection-refused'))

  await using server = await scriptedServer((client) => client.closed())
  await assert.rejects(server.connect({ connectTimeoutMs: 20 }), failed('connection-timeout'))
  await using web = await scriptedServer(async (client) => {
    client.say('HTTP/1.1 400 Bad Request')
    await client.closed()
  })
  await assert.rejects(web.connect(), failed('not-imap'))
})

test('aborting stops a connection attempt and a running session', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn()
    await client.closed()
  })
  const stop = new AbortController()
  const session = await connectImap(server.endpoint(), PASSWORD, { ...ctx, signal: stop.signal })
  stop.abort()
  assert.equal((await session.closed).code, 'stopped')
  await assert.rejects(connectImap(server.endpoint(), PASSWORD, { ...ctx, signal: stop.signal }), failed('stopped'))
})

test('COMPRESS takes hold in both directions right behind its OK', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn('COMPRESS=DEFLATE')
    const { tag, text } = await client.command()
    assert.equal(text, 'COMPRESS DEFLATE')
    const inflate = client.socket.pipe(zlib.createInflateRaw()).on('error', () => {})
    // the first compressed bytes come in one piece with the OK
    const hello = zlib.deflateRawSync('* 1 EXISTS\r\n', { finishFlush: zlib.constants.Z_SYNC_FLUSH })
    client.socket.write(Buffer.concat([Buffer.from(`${tag} OK\r\n`), hello]))
    const [noop] = (await once(inflate, 'data')) as [Buffer]
    assert.match(noop.toString(), / NOOP\r\n$/)
    const reply = `${noop.toString().split(' ')[0]} OK\r\n`
    client.socket.write(zlib.deflateRawSync(reply, { finishFlush: zlib.constants.Z_SYNC_FLUSH }))
    await client.closed()
  })
  const session = await server.connect({ compress: true })
  await noop(session)
  session.destroy()
  await server.script
})
