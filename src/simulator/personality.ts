import type { Message } from './mail-store.ts'
import type { Oddities } from './oddities.ts'

/** Why a command is refused; a personality has its own words for each. */
export type Refusal =
  | 'unknown-command'
  | 'syntax'
  | 'wrong-state'
  | 'line-too-long'
  | 'no-folder'
  | 'no-folder-append'
  | 'folder-exists'
  | 'folder-reserved'
  | 'folder-default'
  | 'folder-name'
  | 'login'
  | 'too-large'
  | 'bad-keyword'
  | 'not-supported'
  | 'read-only'
  | 'quota'
  | 'refused-content'

export type PersonalityName =
  | 'dovecot'
  | 'courier'
  | 'gmail'
  | 'exchange-online'
  | 'exchange-onprem'
  | 'yahoo'
  | 'domino'
  | 'icloud'
  | 'zimbra'

/** What makes one kind of server differ from another. Everything else is common to all. */
export type Personality = {
  readonly name: PersonalityName
  readonly separator: string
  /** What the names of all folders but INBOX begin with. */
  readonly prefix: string
  readonly greeting: string
  readonly bye: string
  readonly id: string | null
  readonly preLogin: readonly string[]
  readonly postLogin: readonly string[]
  readonly namespace: string
  /** SASL mechanisms it accepts, and whether LOGIN works. */
  readonly mechanisms: readonly ('PLAIN' | 'LOGIN' | 'XOAUTH2')[]
  readonly login: boolean
  /** Verbs that this server does not know. */
  readonly unknownVerbs: ReadonlySet<string>
  readonly keywords: boolean
  /** Keywords it takes although it takes no others. */
  readonly knownKeywords: readonly string[]
  readonly maxLineBytes: number
  /** A line this long inside a literal breaks the session (Exchange); null: any length. */
  readonly literalLineLimitBytes: number | null
  readonly continuation: string
  /** The server closes after this many errors; null: never. */
  readonly maxErrors: number | null
  readonly zoneMinutes: number
  /** UIDNEXT is told on EXAMINE. */
  readonly uidNextOnExamine: boolean
  /** Each EXAMINE of a folder that nobody has SELECTed yet shows another UIDVALIDITY (Courier). */
  readonly unstableUidValidity: boolean
  /** Names are trimmed; non-mail and reserved names exist. */
  readonly reservedNames: ReadonlySet<string>
  readonly trimsNames: boolean
  readonly flagsInListAlways: boolean
  /** Text of the tagged OK for a command. */
  done(verb: string): string
  /** The tagged reply without its tag. */
  refuse(why: Refusal, detail: string): string
  nameKey(name: string): string
  /** Why APPEND refuses this message whatever the mailbox is like; null when it takes it. */
  objection(bytes: Buffer): Refusal | null
  /** The bytes that FETCH hands out; `access` differs from one connection to the next, where a server's answers do. */
  render(message: Message, access?: number): Buffer
  /** What RFC822.SIZE says. */
  sizeOf(message: Message): number
  /** What hardly any other server does. */
  readonly oddities?: Oddities
}

/** Exchange has manners of its own, on premises and online. */
export function isExchange({ name }: Personality): boolean {
  return name === 'exchange-online' || name === 'exchange-onprem'
}

export const SYSTEM_FLAGS = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft'] as const

const CANONICAL: ReadonlyMap<string, string> = new Map(SYSTEM_FLAGS.map((flag) => [flag.toLowerCase(), flag]))

/** A system flag in its usual spelling; a keyword as it is; null for what no client may set. */
export function canonicalFlag(flag: string): string | null {
  if (!flag.startsWith('\\')) return flag
  return CANONICAL.get(flag.toLowerCase()) ?? null
}
