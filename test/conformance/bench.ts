/** What a conformance suite is given: one adapter on one server, with mailboxes of its own. */
import { exchangeImapDestination } from '../../src/destination/adapters/exchange-imap.ts'
import { imapDestination } from '../../src/destination/adapters/imap.ts'
import type { Destination } from '../../src/destination/port.ts'
import { imapEndpoint } from '../../src/imap/endpoint.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { Context } from '../../src/lib/context.ts'
import { silentLog } from '../../src/lib/log.ts'
import { Secret } from '../../src/model/secret.ts'
import { courier } from '../../src/simulator/courier.ts'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { createExchangeMailbox } from '../../src/simulator/exchange-mailbox.ts'
import { exchangeOnline } from '../../src/simulator/exchange-online.ts'
import { gmail, gmailStore } from '../../src/simulator/gmail.ts'
import { startImapServer } from '../../src/simulator/imap-server.ts'
import { MailStore } from '../../src/simulator/mail-store.ts'
import type { Personality } from '../../src/simulator/personality.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'
import type { Source } from '../../src/source/port.ts'
import { needs } from '../servers/available.ts'
import { startCourier } from '../servers/courier.ts'
import { startCyrus } from '../servers/cyrus.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { startMailutils } from '../servers/mailutils.ts'

export const ctx: Context = { clock: systemClock, log: silentLog, signal: new AbortController().signal }

export type Bench = AsyncDisposable & {
  readonly port: number
  readonly login: string
  readonly password: string
  readonly source: Source
  readonly destination: Destination
  /** A message that this destination refuses; null where it takes everything. */
  readonly refused: Buffer | null
}

export type BenchKind = {
  readonly name: string
  readonly skip: string | false
  /** Reading by SELECT takes `\Recent` away; nothing else. */
  readonly keepsRecent: boolean
  /** A folder here holds messages or folders, not both: a parent must not be created by itself. */
  readonly eitherFoldersOrMail?: true
  /** The bytes as this server keeps them. */
  keeps(bytes: Buffer): Buffer
  /** Takes away what this server writes into messages for its own use. Default: nothing. */
  readonly own?: (bytes: Buffer) => Buffer
  /** It forgets the time zone of a message's arrival. */
  readonly forgetsZone?: true
  /** Messages whose date of arrival it does not know. Default: none. */
  readonly undated?: (uid: number) => boolean
  open(): Promise<Bench>
}

const EMPTY = Buffer.alloc(0)
const WITH_NUL = Buffer.from('Message-ID: <nul@example.test>\r\n\r\nA \0 in the text.\r\n')
const AS_IT_IS = (bytes: Buffer): Buffer => bytes
/** Courier's Maildir holds lines only: one that does not end gets its end. */
const WHOLE_LINES = (bytes: Buffer): Buffer =>
  bytes.subarray(-2).toString() === '\r\n' ? bytes : Buffer.concat([bytes, Buffer.from('\r\n')])
/** An mbox keeps UIDs and flags in the header of each message. */
function withoutMboxFields(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  const end = text.indexOf('\r\n\r\n') + 2
  return Buffer.from(text.slice(0, end).replaceAll(/^(?:X-IMAPbase|X-UID|Status|X-Status): .*\r\n/gm, '') + text.slice(end), 'latin1')
}
/** And its body has one line at least. */
const MBOX_LINES = (bytes: Buffer): Buffer => {
  const whole = WHOLE_LINES(bytes)
  return whole.subarray(-4).toString() === '\r\n\r\n' && whole.indexOf('\r\n\r\n') === whole.length - 4
    ? Buffer.concat([whole, Buffer.from('\r\n')])
    : whole
}
const UNKNOWN_CHARSET = Buffer.from('Message-ID: <odd@example.test>\r\nSubject: =?x-nobody-knows?Q?Gr=FC=DFe?=\r\n\r\nOdd.\r\n')

export const DOVECOT: BenchKind = {
  name: 'Dovecot',
  skip: needs('dovecot'),
  keepsRecent: true,
  keeps: AS_IT_IS,
  open: () => onServer(startDovecot({ tls: false }), EMPTY),
}

export const DOVECOT_INBOX_DOT: BenchKind = {
  name: 'Dovecot with everything below INBOX.',
  skip: needs('dovecot'),
  keepsRecent: true,
  keeps: AS_IT_IS,
  open: () => onServer(startDovecot({ tls: false, layout: 'inbox-dot', mailFormat: 'maildir' }), EMPTY),
}

