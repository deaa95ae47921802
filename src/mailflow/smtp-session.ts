import { hostname } from 'node:os'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import { isPositive, replyText, type SmtpReply } from './smtp-reply.ts'
import { SMTP_TIMES, SmtpWire, type SmtpTarget, type SmtpTimes } from './smtp-wire.ts'
import { NO_TLS, type TlsState } from './tls-state.ts'

export type SmtpOptions = {
  /** The name that we say is ours; the machine's own where nothing is given. */
  readonly helo?: string
  readonly times?: SmtpTimes
  /** `implicit`: encrypted from the first byte (port 465). Default: STARTTLS where it is offered. */
  readonly tls?: 'starttls' | 'implicit' | 'none'
}

/** What a report keeps of a dialogue, at most: a sweep of thousands says the same again and again. */
const MOST_LINES = 200

/**
 * One dialogue with a mail host, as another mail host would lead it (RFC 5321). Replies are handed back, not thrown: a refusal is what a
 * probe wants to hear. Thrown is a `Failure` where no answer comes. `dialogue` is the evidence: each line, without secrets and bodies.
 */
export class SmtpSession {
  readonly dialogue: string[] = []
  readonly host: string
  readonly remoteAddress: string
  greeting = ''
  extensions: ReadonlyMap<string, string> = new Map()
  tls: TlsState = NO_TLS
  readonly #wire: SmtpWire

  private constructor(wire: SmtpWire, host: string) {
    this.#wire = wire
    this.host = host
    this.remoteAddress = wire.remoteAddress
  }

