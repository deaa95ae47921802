import { once } from 'node:events'
import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { silentLog } from '../lib/log.ts'
import { systemClock } from '../lib/clock.ts'
import { Secret } from '../model/secret.ts'
import { connectImap } from './connect.ts'
import { imapEndpoint } from './endpoint.ts'
import type { ImapEndpoint, ImapLogin } from './endpoint.ts'
import type { Session } from './session.ts'

/** For tests: one connection of a server that does exactly what the test's script says. */
export class Conversation {
  readonly socket: net.Socket
  /** Which connection to the server it is, from 1. */
  readonly number: number
  /** What is said goes out in pieces of so many bytes, each on its own. */
  pieceBytes = Infinity
  #buffer = Buffer.alloc(0)
  #ended = false
  #wake: () => void = () => {}
  #saying: Promise<void> = Promise.resolve()

  constructor(socket: net.Socket, number = 1) {
    this.socket = socket
    this.number = number
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk])
      this.#wake()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#ended = true
      this.#wake()
    })
  }

  /** Says lines, CRLF added; latin1. */
  say(...lines: readonly string[]): void {
    this.octetsOut(Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1'))
  }

  octetsOut(octets: Buffer): void {
    if (octets.length <= this.pieceBytes) this.socket.write(octets)
    else this.#saying = this.#saying.then(() => this.#inPieces(octets))
  }

  /** Everything said is on its way; then the connection ends, in the middle of whatever that was. */
  async hangUp(): Promise<void> {
    await this.#saying
    this.socket.end()
  }

  async #inPieces(octets: Buffer): Promise<void> {
    for (let at = 0; at < octets.length && !this.socket.destroyed; at += this.pieceBytes) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.socket.write(octets.subarray(at, at + this.pieceBytes), () => resolve())
      await promise
    }
  }

  async line(): Promise<string> {
    for (;;) {
      const lf = this.#buffer.indexOf('\r\n')
      if (lf >= 0) {
        const line = this.#buffer.toString('latin1', 0, lf)
        this.#buffer = this.#buffer.subarray(lf + 2)
        return line
      }
      await this.#more()
    }
  }

  async octets(bytes: number): Promise<Buffer> {
    while (this.#buffer.length < bytes) await this.#more()
    const octets = this.#buffer.subarray(0, bytes)
    this.#buffer = this.#buffer.subarray(bytes)
    return octets
  }

  /** What came in and was not read yet. */
  get unread(): string {
    return this.#buffer.toString('latin1')
  }

  async command(): Promise<{ tag: string; text: string }> {
    const line = await this.line()
    const space = line.indexOf(' ')
    return { tag: line.slice(0, space), text: line.slice(space + 1) }
  }

  /** Takes the next command and answers it: "%" in the lines stands for its tag. */
  async answer(...lines: readonly string[]): Promise<string> {
    const { tag, text } = await this.command()
    this.say(...lines.map((line) => line.replace(/^%/, tag)))
    return text
  }

  /** Greets and takes a login by password; `extra` are the capabilities after it. */
  async signIn(extra = ''): Promise<void> {
    this.say(`* OK [CAPABILITY IMAP4rev1 ${extra}] ready`)
    await this.answer(`% OK [CAPABILITY IMAP4rev1 ${extra}] in`)
    if (/\bID\b/.test(extra)) await this.answer('* ID NIL', '% OK')
    if (extra.includes('NAMESPACE')) await this.answer('* NAMESPACE (("" "/")) NIL NIL', '% OK')
    if (extra.includes('ENABLE')) await this.answer('* ENABLED QRESYNC', '% OK')
  }

  async closed(): Promise<void> {
    while (!this.#ended) await this.#more().catch(() => {})
  }

  async #more(): Promise<void> {
    if (this.#ended) throw new Error('the client has gone')
    await new Promise<void>((resolve) => (this.#wake = resolve))
  }
}

export type ScriptedServer = AsyncDisposable & {
  readonly port: number
  /** Rejects with what went wrong in the script, resolves when it is through. */
  readonly script: Promise<void>
  endpoint(part?: Partial<ImapEndpoint>): ImapEndpoint
  connect(part?: Partial<ImapEndpoint>, login?: ImapLogin): Promise<Session>
}

export const PASSWORD: ImapLogin = { kind: 'password', user: 'anna', password: new Secret('s3cret'), authzid: null }

/** A server on loopback that follows the script with every connection made to it; `number` tells which it is. */
export async function scriptedServer(script: (client: Conversation) => Promise<void>): Promise<ScriptedServer> {
  const sockets = new Set<net.Socket>()
  let connections = 0
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  promise.catch(() => {})
  const server = net.createServer((socket) => {
    sockets.add(socket)
    script(new Conversation(socket, ++connections)).then(resolve, (error: unknown) => {
      reject(error)
      socket.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const endpoint = (part: Partial<ImapEndpoint> = {}): ImapEndpoint => imapEndpoint({ host: '127.0.0.1', port, tls: 'none', ...part })
  return {
    port,
    script: promise,
    endpoint,
    connect: (part, login = PASSWORD) =>
      connectImap(endpoint(part), login, { clock: systemClock, log: silentLog, signal: new AbortController().signal }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
