/** The mailbox of the crash law, and what its owner does between two passes. */
import type { GmailStore } from '../../src/simulator/gmail-store.ts'
import type { MailStore, MessageOptions } from '../../src/simulator/mail-store.ts'
import { letter, LONG_LINE, UNKNOWN_CHARSET, type Letter } from './mail.ts'

const DAY_MS = 86_400_000

/** Every kind of path through the engine: merged folders, twins, repairs, a refusal, a skip, a message too large to hold, one too large at all. */
export function fillMailbox(store: MailStore): void {
  const put = filler(store)
  for (const name of ['Projekte', 'Projekte/Größe', 'Gesendet', 'Alt', 'Leer']) store.createFolder(name)
  put('INBOX', { id: 'in-1' }, ['\\Seen'])
  put('INBOX', { id: 'in-2' }, ['\\Seen', '\\Flagged'])
  put('INBOX', { id: 'twin' })
  put('INBOX', { id: 'twin' })
  put('INBOX', { id: 'in-long', body: LONG_LINE }, ['\\Answered'])
  put('INBOX', { id: 'in-odd', subject: UNKNOWN_CHARSET })
  put('INBOX', { id: 'in-dead' }, ['\\Deleted'])
  put('INBOX', { id: 'in-goes' })
  put('INBOX', { id: 'in-moves' }, ['\\Seen'])
  put('Projekte', { id: 'p-1' }, ['\\Draft'])
  put('Projekte', { id: 'p-large', bytes: 330_000 }, ['\\Flagged'])
  put('Projekte', { id: 'p-too-large', bytes: 1_100_000 })
  put('Projekte/Größe', { id: null, body: 'One without a name.\r\n' })
  put('Projekte/Größe', { id: null, body: 'Another without a name.\r\n' }, ['\\Seen'])
  put('Gesendet', { id: 's-1' }, ['\\Seen'])
  put('Gesendet', { id: 'twin' }, ['\\Seen'])
  put('Sent', { id: 's-2' }, ['\\Seen'])
  put('Sent', { id: 'twin' }, ['\\Seen'])
  put('Alt', { id: 'a-1' })
  put('Alt', { id: 'a-2' }, ['\\Flagged'])
}

/** A day later: new mail, changed flags, moved and deleted mail, a folder with another name, an undeleted message. */
export function editMailbox(store: MailStore): void {
  const put = filler(store)
  put('INBOX', { id: 'in-new' }, ['\\Flagged'])
  put('Projekte', { id: 'p-new-large', bytes: 300_000 })
  setFlags(store, 'INBOX', 1, [])
  setFlags(store, 'INBOX', 2, ['\\Seen', '\\Answered'])
  setFlags(store, 'INBOX', 3, ['\\Flagged'])
  setFlags(store, 'INBOX', 7, ['\\Seen'])
  store.removeMessage('INBOX', 8)
  store.moveMessage('INBOX', 9, 'Projekte')
  store.moveMessage('Projekte', 2, 'INBOX')
  store.renameFolder('Alt', 'Älter')
}

/** What the owner of a mailbox of Gmail does besides: labels put on and taken off, by UIDs of All Mail, mail archived and thrown away. */
export function relabelMailbox(store: GmailStore): void {
  store.relabel(1, { add: ['Projekte'] })
  store.relabel(10, { add: ['Projekte/Größe', 'Later'], remove: ['Projekte'] })
  store.relabel(13, { add: ['Neu', 'Neu/Tief'] })
  store.relabel(19, { remove: ['Alt', 'Älter'] })
  store.moveMessage(store.all, 2, store.trash)
}

function setFlags(store: MailStore, folder: string, uid: number, flags: readonly string[]): void {
  store.setFlags(folder, uid, flags)
}

function filler(store: MailStore): (folder: string, what: Letter, flags?: MessageOptions['flags']) => void {
  let count = store.folders().reduce((sum, folder) => sum + folder.messages.length, 0)
  return (folder, what, flags = []) => {
    store.addMessage(folder, letter(what), { flags, internalDate: new Date(Date.UTC(2026, 1, 1) + count++ * DAY_MS) })
  }
}
