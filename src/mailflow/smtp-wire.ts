import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { Failure } from '../model/failure.ts'
import { ReplyReader, type SmtpReply } from './smtp-reply.ts'
import { tlsStateOf, type TlsState } from './tls-state.ts'

/** Where a mail host is. `address`: goes there instead of asking what address `host` has. */
export type SmtpTarget = {
  readonly host: string
  readonly address: string | null
  readonly port: number
  /** PEM of a CA to trust instead of the system's. */
  readonly ca: string | null
}

export type SmtpTimes = {
  readonly connectMs: number
  /** For each answer; hosts that check a sender first may take a minute (RFC 5321 §4.5.3.2 gives them five). */
  readonly replyMs: number
}

export const SMTP_TIMES: SmtpTimes = { connectMs: 20_000, replyMs: 60_000 }

/** One connection: lines out, replies in, nothing of what they mean. Every method throws a `Failure` that says where. */
export class SmtpWire {
  readonly #target: SmtpTarget
  readonly #times: SmtpTimes
  readonly #signal: AbortSignal
  #socket: Socket | TLSSocket
  #reader = new ReplyReader()
  #replies: SmtpReply[] = []
  #waiting: PromiseWithResolvers<SmtpReply> | null = null
  #broken: Error | null = null
  #onAbort: () => void

  private constructor(socket: Socket, target: SmtpTarget, times: SmtpTimes, signal: AbortSignal) {
    this.#socket = socket
    this.#target = target
    this.#times = times
    this.#signal = signal
    this.#onAbort = () => this.#fail(signal.reason instanceof Error ? signal.reason : new Failure('stopped', 'Stopped on request.'))
    signal.addEventListener('abort', this.#onAbort, { once: true })
    this.#listen()
  }

  static async open(target: SmtpTarget, times: SmtpTimes, signal: AbortSignal): Promise<SmtpWire> {
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<Socket>()
    const socket = connect({ host: target.address ?? target.host, port: target.port })
    socket.setTimeout(times.connectMs, () => reject(timeout(target)))
    socket.once('error', (error) => reject(connectFailure(target, error)))
    socket.once('connect', () => resolve(socket))
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      await promise
      socket.removeAllListeners()
      return new SmtpWire(socket, target, times, signal)
    } catch (error) {
      socket.destroy()
      throw error
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** What the connection really went to. */
  get remoteAddress(): string {
    return this.#socket.remoteAddress ?? this.#target.address ?? ''
  }

  /** The next reply of the host, to what was sent before. */
  async reply(timeoutMs = this.#times.replyMs): Promise<SmtpReply> {
    const ready = this.#replies.shift()
    if (ready !== undefined) return ready
    if (this.#broken !== null) throw this.#broken
    this.#waiting = Promise.withResolvers()
    this.#socket.setTimeout(timeoutMs)
    return await this.#waiting.promise.finally(() => this.#socket.setTimeout(0))
  }

  send(bytes: string | Buffer): void {
    if (this.#broken === null) this.#socket.write(bytes)
  }

  /** Takes everything and waits until it has left: for a message, however large. */
  async sendAll(bytes: Buffer): Promise<void> {
    if (this.#broken !== null) throw this.#broken
    const { promise, resolve } = Promise.withResolvers<void>()
    const socket = this.#socket
    socket.setTimeout(this.#times.replyMs)
    const done = (): void => resolve()
    socket.once('close', done)
    socket.write(bytes, done)
    await promise
    socket.off('close', done)
  }

  /** From here on encrypted. Whatever the host said in the clear after its last reply was not said by it (RFC 3207 §6). */
  async encrypt(): Promise<TlsState> {
    if (this.#replies.length > 0 || this.#reader.pending)
      throw new Failure('tls-failed', `Somebody spoke into the line to ${this.#target.host} before it was encrypted.`)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const { host, ca } = this.#target
    this.#socket.removeAllListeners()
    const secure = connectTls({
      socket: this.#socket,
      // Looked at, not demanded: what a sender makes of it is for the domain to say.
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === null ? {} : { ca }),
    })
    secure.setTimeout(this.#times.connectMs, () => reject(timeout(this.#target)))
    secure.once('error', (cause) => reject(new Failure('tls-failed', `No encryption came about with ${host}.`, { cause })))
    secure.once('close', () => reject(new Failure('tls-failed', `${host} hung up while encryption was agreed on.`)))
    secure.once('secureConnect', resolve)
    this.#socket = secure
    try {
      await promise
    } catch (error) {
      this.destroy()
      throw error
    }
    secure.removeAllListeners()
    secure.setTimeout(0)
    this.#reader = new ReplyReader()
    this.#listen()
    return tlsStateOf(secure, host)
  }

  destroy(): void {
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.#socket.on('error', () => {})
    this.#socket.destroy()
  }

  #listen(): void {
    const socket = this.#socket
    socket.on('data', (chunk: Buffer) => {
      try {
        this.#replies.push(...this.#reader.take(chunk))
      } catch (error) {
        this.#fail(error instanceof Error ? error : new Error('unreadable', { cause: error }))
        return
      }
      if (this.#waiting === null) return
      const next = this.#replies.shift()
      if (next === undefined) return
      this.#waiting.resolve(next)
      this.#waiting = null
    })
    socket.on('timeout', () => this.#fail(timeout(this.#target)))
    socket.on('error', (cause) => this.#fail(new Failure('connection-lost', `The connection to ${this.#target.host} broke.`, { cause })))
    socket.on('close', () => this.#fail(new Failure('connection-lost', `${this.#target.host} hung up.`)))
  }

  #fail(error: Error): void {
    this.#broken ??= error
    this.#waiting?.reject(this.#broken)
    this.#waiting = null
    this.destroy()
  }
}

function timeout({ host, port }: SmtpTarget): Failure {
  return new Failure('connection-timeout', `${host} port ${port} did not answer in time.`)
}

function connectFailure({ host, port }: SmtpTarget, cause: Error): Failure {
  const code = 'code' in cause ? String(cause.code) : ''
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new Failure('host-unknown', `The name ${host} has no address.`, { cause })
  if (code === 'ETIMEDOUT') return new Failure('connection-timeout', `${host} port ${port} did not answer in time.`, { cause })
  return new Failure('connection-refused', `Nobody answers at ${host} port ${port}${code === '' ? '' : ` (${code})`}.`, { cause })
}
