import type { MailStore, Message } from './mail-store.ts'
import type { MailboxSeed } from './seed-mailbox.ts'

/** What hardly any other server does. What is left out is as it should be. */
export type Oddities = {
  /** A wrong password is answered OK, and the next command "not connected" (Exchange on premises). */
  readonly welcomesAnybody?: boolean
  /** Reads a login: the mailbox to be opened, and who asks for it; null where the form is unknown. */
  readonly readLogin?: (login: string) => { readonly user: string; readonly mailbox: string } | null
  /** LIST shows no special-use attributes. */
  readonly hidesSpecialUse?: boolean
  /** How INBOX is spelled in LIST. */
  readonly inboxName?: string
  /** Names of the special folders that seeded mail goes to, by attribute; the n-th mailbox may speak another language. */
  readonly specialNames?: (mailbox: number) => Readonly<Record<string, string>>
  /** Adds to a seeded mailbox what only such a server has. */
  readonly furnish?: (store: MailStore, mailbox: number) => void
  /** FETCH leaves the message out of its answer, and says OK. */
  readonly omits?: (message: Message, peek: boolean) => boolean
  /** A FETCH that comes to this message ends with this tagged reply; what came before it was sent. */
  readonly failsFetch?: (message: Message) => string | null
  /** No command works on more messages; what it left is told by a response code on OK (RFC 9738). */
  readonly messageLimit?: number
  /** A folder shows only its newest messages, as long as UIDONLY is not enabled. */
  readonly windowMessages?: number
  /** Bodies without line ends come as quoted strings. */
  readonly quotesShortBodies?: boolean
  /** INTERNALDATE as written; null for the real one. */
  readonly internalDate?: (message: Message) => string | null
  /** ENVELOPE has one pair of parentheses too many. */
  readonly doublesEnvelope?: boolean
  /** INBOX cannot have children. */
  readonly childlessInbox?: boolean
  /** ENABLE is answered without saying what was enabled. */
  readonly silentEnable?: boolean
  /** RFC822 and its kin are answered with nothing. */
  readonly emptyOldItems?: boolean
  /** Handing out a body marks the message as read, PEEK or not. */
  readonly peekMarksSeen?: boolean
  /** A pattern or reference that begins with "/" lists nothing. */
  readonly refusesRootPattern?: boolean
  /** Opening a folder tells EXISTS in steps of so many messages. */
  readonly existsStep?: number
  /** The same command more often than this within five minutes ends the connection. */
  readonly sameCommandLimit?: number
  /** SEARCH by dates finds nothing. */
  readonly noDateSearch?: boolean
  /** The n-th mailbox of this server, where its folders are not plain ones. */
  readonly makeStore?: (mailbox: number) => MailStore
  /** Fills it with mail of its own kind. */
  readonly seed?: (store: MailStore, options: MailboxSeed) => void
  /** The capabilities after a login come in an untagged line of their own. */
  readonly tellsCapabilities?: 'apart'
  /** The tagged reply to a login beyond the most connections of a mailbox. */
  readonly tooManyConnections?: string
  /** No text follows the response code HIGHESTMODSEQ. */
  readonly textlessModseq?: boolean
  /** FETCH items that only this server knows, in upper case; `fetchItem` writes one with its value. */
  readonly fetchItems?: ReadonlySet<string>
  readonly fetchItem?: (store: MailStore, folder: string, message: Message, word: string) => string
}
