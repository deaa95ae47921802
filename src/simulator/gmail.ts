import { quote } from './command.ts'
import { seedGmail } from './gmail-seed.ts'
import { GmailStore, type GmailNames } from './gmail-store.ts'
import { inboxKey, type MailStore, type Message } from './mail-store.ts'
import { encodeName } from './modified-utf7.ts'
import type { Personality, Refusal } from './personality.ts'

const BEFORE =
  'IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=XOAUTH2 AUTH=PLAIN AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER'
const AFTER =
  'IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE CONDSTORE ESEARCH ' +
  'UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584'

const WORDS: Readonly<Record<Refusal, string>> = {
  'unknown-command': 'BAD Unknown command',
  syntax: 'BAD Could not parse command',
  'wrong-state': 'BAD Command not allowed in this state',
  'line-too-long': 'BAD Command line too long',
  'no-folder': 'NO [NONEXISTENT] Unknown Mailbox: (Failure)',
  'no-folder-append': 'NO [TRYCREATE] No folder (Failure)',
  'folder-exists': 'NO [ALREADYEXISTS] Duplicate folder name (Failure)',
  'folder-reserved': 'NO [CANNOT] Invalid folder name (Failure)',
  'folder-default': 'NO [CANNOT] Cannot change a system folder (Failure)',
  'folder-name': 'NO [CANNOT] Invalid folder name (Failure)',
  login: 'NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)',
  'too-large': 'NO [TOOBIG] Message too large (Failure)',
  'bad-keyword': 'BAD Could not parse command',
  'not-supported': 'BAD Could not parse command',
  'read-only': 'NO [READ-ONLY] Folder is read-only (Failure)',
  quota: 'NO [OVERQUOTA] Account exceeded its storage quota (Failure)',
  'refused-content': 'NO [CANNOT] Message refused: virus found (Failure)',
}

const ENGLISH: GmailNames = {
  container: '[Gmail]',
  all: 'All Mail',
  drafts: 'Drafts',
  important: 'Important',
  sent: 'Sent Mail',
  spam: 'Spam',
  starred: 'Starred',
  trash: 'Trash',
}

/** The n-th mailbox speaks the n-th of these. */
const LANGUAGES: readonly GmailNames[] = [
  ENGLISH,
  {
    container: '[Google Mail]',
    all: 'Alle Nachrichten',
    drafts: 'Entwürfe',
    important: 'Wichtig',
    sent: 'Gesendet',
    spam: 'Spam',
    starred: 'Markiert',
    trash: 'Papierkorb',
  },
  {
    container: '[Gmail]',
    all: 'Todos',
    drafts: 'Borradores',
    important: 'Importantes',
    sent: 'Enviados',
    spam: 'Spam',
    starred: 'Destacados',
    trash: 'Papelera',
  },
  {
    container: '[Gmail]',
    all: 'すべてのメール',
    drafts: '下書き',
    important: '重要',
    sent: '送信済みメール',
    spam: '迷惑メール',
    starred: 'スター付き',
    trash: 'ゴミ箱',
  },
]

export function gmailStore(mailbox = 0): GmailStore {
  return new GmailStore(LANGUAGES[mailbox % LANGUAGES.length] ?? ENGLISH)
}

/** Gmail: labels shown as folders, every message once more in All Mail, names in the user's language. */
export const gmail: Personality = {
  name: 'gmail',
  separator: '/',
  prefix: '',
  greeting: 'OK Gimap ready for requests from 127.0.0.1 n3mb12345678',
  bye: 'BYE LOGOUT Requested',
  id: '("name" "GImap" "vendor" "Google, Inc." "support-url" "https://support.google.com/mail" "version" "gmail_imap")',
  preLogin: BEFORE.split(' '),
  postLogin: AFTER.split(' '),
  namespace: '(("" "/")) NIL NIL',
  mechanisms: ['PLAIN', 'XOAUTH2'],
  login: true,
  unknownVerbs: new Set(['GETMETADATA', 'GETACL', 'MYRIGHTS']),
  keywords: true,
  knownKeywords: ['$NotPhishing', '$Phishing'],
  maxLineBytes: 16_384,
  literalLineLimitBytes: null,
  continuation: 'go ahead',
  maxErrors: null,
  zoneMinutes: 0,
  uidNextOnExamine: true,
  unstableUidValidity: false,
  reservedNames: new Set(['[gmail]', '[google mail]']),
  trimsNames: false,
  flagsInListAlways: true,
  done: () => 'Success',
  refuse: (why) => WORDS[why],
  nameKey: inboxKey,
  objection: () => null,
  render: (message) => message.content.bytes(),
  sizeOf: (message) => message.content.sizeBytes,
  oddities: {
    makeStore: gmailStore,
    seed: (store, options) => {
      if (store instanceof GmailStore) seedGmail(store, options)
    },
    tellsCapabilities: 'apart',
    textlessModseq: true,
    tooManyConnections: 'NO [ALERT] Too many simultaneous connections. (Failure)',
    fetchItems: new Set(['X-GM-MSGID', 'X-GM-THRID', 'X-GM-LABELS']),
    fetchItem,
  },
}

function fetchItem(store: MailStore, folder: string, message: Message, word: string): string {
  if (!(store instanceof GmailStore)) return `${word} NIL`
  if (word !== 'X-GM-LABELS') return `${word} ${store.idOf(message)}`
  return `X-GM-LABELS (${store.labelsShown(message, folder).map(labelText).join(' ')})`
}

/** System labels are quoted, as their backslash demands; others only where they must be. */
function labelText(label: string): string {
  const wire = label.startsWith('\\') ? label : encodeName(label)
  return /^[^ (){%*"\\\]]+$/.test(wire) ? wire : quote(wire)
}
