import { defaultFolders, type Language } from './exchange-mailbox.ts'
import type { MailStore, Message } from './mail-store.ts'

const SYNC_ISSUES: Readonly<Record<Language, string>> = {
  en: 'Sync Issues',
  de: 'Synchronisierungsprobleme',
  fr: 'Problèmes de synchronisation',
  nl: 'Synchronisatieproblemen',
}
/** Marks what is no message but an item of another kind. */
const MARK = 'X-Simulated-Item: '

/**
 * The folders that an Exchange mailbox lists beside mail, with items in them, and what makes it hard to read: a message that it
 * cannot convert, and a folder with "/" in its name, which it does not list.
 */
export function furnishOnPremises(store: MailStore, language: Language): void {
  store.createFolder('INBOX', { subscribed: true })
  const others = defaultFolders(language).filter(({ kind }) => kind === 'other')
  for (const { name } of others) store.createFolder(name, { kind: 'other' })
  const sync = SYNC_ISSUES[language]
  for (const name of [sync, `${sync}/Conflicts`, 'Files']) store.createFolder(name, { kind: 'other' })
  const calendar = defaultFolders(language).find(({ role }) => role === 'Calendar')?.name ?? 'Calendar'
  store.createFolder(`${calendar}/Holidays`, { kind: 'other' })
  const when = new Date('2026-03-05T06:08:09Z')
  for (let at = 1; at <= 3; at++) store.addMessage(calendar, item('appointment', `Meeting ${at}`), { internalDate: when })
  store.addMessage('INBOX', item('damaged', 'Quarterly figures'), { internalDate: when, flags: ['\\Seen'] })
  store.addMessage('INBOX', item('unconvertible', 'Voting'), { internalDate: when, flags: ['\\Seen'] })
  // Its real name is "Offers/Bids": the separator in a name keeps the folder out of every listing.
  store.createFolder('Offers\u2215Bids', { kind: 'unlisted' })
  store.addMessage('Offers\u2215Bids', Buffer.from('Subject: Nobody sees this\r\n\r\nBy IMAP.\r\n'), { internalDate: when })
}

function item(kind: string, subject: string): Buffer {
  return Buffer.from(`${MARK}${kind}\r\nSubject: ${subject}\r\nMessage-ID: <${kind}@example.test>\r\n\r\nAn item.\r\n`)
}

/** What an item is that has no MIME form; null for a message. */
export function itemKind({ content }: Message): string | null {
  if (content.sizeBytes > 500) return null
  const text = content.bytes().toString('latin1')
  return text.startsWith(MARK) ? text.slice(MARK.length, text.indexOf('\r\n')) : null
}

/** What Exchange hands out in place of an item that it cannot convert. */
export function unconvertible({ uid }: Message): Buffer {
  return Buffer.from(
    `From: "Microsoft Exchange Server 2016"\r\nTo: "Anna" <anna@old.example.test>\r\n` +
      `Subject: Retrieval using the IMAP4 protocol failed for the following message: ${uid}\r\n` +
      `Date: Thu, 5 Mar 2026 06:08:09 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset="us-ascii"\r\n\r\n` +
      `The server couldn't retrieve the following message:\r\n\r\nSubject: ""\r\nFrom: ""\r\n\r\nThe message hasn't been deleted.\r\n`,
  )
}
