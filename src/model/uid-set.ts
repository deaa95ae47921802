/** A set of UIDs as sorted, disjoint, inclusive ranges: a million consecutive UIDs cost one pair of numbers. Immutable. */
export class UidSet {
  readonly #ranges: readonly (readonly [number, number])[]

  private constructor(ranges: readonly (readonly [number, number])[]) {
    this.#ranges = ranges
  }

  static readonly empty = new UidSet([])

  /** From UIDs in any order, doubles allowed. */
  static of(uids: Iterable<number>): UidSet {
    const sorted = Float64Array.from(uids).sort()
    const ranges: [number, number][] = []
    for (const uid of sorted) {
      const last = ranges.at(-1)
      if (last !== undefined && uid <= last[1] + 1) last[1] = Math.max(last[1], uid)
      else ranges.push([uid, uid])
    }
    return new UidSet(ranges)
  }

  /** From ranges in any order, either end first, overlapping or not. */
  static ofRanges(given: Iterable<readonly [number, number]>): UidSet {
    const sorted = [...given].map(([a, b]): [number, number] => (a <= b ? [a, b] : [b, a])).sort((x, y) => x[0] - y[0])
    const ranges: [number, number][] = []
    for (const [from, to] of sorted) {
      const last = ranges.at(-1)
      if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
      else ranges.push([from, to])
    }
    return new UidSet(ranges)
  }

  get ranges(): readonly (readonly [number, number])[] {
    return this.#ranges
  }

  get size(): number {
    let size = 0
    for (const [from, to] of this.#ranges) size += to - from + 1
    return size
  }

  get max(): number {
    return this.#ranges.at(-1)?.[1] ?? 0
  }

  has(uid: number): boolean {
    let low = 0
    let high = this.#ranges.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const range = this.#ranges[middle]
      if (range === undefined) return false
      if (uid < range[0]) high = middle - 1
      else if (uid > range[1]) low = middle + 1
      else return true
    }
    return false
  }

  union(other: UidSet): UidSet {
    return UidSet.ofRanges([...this.#ranges, ...other.#ranges])
  }

  /** Those of this set that are not in `other`. */
  minus(other: UidSet): UidSet {
    const left: [number, number][] = []
    let at = 0
    for (const [start, end] of this.#ranges) {
      let from = start
      while (at < other.#ranges.length && (other.#ranges[at]?.[1] ?? 0) < from) at++
      for (let i = at; i < other.#ranges.length && from <= end; i++) {
        const cut = other.#ranges[i]
        if (cut === undefined || cut[0] > end) break
        if (cut[0] > from) left.push([from, cut[0] - 1])
        from = Math.max(from, cut[1] + 1)
      }
      if (from <= end) left.push([from, end])
    }
    return new UidSet(left)
  }

  /** The set in several, each with at most `size` members, ascending. */
  *windows(size: number): Generator<UidSet> {
    let ranges: (readonly [number, number])[] = []
    let room = size
    for (const [first, last] of this.#ranges) {
      for (let from = first; from <= last;) {
        const to = Math.min(last, from + room - 1)
        ranges.push([from, to])
        room -= to - from + 1
        from = to + 1
        if (room > 0) continue
        yield new UidSet(ranges)
        ranges = []
        room = size
      }
    }
    if (ranges.length > 0) yield new UidSet(ranges)
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const [from, to] of this.#ranges) for (let uid = from; uid <= to; uid++) yield uid
  }

  /** As IMAP writes it ("1:5,9"); '' when empty. */
  toString(): string {
    return this.#ranges.map(([from, to]) => (from === to ? `${from}` : `${from}:${to}`)).join(',')
  }

  /** The set in several pieces, each below `maxChars` when written (RFC 2683 §3.2.1.5: command lines have limits). */
  *pieces(maxChars = 8000): Generator<UidSet> {
    let piece: (readonly [number, number])[] = []
    let chars = 0
    for (const range of this.#ranges) {
      const cost = (range[0] === range[1] ? `${range[0]},` : `${range[0]}:${range[1]},`).length
      if (chars + cost > maxChars && piece.length > 0) {
        yield new UidSet(piece)
        piece = []
        chars = 0
      }
      piece.push(range)
      chars += cost
    }
    if (piece.length > 0) yield new UidSet(piece)
  }
}
