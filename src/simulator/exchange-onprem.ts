import { exchangeNameKey, exchangeOnline, RESERVED_NAMES } from './exchange-online.ts'
import { defaultNames, LANGUAGES, type Language } from './exchange-mailbox.ts'
import { furnishOnPremises, itemKind, unconvertible } from './exchange-onprem-mailbox.ts'
import { renderMessage } from './exchange-render.ts'
import { heldContent, type Message } from './mail-store.ts'
import type { Personality } from './personality.ts'

const FRONT_END = 'EX16.corp.example.test'
const CAPABILITIES = 'IMAP4 IMAP4rev1 AUTH=NTLM AUTH=GSSAPI AUTH=PLAIN UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+'

const online = exchangeOnline()

/**
 * Exchange 2016 on premises as a source: no special-use attributes, default folders in the mailbox's language, calendar and other
 * items among the folders, sizes that are estimates, MIME that is made anew for each reader, logins of the form `domain\user\alias`,
 * and OK to a wrong password.
 */
export const exchangeOnprem: Personality = {
  ...online,
  name: 'exchange-onprem',
  greeting: `OK The Microsoft Exchange IMAP4 service is ready. [${Buffer.from(FRONT_END, 'utf16le').toString('base64')}]`,
  id: '("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.1")',
  preLogin: CAPABILITIES.split(' '),
  postLogin: CAPABILITIES.split(' '),
  mechanisms: ['PLAIN'],
  login: true,
  unknownVerbs: new Set([...online.unknownVerbs, 'ENABLE', 'GETACL', 'MYRIGHTS']),
  nameKey: exchangeNameKey,
  reservedNames: RESERVED_NAMES,
  // Mail stands here that came by another door than APPEND.
  objection: () => null,
  literalLineLimitBytes: null,
  render: (message, access = 0) => renderItem(message, access),
  sizeOf: estimate,
  oddities: {
    welcomesAnybody: true,
    hidesSpecialUse: true,
    readLogin,
    specialNames: (mailbox) => defaultNames(languageOf(mailbox)),
    furnish: (store, mailbox) => furnishOnPremises(store, languageOf(mailbox)),
    omits: (message, peek) => peek && itemKind(message) === 'unconvertible',
  },
}

export function languageOf(mailbox: number): Language {
  return LANGUAGES[mailbox % LANGUAGES.length] ?? 'en'
}

/** Two readers get other boundaries; the text that no one can convert is handed out in place of what cannot be. */
function renderItem(message: Message, access: number): Buffer {
  if (itemKind(message) !== null) return unconvertible(message)
  return renderMessage({ ...message, content: heldContent(message.content.bytes()) }, String(access % 7))
}

/** From a tenth too small to three times too large, as hosted Exchange tells it; the same each time. */
function estimate({ content, uid }: Message): number {
  return Math.round(content.sizeBytes * (0.9 + (uid % 5) * 0.55)) + (uid % 7)
}

/**
 * `alias`, `alias@domain` and `domain\alias` open one's own mailbox; `domain\admin\alias`, `domain/admin/alias` and
 * `admin@domain\alias` somebody else's.
 */
function readLogin(login: string): { user: string; mailbox: string } | null {
  const parts = login.split(/[\\/]/)
  const [first = '', second = '', third] = parts
  if (parts.length === 1) return { user: first, mailbox: first }
  if (parts.length === 2) return first.includes('@') ? { user: first, mailbox: second } : { user: second, mailbox: second }
  return parts.length === 3 && third !== undefined ? { user: second, mailbox: third } : null
}
