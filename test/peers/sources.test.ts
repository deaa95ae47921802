/** Our client on the real servers that people leave: their mail goes into a real Dovecot, and every content is verified. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nastyMessages } from '../../src/simulator/nasty-messages.ts'
import { needs } from '../servers/available.ts'
import { startCyrus } from '../servers/cyrus.ts'
import { type DovecotServer, startDovecot } from '../servers/dovecot.ts'
import { compareMail, imapFlow, type Login, mailOnServer } from '../scenario/mail.ts'
import { first, migration } from '../scenario/migration.ts'

type Peer = AsyncDisposable & { readonly port: number; readonly users: readonly { readonly login: string; readonly password: string }[] }

const PEERS: Readonly<Record<string, { readonly skip: string | false; readonly prefix: string; readonly start: () => Promise<Peer> }>> = {
  'Cyrus with everything below INBOX.': { skip: needs('cyrus'), prefix: 'INBOX.', start: () => startCyrus({ layout: 'inbox-dot' }) },
  'Dovecot with everything below INBOX.': {
    skip: needs('dovecot'),
    prefix: 'INBOX.',
    start: () => startDovecot({ tls: false, layout: 'inbox-dot', mailFormat: 'maildir' }),
  },
}

for (const [name, { skip, prefix, start }] of Object.entries(PEERS)) {
  test(
    `from ${name}: all that it took arrives once, as it is, and is verified`,
    { skip: skip === false ? needs('dovecot') : skip },
    async () => {
      await using from = await start()
      await using to = await startDovecot({ tls: false })
      const { login: user, password: pass } = first(from.users)
      const source = { port: from.port, user, pass }
      const taken = await fill(source, prefix)
      assert.ok(taken > 100, `${name} took ${taken} messages`)
      await moves(source, to, prefix)
    },
  )
}

/** Appends the nasty messages to an odd folder and to INBOX; those that the server refuses are left out. Returns how many it took. */
async function fill(login: Login, prefix: string): Promise<number> {
  const client = imapFlow(login)
  await client.connect()
  const odd = `${prefix}R&D Ünïté`
  await client.mailboxCreate(odd)
  let taken = 0
  for (const [at, message] of nastyMessages().entries()) {
    const kept = message.flags.filter((flag) => flag.startsWith('\\') && flag !== '\\Deleted')
    try {
      if ((await client.append(at % 3 === 0 ? 'INBOX' : odd, message.bytes(), kept, message.internalDate)) !== false) taken++
    } catch {
      // What this server refuses cannot be there.
      if (!client.usable) throw new Error(`the server hung up at ${at}`)
    }
  }
  await client.logout()
  return taken
}

async function moves(source: Login, to: DovecotServer, prefix: string): Promise<void> {
  const { login: target, password: targetPassword } = first(to.users)
  const { user, pass } = source
  await using move = await migration({
    source: `imap://127.0.0.1:${source.port}?tls=none`,
    destination: `imap://127.0.0.1:${to.port}?tls=none`,
    people: [{ name: 'alice', sourceLogin: user, sourcePassword: pass, target, targetPassword }],
  })
  const wanted = await mailOnServer(source)
  const copied = await move.copy()
  assert.deepEqual(
    [copied.found, copied.copied, copied.failed, copied.unexplained, copied.mailboxes[0]?.failure],
    [wanted.length, wanted.length, 0, 0, null],
  )
  const copies = await mailOnServer({ port: to.port, user: target, pass: targetPassword })
  const folder = (path: string): string => (path === 'INBOX' ? path : path.slice(prefix.length))
  const found = compareMail(wanted, copies, { folder })
  assert.deepEqual([found.lost, found.extra, found.otherFlags], [[], [], []])
  const altered = [...found.altered.keys()].filter((one) => !/^(empty|double-cr|bare-lf|receipt-unread|nul-|header-nul)/.test(one))
  assert.deepEqual(altered, [])
  const { missing, extra, different, unexplained, compared, differences } = await move.verify()
  assert.deepEqual(
    { missing, extra, different, unexplained, compared, differences },
    {
      missing: 0,
      extra: 0,
      different: 0,
      unexplained: 0,
      compared: wanted.length,
      differences: [],
    },
  )
  assert.equal((await move.copy()).appends, 0)
}
