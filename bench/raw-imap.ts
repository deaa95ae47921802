import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { pipeline } from 'node:stream/promises'

export type MailboxAt = { readonly port: number; readonly login: string; readonly password: string }

/** A connection that sends what it is told and looks only for tags: the least that an IMAP client can do. */
export class RawImap implements AsyncDisposable {
  readonly #socket: Socket
  #tail: Buffer = Buffer.alloc(0)
  #text = ''
  #keep = true
  #want = ''
  #resolve: ((text: string) => void) | null = null
  #reject: (why: Error) => void = () => {}
  #tag = 0
  bytesRead = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#data(chunk))
    socket.on('error', (error) => this.#reject(error))
    socket.on('close', () => this.#reject(new Error('the server closed the connection')))
  }

  static async open({ port, login, password }: MailboxAt): Promise<RawImap> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    const imap = new RawImap(socket)
    await imap.command(`LOGIN "${login}" "${password}"`)
    return imap
  }

  /** Sends one command and resolves with all that came until its tagged line, that line included. Throws unless it says OK. */
  async command(text: string | readonly (string | Buffer)[]): Promise<string> {
    const tag = `R${++this.#tag}`
    const answer = this.#until(tag, true)
    for (const part of [`${tag} `, ...(typeof text === 'string' ? [text] : text), '\r\n']) this.#socket.write(part)
    return await answer
  }

  /** Sends commands without waiting, the last with `tag`; what comes back until then is thrown away. */
  async stream(commands: string, tag: string): Promise<void> {
    const answer = this.#until(tag, false)
    this.#socket.write(commands)
    await answer
  }

  /** As `stream`, from a file. */
  async file(path: string, tag: string): Promise<void> {
    const answer = this.#until(tag, false)
    await Promise.all([answer, pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), this.#socket, { end: false })])
  }

  #until(tag: string, keep: boolean): Promise<string> {
    this.#text = ''
    this.#keep = keep
    this.#want = `${tag} `
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  #data(chunk: Buffer): void {
    this.bytesRead += chunk.length
    if (this.#keep) {
      this.#text += chunk.toString('latin1')
      this.#end(this.#text)
      return
    }
    // A tagged line is short: only the end of what came can hold the last of them.
    this.#tail = chunk.length >= 400 ? chunk.subarray(-400) : Buffer.concat([this.#tail.subarray(-400), chunk])
    this.#end(this.#tail.toString('latin1'))
  }

  #end(text: string): void {
    const at = text.startsWith(this.#want) ? 0 : text.lastIndexOf(`\n${this.#want}`) + 1
    if ((at === 0 && !text.startsWith(this.#want)) || text.indexOf('\n', at) < 0) return
    const line = text.slice(at)
    if (/^\S+ OK/.test(line)) this.#resolve?.(text)
    else this.#reject(new Error(line.trim()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#reject = () => {}
    const closed = once(this.#socket, 'close')
    this.#socket.destroy()
    await closed
  }
}
