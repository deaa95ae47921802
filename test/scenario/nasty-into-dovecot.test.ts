/** Every family of the nasty messages moves into a real Dovecot. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { courier } from '../../src/simulator/courier.ts'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { nastyMessages } from '../../src/simulator/nasty-messages.ts'
import { needs } from '../servers/available.ts'
import { type DovecotServer, startDovecot } from '../servers/dovecot.ts'
import { mailInStore, mailOnServer } from './mail.ts'
import { plant } from './maildir.ts'
import { first, migration, simulatedMigration } from './migration.ts'
import { INTO_DOVECOT, moveNasty, NUL_INTO_DOVECOT, RAW_INTO_DOVECOT } from './nasty.ts'

const skip = needs('dovecot')
const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => ({ login: `${name}@example.org`, password: `${name}-secret` }))
let to: DovecotServer | undefined

before(async () => {
  if (skip === false) to = await startDovecot({ tls: false, users: [alice, bob, carol].filter((one) => one !== undefined) })
})
after(() => to?.[Symbol.asyncDispose]())

for (const [personality, account, repaired] of [
  [dovecot, alice, RAW_INTO_DOVECOT],
  [courier, bob, NUL_INTO_DOVECOT],
] as const) {
  const source = personality.name === 'courier' ? 'courier' : 'dovecot'
  test(`from the simulator's ${source}: each message arrives once with its content, date and flags`, { skip }, async () => {
    assert.ok(to !== undefined && account !== undefined)
    const { login: target, password: targetPassword } = account
    const ends = { destination: `imap://127.0.0.1:${to.port}?tls=none`, logins: [{ target, targetPassword }] }
    await using world = await simulatedMigration({ source, mailboxes: 1, messages: 0, nasty: true }, ends)
    const { sim, move } = world
    const there = { port: to.port, user: target, pass: targetPassword }
    await moveNasty({
      move,
      source: async () => mailInStore(sim.sourceStore(sim.accounts[0]?.sourceLogin ?? ''), (message) => personality.render(message)),
      destination: () => mailOnServer(there),
      repaired,
      folder: (name) => name.slice(personality.prefix.length).replaceAll(personality.separator, '/'),
    })
  })
}

test('from another real Dovecot: each message arrives once with its content, date and flags', { skip }, async () => {
  assert.ok(to !== undefined && carol !== undefined)
  await using from = await startDovecot({ mailFormat: 'maildir', tls: false })
  const { login: user, password: pass } = first(from.users)
  await plant(
    from,
    user,
    'Odd',
    nastyMessages().map((message) => ({ ...message, bytes: message.bytes() })),
  )
  const { login: target, password: targetPassword } = carol
  await using move = await migration({
    source: `imap://127.0.0.1:${from.port}?tls=none`,
    destination: `imap://127.0.0.1:${to.port}?tls=none`,
    people: [{ name: 'alice', sourceLogin: user, sourcePassword: pass, target, targetPassword }],
  })
  const there = { port: to.port, user: target, pass: targetPassword }
  await moveNasty({
    move,
    source: () => mailOnServer({ port: from.port, user, pass }),
    destination: () => mailOnServer(there),
    repaired: INTO_DOVECOT,
  })
})
