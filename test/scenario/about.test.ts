/** What old servers tell of a mailbox beside its mail, as the preview with details shows it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FoldersResult } from '../../src/api/results.ts'
import { needs } from '../servers/available.ts'
import { startCourier } from '../servers/courier.ts'
import { startCyrus } from '../servers/cyrus.ts'
import { openDialogue } from '../servers/dialogue.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { first, simulatedMigration } from './migration.ts'

type Server = { readonly port: number; readonly users: readonly { readonly login: string; readonly password: string }[] }

async function detailsOf(from: Server): Promise<FoldersResult['mailboxes'][number]> {
  const { login, password } = first(from.users)
  const source = `imap://127.0.0.1:${from.port}?tls=none`
  const logins = [{ sourceLogin: login, sourcePassword: password }]
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0 }, { source, logins })
  const mailbox = first((await world.move.folders({ details: true })).mailboxes)
  assert.equal(mailbox.failure, null)
  return mailbox
}

async function at(from: Server, ...commands: readonly string[]): Promise<void> {
  const { login, password } = first(from.users)
  await using dialogue = await openDialogue(from.port)
  for (const command of [`LOGIN ${login} ${password}`, ...commands]) await dialogue.must(command)
}

const folderOf = (mailbox: FoldersResult['mailboxes'][number], name: string): FoldersResult['mailboxes'][number]['folders'][number] =>
  first(mailbox.folders.filter(({ source }) => source === name))

test('Dovecot tells quota, rights of each folder, and what is subscribed', { skip: needs('dovecot') }, async () => {
  await using from = await startDovecot({ tls: false, quotaMegabytes: 20, acl: 'as-owner' })
  const bob = from.users[1]?.login ?? ''
  await at(from, 'CREATE Team', 'CREATE Quiet', 'SUBSCRIBE Team', `SETACL Team ${bob} lrs`, 'CREATE Gone', 'SUBSCRIBE Gone', 'DELETE Gone')
  const mailbox = await detailsOf(from)
  const [quota] = mailbox.about?.quotas ?? []
  assert.deepEqual(
    quota?.resources.map(({ name, limit }) => [name, limit]),
    [['STORAGE', 20 * 1024 * 1024]],
  )
  const team = folderOf(mailbox, 'Team').about
  assert.equal(team?.subscribed, true)
  assert.match(team?.myRights ?? '', /^(?=.*l)(?=.*r)/)
  assert.ok(team?.rights?.some(({ who, rights }) => who === bob && rights === 'lrs'))
  assert.equal(folderOf(mailbox, 'Quiet').about?.subscribed, false)
  assert.deepEqual(mailbox.about?.subscribedButGone, ['Gone'])
})

test('Cyrus tells the same', { skip: needs('cyrus') }, async () => {
  await using from = await startCyrus({ quotaMegabytes: 30 })
  await at(from, 'CREATE Team', `SETACL Team ${from.users[1]?.login} lrs`)
  const mailbox = await detailsOf(from)
  assert.deepEqual(
    mailbox.about?.quotas?.flatMap(({ resources }) => resources.map(({ name, limit }) => [name, limit])),
    [['STORAGE', 30 * 1024 * 1024]],
  )
  assert.ok(folderOf(mailbox, 'Team').about?.rights?.some(({ who, rights }) => who === from.users[1]?.login && rights === 'lrs'))
})

test('Courier has a quota root without a limit, and the preview goes on', { skip: needs('courier') }, async () => {
  await using from = await startCourier()
  const mailbox = await detailsOf(from)
  assert.deepEqual(mailbox.about?.quotas, [{ root: 'ROOT', resources: [] }])
  assert.notEqual(folderOf(mailbox, 'INBOX').about?.myRights, null)
})

for (const source of ['exchange-onprem', 'yahoo', 'domino', 'zimbra'] as const)
  test(`the preview with details goes through at ${source}, whatever it tells`, async () => {
    await using world = await simulatedMigration({ source, mailboxes: 1, messages: 20 })
    const { failure, about, folders } = first((await world.move.folders({ details: true })).mailboxes)
    assert.equal(failure, null)
    assert.equal(about?.quotas?.length ?? 0, source === 'domino' || source === 'zimbra' ? 1 : 0)
    const inbox = first(folders.filter((folder) => folder.source === 'INBOX'))
    assert.equal(inbox.about?.myRights ?? null, source === 'zimbra' ? 'lrswipkxtea' : null)
  })
