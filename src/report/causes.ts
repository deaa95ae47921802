import type { Language } from './document.ts'
import { CAUSES_DE, CAUSES_ES } from './causes-de-es.ts'
import { CAUSES_FR, CAUSES_RU } from './causes-fr-ru.ts'

/** Why a thing was not copied, and what helps, for people who did not build it. */
export type Cause = { readonly cause: string; readonly remedy: string }

/** Kinds of causes: what a person can do is the same for all codes of a kind. */
const EN = {
  'too-large': {
    cause: 'The message is larger than the new system accepts.',
    remedy: 'We hand it over as a file; the attachments can be put into OneDrive or on a share.',
  },
  refused: {
    cause: 'The new system does not accept this message in its form.',
    remedy: 'We hand it over as a file that can be opened in Outlook.',
  },
  infected: {
    cause: 'The new system found a virus in this message.',
    remedy: 'Leave it behind, or have it looked at by whoever is responsible for security.',
  },
  unreadable: {
    cause: 'The old server lists this message but does not hand it out.',
    remedy: 'Look for it in a backup of the old server, or accept the loss: the old mailbox cannot show it either.',
  },
  placeholder: {
    cause: 'The old server hands out a stand-in in place of the message.',
    remedy: 'Have the original brought back from the archive of the old system; it is copied with the next pass.',
  },
  vanished: { cause: 'It was deleted at the old side while the copy ran.', remedy: 'Nothing to do.' },
  doubtful: {
    cause: 'It could not be told whether this message had arrived.',
    remedy: 'We look at the new mailbox by hand, then copy it again if it is not there.',
  },
  deleted: { cause: 'It was marked as deleted at the old side.', remedy: 'Nothing to do, or tell us if such messages are wanted.' },
  'already-there': { cause: 'It stands there already.', remedy: 'Nothing to do.' },
  'folder-data': { cause: 'It is no mail but data of the old server.', remedy: 'Nothing to do.' },
  'folder-closed': {
    cause: 'The old server does not open this folder.',
    remedy: 'Grant the right to read it, or have the folder repaired there.',
  },
  'folder-gone': { cause: 'The folder is no longer there.', remedy: 'Nothing to do: the next pass looks again.' },
  'folder-name': { cause: 'The new system does not accept the name of this folder.', remedy: 'Rename it at the old side.' },
  'many-deletions': {
    cause: 'Unusually many messages were deleted at the old side.',
    remedy: 'Say whether that was on purpose; we hold the deletions back until then.',
  },
  'sign-in': { cause: 'The old mailbox could not be opened with this login.', remedy: 'Check login and password of this mailbox.' },
  locked: {
    cause: 'The account is locked, or access by IMAP is switched off for it.',
    remedy: 'Unlock the account or switch IMAP on in the old system.',
  },
  rights: { cause: 'The right to read this mailbox is missing.', remedy: 'Grant it in the old system; it may take some time to work.' },
  full: { cause: 'The new mailbox is full.', remedy: 'Give it more room, or another licence.' },
  'not-ready': {
    cause: 'The new mailbox cannot be opened yet.',
    remedy: 'Check licence and permissions; a new mailbox takes some time to be ready.',
  },
  network: {
    cause: 'The server could not be reached, or broke off again and again.',
    remedy: 'We try again; if that does not help, the network or the server has to be looked at.',
  },
  slowed: { cause: 'A server asked us to slow down.', remedy: 'Nothing to do: it goes on by itself.' },
  stopped: { cause: 'The copy was stopped.', remedy: 'It goes on with the next run.' },
  other: { cause: 'It could not be carried over.', remedy: 'We look at it; the code says what happened.' },
} as const satisfies Readonly<Record<string, Cause>>

export type CauseKind = keyof typeof EN
export type Causes = Readonly<Record<CauseKind, Cause>>

const CAUSES: Readonly<Record<Language, Causes>> = { en: EN, de: CAUSES_DE, fr: CAUSES_FR, es: CAUSES_ES, ru: CAUSES_RU }

const KINDS: Readonly<Record<string, CauseKind>> = {
  'message-too-large': 'too-large',
  'message-refused': 'refused',
  'message-infected': 'infected',
  'message-unreadable': 'unreadable',
  'message-placeholder': 'placeholder',
  'message-vanished': 'vanished',
  'message-in-doubt': 'doubtful',
  'deleted-flag': 'deleted',
  'already-there': 'already-there',
  'folder-data': 'folder-data',
  'folder-refused': 'folder-closed',
  'folder-vanished': 'folder-gone',
  'folder-name-refused': 'folder-name',
  'deletion-guard': 'many-deletions',
  'auth-rejected': 'sign-in',
  'access-rejected': 'sign-in',
  'login-held': 'sign-in',
  'app-password-needed': 'sign-in',
  'auth-unsupported': 'sign-in',
  'token-rejected': 'sign-in',
  'token-expired': 'sign-in',
  'account-locked': 'locked',
  'imap-disabled': 'locked',
  'mailbox-unknown': 'rights',
  'grant-pending': 'rights',
  'no-rights': 'rights',
  'permission-missing': 'rights',
  'role-missing': 'rights',
  'quota-full': 'full',
  'mailbox-not-connected': 'not-ready',
  'licence-short': 'not-ready',
  'host-unknown': 'network',
  'connection-refused': 'network',
  'connection-lost': 'network',
  'connection-timeout': 'network',
  'server-unavailable': 'network',
  protocol: 'network',
  throttled: 'slowed',
  'allowance-used': 'slowed',
  'too-many-connections': 'slowed',
  stopped: 'stopped',
  'mailbox-leased': 'stopped',
}

/** Codes of which there is nothing to be done: they are no open point of anybody. */
const SETTLED: ReadonlySet<CauseKind> = new Set(['vanished', 'deleted', 'already-there', 'folder-data', 'folder-gone', 'slowed'])

export function kindOfCode(code: string): CauseKind {
  return KINDS[code] ?? 'other'
}

/** What a code means to a person, in their language; a code that nobody has words for is told as such. */
export function causeOf(code: string, language: Language): Cause {
  return CAUSES[language][kindOfCode(code)]
}

export function isSettled(code: string): boolean {
  return SETTLED.has(kindOfCode(code))
}
