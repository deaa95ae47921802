import assert from 'node:assert/strict'
import type net from 'node:net'
import { test } from 'node:test'
import { scriptedServer } from '../imap/scripted-server.ts'
import type { Conversation } from '../imap/scripted-server.ts'
import { strangeServer } from '../imap/strange-servers.fixture.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import { Secret } from '../model/secret.ts'
import { a, dnsServer, srv } from './dns.fixture.ts'
import type { Lookups } from './lookups.ts'
import { probe } from './probe.ts'
import type { ProbeOutcome, ProbeSettings } from './probe.ts'
import { systemLookups } from './system-lookups.ts'
import { parseTarget } from './target.ts'

const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
const nothing = (): Promise<Response> => Promise.resolve(new Response('', { status: 404 }))
const anna: ProbeSettings['login'] = () =>
  Promise.resolve({ kind: 'password', user: 'anna', password: new Secret('s3cret'), authzid: null })

function look(port: number, part: Partial<ProbeSettings> = {}): Promise<ProbeOutcome> {
  const target = { kind: 'server', host: '127.0.0.1', port, tls: 'starttls' } as const
  return lookFor({ target, ...part }, systemLookups([], nothing))
}

function lookFor(part: Partial<ProbeSettings> & Pick<ProbeSettings, 'target'>, lookups: Lookups): Promise<ProbeOutcome> {
  const rest = { asked: 'test', oldTls: false, ca: null, connectTimeoutMs: 2_000, limitMs: 5_000, login: null }
  return probe({ ...rest, ...part }, lookups, ctx)
}

/** A plain-text server that answers everything a visitor asks, and keeps what it heard. */
async function visited(client: Conversation, greeting: string, capability: string, heard: string[]): Promise<void> {
  client.say(`* OK ${greeting}`)
  for (;;) {
    const { tag, text } = await client.command()
    heard.push(text)
    if (text === 'CAPABILITY') client.say(`* CAPABILITY ${capability}`)
    if (text.startsWith('ID')) client.say('* ID ("name" "Kerio Connect" "version" "9.4.2")')
    client.say(`${tag} OK`)
    if (text === 'LOGOUT') return
  }
}

test('a look tells system, version and ways in, and never signs in', async () => {
  const heard: string[] = []
  await using server = await scriptedServer((client) => visited(client, 'hello', 'IMAP4rev1 ID AUTH=PLAIN CONDSTORE', heard))
  const { probed, failure } = await look(server.port, { target: { kind: 'server', host: '127.0.0.1', port: server.port, tls: 'none' } })
  assert.equal(failure, null)
  assert.deepEqual([probed.system.name, probed.system.version, probed.system.knownBy], ['kerio', '9.4.2', 'id'])
  assert.deepEqual(probed.logins, ['LOGIN command', 'PLAIN'])
  assert.deepEqual(
    probed.access.map(({ kind, verdict }) => [kind, verdict]),
    [
      ['kerio-master', 'untold'],
      ['own', 'offered'],
    ],
  )
  assert.equal(probed.url, `imap://127.0.0.1:${server.port}?tls=none`)
  assert.deepEqual(
    probed.meanings.map(({ capability }) => capability),
    ['CONDSTORE'],
  )
  assert.match(probed.warnings[0] ?? '', /no encryption/)
  assert.deepEqual(heard, ['CAPABILITY', 'ID ("name" "cutover")', 'LOGOUT'])
})

test('a server that lets in without asking, or speaks an old IMAP, is a warning', async () => {
  await using server = await scriptedServer(async (client) => {
    client.say('* PREAUTH [CAPABILITY IMAP4] who are you')
    await client.answer('% OK')
  })
  const { probed } = await look(server.port, { target: { kind: 'server', host: '127.0.0.1', port: server.port, tls: 'none' } })
  assert.match(probed.warnings.join(), /PREAUTH.*too old/s)
})

