import type { ListedFolder } from '../model/folder.ts'
import type { SpecialUse } from '../model/special-use.ts'

const FOLDERS: readonly (readonly [string, SpecialUse | null])[] = [
  ['INBOX', 'inbox'],
  ['Archive', 'archive'],
  ['Calendar', null],
  ['Contacts', null],
  ['Conversation History', null],
  ['Deleted Items', 'trash'],
  ['Drafts', 'drafts'],
  ['Journal', null],
  ['Junk Email', 'junk'],
  ['Notes', null],
  ['Outbox', null],
  ['Sent Items', 'sent'],
  ['Tasks', null],
]

/** The folders of a mailbox of Exchange Online that nobody has used yet, in English: for a look before it exists. */
export const ASSUMED_DESTINATION: readonly ListedFolder[] = FOLDERS.map(([name, specialUse]) => ({
  name,
  path: [name],
  separator: '/',
  attributes: [],
  specialUse,
  selectable: true,
  status: null,
}))
