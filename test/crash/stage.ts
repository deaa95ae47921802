/** A source and a destination on loopback for the crash law, new mailboxes for each life lived on them. */
import { exchangeImapDestination } from '../../src/destination/adapters/exchange-imap.ts'
import { imapDestination } from '../../src/destination/adapters/imap.ts'
import type { Destination } from '../../src/destination/port.ts'
import { imapEndpoint } from '../../src/imap/endpoint.ts'
import { Secret } from '../../src/model/secret.ts'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { createExchangeMailbox } from '../../src/simulator/exchange-mailbox.ts'
import { exchangeOnline } from '../../src/simulator/exchange-online.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { gmail, gmailStore } from '../../src/simulator/gmail.ts'
import { startImapServer, type ServerUser } from '../../src/simulator/imap-server.ts'
import { MailStore } from '../../src/simulator/mail-store.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'
import type { Source } from '../../src/source/port.ts'

/** The destination; with `gmail` the source is Gmail, and Exchange the destination. */
export type StageKind = 'exchange' | 'dovecot' | 'gmail'

/** One mailbox to move, with both of its ends and a look behind the scenes of both. */
export type Play = {
  /** One that nobody has used, each time. */
  readonly source: Source
  readonly destination: Destination
  readonly from: MailStore
  readonly to: MailStore
  /** Messages that APPEND stored at this destination server since it started. */
  appends(): number
  suffers(side: 'source' | 'destination', fault: Fault): void
  /** Breaks every connection of a server, as its restart does. */
  restart(side: 'source' | 'destination'): void
}

export type Stage = AsyncDisposable & { play(): Play }

/** Both servers; the source is mostly Dovecot's personality. */
export async function openStage(kind: StageKind): Promise<Stage> {
  const sourceUsers: ServerUser[] = []
  const users: ServerUser[] = []
  const toExchange = kind !== 'dovecot'
  const left = await startImapServer(kind === 'gmail' ? gmail : dovecot, { users: sourceUsers })
  const right = await startImapServer(toExchange ? exchangeOnline() : dovecot, { users, maxMessageBytes: 2_000_000 })
  const source = imapEndpoint({ host: left.host, port: left.port, tls: 'none' })
  const destination = imapEndpoint({ host: right.host, port: right.port, tls: 'none' })
  let plays = 0
  return {
    play() {
      const login = `anna${++plays}@example.test`
      const password = 'secret'
      const from = kind === 'gmail' ? gmailStore() : plainMailbox()
      const to = toExchange ? createExchangeMailbox('de') : plainMailbox()
      sourceUsers.push({ login, password, store: from })
      users.push({ login, password, store: to })
      const byPassword = { kind: 'password', user: login, password: new Secret(password), authzid: null } as const
      const tokens = { token: async () => new Secret(password), renew: () => {} }
      return {
        get source() {
          return imapSource(source, byPassword)
        },
        destination: toExchange ? exchangeImapDestination(destination, login, tokens, 1_000_000) : imapDestination(destination, byPassword),
        from,
        to,
        appends: () => right.appends,
        suffers: (side, fault) => (side === 'source' ? left : right).faults.set(login, fault),
        restart: (side) => (side === 'source' ? left : right).dropConnections(),
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([left[Symbol.asyncDispose](), right[Symbol.asyncDispose]()])
    },
  }
}

function plainMailbox(): MailStore {
  const store = new MailStore({ separator: '/' })
  store.createFolder('INBOX')
  store.createFolder('Sent', { specialUse: '\\Sent' })
  store.createFolder('Trash', { specialUse: '\\Trash' })
  return store
}
