import { randomInt } from 'node:crypto'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { classify, endlessGarbage, lostPlace } from './classify.ts'
import { CommandWriter } from './command-writer.ts'
import { Decoder } from './decoder.ts'
import type { ImapEndpoint } from './endpoint.ts'
import { Greeting } from './greeting.ts'
import { Pace } from './pace.ts'
import type { Quirk } from './quirks.ts'
import type { Response, StatusResponse } from './response.ts'
import { retold, RunningCommands } from './running-command.ts'
import type { Command, RunningCommand } from './running-command.ts'
import { SessionState } from './session-state.ts'
import type { TlsPeer } from './tls-peer.ts'
import { Watchdog } from './watchdog.ts'
import { stopped, Wire } from './wire.ts'

const LOGOUT_PATIENCE_MS = 5_000

/** One connection to an IMAP server: many commands in flight, answers matched by tag. Opened by `connectImap`. */
export class Session {
  readonly endpoint: ImapEndpoint
  /** What the session has learnt about its server; filled while connecting. */
  readonly state: SessionState
  /** Resolves, with the reason, when the connection is gone. */
  readonly closed: Promise<Failure>
  readonly #ctx: Context
  readonly #wire: Wire
  readonly #writer: CommandWriter
  readonly #decoder: Decoder
  readonly #running = new RunningCommands()
  readonly #prefix = Array.from({ length: 3 }, () => String.fromCodePoint(65 + randomInt(26))).join('')
  #lastTag = 0
  #alive = true
  #leaving = false
  #appended = false
  #held = 0
  readonly #watchdog: Watchdog
  #greeting: Greeting | null = null
  #close: (why: Failure) => void = () => {}
  readonly #onAbort = (): void => this.destroy(stopped(this.#ctx.signal))

