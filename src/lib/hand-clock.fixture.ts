import type { Clock } from './clock.ts'

/** A clock that a test moves by hand; sleepers wake when their time has come, in order. */
export class HandClock implements Clock {
  #now: number
  #sleepers: { readonly dueAt: number; readonly wake: () => void }[] = []
  /** How long each sleeper asked to sleep, in the order they fell asleep. */
  readonly slept: number[] = []

  constructor(now = 1_800_000_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  get sleeping(): number {
    return this.#sleepers.length
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms)
    signal?.throwIfAborted()
    if (ms <= 0) return
    await new Promise<void>((resolve, reject) => {
      const sleeper = { dueAt: this.#now + ms, wake: resolve }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper)
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
      })
    })
  }

  /** Moves time on and lets everything that follows from it happen. */
  async pass(ms: number): Promise<void> {
    this.#now += ms
    const due = this.#sleepers.filter((one) => one.dueAt <= this.#now).sort((a, b) => a.dueAt - b.dueAt)
    this.#sleepers = this.#sleepers.filter((one) => one.dueAt > this.#now)
    for (const { wake } of due) wake()
    await settled()
  }
}

/** Resolves when every promise that could be settled now is. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
