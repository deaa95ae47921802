import type { ListedFolder } from '../model/folder.ts'
import type { SpecialUse } from '../model/special-use.ts'
import type { NameRules } from './rules.ts'

type More = { readonly use?: SpecialUse; readonly messages?: number; readonly container?: boolean; readonly separator?: string }

/** A folder as a server would list it, for tests. The name is cut at the separator. */
export function listed(name: string, more: More = {}): ListedFolder {
  const separator = more.separator ?? '/'
  const messages = more.messages ?? 1
  return {
    name,
    path: name.split(separator),
    separator,
    attributes: [],
    specialUse: more.use ?? null,
    selectable: !(more.container ?? false),
    status: more.container ? null : { messages, uidValidity: '1', uidNext: messages + 1, highestModseq: null, sizeBytes: null },
  }
}

/** The rules of Exchange Online, and of a plain IMAP server. */
export const EXCHANGE: NameRules = {
  separator: '/',
  caseInsensitiveNames: true,
  trimsNames: true,
  reservedNames: new Set(['files', 'calendar', 'contacts', 'tasks', 'notes', 'journal', 'outbox', 'sync issues', 'conversation history']),
  maxNameUnits: 250,
  maxDepth: 250,
}
export const PLAIN: NameRules = {
  separator: '.',
  caseInsensitiveNames: false,
  trimsNames: false,
  reservedNames: new Set(),
  maxNameUnits: 200,
  maxDepth: 60,
}

/** What a mailbox of Exchange Online lists before anything was copied to it. */
export const ENGLISH_MAILBOX: readonly ListedFolder[] = [
  listed('INBOX', { use: 'inbox' }),
  listed('Drafts', { use: 'drafts' }),
  listed('Sent Items', { use: 'sent' }),
  listed('Deleted Items', { use: 'trash' }),
  listed('Junk Email', { use: 'junk' }),
  listed('Archive'),
  listed('Calendar'),
  listed('Contacts'),
  listed('Notes'),
  listed('Outbox'),
]
