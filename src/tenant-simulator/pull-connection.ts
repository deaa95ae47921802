import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Wire } from '../simulator/wire.ts'

/** One response: its text with `\0` where each literal stood, and the literals. */
export type PullResponse = { readonly text: string; readonly literals: readonly Buffer[] }

export type PullServer = { readonly host: string; readonly port: number; readonly security: string }

/** Why nothing was pulled, in the words of the service. */
export class PullError extends Error {}

/** The fetching side of IMAP as far as a migration needs it: one command after the other, everything read into memory. */
export class PullConnection {
  readonly #wire: Wire
  #tags = 0

  private constructor(wire: Wire) {
    this.#wire = wire
  }

  /** Connects and signs in. */
  static async open(server: PullServer, login: string, password: string, signal: AbortSignal): Promise<PullConnection> {
    const { host, port, security } = server
    if (/^tls$/i.test(security)) throw new PullError(`The connection to the server '${host}' could not be completed.`)
    const socket = /^ssl$/i.test(security) ? connectTls({ host, port, rejectUnauthorized: false }) : connect(port, host)
    signal.addEventListener('abort', () => socket.destroy(), { once: true })
    const connection = new PullConnection(new Wire(socket))
    const greeting = await connection.#wire.line()
    if (greeting === null || !greeting.toString('latin1').startsWith('* OK')) {
      socket.destroy()
      throw new PullError(`The connection to the server '${host}' could not be completed.`)
    }
    const told = await connection.#login(login, password)
    if (!/^\S+ OK/.test(told)) {
      socket.destroy()
      throw new PullError("We had trouble signing in to this account. Please confirm that you're using the right user name and password.")
    }
    return connection
  }

  /** Sends a command and returns its untagged responses. Throws what the server refuses. */
  async ask(command: string): Promise<readonly PullResponse[]> {
    const tag = this.#send(command)
    const responses: PullResponse[] = []
    for (;;) {
      const response = await this.#response()
      if (response.text.startsWith(`${tag} `)) {
        if (!response.text.startsWith(`${tag} OK`)) throw new PullError(`The source answered: ${response.text.slice(tag.length + 1)}`)
        return responses
      }
      responses.push(response)
    }
  }

  end(): void {
    this.#send('LOGOUT')
    this.#wire.end()
    this.#wire.socket.destroy()
  }

  /** Both as literals, so that any character may stand in them. */
  async #login(login: string, password: string): Promise<string> {
    const [user, secret] = [Buffer.from(login, 'utf8'), Buffer.from(password, 'utf8')]
    const tag = this.#send(`LOGIN {${user.length}}`)
    for (const part of [Buffer.concat([user, Buffer.from(` {${secret.length}}\r\n`)]), Buffer.concat([secret, Buffer.from('\r\n')])]) {
      const { text } = await this.#response()
      if (!text.startsWith('+')) return text
      this.#wire.write(part)
      this.#wire.flush()
    }
    for (;;) {
      const { text } = await this.#response()
      if (text.startsWith(`${tag} `)) return text
    }
  }

  #send(command: string): string {
    this.#tags += 1
    this.#wire.write(`P${this.#tags} ${command}\r\n`)
    this.#wire.flush()
    return `P${this.#tags}`
  }

  async #response(): Promise<PullResponse> {
    let text = ''
    const literals: Buffer[] = []
    for (;;) {
      const line = await this.#wire.line()
      if (line === null) throw new PullError('The connection to the source was lost.')
      const part = line.toString('latin1')
      const literal = /\{(\d+)\}$/.exec(part)
      if (literal === null) return { text: text + part, literals }
      const bytes = await this.#wire.literal(Number(literal[1]))
      if (bytes === null) throw new PullError('The connection to the source was lost.')
      literals.push(bytes)
      text += `${part.slice(0, literal.index)}\0`
    }
  }
}
