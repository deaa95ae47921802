const FIRST = 2
const WINDOW_MS = 1000
/** A window this long had a wait in it and says nothing about speed. */
const STALE_MS = 4000
/** Windows that make one measurement. */
const WINDOWS = 2
/** What one more lane must bring to be kept. */
const WORTH = 1.05
/** A small message costs a server about as much as this many bytes. */
const BYTES_PER_MESSAGE = 20_000
const TRY_AGAIN_MS = 60_000
const LONGEST_TRY_AGAIN_MS = 16 * 60_000
/** How long a number of connections that the server did not hold open is believed. */
const REFUSED_MS = 5 * 60_000
/** After a server asked for less: no lane is added for so long. */
const CALM_MS = 60_000

/**
 * How many connection pairs one mailbox is worth: a hill climb over windows of a second. One more is tried while all lanes work and
 * is kept when messages and bytes a second went up by it; what the server does not hold open, or throttles, is tried again much later.
 */
export class LaneCount {
  #lanes = FIRST
  /** Speed before the lane that is on trial; null: none is. */
  #before: number | null = null
  #since: number | null = null
  #score = 0
  #speeds: number[] = []
  #settling = true
  #tryAt = 0
  #tryAgainMs = TRY_AGAIN_MS
  #ceiling = Infinity
  #ceilingUntil = 0

  get wanted(): number {
    return this.#lanes
  }

  /** Something arrived at `now`, with `atWork` lanes working; never climbs above `most`. */
  carried(messages: number, bytes: number, now: number, atWork: number, most: number): void {
    // Lanes are coming or going, or a person allows fewer: nothing to be learnt.
    if (atWork !== this.#lanes) return this.#change(this.#lanes)
    this.#since ??= now
    this.#score += bytes + messages * BYTES_PER_MESSAGE
    const elapsed = now - this.#since
    if (elapsed < WINDOW_MS) return
    const speed = this.#score / elapsed
    this.#since = now
    this.#score = 0
    if (elapsed > STALE_MS) this.#speeds = []
    else if (this.#settling) this.#settling = false
    else this.#speeds.push(speed)
    if (this.#speeds.length >= WINDOWS) this.#judge(this.#speeds.reduce((sum, one) => sum + one, 0) / this.#speeds.length, now, most)
  }

  /** The server holds only `open` pairs open. */
  held(open: number, now: number): void {
    this.#ceiling = Math.max(1, open)
    this.#ceilingUntil = now + REFUSED_MS
    this.#change(Math.min(this.#lanes, this.#ceiling))
  }

  /** The server asked for less. */
  halve(now: number): void {
    this.#tryAt = Math.max(this.#tryAt, now + CALM_MS)
    this.#change(Math.max(1, this.#lanes >> 1))
  }

  #judge(speed: number, now: number, most: number): void {
    const before = this.#before
    this.#speeds = []
    if (before !== null && speed < before * WORTH) {
      this.#tryAt = now + this.#tryAgainMs
      this.#tryAgainMs = Math.min(2 * this.#tryAgainMs, LONGEST_TRY_AGAIN_MS)
      return this.#change(this.#lanes - 1)
    }
    if (before !== null) this.#tryAgainMs = TRY_AGAIN_MS
    this.#before = null
    const ceiling = now < this.#ceilingUntil ? Math.min(most, this.#ceiling) : most
    if (this.#lanes >= ceiling || now < this.#tryAt) return
    this.#change(this.#lanes + 1)
    this.#before = speed
  }

  #change(lanes: number): void {
    this.#lanes = lanes
    this.#before = null
    this.#measureAnew()
  }

  /** The first window after a change is not counted: connections are made, windows fill. */
  #measureAnew(): void {
    this.#since = null
    this.#score = 0
    this.#speeds = []
    this.#settling = true
  }
}
