import { renderMessage } from './exchange-render.ts'
import type { Message } from './mail-store.ts'
import { parseEntity, type Entity } from './mime-tree.ts'
import type { Personality, Refusal } from './personality.ts'

/** Which form of the fleet answers: see §2.11 of Exchange's IMAP4rev2 rollout of 2026. */
export type ExchangeProfile = 'classic' | 'logindisabled' | 'rev2partial'

const FRONT_END = 'AM6PR0102CA0021.eurprd01.prod.exchangelabs.example.test'
const CLASSIC = 'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+'
const LOGIN_DISABLED = 'IMAP4 IMAP4rev1 AUTH=XOAUTH2 LOGINDISABLED SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+'
const AFTER =
  'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CLIENTACCESSRULES CLIENTNETWORKPRESENCELOCATION ' +
  'BACKENDAUTHENTICATE CHILDREN IDLE NAMESPACE LITERAL+'
const AFTER_REV2 =
  'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT ENABLE IMAP4rev2 CLIENTACCESSRULES ' +
  'CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE BACKENDAUTHENTICATE-IR CHILDREN IDLE NAMESPACE LITERAL+'

/** Names that CREATE refuses; lower case. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['files', 'recoverable items', 'audits', 'calendar logging'])

const WORDS: Readonly<Record<Refusal, (detail: string) => string>> = {
  'unknown-command': () => 'BAD Command Error. 12',
  syntax: () => 'BAD Command Argument Error. 12',
  'wrong-state': () => 'BAD Command received in Invalid state.',
  'line-too-long': () => 'BAD Command Error. 10',
  'no-folder': (name) => `NO ${name} doesn't exist.`,
  'no-folder-append': (name) => `NO ${name} doesn't exist.`,
  'folder-exists': () => 'NO Mailbox already exists',
  'folder-reserved': () => 'NO Folder name is reserved',
  'folder-default': () => 'NO Default folders cannot be changed.',
  'folder-name': () => 'BAD Command Argument Error. 11',
  login: () => 'NO LOGIN failed.',
  'too-large': () => 'NO Maximum size of appendable message has been exceeded',
  'bad-keyword': () => 'BAD Command Argument Error. 11',
  'not-supported': () => 'BAD Command Argument Error. 11',
  'read-only': () => 'NO Folder is read-only.',
  quota: () => 'NO Server Unavailable. 15',
  'refused-content': () => 'NO Message could not be stored: virus found.',
}

/**
 * Exchange Online as its clients' logs show it. Reading gives the message back as rebuilt MIME, and RFC822.SIZE is an
 * estimate. Its default folders belong to the mailbox, see `exchange-mailbox.ts`.
 */
export function exchangeOnline(profile: ExchangeProfile = 'classic'): Personality {
  return {
    name: 'exchange-online',
    separator: '/',
    prefix: '',
    greeting: `OK The Microsoft Exchange IMAP4 service is ready. [${Buffer.from(FRONT_END, 'utf16le').toString('base64')}]`,
    bye: 'BYE Microsoft Exchange Server IMAP4 server signing off.',
    id: '("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.20")',
    preLogin: (profile === 'classic' ? CLASSIC : LOGIN_DISABLED).split(' '),
    postLogin: (profile === 'rev2partial' ? AFTER_REV2 : AFTER).split(' '),
    namespace: '(("" "/")) NIL NIL',
    mechanisms: ['XOAUTH2'],
    login: false,
    unknownVerbs: new Set([
      'COMPRESS',
      'GETQUOTAROOT',
      'GETQUOTA',
      'SORT',
      'UID SORT',
      'THREAD',
      'UID THREAD',
      'GETMETADATA',
      ...(profile === 'rev2partial' ? ['LSUB'] : ['ENABLE']),
    ]),
    keywords: false,
    knownKeywords: ['$MDNSent'],
    maxLineBytes: 10_240,
    literalLineLimitBytes: 10_240,
    continuation: 'Ready for additional command text.',
    maxErrors: 10,
    zoneMinutes: 0,
    uidNextOnExamine: true,
    unstableUidValidity: false,
    reservedNames: RESERVED_NAMES,
    trimsNames: true,
    flagsInListAlways: false,
    done: (verb) => `${verb} completed.`,
    refuse: (why, detail) => WORDS[why](detail),
    nameKey: exchangeNameKey,
    objection: undecodableWord,
    render: (message) => renderMessage(message),
    sizeOf: estimatedSize,
  }
}

/** Names that differ by case or Unicode form only are one folder. */
export function exchangeNameKey(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/** Off by up to 3 %, as an estimate over stored properties is; the same each time. */
function estimatedSize(message: Message): number {
  const { sizeBytes } = message.content
  return sizeBytes + Math.floor((sizeBytes * (message.uid % 4)) / 100) + (message.uid % 7)
}

/** A Subject in a charset that nobody knows is refused, also that of an attached message. */
function undecodableWord(bytes: Buffer): Refusal | null {
  if (!bytes.includes('=?')) return null
  return hasUndecodableSubject(parseEntity(bytes, bytes.includes('message/rfc822') ? 0 : 1000)) ? 'not-supported' : null
}

function hasUndecodableSubject(entity: Entity): boolean {
  const subject = entity.fields.find((field) => field.name === 'subject')?.value ?? ''
  for (const [, charset = ''] of subject.matchAll(/=\?([^?*\s]+)(?:\*[^?]*)?\?[BbQq]\?[^?]*\?=/g)) if (!isKnownCharset(charset)) return true
  return entity.children.some(hasUndecodableSubject) || (entity.inner !== null && hasUndecodableSubject(entity.inner))
}

function isKnownCharset(charset: string): boolean {
  try {
    return new TextDecoder(charset).encoding !== ''
  } catch {
    return false
  }
}
