/** Folders with every kind of name: the preview says what will be called what, and the copy then does just that. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FolderPreview } from '../../src/api/results.ts'
import { nastyMessage } from '../../src/simulator/nasty-messages.ts'
import { needs } from '../servers/available.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { mailInStore, mailOnServer } from './mail.ts'
import { first, simulatedMigration } from './migration.ts'

/** Names on a server with the separator `/`. */
const ODD: readonly string[] = [
  'R&D Ünïté',
  'Caf\u00e9',
  'Cafe\u0301',
  'Emoji 😀 folder',
  ' leading blank',
  'trailing blank ',
  'double  blank',
  'dot.inside',
  'back\\slash',
  'caret^tilde~',
  'quote"inside',
  'star*and%percent',
  '#hash',
  'NIL',
  '12345',
  'Invoices',
  'invoices',
  'INBOX/inbox',
  'Files',
  'Calendar',
  'Outbox',
  'Tasks/Mine',
  'Boîte d’envoi',
  'Sync Issues',
  'Sent Messages',
  'Sent/2019',
  'Deep/a/b/c/d/e/f/g/h/i/j/k',
  'Long '.repeat(30).trim(),
]

test('every folder name has its place in Exchange, the preview tells it with the reason, and the copy keeps to it', async () => {
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0, language: 'de' })
  const { sim, move } = world
  const { sourceLogin, target } = first(sim.accounts)
  const from = sim.sourceStore(sourceLogin)
  const bytes = new Map(
    ODD.map((name, at) => [name, Buffer.from(`Subject: ${at}\r\nMessage-ID: <odd-${at}@example.org>\r\n\r\nIn ${at}.\r\n`)]),
  )
  for (const [name, message] of bytes) {
    from.createFolder(name)
    from.addMessage(name, message, { internalDate: new Date(Date.UTC(2022, 2, 2)) })
  }
  const before = sim.exchangeStore(target).folders().length
  const [mailbox] = (await move.folders()).mailboxes
  const preview = new Map((mailbox?.folders ?? []).map((one) => [one.source, one]))
  assert.equal(sim.exchangeStore(target).folders().length, before, 'the preview creates nothing')

  const copied = await move.copy()
  assert.deepEqual([copied.found, copied.copied, copied.unexplained], [ODD.length, ODD.length, 0])
  const landed = mailInStore(sim.exchangeStore(target))
  for (const [name, message] of bytes) {
    const told = preview.get(name)
    const at = landed.find((mail) => mail.bytes.equals(message))?.folder
    assert.equal(at, told?.target, name)
    if (at !== name) assert.notDeepEqual(told?.reasons, [], `${name} -> ${at} has a reason`)
  }
  assert.deepEqual(collisions(mailbox?.folders ?? []), [])
  const again = (await move.folders()).mailboxes[0]?.folders ?? []
  assert.deepEqual(
    again.map(({ source, target }) => [source, target]),
    [...preview.values()].map(({ source, target }) => [source, target]),
    'what was decided stays',
  )
  assert.ok(again.every((one) => one.target === null || one.exists))
  assert.equal((await move.copy()).appends, 0)
})

test('names with the separator of the other side, and everything below INBOX., find their place', { skip: needs('dovecot') }, async () => {
  await using to = await startDovecot({ tls: false, layout: 'inbox-dot' })
  const { login: target, password: targetPassword } = first(to.users)
  const ends = { destination: `imap://127.0.0.1:${to.port}?tls=none`, logins: [{ target, targetPassword }] }
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0, source: 'courier' }, ends)
  const { sim, move } = world
  const from = sim.sourceStore(sim.accounts[0]?.sourceLogin ?? '')
  const message = nastyMessage('alternative')
  for (const name of ['INBOX.slash/inside', 'INBOX.Ünï & co', 'INBOX.Sub.sub', 'INBOX.Sub.sub.more']) {
    from.createFolder(name)
    from.addMessage(name, message.bytes())
  }
  const [mailbox] = (await move.folders()).mailboxes
  const copied = await move.copy()
  assert.deepEqual([copied.copied, copied.unexplained, copied.mailboxes[0]?.failure], [4, 0, null])
  const landed = (await mailOnServer({ port: to.port, user: target, pass: targetPassword })).map((mail) => mail.folder).sort()
  assert.deepEqual(landed, ['INBOX.Sub.sub', 'INBOX.Sub.sub.more', 'INBOX.slash_inside', 'INBOX.Ünï & co'])
  const slash = mailbox?.folders.find((one) => one.target?.endsWith('slash_inside') === true)
  assert.match(slash?.reasons.join(' ') ?? '', /cannot stand in a folder name/)
})

/** Two source folders that go into one without saying so. */
function collisions(folders: readonly FolderPreview[]): readonly string[] {
  const groups = Map.groupBy(folders, (one) => one.target?.normalize('NFC').toLowerCase() ?? `left out ${one.source}`)
  return [...groups.values()].filter((group) => group.length > 1 && group.every((one) => one.reasons.length === 0)).map(String)
}
