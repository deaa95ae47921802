import { createServer, type Socket } from 'node:net'
import { FaultBook } from './faults.ts'
import { serve } from './imap-connection.ts'
import { heldContent, type Content, type MailStore } from './mail-store.ts'
import type { Personality } from './personality.ts'
import { Session, type Credentials, type ServerState, type SignedIn } from './session.ts'
import { Wire } from './wire.ts'

/** A mailbox of a server that stands alone. Where the server wants a token, the password is the token. */
export type ServerUser = { readonly login: string; readonly password: string; readonly store: MailStore }

export type ImapServerOptions = {
  readonly users?: readonly ServerUser[]
  /** Takes the place of `users`. */
  readonly signIn?: (credentials: Credentials) => SignedIn | null
  readonly faults?: FaultBook
  readonly now?: () => number
  readonly maxMessageBytes?: number
  readonly maxConnections?: number
  /** Where the bytes of appended messages go; they stay in memory by default. */
  readonly keep?: (bytes: Buffer) => Content
}

export type ImapServer = AsyncDisposable & {
  readonly host: string
  readonly port: number
  /** `imap://127.0.0.1:PORT?tls=none` */
  readonly url: string
  readonly faults: FaultBook
  /** Messages that APPEND has stored since the start. */
  readonly appends: number
  /** Connections that are open now. */
  readonly connections: number
  /** Breaks every open connection, as a restart does. */
  dropConnections(): void
}

/** Starts an IMAP server of the given kind on 127.0.0.1, on a free port. Disposing it breaks its connections. */
export async function startImapServer(personality: Personality, options: ImapServerOptions): Promise<ImapServer> {
  const state: ServerState = {
    personality,
    faults: options.faults ?? new FaultBook(),
    signIn: options.signIn ?? ((credentials) => signInAmong(options.users ?? [], credentials)),
    now: options.now ?? Date.now,
    maxMessageBytes: options.maxMessageBytes ?? 64 * 1024 * 1024,
    maxConnections: options.maxConnections ?? 20,
    connections: new Map(),
    settled: new WeakMap(),
    appends: 0,
    accesses: 0,
    keep: options.keep ?? heldContent,
  }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    void serve(new Session(new Wire(socket), state))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const dropConnections = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    host: '127.0.0.1',
    port,
    url: `imap://127.0.0.1:${port}?tls=none`,
    faults: state.faults,
    get appends() {
      return state.appends
    },
    get connections() {
      return sockets.size
    },
    dropConnections,
    [Symbol.asyncDispose]: async () => {
      dropConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

function signInAmong(users: readonly ServerUser[], credentials: Credentials): SignedIn | null {
  const secret = credentials.kind === 'password' ? credentials.password : credentials.token
  const user = users.find((one) => one.login === credentials.login && one.password === secret)
  return user === undefined ? null : { address: user.login, store: user.store, expiresAtMs: null }
}
