import type { Ledger } from '../ledger/ledger.ts'

type Waiting = { readonly work: () => void; readonly done: () => void; readonly failed: (error: unknown) => void }

/** Writes of several folders and lanes that come at about the same time go to the disk together: one transaction, one sync. */
export class GroupCommit {
  readonly #ledger: Ledger
  #waiting: Waiting[] = []

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** Resolves when what `work` writes is on the disk. It runs a little later, in the order given, and must not await. */
  run(work: () => void): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ work, done, failed })
      if (this.#waiting.length === 1) setImmediate(() => this.#commit())
    })
  }

  #commit(): void {
    const all = this.#waiting
    this.#waiting = []
    try {
      this.#ledger.atomic(() => {
        for (const { work } of all) work()
      })
    } catch (error) {
      for (const { failed } of all) failed(error)
      return
    }
    for (const { done } of all) done()
  }
}
