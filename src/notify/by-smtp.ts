import { once } from 'node:events'
import { isIP } from 'node:net'
import { Readable } from 'node:stream'
import type MailComposer from 'nodemailer/lib/mail-composer'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import { LOGO, type Carrier, type Letter, type Outcome } from './carrier.ts'

export type SmtpOptions = {
  /** smtp://host:587 or smtps://host; `?tls=none` hands mail in unencrypted, for a host on this machine or its own network. */
  readonly url: string
  readonly login: string | null
  readonly password: Secret | null
  /** PEM of certificates that are trusted too. */
  readonly ca?: string | null
}

type Modules = { readonly Connection: typeof SMTPConnection; readonly Composer: typeof MailComposer }
type Line = { readonly connection: SMTPConnection; sent: number; isOpen: boolean }

/** Hosts close a line that sent much; ours is closed before. */
const MESSAGES_PER_LINE = 50
const SOCKET_TIMEOUT_MS = 120_000

/** Hands letters in over one line, opened with the first and again when it broke. STARTTLS is demanded unless the address says otherwise. */
export function bySmtp(options: SmtpOptions): Carrier {
  const { url, login, password } = options
  const at = new URL(url)
  const plain = at.searchParams.get('tls') === 'none'
  const secure = at.protocol === 'smtps:'
  const host = at.hostname.replace(/^\[|\]$/g, '')
  const port = at.port === '' ? (secure ? 465 : 587) : Number(at.port)
  const where = `${host}:${port}`
  if (plain && login !== null && !isLoopback(host))
    throw new Failure(
      'tls-required',
      `The password for ${where} would go over the network in the clear. Take ?tls=none away from messages.smtp.url.`,
    )
  let line: Line | null = null

  const open = async ({ Connection }: Modules): Promise<Line> => {
    const connection = new Connection({
      host,
      port,
      secure,
      requireTLS: !secure && !plain,
      ignoreTLS: plain,
      connectionTimeout: 30_000,
      greetingTimeout: 60_000,
      socketTimeout: SOCKET_TIMEOUT_MS,
      tls: {
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ...(options.ca === undefined || options.ca === null ? {} : { ca: options.ca }),
      },
    })
    const opened: Line = { connection, sent: 0, isOpen: true }
    // What breaks while nothing is sent is seen at the next message.
    connection.on('error', () => void (opened.isOpen = false))
    connection.once('end', () => void (opened.isOpen = false))
    await settled((done) => {
      connection.once('error', done)
      connection.connect((error) => done(error ?? null))
    }).catch((error: unknown) => {
      connection.close()
      throw cannotOpen(error, where)
    })
    if (login !== null)
      await settled((done) => connection.login({ user: login, pass: password?.reveal() ?? '' }, (error) => done(error))).catch(
        (error: unknown) => {
          connection.close()
          throw cannotOpen(error, where)
        },
      )
    return opened
  }

  const close = async (): Promise<void> => {
    const { connection, isOpen } = line ?? {}
    line = null
    if (connection === undefined || isOpen !== true) return
    const ended = once(connection, 'end').catch(() => [])
    connection.quit()
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2000).unref())])
    connection.close()
  }

  return {
    async send(letter, recipient) {
      const modules = await load()
      const bytes = await mimeOf(letter, modules)
      if (line !== null && (!line.isOpen || line.sent >= MESSAGES_PER_LINE)) await close()
      line ??= await open(modules)
      const now = line
      now.sent += 1
      let handedOut = false
      const message = Readable.from(
        (function* () {
          handedOut = true
          yield bytes
        })(),
        { objectMode: false },
      )
      try {
        const envelope = { from: letter.from.address, to: [recipient], size: bytes.length }
        return await new Promise<Outcome>((resolve, reject) => {
          now.connection.once('error', reject)
          now.connection.send(envelope, message, (error, info) => {
            now.connection.off('error', reject)
            if (error === null) resolve({ kind: 'sent', says: info?.response ?? '' })
            else reject(error)
          })
        })
      } catch (error) {
        // A refusal leaves the line as it was before the message, once it is told so; a new one is the simpler way to be sure.
        await close()
        return outcomeOf(error, handedOut, where)
      }
    },
    [Symbol.asyncDispose]: close,
  }
}

