import { graphRefusal } from './answers.ts'
import { mailboxAt, mailboxOf, userOf } from './address-book.ts'
import { param, type GraphCall } from './graph-call.ts'
import { storeOf } from './mailbox.ts'
import { textOf } from './props.ts'
import type { Folder, MailStore, Message } from '../simulator/mail-store.ts'
import type { ExchangeObject } from './state.ts'

/** The mailbox that a route names. Until it is ready for Graph it is "not enabled". */
export function openMailbox(call: GraphCall): { readonly mailbox: ExchangeObject; readonly store: MailStore } {
  const { world } = call
  const user = userOf(world, param(call, 'id'))
  const mailbox = user === undefined ? mailboxAt(world, param(call, 'id')) : mailboxOf(world, user.id)
  if (user === undefined && mailbox === undefined)
    throw graphRefusal(404, 'ErrorInvalidUser', `The requested user '${param(call, 'id')}' is invalid.`)
  if (mailbox === undefined || (mailbox.times['restAt'] ?? 0) > world.now())
    throw graphRefusal(404, 'MailboxNotEnabledForRESTAPI', 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.')
  return { mailbox, store: storeOf(world, mailbox) }
}

/** Where each well-known folder of Graph is, whatever it is called. Folder ids count from 1 in the order they are made. */
const WELL_KNOWN: Readonly<Record<string, number>> = {
  inbox: 1,
  drafts: 2,
  sentitems: 3,
  deleteditems: 4,
  junkemail: 5,
  archive: 6,
  outbox: 7,
  conversationhistory: 13,
}
/** Folders that Graph does not list as mail folders. */
const NOT_MAIL = new Set([8, 9, 10, 11, 12, 14].map((n) => `folder-${n}`))
export const ROOT = 'msgfolderroot'

export function isWellKnown(folder: Folder): boolean {
  return Object.values(WELL_KNOWN).some((n) => folder.id === `folder-${n}`)
}

/** Whether Graph shows it: only mail, and not what an IMAP client made where the class of such folders is `IPF.Imap`. */
export function isMailFolder(mailbox: ExchangeObject, folder: Folder): boolean {
  return (
    !NOT_MAIL.has(folder.id) && folder.kind !== 'unlisted' && (isWellKnown(folder) || classOf(mailbox, folder, 'IPF.Note') !== 'IPF.Imap')
  )
}

/** Container class; folders made by Graph or by Exchange itself are remembered in `times`, others have the class `ofOthers`. */
export function classOf(mailbox: ExchangeObject, folder: Folder, ofOthers: string): string {
  if (isWellKnown(folder)) return 'IPF.Note'
  if (NOT_MAIL.has(folder.id)) return NON_MAIL_CLASS[folder.id] ?? 'IPF.Note'
  return mailbox.times[`note ${folder.id}`] === undefined ? ofOthers : 'IPF.Note'
}

const NON_MAIL_CLASS: Readonly<Record<string, string>> = {
  'folder-8': 'IPF.StickyNote',
  'folder-9': 'IPF.Appointment',
  'folder-10': 'IPF.Contact',
  'folder-11': 'IPF.Task',
  'folder-12': 'IPF.Journal',
}

const PREFIX = 'AAMkAGI2'

export function folderId(mailbox: ExchangeObject, folder: Folder | null): string {
  return `${PREFIX}${Buffer.from(`${mailbox.guid}|${folder?.id ?? ROOT}`).toString('base64url')}`
}

export function messageId(mailbox: ExchangeObject, folder: Folder, message: Message): string {
  return `${PREFIX}${Buffer.from(`${mailbox.guid}|${folder.id}|${message.uid}`).toString('base64url')}`
}

/** The parts of an id that this mailbox gave out; null for any other text. */
export function readId(mailbox: ExchangeObject, id: string): { readonly folder: string; readonly uid: number | null } | null {
  if (!id.startsWith(PREFIX)) return null
  const [guid, folder = '', uid] = Buffer.from(id.slice(PREFIX.length), 'base64url').toString().split('|')
  return guid === mailbox.guid ? { folder, uid: uid === undefined ? null : Number(uid) } : null
}

/** The folder that a route names by id or well-known name; null is the root of all folders. */
export function folderAt(mailbox: ExchangeObject, store: MailStore, name: string, ofImap: string): Folder | null {
  const known = WELL_KNOWN[name.toLowerCase()]
  const id = known === undefined ? readId(mailbox, name)?.folder : `folder-${known}`
  if (name.toLowerCase() === ROOT || id === ROOT) return null
  const folder = store.folders().find((one) => one.id === id)
  if (folder === undefined || (ofImap === 'IPF.Imap' && classOf(mailbox, folder, ofImap) === 'IPF.Imap'))
    throw graphRefusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
  return folder
}

/** The name below its parent. */
export function leafOf(store: MailStore, folder: Folder): string {
  const leaf = folder.name.slice(folder.name.lastIndexOf(store.separator) + 1)
  return leaf === 'INBOX' ? 'Inbox' : leaf
}

export function parentOf(store: MailStore, folder: Folder): Folder | null {
  const at = folder.name.lastIndexOf(store.separator)
  return at < 0 ? null : (store.folder(folder.name.slice(0, at)) ?? null)
}

export function addressOf(mailbox: ExchangeObject): string {
  return textOf(mailbox.props['PrimarySmtpAddress'])
}
