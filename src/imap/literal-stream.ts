import type { Failure } from '../model/failure.ts'

const HIGH_WATER_BYTES = 1024 * 1024
const LOW_WATER_BYTES = 256 * 1024

/**
 * A literal as it comes in, for one reader. When the reader is slow, `hold` is called, and `release` when it has caught up.
 * What came before a failure is handed out before the failure is thrown.
 */
export class LiteralStream implements AsyncIterable<Buffer>, AsyncIterator<Buffer, undefined> {
  readonly #flow: { hold(): void; release(): void }
  readonly #queue: Buffer[] = []
  #queuedBytes = 0
  #holding = false
  #ended = false
  #abandoned = false
  #failure: Failure | null = null
  #wake: (() => void) | null = null

  constructor(flow: { hold(): void; release(): void }) {
    this.#flow = flow
  }

  push(chunk: Buffer): void {
    if (this.#abandoned) return
    this.#queue.push(chunk)
    this.#queuedBytes += chunk.length
    if (!this.#holding && this.#queuedBytes >= HIGH_WATER_BYTES) {
      this.#holding = true
      this.#flow.hold()
    }
    this.#wake?.()
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  fail(failure: Failure): void {
    if (this.#ended) return
    this.#failure = failure
    this.#wake?.()
  }

  /** Nobody reads on: what is still to come is dropped. */
  abandon(): void {
    this.#abandoned = true
    this.#queue.length = 0
    this.#queuedBytes = 0
    this.#letGo()
    this.#wake?.()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Buffer, undefined>> {
    for (;;) {
      const chunk = this.#queue.shift()
      if (chunk !== undefined) {
        this.#queuedBytes -= chunk.length
        if (this.#queuedBytes <= LOW_WATER_BYTES) this.#letGo()
        return { done: false, value: chunk }
      }
      if (this.#abandoned || this.#ended) return { done: true, value: undefined }
      if (this.#failure !== null) throw this.#failure
      await new Promise<void>((resolve) => (this.#wake = resolve))
      this.#wake = null
    }
  }

  return(): Promise<IteratorResult<Buffer, undefined>> {
    this.abandon()
    return Promise.resolve({ done: true, value: undefined })
  }

  #letGo(): void {
    if (!this.#holding) return
    this.#holding = false
    this.#flow.release()
  }
}
