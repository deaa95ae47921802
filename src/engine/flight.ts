/** What one lane has under way, over all folders that it works on: batches between their FETCH and their receipts. */
export class Flight {
  readonly #works = new Set<Promise<void>>()
  /** What stopped the lane for good, in the order it happened. */
  readonly fatal: unknown[] = []
  messages = 0
  bytes = 0

  get empty(): boolean {
    return this.#works.size === 0
  }

  add(messages: number, bytes: number, work: Promise<void>): void {
    this.messages += messages
    this.bytes += bytes
    const watched: Promise<void> = work
      .catch((error: unknown) => void this.fatal.push(error))
      .finally(() => {
        this.#works.delete(watched)
        this.messages -= messages
        this.bytes -= bytes
      })
    this.#works.add(watched)
  }

  /** Resolves when one of them has come to its end. */
  async landing(): Promise<void> {
    await Promise.race(this.#works)
  }

  /** Resolves when nothing is under way. */
  async drained(): Promise<void> {
    await Promise.all(this.#works)
  }
}
