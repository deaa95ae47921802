import { Failure } from '../model/failure.ts'
import type { LiteralPart } from './encoder.ts'
import type { Pace } from './pace.ts'
import type { StatusResponse } from './response.ts'
import type { RunningCommand } from './running-command.ts'
import type { Wire } from './wire.ts'

/** So many octets may wait in the socket before we wait for it. */
const HIGH_WATER_BYTES = 1024 * 1024
const CRLF = Buffer.from('\r\n')

export type WriterRules = {
  /** May a literal of this size go without asking (RFC 7888)? */
  nonSync(bytes: number): boolean
  /** The server said `+` to a literal of this size. */
  accepted(bytes: number): void
  /** A body failed. When octets of the command have left, its literal cannot be completed and nothing sensible can follow. */
  broken(running: RunningCommand, error: unknown, begun: boolean): void
}

/**
 * Puts commands on the wire one after the other, whole windows in one system call. A command whose literal waits for `+`,
 * or whose body is a stream, holds up those behind it; nothing else does.
 */
export class CommandWriter {
  readonly #wire: Wire
  readonly #pace: Pace
  readonly #rules: WriterRules
  readonly #queue: RunningCommand[] = []
  #busy = false
  #stopped = false
  #waiting: { readonly running: RunningCommand; readonly go: (yes: boolean) => void } | null = null
  #stalled: (() => void) | null = null
  #fed = 0

  constructor(wire: Wire, pace: Pace, rules: WriterRules) {
    this.#wire = wire
    this.#pace = pace
    this.#rules = rules
  }

  /** Waiting for the body of a message from somewhere else: then silence is not the server's fault. */
  get awaitsBody(): boolean {
    return this.#fed > 0
  }

  /** A literal waits for the server's `+`. */
  get awaitsContinue(): RunningCommand | null {
    return this.#waiting?.running ?? null
  }

  send(running: RunningCommand): void {
    this.#pace.pass(() => this.#send(running))
  }

  #send(running: RunningCommand): void {
    this.#queue.push(running)
    if (this.#busy) return
    this.#busy = true
    queueMicrotask(() => {
      this.#drainQueue().catch((error: unknown) => {
        this.#stopped = true
        throw error
      })
    })
  }

  /** The server said `+`. Returns whether a literal was waiting for it. */
  proceed(): boolean {
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.go(true)
    return waiting !== null
  }

  /** The command got its answer: its literal need not be sent any more if it still waits. */
  settled(running: RunningCommand, reply: StatusResponse): void {
    this.#pace.heard(reply)
    if (this.#waiting?.running !== running) return
    const waiting = this.#waiting
    this.#waiting = null
    waiting.go(false)
  }

  stop(): void {
    this.#stopped = true
    this.#waiting?.go(false)
    this.#waiting = null
    this.#stalled?.()
  }

  async #drainQueue(): Promise<void> {
    while (!this.#stopped && this.#queue.length > 0) {
      const { out } = this.#wire
      out.cork()
      let next = this.#queue[0]
      while (next !== undefined && this.#isReady(next) && out.writableLength < HIGH_WATER_BYTES) {
        this.#queue.shift()
        this.#writeAtOnce(next)
        next = this.#queue[0]
      }
      out.uncork()
      this.#wire.flush()
      if (next === undefined) break
      if (this.#isReady(next)) await this.#room()
      else {
        this.#queue.shift()
        await this.#writeInSteps(next)
        this.#wire.flush()
      }
    }
    this.#busy = false
  }

  #isReady({ command }: RunningCommand): boolean {
    return command.parts.every((part) => typeof part === 'string' || (Array.isArray(part.body) && this.#rules.nonSync(part.bytes)))
  }

  #writeAtOnce(running: RunningCommand): void {
    const { out } = this.#wire
    let text = `${running.tag} `
    running.left = true
    for (const part of running.command.parts) {
      if (typeof part === 'string') text += part
      else {
        out.write(Buffer.from(`${text}{${part.bytes}+}\r\n`, 'latin1'))
        text = ''
        for (const chunk of part.body as readonly Buffer[]) out.write(chunk)
      }
    }
    out.write(text === '' ? CRLF : Buffer.from(`${text}\r\n`, 'latin1'))
  }

  async #writeInSteps(running: RunningCommand): Promise<void> {
    const { out } = this.#wire
    let text = `${running.tag} `
    let begun = false
    for (const [index, part] of running.command.parts.entries()) {
      if (typeof part === 'string') {
        text += part
        continue
      }
      const body = bodyOf(part)
      try {
        const first = await this.#next(body)
        if (this.#stopped) return await close(body)
        const nonSync = this.#rules.nonSync(part.bytes)
        out.write(Buffer.from(`${text}{${part.bytes}${nonSync ? '+' : ''}}\r\n`, 'latin1'))
        text = ''
        begun = true
        if (!nonSync) {
          this.#wire.flush()
          if (!(await this.#continued(running))) {
            for (const rest of running.command.parts.slice(index)) if (typeof rest !== 'string') await close(bodyOf(rest))
            return await close(body)
          }
          this.#rules.accepted(part.bytes)
        }
        running.left = true
        await this.#pour(body, first, part.bytes)
      } catch (error) {
        await close(body)
        this.#rules.broken(running, error, begun)
        return
      }
      if (this.#stopped) return
    }
    running.left = true
    out.write(Buffer.from(`${text}\r\n`, 'latin1'))
  }

  async #pour(body: AsyncIterator<Buffer>, first: IteratorResult<Buffer>, bytes: number): Promise<void> {
    let sent = 0
    for (let step = first; step.done !== true; step = await this.#next(body)) {
      sent += step.value.length
      if (sent > bytes) throw new Failure('protocol', `A message was announced with ${bytes} bytes and is longer.`)
      this.#wire.out.write(step.value)
      if (this.#wire.out.writableLength >= HIGH_WATER_BYTES) await this.#room()
      if (this.#stopped) return await close(body)
    }
    if (sent < bytes) throw new Failure('protocol', `A message was announced with ${bytes} bytes and ended after ${sent}.`)
  }

  async #next(body: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
    this.#fed++
    try {
      return await body.next()
    } finally {
      this.#fed--
    }
  }

  #continued(running: RunningCommand): Promise<boolean> {
    if (running.settled || this.#stopped) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#waiting = { running, go: resolve }
    })
  }

  /** Resolves when the socket took what it was given. */
  #room(): Promise<void> {
    const { out } = this.#wire
    if (this.#stopped || !out.writableNeedDrain) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        out.off('drain', done)
        this.#stalled = null
        resolve()
      }
      this.#stalled = done
      out.once('drain', done)
    })
  }
}

async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer, void, undefined> {
  yield* chunks
}

function bodyOf(part: LiteralPart): AsyncIterator<Buffer> {
  return Array.isArray(part.body) ? chunksOf(part.body as readonly Buffer[]) : (part.body as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
}

async function close(body: AsyncIterator<Buffer>): Promise<void> {
  try {
    await body.return?.()
  } catch {
    // a source that fails while it is being abandoned changes nothing
  }
}
