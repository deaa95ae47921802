import net from 'node:net'
import type { Readable, Writable } from 'node:stream'
import tls from 'node:tls'
import zlib from 'node:zlib'
import { Failure } from '../model/failure.ts'
import type { ImapEndpoint } from './endpoint.ts'
import { socketFailure } from './socket-error.ts'
import { tlsPeer } from './tls-peer.ts'
import type { TlsPeer } from './tls-peer.ts'

const READ_BYTES = 64 * 1024
/** A smaller read would pin a whole buffer for the little that is kept of it. */
const KEEP_BYTES = READ_BYTES / 2

/** `bytes` are overwritten after the call unless they `mayKeep` them; true: slices of them were kept. */
export type WireEvents = { bytes(chunk: Buffer, mayKeep: boolean): boolean; end(why: Failure): void; quiet(): void }

/** The bytes of one connection: TCP, TLS over it, DEFLATE over that. Tells its events once `listen` was called. */
export class Wire {
  readonly endpoint: ImapEndpoint
  #socket: net.Socket
  #in: Readable
  #out: Writable
  #deflate: zlib.DeflateRaw | null = null
  #events: WireEvents | null = null
  /** What came before anybody listened. */
  readonly #early: Buffer[]

  private constructor(endpoint: ImapEndpoint, socket: net.Socket, early: Buffer[]) {
    this.endpoint = endpoint
    this.#early = early
    this.#socket = socket
    this.#in = socket
    this.#out = socket
  }

  /** Resolves when bytes can flow, with implicit TLS after its handshake. Throws a `Failure`. */
  static async open(endpoint: ImapEndpoint, signal: AbortSignal): Promise<Wire> {
    const { host, port } = endpoint
    let wire: Wire | null = null
    const early: Buffer[] = []
    // Mail that only passes by, to be hashed or written to disk, leaves no garbage: the next read goes into the same buffer.
    let into = Buffer.allocUnsafeSlow(READ_BYTES)
    const callback = (bytes: number): boolean => {
      const chunk = into.subarray(0, bytes)
      if (wire === null) early.push(Buffer.from(chunk))
      else if (wire.#arrived(chunk)) into = Buffer.allocUnsafeSlow(READ_BYTES)
      return true
    }
    // What is put on top of the socket later reads it as a stream.
    const onread = endpoint.tls === 'starttls' || endpoint.compress ? undefined : { buffer: () => into, callback }
    const options = { host: endpoint.address ?? host, port, ...(onread === undefined ? {} : { onread }) }
    const socket = endpoint.tls === 'implicit' ? tls.connect({ ...tlsOptions(endpoint), ...options }) : net.connect(options)
    await ready(socket, endpoint.tls === 'implicit' ? 'secureConnect' : 'connect', endpoint, signal)
    socket.setNoDelay(true)
    wire = new Wire(endpoint, socket, early)
    return wire
  }

  get out(): Writable {
    return this.#out
  }

  /** The TLS of this connection; null in plain text. */
  get peer(): TlsPeer | null {
    return this.#socket instanceof tls.TLSSocket ? tlsPeer(this.#socket, this.endpoint) : null
  }

  listen(events: WireEvents): void {
    this.#events = events
    this.#socket.setTimeout(this.endpoint.idleTimeoutMs)
    this.#attach()
    process.nextTick(() => {
      for (const chunk of this.#early.splice(0)) events.bytes(chunk, true)
    })
  }

  #arrived(chunk: Buffer): boolean {
    if (this.#events !== null && this.#early.length === 0) return this.#events.bytes(chunk, chunk.length >= KEEP_BYTES)
    this.#early.push(Buffer.from(chunk))
    return false
  }

  /** Wraps the connection in TLS after STARTTLS was answered with OK. */
  async secure(signal: AbortSignal): Promise<void> {
    this.#detach()
    const plain = this.#socket
    plain.setTimeout(0)
    const socket = tls.connect({ ...tlsOptions(this.endpoint), socket: plain })
    this.#socket = socket
    this.#in = socket
    this.#out = socket
    await ready(socket, 'secureConnect', this.endpoint, signal)
    socket.setTimeout(this.endpoint.idleTimeoutMs)
    this.#attach()
  }

  /** Both directions go through raw DEFLATE from here on (RFC 4978); `rest` is what came in already. */
  compress(rest: Buffer): void {
    this.#socket.off('data', this.#onBytes)
    const inflate = zlib.createInflateRaw()
    const deflate = zlib.createDeflateRaw({ level: 6 })
    const broken = (error: Error): void => {
      const host = this.endpoint.host
      this.#events?.end(new Failure('protocol', `${host} sent what is no DEFLATE stream.`, { cause: error }))
    }
    inflate.on('error', broken)
    deflate.on('error', broken)
    if (rest.length > 0) inflate.write(rest)
    this.#socket.pipe(inflate)
    deflate.pipe(this.#socket)
    this.#in = inflate
    this.#out = deflate
    this.#deflate = deflate
    inflate.on('data', this.#onBytes)
  }

  /** What was written leaves now. Needed only under DEFLATE, which would wait for more. */
  flush(): void {
    this.#deflate?.flush(zlib.constants.Z_SYNC_FLUSH)
  }

  /** Starts the silence over; told again by `quiet` when it lasts. */
  rearm(): void {
    this.#socket.setTimeout(this.endpoint.idleTimeoutMs)
  }

  pause(): void {
    this.#in.pause()
  }

  resume(): void {
    this.#in.resume()
  }

  destroy(): void {
    this.#detach()
    this.#socket.on('error', () => {})
    this.#deflate?.destroy()
    if (this.#in !== this.#socket) this.#in.destroy()
    this.#socket.destroy()
  }

  readonly #onBytes = (chunk: Buffer): void => void this.#events?.bytes(chunk, true)
  readonly #onTimeout = (): void => this.#events?.quiet()
  readonly #onError = (error: Error): void => {
    this.#events?.end(socketFailure(error, this.endpoint.host, this.endpoint.port))
  }
  readonly #onClose = (): void => {
    this.#events?.end(new Failure('connection-lost', `${this.endpoint.host}:${this.endpoint.port} closed the connection.`))
  }

  #attach(): void {
    this.#in.on('data', this.#onBytes)
    this.#socket.on('timeout', this.#onTimeout).on('error', this.#onError).on('close', this.#onClose).on('end', this.#onClose)
  }

  #detach(): void {
    this.#in.off('data', this.#onBytes)
    this.#socket.off('timeout', this.#onTimeout).off('error', this.#onError).off('close', this.#onClose).off('end', this.#onClose)
  }
}

/** Security level 0 of OpenSSL: short keys, SHA-1, old ciphers. */
const OLD_TLS: tls.ConnectionOptions = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }

