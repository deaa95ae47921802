import { inboxKey } from './mail-store.ts'
import type { Personality, Refusal } from './personality.ts'

const BEFORE = ['IMAP4rev1', 'SASL-IR', 'LOGIN-REFERRALS', 'ID', 'ENABLE', 'IDLE', 'LITERAL+', 'AUTH=PLAIN', 'AUTH=LOGIN']
const AFTER =
  'IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE MULTIAPPEND UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED CONDSTORE QRESYNC ' +
  'ESEARCH LIST-STATUS MOVE STATUS=SIZE LITERAL+ SPECIAL-USE COMPRESS=DEFLATE'

const TIMES = '(0.001 + 0.000 secs).'
const WORDS: Readonly<Record<Refusal, (detail: string) => string>> = {
  'unknown-command': () => `BAD Error in IMAP command: Unknown command ${TIMES}`,
  syntax: (detail) => `BAD Error in IMAP command ${detail}: Invalid arguments ${TIMES}`,
  'wrong-state': () => `BAD Error in IMAP command: Command not allowed in this state ${TIMES}`,
  'line-too-long': () => 'BAD Error in IMAP command received by server: Too long argument.',
  'no-folder': (name) => `NO [NONEXISTENT] Mailbox doesn't exist: ${name} ${TIMES}`,
  'no-folder-append': (name) => `NO [TRYCREATE] Mailbox doesn't exist: ${name} ${TIMES}`,
  'folder-exists': () => `NO [ALREADYEXISTS] Mailbox already exists ${TIMES}`,
  'folder-reserved': () => `NO [CANNOT] Invalid mailbox name ${TIMES}`,
  'folder-default': () => `NO [CANNOT] INBOX can't be deleted. ${TIMES}`,
  'folder-name': () => `NO [CANNOT] Invalid mailbox name ${TIMES}`,
  login: () => 'NO [AUTHENTICATIONFAILED] Authentication failed.',
  'too-large': () => `NO [LIMIT] Message size exceeds the limit ${TIMES}`,
  'bad-keyword': () => `BAD Invalid flag ${TIMES}`,
  'not-supported': () => `BAD Error in IMAP command: Unsupported arguments ${TIMES}`,
  'read-only': () => `NO [READ-ONLY] Mailbox is read-only ${TIMES}`,
  quota: () => `NO [OVERQUOTA] Quota exceeded (mailbox for user is full) ${TIMES}`,
  'refused-content': () => `NO [CANNOT] Message refused: virus found ${TIMES}`,
}

/** Dovecot 2.3 as Debian ships it: many extensions, any keyword, separator `/`. */
export const dovecot: Personality = {
  name: 'dovecot',
  separator: '/',
  prefix: '',
  greeting: `OK [CAPABILITY ${BEFORE.join(' ')}] Dovecot (Debian) ready.`,
  bye: 'BYE Logging out',
  id: '("name" "Dovecot")',
  preLogin: BEFORE,
  postLogin: AFTER.split(' '),
  namespace: '(("" "/")) NIL NIL',
  mechanisms: ['PLAIN', 'LOGIN'],
  login: true,
  unknownVerbs: new Set(['GETQUOTAROOT', 'GETQUOTA']),
  keywords: true,
  knownKeywords: ['$Forwarded', '$Junk', 'NonJunk', '$label1'],
  maxLineBytes: 65536,
  literalLineLimitBytes: null,
  continuation: 'OK',
  maxErrors: 20,
  zoneMinutes: 60,
  uidNextOnExamine: true,
  unstableUidValidity: false,
  reservedNames: new Set(),
  trimsNames: false,
  flagsInListAlways: true,
  done: (verb) => `${verb.charAt(0)}${verb.slice(1).toLowerCase()} completed ${TIMES}`,
  refuse: (why, detail) => WORDS[why](detail),
  nameKey: inboxKey,
  objection: () => null,
  // Dovecot hands out NUL as 0x80 in a normal FETCH.
  render: (message) => {
    const bytes = message.content.bytes()
    return bytes.includes(0) ? Buffer.from(bytes.map((byte) => (byte === 0 ? 0x80 : byte))) : bytes
  },
  sizeOf: (message) => message.content.sizeBytes,
}