  /**
   * Connects, says EHLO and encrypts where that is offered. Where the handshake fails the same is done once more in the clear, as senders
   * do, and `tls.doubt` says why. A host that does not want to speak to us is a `Failure('smtp-refused')` with its words.
   */
  static async open(target: SmtpTarget, options: SmtpOptions, ctx: Context): Promise<SmtpSession> {
    try {
      return await SmtpSession.#open(target, options, ctx)
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'tls-failed' || (options.tls ?? 'starttls') !== 'starttls') throw error
      const session = await SmtpSession.#open(target, { ...options, tls: 'none' }, ctx)
      session.tls = { ...NO_TLS, offered: true, doubt: error.message }
      return session
    }
  }

  static async #open(target: SmtpTarget, options: SmtpOptions, ctx: Context): Promise<SmtpSession> {
    const wire = await SmtpWire.open(target, options.times ?? SMTP_TIMES, ctx.signal)
    const session = new SmtpSession(wire, target.host)
    try {
      if (options.tls === 'implicit') session.tls = await wire.encrypt()
      const greeting = session.#heard(await wire.reply())
      if (!isPositive(greeting)) throw refused(target.host, greeting)
      session.greeting = greeting.text
      const name = options.helo ?? ownName()
      await session.#hello(name)
      if ((options.tls ?? 'starttls') === 'starttls' && session.extensions.has('STARTTLS')) {
        const agreed = await session.command('STARTTLS')
        if (isPositive(agreed)) {
          session.tls = await wire.encrypt()
          await session.#hello(name)
        } else session.tls = { ...NO_TLS, offered: true, doubt: `STARTTLS was refused: ${replyText(agreed)}` }
      } else if (options.tls === 'none') session.tls = { ...NO_TLS, offered: session.extensions.has('STARTTLS') }
      return session
    } catch (error) {
      wire.destroy()
      throw error
    }
  }

  has(extension: string): boolean {
    return this.extensions.has(extension)
  }

  /** One line and the host's answer to it. `shown` stands in the evidence in its place. */
  async command(line: string, shown = line): Promise<SmtpReply> {
    if (/[\r\n]/.test(line)) throw new Failure('bad-input', 'A line break cannot stand in an address.')
    this.#keep(`> ${shown}`)
    this.#wire.send(`${line}\r\n`)
    return this.#heard(await this.#wire.reply())
  }

  /** '' is the empty sender of reports (RFC 5321 §4.5.5). */
  mail(sender: string, sizeBytes = 0): Promise<SmtpReply> {
    const size = sizeBytes > 0 && this.has('SIZE') ? ` SIZE=${sizeBytes}` : ''
    const utf8 = !isAscii(sender) && this.has('SMTPUTF8') ? ' SMTPUTF8' : ''
    return this.command(`MAIL FROM:<${sender}>${size}${utf8}`)
  }

  recipient(address: string): Promise<SmtpReply> {
    return this.command(`RCPT TO:<${address}>`)
  }

  /** The message itself, its lines ending in CRLF. The answer tells whether the host has taken it over. */
  async data(message: Buffer): Promise<SmtpReply> {
    const ready = await this.command('DATA')
    if (ready.code !== 354) return ready
    this.#keep(`> (${message.length} bytes)`)
    await this.#wire.sendAll(dotted(message))
    return this.#heard(await this.#wire.reply())
  }

  /** PLAIN, else LOGIN; never in the clear unless `clear`. Throws `auth-rejected` or `auth-unsupported`. */
  async login(user: string, password: Secret, clear = false): Promise<void> {
    const offered = (this.extensions.get('AUTH') ?? '').toUpperCase().split(' ')
    if (!this.tls.used && !clear) throw new Failure('tls-required', `${this.host} offers no encryption to sign in by.`)
    let answer: SmtpReply
    if (offered.includes('PLAIN')) {
      const proof = Buffer.from(`\0${user}\0${password.reveal()}`).toString('base64')
      answer = await this.command(`AUTH PLAIN ${proof}`, 'AUTH PLAIN ***')
    } else if (offered.includes('LOGIN')) {
      answer = await this.command('AUTH LOGIN')
      for (const part of [user, password.reveal()])
        if (answer.code === 334) answer = await this.command(Buffer.from(part).toString('base64'), '***')
    } else throw new Failure('auth-unsupported', `${this.host} offers neither PLAIN nor LOGIN.`)
    if (!isPositive(answer)) throw new Failure('auth-rejected', `${this.host} did not let ${user} in.`, { serverText: replyText(answer) })
  }

  /** Says goodbye and hangs up; never throws. */
  async end(): Promise<void> {
    try {
      await this.command('QUIT')
    } catch {
      // Whoever hangs up first: all is said.
    }
    this.#wire.destroy()
  }

  destroy(): void {
    this.#wire.destroy()
  }

  async #hello(name: string): Promise<void> {
    const answer = await this.command(`EHLO ${name}`)
    if (isPositive(answer)) {
      const words = answer.lines.slice(1).map((line) => line.slice(4).trim())
      this.extensions = new Map(words.map((word) => [(word.split(' ')[0] ?? '').toUpperCase(), word.split(' ').slice(1).join(' ')]))
      return
    }
    // RFC 5321 §3.2: a host of old knows HELO alone.
    const plain = await this.command(`HELO ${name}`)
    if (!isPositive(plain)) throw refused(this.host, plain)
  }

  #heard(reply: SmtpReply): SmtpReply {
    for (const line of reply.lines) this.#keep(`< ${line}`)
    return reply
  }

  #keep(line: string): void {
    if (this.dialogue.length < MOST_LINES) this.dialogue.push(line)
  }
}

function refused(host: string, reply: SmtpReply): Failure {
  return new Failure('smtp-refused', `${host} does not speak to us: ${replyText(reply)}`, { serverText: replyText(reply) })
}

function isAscii(text: string): boolean {
  return /^[\u0000-\u007f]*$/.test(text)
}

/** A host name with a dot, or the address literal that stands for none (RFC 5321 §4.1.3). */
export function ownName(): string {
  const name = hostname()
  return /^[a-z\d-]+(?:\.[a-z\d-]+)+$/i.test(name) ? name : '[127.0.0.1]'
}

/** Dots at the beginning of a line are doubled, and one alone ends the message (RFC 5321 §4.5.2). */
function dotted(message: Buffer): Buffer {
  const text = message.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n')
  const stuffed = text.replace(/^\./gm, '..')
  return Buffer.from(`${stuffed}${stuffed.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1')
}
