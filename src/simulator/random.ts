/** Numbers that look random and are the same for the same seed and place. */
export class Random {
  #state: number

  constructor(seed: number, ...place: readonly number[]) {
    let state = seed >>> 0
    for (const part of place) state = Math.imul(state ^ (part + 0x9e3779b9), 0x85ebca6b) ^ (state >>> 13)
    this.#state = state >>> 0
  }

  /** Between 0 (included) and 1 (not). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number from 0 to `below` - 1. */
  int(below: number): number {
    return Math.floor(this.next() * below)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.int(list.length)] ?? list[0]
  }

  /** Log-normal with this median: mail sizes are. */
  logNormal(median: number, sigma: number): number {
    const u = Math.max(this.next(), 1e-12)
    return median * Math.exp(sigma * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * this.next()))
  }
}