async function load(): Promise<Modules> {
  const [{ default: Connection }, { default: Composer }] = await Promise.all([
    import('nodemailer/lib/smtp-connection'),
    import('nodemailer/lib/mail-composer'),
  ])
  return { Connection, Composer }
}

async function mimeOf(letter: Letter, { Composer }: Modules): Promise<Buffer> {
  const { from, replyTo, to, messageId, language, subject, text, html, logo } = letter
  const composer = new Composer({
    from,
    to,
    ...(replyTo === null ? {} : { replyTo }),
    subject,
    text,
    html,
    messageId: `<${messageId}>`,
    // No answers of machines to a machine (RFC 3834), nor from Exchange.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply', 'Content-Language': language },
    attachments:
      logo === null
        ? []
        : [{ filename: logo.name, content: Buffer.from(logo.bytes), contentType: logo.type, cid: LOGO, contentDisposition: 'inline' }],
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

type SmtpError = { readonly responseCode: number | null; readonly command: string; readonly code: string; readonly says: string }

function read(error: unknown): SmtpError {
  const { responseCode, command, code, response, message }: Record<string, unknown> = Object(error)
  const says = typeof response === 'string' ? response : String(message ?? error)
  return {
    responseCode: typeof responseCode === 'number' ? responseCode : null,
    command: typeof command === 'string' ? command : '',
    code: typeof code === 'string' ? code : '',
    says: says.replace(/\s+/g, ' ').trim().slice(0, 300),
  }
}

/** A reply is certain, whatever it is about. Without one it hangs on whether a byte of the message was handed out. */
function outcomeOf(error: unknown, handedOut: boolean, where: string): Outcome {
  const { responseCode, command, code, says } = read(error)
  if (responseCode === null) {
    // Not even asked for: an address that is none, a message larger than the host says it takes.
    if (!handedOut && (code === 'EENVELOPE' || code === 'EMESSAGE')) return { kind: 'refused', says }
    if (handedOut) return { kind: 'doubt', says: `the connection to ${where} broke while the message was handed in: ${says}` }
    return { kind: 'later', says: `the connection to ${where} broke before the message was handed in: ${says}` }
  }
  // The sender is refused for everybody: nothing is gained by asking for each of them.
  if (responseCode >= 500 && command === 'MAIL FROM')
    throw new Failure('smtp-refused', `${where} does not let us send as the address in messages.from: ${says}`, {
      cause: error,
      notDone: true,
    })
  return { kind: responseCode >= 500 ? 'refused' : 'later', says }
}

function cannotOpen(error: unknown, where: string): Failure {
  const { code, command, responseCode, says } = read(error)
  const detail = { cause: error, notDone: true }
  if (code === 'EAUTH' && (responseCode === null || responseCode >= 500))
    return new Failure('auth-rejected', `${where} does not accept login and password of messages.smtp: ${says}`, detail)
  if (code === 'EDNS') return new Failure('host-unknown', `There is no host ${where} (messages.smtp.url).`, detail)
  if (code === 'ETLS' || command === 'STARTTLS' || /certificate|TLS|SSL/i.test(says))
    return new Failure('tls-failed', `No encrypted connection to ${where} could be made: ${says}`, detail)
  if (/ECONNREFUSED/.test(says)) return new Failure('connection-refused', `Nothing listens at ${where} (messages.smtp.url).`, detail)
  if (responseCode !== null && responseCode >= 500)
    return new Failure('smtp-refused', `${where} does not talk to this machine: ${says}`, detail)
  return new Failure('connection-lost', `The connection to ${where} could not be made: ${says}`, detail)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

async function settled(start: (done: (error: Error | null) => void) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  start((error) => {
    if (error === null) resolve()
    else reject(error)
  })
  await promise
}