test('a server that offers none of our ways in, or was asked in plain text without need, is a warning', async () => {
  await using server = await scriptedServer((client) => visited(client, 'hello', 'IMAP4rev1 AUTH=NTLM LOGINDISABLED STARTTLS', []))
  const { probed } = await look(server.port, { target: { kind: 'server', host: '127.0.0.1', port: server.port, tls: 'none' } })
  assert.match(probed.warnings.join(), /asked in plain text, and offers STARTTLS.*none of the ways in that cutover has; it offers NTLM\./s)
})

test('the server of a domain is found through the crowd of those that are none', async () => {
  await using smtp = await strangeServer((socket) => void socket.write('220 mx.example.test ESMTP\r\n'))
  await using silent = await strangeServer(() => {})
  await using good = await scriptedServer((client) => visited(client, 'Courier-IMAP ready.', 'IMAP4rev1', []))
  await using dns = await dnsServer([
    srv('_imap._tcp.example.test', 'a.example.test', smtp.port, 1),
    srv('_imap._tcp.example.test', 'b.example.test', silent.port, 2),
    srv('_imap._tcp.example.test', 'nowhere.example.test', 1, 3),
    srv('_imap._tcp.example.test', 'c.example.test', good.port, 4),
    a('a.example.test'),
    a('b.example.test'),
    a('c.example.test'),
  ])
  const target = parseTarget('anna@example.test')
  const { probed } = await lookFor({ target, connectTimeoutMs: 200 }, systemLookups([dns.address], nothing))
  assert.deepEqual([probed.system.name, probed.server.host, probed.server.port], ['courier', 'c.example.test', good.port])
  assert.deepEqual(
    probed.attempts.map(({ failure }) => (failure ?? '').replaceAll(/:\d+/g, '')),
    [
      'a.example.test is a server that takes mail in (SMTP), not an IMAP server. It said "220 mx.example.test ESMTP"'.replace(
        'said ',
        'said: ',
      ),
      'b.example.test accepted the connection but did not greet. If it speaks TLS from the start, its address begins with imaps//.'.replace(
        'imaps//',
        'imaps://',
      ),
      'There is no host named nowhere.example.test.',
      '',
    ],
  )
})

test('where nothing is an IMAP server, the most telling reason comes first', async () => {
  await using pop = await strangeServer((socket) => void socket.write('+OK POP3 ready\r\n'))
  await using dns = await dnsServer([
    srv('_imap._tcp.example.test', 'gone.example.test', 143, 1),
    srv('_imap._tcp.example.test', 'pop.example.test', pop.port, 2),
    a('pop.example.test'),
  ])
  const found = lookFor({ target: parseTarget('anna@example.test') }, systemLookups([dns.address], nothing))
  await assert.rejects(found, { code: 'not-imap', message: /^pop\.example\.test:\d+ is a POP3 server.*no host named gone/ })
})

const HOPELESS: readonly (readonly [string, (socket: net.Socket) => void, FailureCode])[] = [
  ['never answers CAPABILITY', (socket) => void socket.write('* OK IMAP4rev1 hi\r\n'), 'connection-timeout'],
  ['answers garbage for ever', forever('garbage \x00\xff\r\n'), 'connection-timeout'],
  ['sends one endless line', forever('x'.repeat(1000)), 'not-imap'],
  ['greets a byte at a time', dripping('* OK Dovecot ready, but very, very slowly, as you can see from here'), 'not-imap'],
  ['says OK and goes', (socket) => socket.end('* OK IMAP4rev1 bye\r\n'), 'connection-lost'],
]

function forever(text: string): (socket: net.Socket) => void {
  return (socket) => {
    if (text.endsWith('\n')) socket.write('* OK IMAP4rev1\r\n')
    const more = setInterval(() => socket.write(Buffer.from(text, 'latin1')), 1)
    socket.once('close', () => clearInterval(more))
  }
}

function dripping(text: string): (socket: net.Socket) => void {
  return (socket) => {
    let at = 0
    const more = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 20)
    socket.once('close', () => clearInterval(more))
  }
}

