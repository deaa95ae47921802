import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { hopsOf } from '../tenant-simulator/mail-arrived.ts'

/** Far more than any honest way has. */
const MOST_HOPS = 30

/** What a mail host answers where it does not take something: `550 5.4.1 Recipient address rejected`. */
export class Rejection extends Error {
  readonly responseCode: number

  constructor(text: string) {
    super(text.slice(4))
    this.responseCode = Number(text.slice(0, 3))
  }
}

/** Who is at the other end of a connection: what it calls itself, and the address it would have on the Internet. */
export type Peer = { readonly helo: string; readonly ip: string; readonly user: string | null; readonly encrypted: boolean }

export type Incoming = { readonly peer: Peer; readonly sender: string; readonly recipients: readonly string[]; readonly bytes: Buffer }

export type SmtpHostOptions = {
  readonly name: string
  /** The address of a peer by the name in its EHLO; all are on this machine in truth. */
  addressOf(helo: string): string
  /** Throws a `Rejection`. */
  sender?(address: string, peer: Peer): void
  recipient(address: string, sender: string, peer: Peer): void
  /** Takes the message over; returns the words behind `250`. */
  message(incoming: Incoming): Promise<string> | string
  /** For submission: whether this is a user's password. */
  password?(user: string, password: string): boolean
  /** Refuses to speak to anybody, with these words; null: speaks. */
  greets?(): string | null
  readonly maxBytes?: number
  readonly startTls?: boolean
  /** PEM; absent: one that nobody trusts. */
  readonly certificate?: { readonly key: string; readonly chain: string }
}

export type SmtpHost = AsyncDisposable & { readonly name: string; readonly port: number; readonly connections: number }

type Answer = (error: Error | null, words?: string) => void

async function takeOver(options: SmtpHostOptions, incoming: Incoming, answer: Answer): Promise<void> {
  try {
    answer(null, await options.message(incoming))
  } catch (error) {
    answer(error instanceof Error ? error : new Error(String(error)))
  }
}

/** A mail host on 127.0.0.1, on a free port, with STARTTLS; by a certificate that nobody trusts, as many real ones have, unless one is given. */
export async function startSmtpHost(options: SmtpHostOptions): Promise<SmtpHost> {
  let connections = 0
  const peerOf = (session: SMTPServerSession): Peer => {
    const helo = typeof session.hostNameAppearsAs === 'string' ? session.hostNameAppearsAs : ''
    return { helo, ip: options.addressOf(helo), user: typeof session.user === 'string' ? session.user : null, encrypted: session.secure }
  }
  const guarded = (callback: (error?: Error | null) => void, check: () => void): void => {
    try {
      check()
      callback()
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)))
    }
  }
  const server = new SMTPServer({
    name: options.name,
    banner: 'ready',
    logger: false,
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: true,
    size: options.maxBytes ?? 36 * 1024 * 1024,
    closeTimeout: 50,
    ...(options.certificate === undefined ? {} : { key: options.certificate.key, cert: options.certificate.chain }),
    disabledCommands: [...(options.password === undefined ? ['AUTH'] : []), ...(options.startTls === false ? ['STARTTLS'] : [])],
    onConnect: (_, callback) => {
      connections += 1
      const refusal = options.greets?.() ?? null
      callback(refusal === null ? null : new Rejection(refusal))
    },
    onAuth: (auth, _, callback) => {
      const [user, password] = [auth.username ?? '', auth.password ?? '']
      if (options.password?.(user, password) === true) callback(null, { user })
      else callback(new Rejection('535 5.7.8 Authentication credentials invalid'))
    },
    onMailFrom: ({ address }, session, callback) => guarded(callback, () => options.sender?.(address.toLowerCase(), peerOf(session))),
    onRcptTo: ({ address }, session, callback) =>
      guarded(callback, () => {
        const from = session.envelope.mailFrom
        options.recipient(address.toLowerCase(), from === false ? '' : from.address.toLowerCase(), peerOf(session))
      }),
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (stream.sizeExceeded) {
          callback(new Rejection('552 5.3.4 Message size exceeds fixed maximum message size'))
          return
        }
        const bytes = Buffer.concat(chunks)
        if (hopsOf(bytes) > MOST_HOPS) {
          callback(new Rejection('554 5.4.6 Too many hops: a mail loop'))
          return
        }
        const from = session.envelope.mailFrom
        const incoming: Incoming = {
          peer: peerOf(session),
          sender: from === false ? '' : from.address.toLowerCase(),
          recipients: session.envelope.rcptTo.map(({ address }) => address.toLowerCase()),
          bytes,
        }
        void takeOver(options, incoming, callback)
      })
    },
  })
  // A peer that hangs up in the middle is no news.
  server.on('error', () => {})
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const listener = server.listen(0, '127.0.0.1', resolve)
  listener.once('error', reject)
  await promise
  const address = listener.address()
  return {
    name: options.name,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get connections() {
      return connections
    },
    [Symbol.asyncDispose]: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      server.close(resolve)
      await promise
    },
  }
}
