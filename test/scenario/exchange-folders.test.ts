/** Into a tenant: folders are made through Graph and found whatever they are called; where Graph is closed it goes on over IMAP. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { changeLanguage } from '../../src/simulator/exchange-mailbox.ts'
import type { MailStore } from '../../src/simulator/mail-store.ts'
import { nastyMessage } from '../../src/simulator/nasty-messages.ts'
import { classOf } from '../../src/tenant-simulator/graph-mailbox.ts'
import { mailboxAt } from '../../src/tenant-simulator/address-book.ts'
import { intoTenant, type TenantMove } from './into-tenant.ts'

function subjects(store: MailStore, folder: string): readonly string[] {
  const found = store.folder(folder)?.messages ?? []
  return found.map((message) => /^Subject: (.*)\r$/m.exec(message.content.bytes().toString('latin1'))?.[1] ?? '')
}

function classes({ tenant, to }: TenantMove): Readonly<Record<string, string>> {
  const mailbox = mailboxAt(tenant.world, to.address)
  assert.ok(mailbox !== undefined)
  return Object.fromEntries(to.store.folders().map((folder) => [folder.name, classOf(mailbox, folder, 'IPF.Imap')]))
}

test('folders are made as folders of mail, subscribed, below each other, and a second pass makes none', async () => {
  await using world = await intoTenant({ imapFolderClass: 'IPF.Imap' })
  const { from, to, move } = world
  for (const name of ['Work/Harbour/Drawings', 'Müller & Söhne', '日本語', 'Files']) from.createFolder(name)
  from.addMessage('Work/Harbour/Drawings', nastyMessage('bounce').bytes())
  from.addMessage('日本語', nastyMessage('tnef').bytes())
  const done = await move.copy()
  assert.deepEqual([done.copied, done.unexplained, done.mailboxes[0]?.failure, done.mailboxes[0]?.notes], [2, 0, null, undefined])
  const made = Object.entries(classes(world)).filter(([name]) => /^(?:Work|M|日|Files)/.test(name))
  assert.ok(made.length >= 6, JSON.stringify(made))
  for (const [name, kind] of made) assert.equal(kind, 'IPF.Note', name)
  assert.ok(to.store.folders().every((folder) => folder.subscribed))
  const folders = to.store.folders().length
  const again = await move.copy()
  assert.deepEqual([again.appends, again.mailboxes[0]?.failure, to.store.folders().length], [0, null, folders])
})

test('special folders are found where IMAP shows no attributes and nobody knows their names; one of a like name stays its own', async () => {
  await using world = await intoTenant({ language: 'de' })
  const { from, to, move } = world
  Object.assign(to.store, { hidesSpecialUse: true })
  to.store.renameFolder('Gesendete Elemente', 'Verschicktes Zeug')
  to.store.renameFolder('Gelöschte Elemente', 'Weggeworfenes')
  to.store.createFolder('Sent')
  for (const name of ['Sent', 'Trash']) from.createFolder(name)
  from.addMessage('Sent', nastyMessage('tnef').bytes())
  from.addMessage('Trash', nastyMessage('bounce').bytes())
  await move.copy()
  assert.deepEqual([subjects(to.store, 'Verschicktes Zeug'), subjects(to.store, 'Sent')], [['tnef'], []])
  assert.deepEqual(subjects(to.store, 'Weggeworfenes'), ['bounce'])
})

test('a first sign-in between two passes, or in the middle of one, renames the folders and doubles nothing', async () => {
  await using world = await intoTenant()
  const { from, to, move } = world
  from.createFolder('Sent', { specialUse: '\\Sent' })
  from.addMessage('Sent', nastyMessage('tnef').bytes())
  await move.copy()
  assert.deepEqual(subjects(to.store, 'Sent Items'), ['tnef'])
  changeLanguage(to.store, 'de')
  from.addMessage('Sent', nastyMessage('bounce').bytes())
  await move.copy()
  assert.deepEqual(subjects(to.store, 'Gesendete Elemente'), ['tnef', 'bounce'])
  // And now while messages are on their way.
  for (let at = 0; at < 30; at++)
    from.addMessage('Sent', Buffer.from(`Subject: n${at}\r\nMessage-ID: <n${at}@example.org>\r\nFrom: a@example.org\r\n\r\nx\r\n`))
  let renamed = false
  const during = await move.copy({
    onProgress: ({ phase, done }) => {
      if (phase !== 'copy' || renamed || done === 0) return
      renamed = true
      changeLanguage(to.store, 'fr')
    },
  })
  const last = await move.copy()
  assert.ok(renamed)
  assert.equal(during.mailboxes.length, 1)
  assert.deepEqual([last.mailboxes[0]?.failure, last.unexplained, last.copied], [null, 0, 32])
  const sent = subjects(to.store, 'Éléments envoyés')
  assert.deepEqual([sent.length, new Set(sent).size], [32, 32])
  assert.equal(to.store.folder('Gesendete Elemente'), undefined)
  assert.equal(to.store.folder('Sent Items'), undefined)
})

test('where Graph is closed to the application folders are made over IMAP, and that is told once', async () => {
  await using world = await intoTenant()
  const { from, to, move, tenant } = world
  from.createFolder('Work')
  from.addMessage('Work', nastyMessage('bounce').bytes())
  tenant.fault({ api: 'graph', path: 'mailFolders', status: 403, code: 'ErrorAccessDenied', times: 1000 })
  const done = await move.copy()
  assert.deepEqual([done.copied, done.mailboxes[0]?.failure], [1, null])
  assert.deepEqual(subjects(to.store, 'Work').length, 1)
  const { notes = [] } = done.mailboxes[0] ?? {}
  assert.equal(notes.length, 1)
  assert.match(notes[0] ?? '', /Mail\.ReadWrite/)
})

test('where the application may read folders and make none, special ones are found all the same', async () => {
  await using world = await intoTenant()
  const { from, to, move, tenant } = world
  Object.assign(to.store, { hidesSpecialUse: true })
  to.store.renameFolder('Sent Items', 'Dispatched')
  for (const name of ['Work', 'Sent']) from.createFolder(name)
  from.addMessage('Work', nastyMessage('bounce').bytes())
  from.addMessage('Sent', nastyMessage('tnef').bytes())
  tenant.fault({ api: 'graph', method: 'POST', path: 'childFolders', status: 403, code: 'ErrorAccessDenied', times: 1000 })
  const { mailboxes } = await move.copy()
  assert.equal(mailboxes[0]?.failure, null)
  assert.deepEqual([subjects(to.store, 'Work').length, subjects(to.store, 'Dispatched')], [1, ['tnef']])
  assert.match(mailboxes[0]?.notes?.join() ?? '', /may read folders through Microsoft Graph, and make none/)
})

test('a tenant that gives no token for Graph is as one whose Graph is closed', async () => {
  await using world = await intoTenant()
  const { from, to, move, tenant } = world
  from.createFolder('Work')
  from.addMessage('Work', nastyMessage('bounce').bytes(), { flags: ['tag'] })
  tenant.fault({ api: 'token', text: 'graph.microsoft.com', status: 400, aadsts: 500011, times: 1000 })
  const { mailboxes } = await move.copy()
  assert.deepEqual([mailboxes[0]?.failure, subjects(to.store, 'Work').length, mailboxes[0]?.notes?.length], [null, 1, 1])
})

test('a Graph that asks us to slow down, is away for a moment, or did what it reports as failed, makes each folder once', async () => {
  await using world = await intoTenant({ imapFolderClass: 'IPF.Imap' })
  const { from, move, tenant } = world
  for (let at = 0; at < 30; at++) from.createFolder(`Project ${at}`)
  from.addMessage('Project 7', nastyMessage('bounce').bytes())
  tenant.fault({ api: 'graph', method: 'POST', path: 'childFolders', status: 429, retryAfterSeconds: 20, times: 7 })
  tenant.fault({ api: 'graph', method: 'POST', path: 'childFolders', status: 503, skip: 3, times: 3 })
  tenant.fault({ api: 'graph', method: 'POST', path: 'childFolders', status: 503, afterwards: true, skip: 9, times: 4 })
  const done = await move.copy()
  assert.deepEqual([done.copied, done.mailboxes[0]?.failure, done.mailboxes[0]?.notes], [1, null, undefined])
  const made = Object.entries(classes(world)).filter(([name]) => /^Project \d/.test(name))
  assert.equal(made.length, 30)
  for (const [name, kind] of made) assert.equal(kind, 'IPF.Note', name)
})

test('folders that an IMAP program made are used, with what is below them, and told', async () => {
  await using world = await intoTenant({ imapFolderClass: 'IPF.Imap' })
  const { from, to, move } = world
  to.store.createFolder('Work')
  from.createFolder('Work/Harbour')
  from.addMessage('Work/Harbour', nastyMessage('bounce').bytes())
  const { mailboxes } = await move.copy()
  assert.equal(mailboxes[0]?.failure, null)
  assert.deepEqual(subjects(to.store, 'Work/Harbour').length, 1)
  assert.match(mailboxes[0]?.notes?.join() ?? '', /Outlook may not show "Work", "Work\/Harbour" as mail: .*IPF\.Imap/)
  const preview = await move.folders()
  assert.match(preview.mailboxes[0]?.notes.join() ?? '', /Outlook may not show/)
})
