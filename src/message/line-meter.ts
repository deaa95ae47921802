const LF = 0x0a
const CR = 0x0d

/**
 * Tells whether a stream has a physical line of `limit` bytes or more, line ends not counted. It jumps from a line start to
 * the last line end that a window of `limit` bytes can hold: one native call for each window, not for each line.
 */
export class LineMeter {
  readonly #limit: number
  #lineBytes = 0
  #lastByte = 0
  #isLong = false

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Right after the last `update` for complete lines, and for the last line too when it has no line end. */
  get hasLongLine(): boolean {
    return this.#isLong || this.#lineBytes >= this.#limit
  }

  update(chunk: Buffer): void {
    if (this.#isLong || chunk.length === 0) return
    let start = -this.#lineBytes
    for (;;) {
      const furthest = start + this.#limit
      if (furthest < 0) break
      const end = chunk.lastIndexOf(LF, Math.min(furthest, chunk.length - 1))
      if (end < 0 || end < start) break
      if (end === furthest && (end > 0 ? chunk[end - 1] : this.#lastByte) !== CR) {
        const earlier = end === 0 ? -1 : chunk.lastIndexOf(LF, end - 1)
        if (earlier < Math.max(start, 0)) this.#isLong = true
      }
      start = end + 1
    }
    this.#lineBytes = chunk.length - start
    this.#lastByte = chunk[chunk.length - 1] ?? 0
  }
}