export const CYRUS: BenchKind = {
  name: 'Cyrus',
  skip: needs('cyrus'),
  keepsRecent: true,
  keeps: AS_IT_IS,
  open: () => onServer(startCyrus(), WITH_NUL),
}

export const COURIER: BenchKind = {
  name: 'Courier',
  skip: needs('courier'),
  keepsRecent: false,
  keeps: WHOLE_LINES,
  open: () => onServer(startCourier(), null),
}

export const MAILUTILS: BenchKind = {
  name: 'Mailutils',
  skip: needs('mailutils'),
  keepsRecent: false,
  eitherFoldersOrMail: true,
  keeps: MBOX_LINES,
  own: withoutMboxFields,
  forgetsZone: true,
  open: () => onServer(startMailutils(), null),
}

export const CYRUS_INBOX_DOT: BenchKind = {
  name: 'Cyrus with everything below INBOX.',
  skip: needs('cyrus'),
  keepsRecent: true,
  keeps: AS_IT_IS,
  open: () => onServer(startCyrus({ layout: 'inbox-dot' }), WITH_NUL),
}

/** The two layouts between: `npm run interop`. */
export const CYRUS_BETWEEN: readonly BenchKind[] = (['dot', 'inbox-slash'] as const).map((layout) => ({
  ...CYRUS,
  name: `Cyrus in the layout ${layout}`,
  open: () => onServer(startCyrus({ layout }), WITH_NUL),
}))

export const SIMULATED_DOVECOT: BenchKind = {
  name: "the simulator's Dovecot",
  skip: false,
  keepsRecent: true,
  keeps: AS_IT_IS,
  open: () => simulated('dovecot'),
}

export const SIMULATED_COURIER: BenchKind = {
  name: "the simulator's Courier",
  skip: false,
  keepsRecent: false,
  keeps: AS_IT_IS,
  open: () => simulated('courier'),
}

export const SIMULATED_GMAIL: BenchKind = {
  name: "the simulator's Gmail",
  skip: false,
  keepsRecent: true,
  keeps: AS_IT_IS,
  open: () => simulated('gmail'),
}

export const SIMULATED_EXCHANGE: BenchKind = {
  name: "the simulator's Exchange",
  skip: false,
  keepsRecent: true,
  keeps: AS_IT_IS,
  open: () => simulated('exchange'),
}

type Server = AsyncDisposable & {
  readonly port: number
  readonly users: readonly { readonly login: string; readonly password: string }[]
}

async function onServer(starting: Promise<Server>, refused: Buffer | null): Promise<Bench> {
  const server = await starting
  const { login = '', password = '' } = server.users[0] ?? {}
  const endpoint = imapEndpoint({ host: '127.0.0.1', port: server.port, tls: 'none' })
  const byPassword = { kind: 'password', user: login, password: new Secret(password), authzid: null } as const
  return {
    port: server.port,
    login,
    password,
    source: imapSource(endpoint, byPassword),
    destination: imapDestination(endpoint, byPassword),
    refused,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

function storeOf(kind: 'dovecot' | 'courier' | 'gmail' | 'exchange', { separator, prefix }: Personality): MailStore {
  if (kind === 'exchange') return createExchangeMailbox('fr')
  if (kind === 'gmail') return gmailStore(1)
  const store = new MailStore({ separator })
  for (const name of ['INBOX', `${prefix}Sent`]) store.createFolder(name)
  return store
}

async function simulated(kind: 'dovecot' | 'courier' | 'gmail' | 'exchange'): Promise<Bench> {
  const login = 'anna@example.test'
  const password = 'secret'
  const personality = { dovecot, courier, gmail, exchange: exchangeOnline() }[kind]
  const store = storeOf(kind, personality)
  const server = await startImapServer(personality, { users: [{ login, password, store }] })
  const bench = await onServer(
    Promise.resolve({ ...server, users: [{ login, password }], [Symbol.asyncDispose]: server[Symbol.asyncDispose] }),
    null,
  )
  const endpoint = imapEndpoint({ host: server.host, port: server.port, tls: 'none' })
  if (kind === 'exchange') {
    const tokens = { token: async () => new Secret(password), renew: () => {} }
    return { ...bench, destination: exchangeImapDestination(endpoint, login, tokens, 36_000_000), refused: UNKNOWN_CHARSET }
  }
  server.faults.set(login, { refusesText: 'X-Refuse-Me' })
  return { ...bench, refused: Buffer.from('X-Refuse-Me: yes\r\n\r\nNo.\r\n') }
}
