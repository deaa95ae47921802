/** A shared allowance of bytes in memory. Whoever holds bytes takes them first and gives them back; takers are served in order. */
export class ByteBudget {
  readonly totalBytes: number
  #free: number
  #waiting: { bytes: number; go: () => void; stop: (why: Error) => void }[] = []

  constructor(totalBytes: number) {
    this.totalBytes = totalBytes
    this.#free = totalBytes
  }

  get freeBytes(): number {
    return this.#free
  }

  /** Takes at once when there is room and nobody waits; one larger than the whole budget is let in when the budget is idle. */
  tryTake(bytes: number): boolean {
    if (this.#waiting.length > 0 || !this.#fits(bytes)) return false
    this.#free -= bytes
    return true
  }

  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    if (this.tryTake(bytes)) return
    await new Promise<void>((resolve, reject) => {
      const entry = { bytes, go: resolve, stop: reject }
      this.#waiting.push(entry)
      signal?.addEventListener(
        'abort',
        () => {
          const at = this.#waiting.indexOf(entry)
          if (at < 0) return
          this.#waiting.splice(at, 1)
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
          this.#serve()
        },
        { once: true },
      )
    })
  }

  give(bytes: number): void {
    this.#free += bytes
    this.#serve()
  }

  #fits(bytes: number): boolean {
    return bytes <= this.#free || this.#free === this.totalBytes
  }

  #serve(): void {
    for (;;) {
      const first = this.#waiting[0]
      if (first === undefined || !this.#fits(first.bytes)) return
      this.#waiting.shift()
      this.#free -= first.bytes
      first.go()
    }
  }
}