function tlsOptions(endpoint: ImapEndpoint): tls.ConnectionOptions {
  const name = endpoint.serverName ?? endpoint.host
  return {
    ...(endpoint.ca === null ? {} : { ca: endpoint.ca }),
    ...(net.isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_, certificate) => tls.checkServerIdentity(name, certificate),
    ...(endpoint.anyCertificate ? { rejectUnauthorized: false } : {}),
    ...(endpoint.oldTls ? OLD_TLS : {}),
  }
}

/** Waits for a socket's event, no longer than the endpoint allows; destroys the socket otherwise. */
function ready(socket: net.Socket, event: string, endpoint: ImapEndpoint, signal: AbortSignal): Promise<void> {
  const { host, port, connectTimeoutMs } = endpoint
  return new Promise((resolve, reject) => {
    const done = (failure: Failure | null): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.off(event, onReady).off('error', onError).off('close', onClose)
      if (failure === null) resolve()
      else {
        socket.on('error', () => {})
        socket.destroy()
        reject(failure)
      }
    }
    const timer = setTimeout(() => done(new Failure('connection-timeout', `${host}:${port} did not answer in time.`)), connectTimeoutMs)
    const onAbort = (): void => done(stopped(signal))
    const onReady = (): void => done(null)
    const onError = (error: Error): void => done(socketFailure(error, host, port))
    const onClose = (): void => done(new Failure('connection-lost', `${host}:${port} closed the connection at once.`))
    socket.once(event, onReady).once('error', onError).once('close', onClose)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

export function stopped(signal: AbortSignal): Failure {
  return signal.reason instanceof Failure ? signal.reason : new Failure('stopped', 'Stopped on request.', { cause: signal.reason })
}
