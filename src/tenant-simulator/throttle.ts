/** Counts what was done within a span of time, and says how long to wait when it was too much. */
export class Throttle {
  readonly #seen = new Map<string, { readonly atMs: number; readonly weight: number }[]>()
  readonly #running = new Map<string, number>()

  /** Seconds to wait; null when there is room. What is refused counts as well, as it does at Microsoft. */
  hit(key: string, limit: number | null, spanMs: number, nowMs: number, weight = 1): number | null {
    if (limit === null) return null
    const recent = (this.#seen.get(key) ?? []).filter(({ atMs }) => atMs > nowMs - spanMs)
    recent.push({ atMs: nowMs, weight })
    this.#seen.set(key, recent)
    const sum = recent.reduce((total, one) => total + one.weight, 0)
    const [first] = recent
    return sum <= limit ? null : Math.max(1, Math.ceil(((first?.atMs ?? nowMs) + spanMs - nowMs) / 1000))
  }

  /** Something begins that runs for a while; false when too many run already, and then it must not be ended. */
  begin(key: string, limit: number | null): boolean {
    const running = this.#running.get(key) ?? 0
    if (limit !== null && running >= limit) return false
    this.#running.set(key, running + 1)
    return true
  }

  end(key: string): void {
    this.#running.set(key, Math.max(0, (this.#running.get(key) ?? 0) - 1))
  }
}
