import type { Socket } from 'node:net'
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib'

/** Where a connection is to break: after this many bytes came in, or went out. */
export type WireCut = { readonly afterBytesIn?: number | undefined; readonly afterBytesOut?: number | undefined }

const HIGH_WATER_BYTES = 16 * 1024 * 1024
const FLUSH_BYTES = 256 * 1024
const LINGER_MS = 500
const LF = 10

/** The byte side of one server connection: lines and literals in, replies out. Nothing is copied more than once, nothing scanned twice. */
export class Wire {
  readonly socket: Socket
  cut: WireCut = {}
  bytesIn = 0
  bytesOut = 0
  #chunks: Buffer[] = []
  #length = 0
  #scanned = 0
  #want = 0
  #wake: (() => void) | null = null
  #closed = false
  #out: Buffer[] = []
  #outBytes = 0
  #deflate: ReturnType<typeof createDeflateRaw> | null = null

  constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    socket.on('error', () => this.#close())
    socket.on('close', () => this.#close())
    socket.on('end', () => this.#close())
  }

  get closed(): boolean {
    return this.#closed
  }

  /** true when a whole line is waiting: the client has pipelined, and replies may be gathered. */
  get hasLine(): boolean {
    return this.#findLine() >= 0
  }

  /** The next line without its line end, or null at the end of the connection. */
  async line(): Promise<Buffer | null> {
    for (;;) {
      const end = this.#findLine()
      if (end >= 0) {
        const line = this.#take(end + 1)
        const cr = line.length >= 2 && line[line.length - 2] === 13 ? 2 : 1
        return line.subarray(0, line.length - cr)
      }
      if (!(await this.#more(0))) return null
    }
  }

  /** Exactly `bytes` bytes, in a buffer of their own, or null when the connection ends first. */
  async literal(bytes: number): Promise<Buffer | null> {
    while (this.#length < bytes) if (!(await this.#more(bytes))) return null
    return this.#take(bytes)
  }

  /** Reads `bytes` bytes and throws them away. */
  async discard(bytes: number): Promise<boolean> {
    let left = bytes
    while (left > 0) {
      if (this.#length === 0 && !(await this.#more(0))) return false
      const step = Math.min(left, this.#length)
      this.#take(step)
      left -= step
    }
    return true
  }

  write(data: string | Buffer): void {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data
    this.#out.push(bytes)
    this.#outBytes += bytes.length
    if (this.#outBytes > FLUSH_BYTES) this.flush()
  }

  flush(): void {
    if (this.#out.length === 0) return
    const gathered = this.#out.length === 1 ? (this.#out[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#out, this.#outBytes)
    this.#out = []
    this.#outBytes = 0
    if (this.#closed) return
    if (this.#deflate === null) this.#send(gathered)
    else {
      this.#deflate.write(gathered)
      this.#deflate.flush(constants.Z_SYNC_FLUSH)
    }
  }

  /** Resolves once the client has read enough for more to be written. */
  async drained(): Promise<void> {
    if (this.socket.writableLength < HIGH_WATER_BYTES || this.#closed) return
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.socket.off('drain', go)
        this.socket.off('close', go)
        resolve()
      }
      this.socket.on('drain', go)
      this.socket.on('close', go)
    })
  }

  /** From here on both directions are raw deflate (RFC 4978). */
  startDeflate(): void {
    this.flush()
    const inflate = createInflateRaw()
    const deflate = createDeflateRaw()
    inflate.on('data', (chunk: Buffer) => this.#push(chunk))
    inflate.on('error', () => this.destroy())
    deflate.on('data', (chunk: Buffer) => this.#send(chunk))
    const early = this.#length > 0 ? this.#take(this.#length) : null
    this.socket.removeAllListeners('data')
    this.socket.on('data', (chunk: Buffer) => {
      this.bytesIn += chunk.length
      inflate.write(chunk)
    })
    if (early !== null) inflate.write(early)
    this.#deflate = deflate
  }

  /** Sends what is written and closes; what the client still sends is read and dropped, so that it gets the last reply. */
  end(): void {
    this.flush()
    if (this.#closed) return
    if (this.#deflate === null) this.#finish()
    else this.#deflate.flush(constants.Z_FINISH, () => this.#finish())
    this.#close()
  }

  /** Drops the connection without a word; what is written and not yet sent is lost. */
  destroy(): void {
    this.socket.destroy()
    this.#close()
  }

  #finish(last?: Buffer): void {
    if (last === undefined) this.socket.end()
    else this.socket.end(last)
    this.socket.resume()
    setTimeout(() => this.socket.destroy(), LINGER_MS).unref()
  }

  #send(bytes: Buffer): void {
    const limit = this.cut.afterBytesOut
    if (limit !== undefined && this.bytesOut + bytes.length > limit) {
      this.#finish(bytes.subarray(0, Math.max(0, limit - this.bytesOut)))
      this.bytesOut = limit
      this.#close()
      return
    }
    this.bytesOut += bytes.length
    if (!this.socket.destroyed) this.socket.write(bytes)
  }

  #received(chunk: Buffer): void {
    const limit = this.cut.afterBytesIn
    if (limit !== undefined && this.bytesIn + chunk.length > limit) {
      this.#push(chunk.subarray(0, Math.max(0, limit - this.bytesIn)))
      this.bytesIn = limit
      this.socket.pause()
      setImmediate(() => this.destroy())
      return
    }
    this.bytesIn += chunk.length
    this.#push(chunk)
  }

  #push(chunk: Buffer): void {
    if (chunk.length === 0 || this.#closed) return
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length > Math.max(this.#want, HIGH_WATER_BYTES)) this.socket.pause()
    if (this.#length >= this.#want) this.#wakeUp()
  }

  #close(): void {
    this.#closed = true
    this.#wakeUp()
  }

  #wakeUp(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }

  async #more(want: number): Promise<boolean> {
    if (this.#closed) return false
    this.flush()
    this.#want = want
    if (this.socket.isPaused()) this.socket.resume()
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#want = 0
    return !this.#closed || this.#length >= Math.max(want, 1)
  }

  /** Offset of the first LF in what is buffered, or -1. */
  #findLine(): number {
    let offset = 0
    for (let i = 0; i < this.#chunks.length; i++) {
      const chunk = this.#chunks[i]
      if (chunk === undefined) break
      if (i >= this.#scanned) {
        const at = chunk.indexOf(LF)
        if (at >= 0) return offset + at
        this.#scanned = i + 1
      }
      offset += chunk.length
    }
    return -1
  }

  #take(bytes: number): Buffer {
    this.#length -= bytes
    this.#scanned = 0
    const first = this.#chunks[0]
    if (first !== undefined && first.length >= bytes) {
      const piece = Buffer.from(first.subarray(0, bytes))
      if (first.length === bytes) this.#chunks.shift()
      else this.#chunks[0] = first.subarray(bytes)
      return piece
    }
    const result = Buffer.allocUnsafe(bytes)
    let filled = 0
    let used = 0
    for (const chunk of this.#chunks) {
      const step = Math.min(chunk.length, bytes - filled)
      chunk.copy(result, filled, 0, step)
      filled += step
      if (step < chunk.length) {
        this.#chunks[used] = chunk.subarray(step)
        break
      }
      used += 1
      if (filled === bytes) break
    }
    this.#chunks.splice(0, used)
    return result
  }
}