  private constructor(wire: Wire, ctx: Context) {
    this.endpoint = wire.endpoint
    this.state = new SessionState(wire.endpoint.without)
    this.#watchdog = new Watchdog(wire.endpoint.idleTimeoutMs)
    this.#ctx = ctx
    this.#wire = wire
    this.closed = new Promise((resolve) => (this.#close = resolve))
    this.#decoder = new Decoder({
      response: (response) => this.#response(response),
      literal: (head, bytes) => this.#running.literal(head, bytes),
    })
    this.#writer = new CommandWriter(wire, new Pace(ctx.clock, ctx.signal), {
      nonSync: (bytes) => this.state.nonSync(bytes),
      accepted: (bytes) => (this.state.provenLiteralBytes = Math.max(this.provenLiteralBytes, bytes)),
      broken: (running, error, begun) => this.#broken(running, error, begun),
    })
    ctx.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** Connects and reads the greeting; nothing is sent yet. Throws a `Failure`. */
  static async open(endpoint: ImapEndpoint, ctx: Context): Promise<{ session: Session; greeting: StatusResponse }> {
    const wire = await Wire.open(endpoint, ctx.signal)
    const session = new Session(wire, ctx)
    const greeting = await session.#greeted()
    if (greeting.status === 'BYE') {
      const why = classify(greeting, '', endpoint.host)
      session.destroy(why)
      throw why.code === 'connection-lost' ? new Failure('server-unavailable', why.message, { serverText: greeting.text }) : why
    }
    session.state.greeting = greeting.text
    return { session, greeting }
  }

  get alive(): boolean {
    return this.#alive
  }

  get greeting(): string {
    return this.state.greeting
  }

  get serverId(): ReadonlyMap<string, string> {
    return this.state.serverId
  }

  get capabilities(): ReadonlySet<string> {
    return this.state.capabilities
  }

  /** The TLS of this connection; null in plain text. */
  get peer(): TlsPeer | null {
    return this.#wire.peer
  }

  get appendLimitBytes(): number | null {
    return this.state.appendLimitBytes
  }

  get provenLiteralBytes(): number {
    return this.state.provenLiteralBytes
  }

  has(capability: string): boolean {
    return this.state.capabilities.has(capability)
  }

  quirk(name: Quirk): boolean {
    return this.state.quirks.has(name)
  }

  /** Sends a command and resolves with its OK. Throws a `Failure` for NO, BAD and the end of the connection. */
  run(command: Command): Promise<StatusResponse> {
    if (!this.#alive) return this.closed.then((why) => Promise.reject(retold(why, true)))
    const { promise, resolve, reject } = Promise.withResolvers<StatusResponse>()
    const tag = `${this.#prefix}${++this.#lastTag}`
    this.#appended ||= command.verb === 'APPEND'
    this.#writer.send(this.#running.add(tag, this.state.asSent(command), this.state.openings, resolve, reject))
    return promise
  }

  /** Wraps the connection in TLS. After a `Failure` (also: something in the clear behind the OK) the session must be destroyed. */
  async startTls(): Promise<void> {
    await this.run({ verb: 'STARTTLS', parts: ['STARTTLS'], switches: true })
    if (this.#decoder.takeRest().length > 0) {
      const says = `${this.endpoint.host} sent plain text behind its answer to STARTTLS: somebody may be tampering.`
      throw new Failure('protocol', says, { notDone: true })
    }
    await this.#wire.secure(this.#ctx.signal)
  }

  /** Both directions go through DEFLATE from here on. */
  async compress(): Promise<void> {
    await this.run({ verb: 'COMPRESS', parts: ['COMPRESS DEFLATE'], switches: true })
    this.#wire.compress(this.#decoder.takeRest())
  }

  /** Stops reading until `release` was called as often as this. */
  hold(): void {
    if (this.#held++ === 0) this.#wire.pause()
  }

  release(): void {
    if (--this.#held === 0 && this.#alive) this.#wire.resume()
  }

  /** Takes leave of the server, briefly, then closes. */
  async logout(): Promise<void> {
    if (!this.#alive) return
    this.#leaving = true
    const timer = setTimeout(() => this.destroy(), LOGOUT_PATIENCE_MS)
    try {
      await this.run({ verb: 'LOGOUT', parts: ['LOGOUT'] })
    } catch {
      // whatever it says, we are leaving
    } finally {
      clearTimeout(timer)
      this.destroy()
    }
  }

  /** Closes at once; commands in flight fail with `why`. */
  destroy(why: Failure = new Failure('connection-lost', `The connection to ${this.endpoint.host} was closed from here.`)): void {
    if (!this.#alive) return
    this.#alive = false
    this.#ctx.signal.removeEventListener('abort', this.#onAbort)
    this.#writer.stop()
    this.#wire.destroy()
    this.#decoder.stop()
    this.#running.fail(why)
    this.#close(why)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#running.size === 0) await this.logout()
    else this.destroy()
  }

  #greeted(): Promise<StatusResponse> {
    this.#greeting = new Greeting(this.endpoint, this.closed, (why) => this.destroy(why))
    this.#wire.listen({
      bytes: (chunk, mayKeep) => this.#bytes(chunk, mayKeep),
      end: (why) => this.destroy(why),
      quiet: () => this.#quiet(),
    })
    return this.#greeting.come
  }

  #bytes(chunk: Buffer, mayKeep: boolean): boolean {
    this.#watchdog.heard()
    this.state.receivedBytes += chunk.length
    this.#greeting?.heard(chunk)
    if (!this.#alive) return false
    try {
      return this.#decoder.push(chunk, mayKeep)
    } catch (error) {
      this.#greeting?.broke(error)
      const says = error instanceof Error ? error.message : String(error)
      this.destroy(new Failure('protocol', `${this.endpoint.host} sent what is no IMAP: ${says}.`, { cause: error }))
      return true
    }
  }

  /** A whole idle time without a byte either way. */
  #quiet(): void {
    const excused = this.#running.size === 0 || this.#held > 0 || this.#writer.awaitsBody
    if (!this.#watchdog.quiet(excused, this.#running.largestLiterals)) {
      this.#wire.rearm()
      return
    }
    const message = `${this.endpoint.host} did not answer ${this.#running.verbs} for ${this.#watchdog.quietSeconds} seconds.`
    this.destroy(new Failure('connection-timeout', message))
  }

  #broken(running: RunningCommand, error: unknown, begun: boolean): void {
    this.#running.take(running.tag)
    running.reject(error)
    if (!begun) return
    const message = `The connection to ${this.endpoint.host} was given up: a message could not be sent to its end.`
    this.destroy(new Failure('connection-lost', message, { cause: error }))
  }

  #response(response: Response): void {
    if (!this.#alive) return
    if (this.#greeting !== null) this.#first(response, this.#greeting)
    else if (response.kind === 'continue') this.#continue(response.text)
    else if (response.kind === 'garbage') this.#garbage(response.text)
    else if (response.kind === 'status' && response.tag !== null) this.#tagged(response, response.tag)
    else if (response.kind === 'status' && /^(NO|BAD|BYE)$/.test(response.status)) this.#warned(response)
    else {
      if (response.kind === 'data' && response.name === 'CAPABILITY') this.state.learnCapabilities(response.text)
      if (response.kind === 'status' && response.code === 'CAPABILITY') this.state.learnCapabilities(response.codeText)
      this.#running.tell(response)
    }
  }

  #first(response: Response, greeting: Greeting): void {
    if (!greeting.took(response)) return
    this.#greeting = null
    if (response.kind === 'status' && response.code === 'CAPABILITY') this.state.learnCapabilities(response.codeText)
  }

  #tagged(reply: StatusResponse, tag: string): void {
    const running = this.#running.take(tag)
    if (running === undefined) {
      this.#garbage(`${tag} ${reply.status} ${reply.text}`)
      return
    }
    const { command } = running
    this.#writer.settled(running, reply)
    if (reply.code === 'CAPABILITY') this.state.learnCapabilities(reply.codeText)
    if (reply.status === 'OK') {
      if (command.switches === true) this.#decoder.stop()
      this.#running.settle(running, reply, null)
      return
    }
    this.state.refusals++
    const failure = classify(reply, command.verb, this.endpoint.host)
    this.#running.settle(running, reply, failure)
    if (failure.code === 'token-expired' || failure.code === 'mailbox-not-connected') this.destroy(failure)
  }

  #continue(text: string): void {
    if (this.#writer.proceed()) return
    const answer = this.#running.challenge(text)
    if (answer !== null) this.#wire.out.write(`${answer}\r\n`)
  }

  /** An untagged NO, BAD or BYE. A BAD while messages are being written means that the server has lost its place (Exchange). */
  #warned(response: StatusResponse): void {
    const { host } = this.endpoint
    if (response.status === 'BYE') {
      if (!this.#leaving) this.destroy(classify(response, '', host))
      return
    }
    const refused = this.#writer.awaitsContinue
    const failure = classify(response, '', host)
    if (failure.code === 'throttled' || failure.code === 'token-expired') this.destroy(failure)
    else if (response.status === 'BAD' && this.#appended) {
      if (refused?.command.verb === 'APPEND') {
        this.#running.take(refused.tag)
        refused.reject(classify(response, 'APPEND', host))
      }
      this.destroy(lostPlace(host, `* BAD ${response.text}`))
    } else {
      this.#ctx.log.debug('imap: warning', { host, text: response.text })
      this.#running.tell(response)
    }
  }

  #garbage(text: string): void {
    const { host } = this.endpoint
    if (/^server unavailable/i.test(text)) this.destroy(classify({ status: '', code: '', text: text.slice(0, 100) }, '', host))
    else if (this.#appended) this.destroy(lostPlace(host, text.slice(0, 100)))
    else if (this.#watchdog.garbage(this.#running.answered)) this.destroy(endlessGarbage(host))
    else this.#ctx.log.debug('imap: a line that is no answer', { host })
  }
}
