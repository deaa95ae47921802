/** From the real servers that people leave, into a real Dovecot and into the simulator's Exchange. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'

import { needs } from '../servers/available.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { mailInStore, mailOnServer } from '../scenario/mail.ts'
import { first, migration, simulatedMigration } from '../scenario/migration.ts'
import { INTO_DOVECOT, INTO_EXCHANGE, systemFlags } from '../scenario/nasty.ts'
import { COURIER, CYRUS, CYRUS_INBOX_DOT, DOVECOT, DOVECOT_INBOX_DOT, MAILUTILS, type Origin } from './origins.ts'
import { fill, fillMbox, tell } from './story.ts'

/** The second pass over the layouts is longer: `npm run interop`. */
const ORIGINS = [
  DOVECOT,
  CYRUS,
  COURIER,
  MAILUTILS,
  ...(process.env['CUTOVER_INTEROP'] === 'all' ? [DOVECOT_INBOX_DOT, CYRUS_INBOX_DOT] : []),
]
const CHANGED_BY_DOVECOT = /^(?:empty|double-cr|bare-lf|nul-|header-nul)/

for (const origin of ORIGINS) {
  const { name, skip } = origin
  test(
    `from ${name} into Dovecot: killed, resumed, verified; a day later only what changed is carried; the source is as it was`,
    {
      skip: skip === false ? needs('dovecot') : skip,
    },
    async () => {
      await using from = await origin.start()
      await using to = await startDovecot({ tls: false })
      const source = await filled(origin, from)
      const { login: target, password: targetPassword } = first(to.users)
      await using move = await migration({
        source: `imap://127.0.0.1:${from.port}?tls=none`,
        destination: `imap://127.0.0.1:${to.port}?tls=none`,
        people: [{ name: 'alice', sourceLogin: source.user, sourcePassword: source.pass, target, targetPassword }],
      })
      const there = { port: to.port, user: target, pass: targetPassword }
      const status = ['mailbox', 'status', '-t', '-u', target, 'messages', '*']
      await tell({
        origin,
        from,
        source,
        move,
        arrived: async () => Number(/\d+/.exec(await to.doveadm(status))?.[0] ?? 0),
        destination: () => mailOnServer(there),
        flags: (flags) => flags.filter((flag) => flag !== '\\Deleted'),
        repaired: namesOf(INTO_DOVECOT, CHANGED_BY_DOVECOT),
      })
    },
  )

  test(
    `from ${name} into Exchange: killed, resumed, verified; a day later only what changed is carried; the source is as it was`,
    { skip },
    async () => {
      await using from = await origin.start()
      const source = await filled(origin, from)
      const ends = { source: `imap://127.0.0.1:${from.port}?tls=none`, logins: [{ sourceLogin: source.user, sourcePassword: source.pass }] }
      await using world = await simulatedMigration({ mailboxes: 1, messages: 0, language: 'de' }, ends)
      const { sim, move } = world
      await tell({
        origin,
        from,
        source,
        move,
        arrived: async () => sim.appends,
        destination: async () => mailInStore(sim.exchangeStore(sim.accounts[0]?.target ?? '')),
        flags: systemFlags,
        repaired: namesOf(INTO_EXCHANGE, /^$/),
      })
    },
  )
}

async function filled(origin: Origin, from: Awaited<ReturnType<Origin['start']>>) {
  const { login: user, password: pass } = first(from.users)
  const source = { port: from.port, user, pass }
  const taken = origin === MAILUTILS ? await fillMbox(source, join(from.folder, 'home', user)) : await fill(source, origin.prefix)
  assert.ok(taken > 100, `${origin.name} took ${taken} messages`)
  return source
}

function namesOf(repaired: Readonly<Record<string, unknown>>, more: RegExp): RegExp {
  return new RegExp(
    `^(?:${Object.keys(repaired)
      .map((name) => RegExp.escape(name))
      .join('|')})$|${more.source}`,
  )
}
