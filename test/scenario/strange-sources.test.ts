/** What is no IMAP server, or a strange one, as the source of the real command line: one sentence that says what it is, and an end. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type tls from 'node:tls'

import { strangeServer } from '../../src/imap/strange-servers.fixture.ts'
import { startSimulator, type Simulator } from '../../src/simulator/simulator.ts'
import { type Finished, runCutover } from '../rig/process.ts'
import { needs } from '../servers/available.ts'
import { makeCertificate } from '../servers/place.ts'
import { first, mailboxList } from './migration.ts'

const skip = needs('dovecot')
let folder = ''
let states = 0
let keys: tls.TlsOptions = {}
let sim: Simulator | undefined

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutover-strange-'))
  sim = await startSimulator({ mailboxes: 1, messages: 3 })
  const { target } = first(sim.accounts)
  const people = [{ name: 'Anna', sourceLogin: 'anna', sourcePassword: 's3cret', target }]
  await writeFile(join(folder, 'people.csv'), mailboxList(people))
  if (skip !== false) return
  const cert = await makeCertificate(folder)
  keys = { cert, key: await readFile(join(folder, 'key.pem')) }
})
after(async () => {
  await sim?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** Runs a command; whatever it prints fits 80 columns, shows no stack and no secret. */
async function run(...args: readonly string[]): Promise<Finished> {
  const done = await runCutover(args, { cwd: folder, env: { CUTOVER_PROGRAM: 'cutover' }, patienceMs: 30_000 })
  const said = `${done.stdout}\n${done.stderr}`
  assert.doesNotMatch(said, /This is a bug|\n {4}at |s3cret/)
  if (!args.includes('--json'))
    assert.deepEqual(
      said.split('\n').filter((line) => line.length > 80),
      [],
    )
  return done
}

function both(command: string, source: string, ...more: readonly string[]): Promise<Finished> {
  const addresses = [
    '--source',
    source,
    '--destination',
    sim?.exchange.url ?? '',
    '--mailboxes',
    'people.csv',
    '--state',
    `state-${++states}`,
  ]
  return run(command, ...addresses, ...more)
}

const says =
  (text: string) =>
  (socket: net.Socket): void =>
    void socket.write(Buffer.from(text, 'latin1'))

const joined = ({ stdout, stderr }: Finished): string => `${stdout} ${stderr}`.replaceAll(/\s+/g, ' ')

test('servers of another kind are named, by every command, with what to do', async () => {
  for (const [text, what] of [
    ['220 mx.example.test ESMTP\r\n', 'takes mail in (SMTP)'],
    ['\x00\x01\x02\xff\r\n', 'does not greet as an IMAP server'],
  ] as const) {
    await using server = await strangeServer(says(text))
    const source = `imap://127.0.0.1:${server.port}?tls=none`
    const outcomes = await Promise.all([both('folders', source), both('copy', source), run('probe', source)])
    for (const done of outcomes) {
      assert.equal(done.code, 3, joined(done))
      assert.ok(joined(done).includes(what), joined(done))
      assert.match(joined(done), /What to do: Check host and port/)
    }
    assert.equal(server.connections(), 3, 'none of them is asked twice')
  }
})

const LIES = 'IMAP4rev1 ID ENABLE QRESYNC NAMESPACE LIST-EXTENDED LIST-STATUS SPECIAL-USE QUOTA ACL UNSELECT COMPRESS=DEFLATE'

test('a server that lies about its capabilities is believed no further than it answers', async () => {
  await using server = await strangeServer((socket) => {
    socket.write(
      '* OK [CAPABILITY IMAP4rev1 ID ENABLE QRESYNC NAMESPACE LIST-EXTENDED LIST-STATUS SPECIAL-USE QUOTA ACL UNSELECT] liar\r\n',
    )
    socket.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString('latin1').split('\r\n')) {
        const [tag = '', verb = ''] = line.split(' ')
        if (tag === '') continue
        if (verb === 'CAPABILITY') socket.write(`* CAPABILITY ${LIES}\r\n`)
        if (verb === 'LIST' && !line.includes('RETURN')) socket.write('* LIST () "/" INBOX\r\n')
        if (verb === 'STATUS') socket.write('* STATUS INBOX (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1)\r\n')
        const able = ['CAPABILITY', 'LOGIN', 'LIST', 'STATUS', 'LOGOUT', 'EXAMINE'].includes(verb) && !line.includes('RETURN')
        socket.write(`${tag} ${able ? 'OK' : 'BAD what is that'}\r\n`)
      }
    })
  })
  const source = `imap://127.0.0.1:${server.port}?tls=none`
  const done = await both('folders', source, '--json')
  assert.equal(done.code, 0, joined(done))
  const looked = await runCutover(['probe', source, '--login', 'anna', '--secret', 'env:PW', '--json'], {
    cwd: folder,
    env: { PW: 's3cret' },
  })
  assert.equal(looked.code, 0, joined(looked))
  assert.match(looked.stdout, /"folders":1/)
})

test('TLS that is no longer safe is refused until the address says tls=old', { skip }, async () => {
  const old: tls.TlsOptions = { ...keys, minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }
  await using server = await strangeServer(says('* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] Dovecot of old ready.\r\n'), old)
  const source = `imaps://127.0.0.1:${server.port}`
  const refused = await Promise.all([both('copy', source, '--ca', 'cert.pem'), run('probe', `127.0.0.1:${server.port}`)])
  for (const done of refused) {
    assert.equal(done.code, 3, joined(done))
    assert.match(joined(done), /only knows TLS that is no longer safe.*What to do:.*\?tls=old/)
  }
  const spoken = await both('copy', `${source}?tls=old`, '--ca', 'cert.pem')
  assert.match(joined(spoken), /no way to sign in with a password/)
  const distrusted = await both('copy', `${source}?tls=old`)
  assert.match(joined(distrusted), /self-signed/)
})

test('a client certificate that is demanded is named', { skip }, async () => {
  await using server = await strangeServer(says('* OK hi\r\n'), { ...keys, requestCert: true, minVersion: 'TLSv1.3' })
  const source = `imaps://127.0.0.1:${server.port}`
  const outcomes = await Promise.all([both('folders', source, '--ca', 'cert.pem'), run('probe', source)])
  for (const done of outcomes) {
    assert.equal(done.code, 3, joined(done))
    assert.match(joined(done), /client certificate/)
  }
})
