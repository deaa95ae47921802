import { inboxKey } from './mail-store.ts'
import type { Personality, Refusal } from './personality.ts'

const CAPABILITIES =
  'IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE ACL ACL2=UNION ENABLE UTF8=ACCEPT'

const WORDS: Readonly<Record<Refusal, (detail: string) => string>> = {
  'unknown-command': () => 'NO Error in IMAP command received by server.',
  syntax: () => 'NO Error in IMAP command received by server.',
  'wrong-state': () => 'NO Error in IMAP command received by server.',
  'line-too-long': () => 'NO Error in IMAP command received by server.',
  'no-folder': () => 'NO Unable to open this mailbox.',
  'no-folder-append': () => 'NO [TRYCREATE] Must create mailbox before append',
  'folder-exists': () => 'NO Cannot create this folder.',
  'folder-reserved': () => 'NO Invalid mailbox name.',
  'folder-default': () => 'NO INBOX cannot be removed.',
  'folder-name': () => 'NO Invalid mailbox name.',
  login: () => 'NO Login failed.',
  'too-large': () => 'NO [ALERT] Message too large.',
  'bad-keyword': () => 'NO Error in IMAP command received by server.',
  'not-supported': () => 'NO Error in IMAP command received by server.',
  'read-only': () => 'NO Current box is selected READONLY.',
  quota: () => 'NO [ALERT] You exceeded your mail quota.',
  'refused-content': () => 'NO Message refused: virus found',
}

/** Courier-IMAP: old style, few extensions, everything below `INBOX.`; wrong commands get NO rather than BAD. */
export const courier: Personality = {
  name: 'courier',
  separator: '.',
  prefix: 'INBOX.',
  greeting:
    `OK [CAPABILITY ${CAPABILITIES}] Courier-IMAP ready. Copyright 1998-2022 Double Precision, Inc.  ` +
    'See COPYING for distribution information.',
  bye: 'BYE Courier-IMAP server shutting down',
  id: null,
  preLogin: CAPABILITIES.split(' '),
  postLogin: CAPABILITIES.split(' '),
  namespace: '(("INBOX." ".")) NIL (("#shared." ".")("shared." "."))',
  mechanisms: ['PLAIN', 'LOGIN'],
  login: true,
  unknownVerbs: new Set(['ID', 'UNSELECT', 'MOVE', 'UID MOVE', 'COMPRESS', 'GETMETADATA']),
  keywords: true,
  knownKeywords: [],
  maxLineBytes: 16384,
  literalLineLimitBytes: null,
  continuation: 'OK',
  maxErrors: null,
  zoneMinutes: -300,
  uidNextOnExamine: false,
  unstableUidValidity: true,
  reservedNames: new Set(),
  trimsNames: false,
  flagsInListAlways: true,
  done: (verb) => (verb === 'LOGIN' || verb === 'SELECT' || verb === 'EXAMINE' ? 'Ok' : `${verb} completed`),
  refuse: (why, detail) => WORDS[why](detail),
  nameKey: inboxKey,
  objection: () => null,
  render: (message) => message.content.bytes(),
  sizeOf: (message) => message.content.sizeBytes,
}
