/** An assessment and a rehearsal of a real Dovecot. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { first } from '../scenario/migration.ts'
import { plant } from '../scenario/maildir.ts'
import { needs } from '../servers/available.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { assessRig, troubles } from './assess-rig.ts'

const skip = needs('dovecot')
const HEAD = 'From: anna@example.org\r\nDate: Mon, 2 Mar 2020 10:00:00 +0000\r\n'
const mail = (id: number | string, body: string, at = '2020-03-02T10:00:00Z', flags: readonly string[] = []) => ({
  bytes: Buffer.from(`${HEAD}Subject: x\r\nMessage-ID: <${id}@example.org>\r\n\r\n${body}\r\n`, 'latin1'),
  internalDate: new Date(at),
  flags,
})

test('a real Dovecot is known, read whole and copied into a simulated Exchange, and stays as it was', { skip }, async () => {
  await using server = await startDovecot({ tls: false, mailFormat: 'maildir', layout: 'inbox-dot', quotaMegabytes: 1 })
  const user = first([...server.users])
  await plant(server, user.login, '', [
    ...Array.from({ length: 150 }, (_, at) => mail(at, 'Hello.', '2020-04-01T12:00:30Z')),
    mail('long', 'y'.repeat(11_000)),
    mail('seen', 'Gone.', undefined, ['\\Seen', '\\Deleted']),
  ])
  await plant(server, user.login, 'Trash', [
    mail('t', 'z'.repeat(40_000)),
    mail('t', 'z'.repeat(40_000)),
    mail('big', 'x\r\n'.repeat(60_000)),
  ])
  const state = (): Promise<string> => server.doveadm(['fetch', '-u', user.login, 'mailbox uid flags', 'all'])
  const before = await state()
  const people = [{ name: 'Anna', sourceLogin: user.login, sourcePassword: user.password, target: 'anna@example.test' }]
  await using rig = await assessRig(`imap://127.0.0.1:${server.port}?tls=none`, people)
  const told = await rig.assess({ maxMessageBytes: 150_000 })
  const mailbox = first([...told.mailboxes])
  assert.deepEqual([told.server?.system, mailbox.failure, mailbox.messages, mailbox.markedDeleted], ['dovecot', null, 154, 1])
  assert.deepEqual(troubles(mailbox), ['refused message-too-large: 1', 'repaired long-lines: 3'])
  assert.deepEqual([mailbox.doubles.messages, mailbox.dates.imported, mailbox.oversize.messages], [1, 150, 1])
  assert.equal(mailbox.quota?.limitBytes, 1_048_576)
  assert.ok(mailbox.deletedBytes > 250_000, String(mailbox.deletedBytes))
  assert.equal(mailbox.folders.find(({ source }) => source === 'INBOX/Trash')?.target, 'Deleted Items')
  const listed = await rig.assess({ maxMessageBytes: 150_000, sample: { messages: 40 } })
  assert.equal(listed.mailboxes[0]?.doubles.messages, 1)
  const rehearsed = await rig.rehearse({ maxMessageBytes: 150_000 })
  assert.deepEqual([rehearsed.found, rehearsed.copied, rehearsed.skipped, rehearsed.failed], [155, 153, 1, 1])
  assert.equal(await state(), before)
})
