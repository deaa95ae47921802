import { inboxKey, type Message } from './mail-store.ts'
import type { Personality, Refusal } from './personality.ts'

const CAPABILITIES = 'IMAP4rev1 AUTH=PLAIN LITERAL+ NAMESPACE QUOTA UIDPLUS'
/** What stands behind the @ of a Message-ID from one access to the next. */
const DOMAINS = ['notes.example.test', 'LocalDomain', null]

const WORDS: Readonly<Record<Refusal, string>> = {
  'unknown-command': 'BAD Unknown command',
  syntax: 'BAD Command syntax error',
  'wrong-state': 'BAD Command not allowed in this state',
  'line-too-long': 'BAD Command line too long',
  'no-folder': "NO Folder doesn't exist",
  'no-folder-append': "NO [TRYCREATE] Folder doesn't exist",
  'folder-exists': 'NO Folder already exists',
  'folder-reserved': 'NO Invalid folder name',
  'folder-default': 'NO System folders cannot be changed',
  'folder-name': 'NO Invalid folder name',
  login: 'NO Login failed: invalid user name or password',
  'too-large': 'NO Message exceeds the limit',
  'bad-keyword': 'BAD Invalid flag',
  'not-supported': 'BAD Unsupported arguments',
  'read-only': 'NO Folder is read-only',
  quota: 'NO Database has exceeded its quota',
  'refused-content': 'NO Message refused',
}

/**
 * HCL Domino: folders are joined by a backslash, INBOX has no children, some messages have no date of arrival, ENVELOPE has a pair of
 * parentheses too many, and the domain of a Message-ID changes from one access to the next.
 */
export const domino: Personality = {
  name: 'domino',
  separator: '\\',
  prefix: '',
  greeting: 'OK Domino IMAP4 Server Release 9.0.1FP10 ready Sun, 22 Nov 2026 10:00:00 +0100',
  bye: 'BYE Server logging out',
  id: null,
  preLogin: CAPABILITIES.split(' '),
  postLogin: CAPABILITIES.split(' '),
  namespace: '(("" "\\\\")) NIL NIL',
  mechanisms: ['PLAIN'],
  login: true,
  unknownVerbs: new Set(['ID', 'ENABLE', 'UNSELECT', 'MOVE', 'UID MOVE', 'COMPRESS', 'GETMETADATA', 'GETACL', 'MYRIGHTS', 'IDLE']),
  keywords: false,
  knownKeywords: [],
  maxLineBytes: 16_384,
  literalLineLimitBytes: null,
  continuation: 'Ready for data',
  maxErrors: null,
  zoneMinutes: 60,
  uidNextOnExamine: true,
  unstableUidValidity: false,
  reservedNames: new Set(),
  trimsNames: false,
  flagsInListAlways: true,
  done: (verb) => `${verb} completed`,
  refuse: (why) => WORDS[why],
  nameKey: inboxKey,
  objection: () => null,
  render: (message, access = 0) => withOtherDomain(message.content.bytes(), DOMAINS[access % DOMAINS.length] ?? null),
  sizeOf: (message) => message.content.sizeBytes,
  oddities: {
    hidesSpecialUse: true,
    childlessInbox: true,
    doublesEnvelope: true,
    noDateSearch: true,
    internalDate: (message) => (hasNoDate(message) ? '00-Jan-0000 00:00:00 +0000' : null),
  },
}

/** Every fourth message, wherever it stands. */
export function hasNoDate({ content }: Message): boolean {
  return content.sizeBytes % 4 === 2
}

function withOtherDomain(bytes: Buffer, domain: string | null): Buffer {
  const end = bytes.indexOf('\r\n\r\n')
  const header = bytes.toString('latin1', 0, end < 0 ? bytes.length : end)
  const other = header.replace(
    /^(message-id:\s*<[^@>\r\n]*)@[^>\r\n]*>/im,
    (_, id: string) => `${id}${domain === null ? '' : `@${domain}`}>`,
  )
  return other === header ? bytes : Buffer.concat([Buffer.from(other, 'latin1'), bytes.subarray(header.length)])
}