for (const [what, act, code] of HOPELESS)
  test(`a server that ${what} ends in one sentence within the time allowed`, async () => {
    await using server = await strangeServer(act)
    const target = { kind: 'server', host: '127.0.0.1', port: server.port, tls: 'none' } as const
    await assert.rejects(look(server.port, { target, connectTimeoutMs: 150, limitMs: 400 }), (error) => {
      assert.ok(error instanceof Error && 'code' in error)
      assert.equal(error.code, code, error.message)
      assert.doesNotMatch(error.message, /\n/)
      return true
    })
  })

test('a stop on request ends a look at once, with its own reason', async () => {
  const stop = new AbortController()
  await using server = await strangeServer(() => stop.abort(new Failure('stopped', 'Stopped on request.')))
  const target = { kind: 'server', host: '127.0.0.1', port: server.port, tls: 'none' } as const
  const settings = { asked: 'test', target, oldTls: false, ca: null, connectTimeoutMs: 60_000, limitMs: 60_000, login: null }
  await assert.rejects(probe(settings, systemLookups([], nothing), { ...ctx, signal: stop.signal }), { code: 'stopped' })
})

test('a login happens over a connection that can be trusted or not at all; what was seen before is told all the same', async () => {
  const heard: string[] = []
  await using server = await scriptedServer((client) => visited(client, 'Kerio', 'IMAP4rev1 ID AUTH=PLAIN', heard))
  const { probed, failure } = await look(server.port, { login: anna })
  assert.equal(probed.system.name, 'kerio')
  assert.equal(probed.inside, null)
  assert.equal(failure?.code, 'tls-required')
  assert.doesNotMatch(heard.join('\n'), /LOGIN|AUTHENTICATE|s3cret/)
})

test('inside a mailbox folders, special ones, quota and rights are seen, and what a server refuses is left out', async () => {
  await using open = await scriptedServer((client) => mailbox(client))
  const target = { kind: 'server', host: '127.0.0.1', port: open.port, tls: 'none' } as const
  const { probed, failure } = await look(open.port, { target, login: anna })
  assert.equal(failure, null)
  assert.deepEqual(probed.inside, {
    capabilities: ['ACL', 'IMAP4REV1', 'NAMESPACE', 'QUOTA'],
    namespaces: { personal: [{ prefix: 'INBOX.', separator: '.' }], others: [], shared: [{ prefix: 'shared.', separator: '.' }] },
    folders: 3,
    containers: 1,
    messages: 12,
    sizeBytes: null,
    special: [
      { role: 'sent', folder: 'INBOX.Gesendet', by: 'name' },
      { role: 'trash', folder: 'INBOX.Bin', by: 'mark' },
    ],
    quota: [{ root: 'User quota', resource: 'STORAGE', used: 512, limit: 204_800 }],
    rights: null,
  })
})

/** A mailbox as a small server shows it; MYRIGHTS is refused although ACL is advertised. */
async function mailbox(client: Conversation): Promise<void> {
  client.say('* OK [CAPABILITY IMAP4rev1] ready')
  for (;;) {
    const { tag, text } = await client.command()
    const [verb = ''] = text.split(' ')
    if (verb === 'LOGIN') {
      client.say(`${tag} OK [CAPABILITY IMAP4rev1 NAMESPACE QUOTA ACL] in`)
      continue
    }
    if (verb === 'NAMESPACE') client.say('* NAMESPACE (("INBOX." ".")) NIL (("shared." "."))')
    if (verb === 'LIST')
      client.say(
        '* LIST () "." INBOX',
        '* LIST () "." INBOX.Gesendet',
        '* LIST (\\Trash) "." INBOX.Bin',
        '* LIST (\\Noselect) "." INBOX.Projects',
        '* LIST () "." shared.Team',
      )
    if (verb === 'STATUS') client.say(`* STATUS ${text.split(' ')[1] ?? ''} (MESSAGES 4 UIDNEXT 9 UIDVALIDITY 1)`)
    if (verb === 'GETQUOTAROOT') client.say('* QUOTAROOT INBOX "User quota"', '* QUOTA "User quota" (STORAGE 512 204800)')
    client.say(verb === 'MYRIGHTS' ? `${tag} NO not today` : `${tag} OK`)
    if (verb === 'LOGOUT') return
  }
}
