import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { needs } from '../servers/available.ts'
import { type DovecotServer, startDovecot } from '../servers/dovecot.ts'
import { by, codes, ends } from './ends.ts'

const skip = needs('dovecot')
const MASTER = { login: 'migadmin', password: 'm-secret' }
const ALICE = { login: 'alice@example.org' }
const BOB = { login: 'bob@example.org' }
const NOBODY = { login: 'nobody@example.org' }
const FORMS = [
  ['authzid', null],
  ['template', '{user}*{admin}'],
] as const

const urlOf = (server: DovecotServer): string => `imap://127.0.0.1:${server.port}?tls=none`

/** How many logins Dovecot has refused: it writes that down a moment after the connection is gone. */
async function refusals(server: DovecotServer, atLeast: number): Promise<number> {
  for (let look = 0; ; look++) {
    const count = (await server.log()).split('auth failed').length - 1
    if (count >= atLeast || look === 500) return count
    await delay(10)
  }
}

for (const [kind, template] of FORMS)
  test(`a master user opens every mailbox by ${kind}, and one that is unknown is told apart (A06, A07, A08)`, { skip }, async () => {
    await using server = await startDovecot({ master: MASTER })
    await using list = await ends(urlOf(server), by(kind, MASTER.login, MASTER.password, template), [ALICE, NOBODY, BOB])
    const result = await list.logins()
    assert.deepEqual(codes(result), ['works', 'mailbox-unknown', 'works'])
    assert.deepEqual(
      result.mailboxes.map(({ source }) => source.messages),
      [0, null, 0],
    )
    assert.match(result.mailboxes[1]?.source.failure?.serverText ?? '', /AUTHORIZATIONFAILED/)
  })

for (const [kind, template] of FORMS)
  test(`a wrong master password is tried once for all mailboxes, by ${kind} (A05)`, { skip }, async () => {
    await using server = await startDovecot({ master: MASTER })
    await using list = await ends(urlOf(server), by(kind, MASTER.login, 'wrong', template), [ALICE, BOB, NOBODY])
    const result = await list.logins({ waitMinutes: 60 })
    assert.deepEqual(codes(result), ['access-rejected', 'login-held', 'login-held'])
    assert.equal(await refusals(server, 1), 1)
  })

test('a master user without rights sees "no rights", at logins and at copy, and never an empty mailbox (A09)', { skip }, async () => {
  await using server = await startDovecot({ master: MASTER, acl: true })
  await using to = await startDovecot()
  const line = { ...ALICE, target: ALICE.login, targetPassword: 'alice-secret' }
  await using list = await ends(urlOf(server), by('authzid', MASTER.login, MASTER.password), [line])
  assert.deepEqual(codes(await list.logins()), ['no-rights'])
  const copied = await list.copy(urlOf(to))
  assert.equal(copied.mailboxes[0]?.failure?.code, 'no-rights')
})

test('folders, copy and verify go through a master user, and the list needs no source passwords', { skip }, async () => {
  await using server = await startDovecot({ master: MASTER })
  await using to = await startDovecot()
  for (const subject of ['one', 'two']) await server.doveadm(['save', '-u', ALICE.login], `Subject: ${subject}\r\n\r\nHello\r\n`)
  const line = { ...ALICE, target: ALICE.login, targetPassword: 'alice-secret' }
  await using list = await ends(urlOf(server), by('template', MASTER.login, MASTER.password, '{user}*{admin}'), [line])
  const preview = await list.folders(urlOf(to))
  assert.equal(preview.mailboxes[0]?.folders.find(({ source }) => source === 'INBOX')?.messages, 2)
  const copied = await list.copy(urlOf(to))
  assert.deepEqual([copied.found, copied.copied, copied.unexplained], [2, 2, 0])
  const verified = await list.verify(urlOf(to))
  assert.deepEqual([verified.found, verified.compared, verified.missing, verified.different, verified.extra], [2, 2, 0, 0, 0])
  const both = await list.logins({ destination: urlOf(to) })
  assert.deepEqual(both.mailboxes[0]?.destination, { login: ALICE.login, works: true, messages: 2, failure: null })
})

test('own passwords are tried once each, and odd characters in them do no harm (A05, A21)', { skip }, async () => {
  const users = [
    { login: 'alice@example.org', password: String.raw`a "quoted\" bläñk pass` },
    { login: 'bob@example.org', password: `${'long'.repeat(50)} ß` },
  ]
  await using server = await startDovecot({ users })
  const lines = [
    { ...ALICE, password: String.raw`"a ""quoted\"" bläñk pass"` },
    { ...BOB, password: users[1]?.password ?? '' },
    { ...NOBODY, password: 'x' },
  ]
  for (const way of [null, 'LOGIN', 'PLAIN', 'SASL-LOGIN'] as const) {
    await using list = await ends(urlOf(server), { kind: 'own', way }, lines)
    assert.deepEqual(codes(await list.logins({ waitMinutes: 30 })), ['works', 'works', 'auth-rejected'], String(way))
  }
  assert.equal(await refusals(server, 4), 4)
})

test('a login that finds too many connections is tried again while there is time', { skip }, async () => {
  await using server = await startDovecot({ maxConnectionsPerUser: 1 })
  const { openDialogue } = await import('../servers/dialogue.ts')
  const held = await openDialogue(server.port)
  await held.must('LOGIN alice@example.org alice-secret')
  const line = { ...ALICE, password: 'alice-secret' }
  await using list = await ends(urlOf(server), { kind: 'own' }, [line])
  assert.deepEqual(codes(await list.logins()), ['too-many-connections'])
  const waiting = list.logins({
    waitMinutes: 10,
    onProgress: ({ note }) => {
      if (note !== null) void held[Symbol.asyncDispose]()
    },
  })
  assert.deepEqual(codes(await waiting), ['works'])
})
