import { connect, type Socket } from 'node:net'
import type { Simulator } from './simulator.ts'

/** A bare connection for tests: sends what it is told and shows every line that comes back. */
export class RawClient implements AsyncDisposable {
  readonly #socket: Socket
  #text = ''
  #ended = false
  #wake: (() => void) | null = null

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1')
      this.#wake?.()
    })
    for (const event of ['close', 'error', 'end'])
      this.#socket.on(event, () => {
        this.#ended = true
        this.#wake?.()
      })
  }

  send(data: string | Buffer): void {
    this.#socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data)
  }

  /** All that came, up to and including the first line that matches; what came before the end when the server closed. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      let at = 0
      for (let lf = this.#text.indexOf('\n'); lf >= 0; lf = this.#text.indexOf('\n', at)) {
        const line = this.#text.slice(at, lf)
        at = lf + 1
        if (!pattern.test(line)) continue
        const seen = this.#text.slice(0, at)
        this.#text = this.#text.slice(at)
        return seen
      }
      if (this.#ended) return this.#text
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Sends a command and returns all up to its tagged reply. */
  async ask(command: string, tag = 'A'): Promise<string> {
    this.send(`${tag} ${command}\r\n`)
    return this.until(new RegExp(`^${tag} `))
  }

  /** What is left when the server has closed. */
  async rest(): Promise<string> {
    return this.until(/^(?!)/)
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy()
    return Promise.resolve()
  }
}

/** Signs in at the Exchange side with a token of the tenant. */
export async function openExchange(simulator: Simulator, address: string): Promise<RawClient> {
  const client = new RawClient(simulator.exchange.imapPort)
  await client.until(/^\* /)
  await client.ask(`AUTHENTICATE XOAUTH2 ${xoauth2(address, simulator.tenant.issue())}`)
  return client
}

export async function openSource(simulator: Simulator, login: string): Promise<RawClient> {
  const client = new RawClient(simulator.source.port)
  await client.until(/^\* /)
  await client.ask(`LOGIN ${login} Passw0rd-${login.split('@')[0]}`)
  return client
}

export function xoauth2(address: string, token: string): string {
  return Buffer.from(`user=${address}\x01auth=Bearer ${token}\x01\x01`).toString('base64')
}
