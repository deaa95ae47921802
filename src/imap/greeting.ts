import { Failure } from '../model/failure.ts'
import type { ImapEndpoint } from './endpoint.ts'
import { isTls, notImap } from './not-imap.ts'
import type { Response, StatusResponse } from './response.ts'

const KEPT_BYTES = 256
/** A greeting is one line; RFC 2683 §3.2.1.5 has servers stay below 8 kB. */
const MAX_BYTES = 64 * 1024

/** The first line of a server: waited for, and when it is no IMAP, what it is instead. */
export class Greeting {
  readonly #endpoint: ImapEndpoint
  readonly #destroy: (why: Failure) => void
  readonly #timer: NodeJS.Timeout
  readonly #come = Promise.withResolvers<StatusResponse>()
  #seen = ''
  #bytes = 0

  /** `destroy` ends the connection, whose `closed` then tells why. */
  constructor(endpoint: ImapEndpoint, closed: Promise<Failure>, destroy: (why: Failure) => void) {
    this.#endpoint = endpoint
    this.#destroy = destroy
    this.#timer = setTimeout(() => destroy(this.#late()), endpoint.connectTimeoutMs)
    void this.#watch(closed)
  }

  async #watch(closed: Promise<Failure>): Promise<void> {
    const why = await closed
    clearTimeout(this.#timer)
    this.#come.reject(this.#early(why))
  }

  /** Rejects with a `Failure` when none comes. */
  get come(): Promise<StatusResponse> {
    return this.#come.promise
  }

  heard(chunk: Buffer): void {
    if (this.#seen.length < KEPT_BYTES) this.#seen += chunk.toString('latin1', 0, KEPT_BYTES - this.#seen.length)
    this.#bytes += chunk.length
    // nothing more comes from a TLS server that was spoken to in the clear
    if (this.#bytes > MAX_BYTES || isTls(this.#seen)) this.#destroy(this.#foreign())
  }

  /** Takes the first response; false when it is none that a server may begin with. */
  took(response: Response): boolean {
    if (response.kind !== 'status' || response.tag !== null) {
      this.#destroy(this.#foreign())
      return false
    }
    clearTimeout(this.#timer)
    this.#come.resolve(response)
    return true
  }

  /** What broke the decoder is no IMAP either. */
  broke(cause: unknown): void {
    this.#destroy(this.#foreign(cause))
  }

  get #where(): string {
    return `${this.#endpoint.host}:${this.#endpoint.port}`
  }

  #foreign(cause?: unknown): Failure {
    return new Failure('not-imap', notImap(this.#where, this.#seen), { cause })
  }

  #late(): Failure {
    if (this.#seen !== '') return this.#foreign()
    const { host, tls } = this.#endpoint
    const hint = tls === 'implicit' ? '' : ' If it speaks TLS from the start, its address begins with imaps://.'
    return new Failure('connection-timeout', `${host} accepted the connection but did not greet.${hint}`)
  }

  #early(why: Failure): Failure {
    if (why.code !== 'connection-lost') return why
    if (this.#seen !== '') return this.#foreign(why)
    const certificate = this.#endpoint.tls === 'implicit' ? ', or want a client certificate' : ''
    const says = `${this.#where} closed the connection before it said a word. It may be full, or block this machine${certificate}.`
    return new Failure('connection-lost', says, { cause: why })
  }
}
