/** A shared allowance of bytes in memory. Whoever holds bytes takes them first and gives them back; takers are served in order. */
export class ByteBudget {
  readonly totalBytes: number
  #free: number
  #waiting: { readonly bytes: number; readonly go: () => void }[] = []

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

  /** Rejects with the signal's reason when it is aborted before there is room; nothing is taken then. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    if (this.tryTake(bytes)) return
    if (signal?.aborted === true) throw reasonOf(signal)
    await new Promise<void>((resolve, reject) => {
      // The signal outlives the waiting by far: what stays on it would pile up over a long pass.
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1)
        reject(reasonOf(signal))
        this.#serve()
      }
      const go = (): void => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      const entry = { bytes, go }
      this.#waiting.push(entry)
      signal?.addEventListener('abort', onAbort, { once: true })
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

function reasonOf(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('aborted')
}
