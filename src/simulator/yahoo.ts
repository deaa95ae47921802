import { inboxKey, type Message } from './mail-store.ts'
import type { Personality, Refusal } from './personality.ts'

const BEFORE = 'IMAP4rev1 ID NAMESPACE AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER SASL-IR LITERAL+'
const AFTER =
  'IMAP4rev1 ID MOVE NAMESPACE UIDPLUS LITERAL+ CHILDREN UNSELECT ENABLE IDLE SPECIAL-USE OBJECTID CONDSTORE QRESYNC UIDONLY PARTIAL ' +
  'MESSAGELIMIT=1000 APPENDLIMIT=41697280'
/** A message with this line is listed and cannot be handed out. */
const BROKEN = 'X-Simulated-Storage-Error: yes'

const WORDS: Readonly<Record<Refusal, string>> = {
  'unknown-command': 'BAD [CLIENTBUG] Command not recognized',
  syntax: 'BAD [CLIENTBUG] Invalid arguments',
  'wrong-state': 'BAD [CLIENTBUG] Command not valid in this state',
  'line-too-long': 'BAD [CLIENTBUG] Command line too long',
  'no-folder': 'NO [NONEXISTENT] Mailbox does not exist',
  'no-folder-append': 'NO [TRYCREATE] Mailbox does not exist',
  'folder-exists': 'NO [ALREADYEXISTS] Mailbox already exists',
  'folder-reserved': 'NO [CANNOT] Invalid mailbox name',
  'folder-default': 'NO [CANNOT] System folder',
  'folder-name': 'NO [CANNOT] Invalid mailbox name',
  login: 'NO [AUTHENTICATIONFAILED] Invalid credentials',
  'too-large': 'NO [LIMIT] Message too large',
  'bad-keyword': 'BAD [CLIENTBUG] Invalid flag',
  'not-supported': 'BAD [CLIENTBUG] Unsupported arguments',
  'read-only': 'NO [READ-ONLY] Mailbox is read-only',
  quota: 'NO [OVERQUOTA] Mailbox is full',
  'refused-content': 'NO [CANNOT] Message refused',
}

/**
 * Yahoo Mail: no command is carried out for more than 1,000 messages, a folder shows its newest 10,000 only unless UIDONLY is
 * enabled, single messages cannot be fetched, and what has no line end comes as a quoted string.
 */
export const yahoo: Personality = {
  name: 'yahoo',
  separator: '/',
  prefix: '',
  greeting: `OK [CAPABILITY ${BEFORE}] IMAP4rev1 Hello`,
  bye: 'BYE IMAP4rev1 Server logging out',
  id: '("name" "Y!IMAP" "vendor" "Yahoo! Inc." "support-url" "http://help.example.test/mail/" "version" "1.5")',
  preLogin: BEFORE.split(' '),
  postLogin: AFTER.split(' '),
  namespace: '(("" "/")) NIL NIL',
  mechanisms: ['PLAIN', 'XOAUTH2'],
  login: true,
  unknownVerbs: new Set(['GETQUOTAROOT', 'GETQUOTA', 'GETMETADATA', 'COMPRESS', 'GETACL', 'MYRIGHTS']),
  keywords: true,
  knownKeywords: ['$Forwarded', '$Junk', '$NotJunk'],
  maxLineBytes: 16_384,
  literalLineLimitBytes: null,
  continuation: 'Ready for literal data',
  maxErrors: null,
  zoneMinutes: 0,
  uidNextOnExamine: true,
  unstableUidValidity: false,
  reservedNames: new Set(),
  trimsNames: false,
  flagsInListAlways: true,
  done: (verb) => `${verb} completed`,
  refuse: (why) => WORDS[why],
  nameKey: inboxKey,
  objection: () => null,
  render: (message) => message.content.bytes(),
  sizeOf: (message) => message.content.sizeBytes,
  oddities: {
    inboxName: 'Inbox',
    specialNames: () => ({ '\\Drafts': 'Draft', '\\Sent': 'Sent', '\\Trash': 'Trash', '\\Junk': 'Bulk Mail', '\\Archive': 'Archive' }),
    messageLimit: 1000,
    windowMessages: 10_000,
    quotesShortBodies: true,
    failsFetch: (message) => (cannotBeRead(message) ? 'NO FETCH Server error while fetching messages' : null),
    furnish: (store) => {
      store.createFolder('Inbox', { subscribed: true })
      store.addMessage('Inbox', Buffer.from(`${BROKEN}\r\nSubject: Lost in the store\r\n\r\nGone.\r\n`), {
        internalDate: new Date('2019-03-05T06:08:09Z'),
        flags: ['\\Seen'],
      })
    },
  },
}

function cannotBeRead({ content }: Message): boolean {
  return content.sizeBytes < 200 && content.bytes().toString('latin1').startsWith(BROKEN)
}
