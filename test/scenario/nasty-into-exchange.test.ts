/** Every family of the nasty messages moves from an old server into the simulator's Exchange. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { courier } from '../../src/simulator/courier.ts'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { nastyMessages } from '../../src/simulator/nasty-messages.ts'
import { needs } from '../servers/available.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { mailInStore, mailOnServer } from './mail.ts'
import { plant } from './maildir.ts'
import { first, simulatedMigration } from './migration.ts'
import { INTO_EXCHANGE, moveNasty, SEEDED, systemFlags } from './nasty.ts'

for (const personality of [dovecot, courier]) {
  const source = personality.name === 'courier' ? 'courier' : 'dovecot'
  test(`from the simulator's ${source}: each message arrives once with its content, date and flags, and a second copy writes nothing`, async () => {
    await using world = await simulatedMigration({ source, mailboxes: 1, messages: 0, nasty: true, language: 'fr' })
    const { sim, move } = world
    const { sourceLogin, target } = first(sim.accounts)
    const store = sim.exchangeStore(target)
    await moveNasty({
      move,
      source: async () => mailInStore(sim.sourceStore(sourceLogin), (message) => personality.render(message)),
      destination: async () => mailInStore(store),
      repaired: INTO_EXCHANGE,
      folder: (name) => name.slice(personality.prefix.length).replaceAll(personality.separator, '/'),
      flags: systemFlags,
    })
    assert.equal(sim.appends, SEEDED - 1)
    const unseen = store.folders().flatMap(({ messages }) => messages.filter((one) => one.flaggedOnlyByAppend))
    assert.deepEqual(unseen, [], 'every \\Flagged is set by STORE, as Outlook sees no other')
  })
}

test('from a real Dovecot: each message arrives once with its content, date and flags', { skip: needs('dovecot') }, async () => {
  await using from = await startDovecot({ mailFormat: 'maildir', tls: false })
  const { login: user, password: pass } = first(from.users)
  await plant(
    from,
    user,
    'Odd',
    nastyMessages().map((message) => ({ ...message, bytes: message.bytes() })),
  )
  const source = `imap://127.0.0.1:${from.port}?tls=none`
  const ends = { source, logins: [{ sourceLogin: user, sourcePassword: pass }] }
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0 }, ends)
  const { sim, move } = world
  await moveNasty({
    move,
    source: () => mailOnServer({ port: from.port, user, pass }),
    destination: async () => mailInStore(sim.exchangeStore(sim.accounts[0]?.target ?? '')),
    repaired: INTO_EXCHANGE,
    flags: systemFlags,
  })
})
