/**
 * A set of UIDs as sorted, disjoint, inclusive ranges: a million consecutive UIDs cost one pair of numbers, and a million single ones
 * sixteen megabytes. Immutable.
 */
export class UidSet {
  /** First and last of one range after the other. */
  readonly #flat: Float64Array

  private constructor(flat: Float64Array) {
    this.#flat = flat
  }

  static readonly empty = new UidSet(new Float64Array(0))

  /** From UIDs in any order, doubles allowed. */
  static of(uids: Iterable<number>): UidSet {
    const builder = new Builder()
    for (const uid of Float64Array.from(uids).sort()) builder.add(uid, uid)
    return new UidSet(builder.done())
  }

  /** From ranges in any order, either end first, overlapping or not. */
  static ofRanges(given: Iterable<readonly [number, number]>): UidSet {
    const builder = new Builder()
    const late: (readonly [number, number])[] = []
    let last = -Infinity
    for (const [a, b] of given) {
      const from = Math.min(a, b)
      if (from < last) late.push([from, Math.max(a, b)])
      else {
        builder.add(from, Math.max(a, b))
        last = from
      }
    }
    const inOrder = new UidSet(builder.done())
    if (late.length === 0) return inOrder
    const rest = new Builder()
    for (const [from, to] of late.sort((x, y) => x[0] - y[0])) rest.add(from, to)
    return inOrder.union(new UidSet(rest.done()))
  }

  /** All ranges at once: of a set that may be large take `spans`. */
  get ranges(): readonly (readonly [number, number])[] {
    return [...this.spans()]
  }

  /** The ranges one after the other, ascending. */
  *spans(): Generator<readonly [number, number]> {
    for (let at = 0; at < this.#flat.length; at += 2) yield [this.#at(at), this.#at(at + 1)]
  }

  get size(): number {
    let size = 0
    for (let at = 0; at < this.#flat.length; at += 2) size += this.#at(at + 1) - this.#at(at) + 1
    return size
  }

  get max(): number {
    return this.#flat.at(-1) ?? 0
  }

  has(uid: number): boolean {
    let low = 0
    let high = this.#flat.length / 2 - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      if (uid < this.#at(2 * middle)) high = middle - 1
      else if (uid > this.#at(2 * middle + 1)) low = middle + 1
      else return true
    }
    return false
  }

  union(other: UidSet): UidSet {
    if (other.#flat.length === 0) return this
    if (this.#flat.length === 0) return other
    const builder = new Builder()
    for (let i = 0, j = 0; i < this.#flat.length || j < other.#flat.length;) {
      const mine = j >= other.#flat.length || (i < this.#flat.length && this.#at(i) <= other.#at(j))
      if (mine) builder.add(this.#at(i), this.#at(i + 1))
      else builder.add(other.#at(j), other.#at(j + 1))
      if (mine) i += 2
      else j += 2
    }
    return new UidSet(builder.done())
  }

  /** Those of this set that are not in `other`. */
  minus(other: UidSet): UidSet {
    if (other.#flat.length === 0 || this.#flat.length === 0) return this
    const builder = new Builder()
    let cut = 0
    for (let at = 0; at < this.#flat.length; at += 2) {
      let from = this.#at(at)
      const end = this.#at(at + 1)
      while (cut < other.#flat.length && other.#at(cut + 1) < from) cut += 2
      for (let i = cut; i < other.#flat.length && from <= end && other.#at(i) <= end; i += 2) {
        if (other.#at(i) > from) builder.add(from, other.#at(i) - 1)
        from = Math.max(from, other.#at(i + 1) + 1)
      }
      if (from <= end) builder.add(from, end)
    }
    return new UidSet(builder.done())
  }

  /** The set in several, each with at most `size` members, ascending. */
  *windows(size: number): Generator<UidSet> {
    let builder = new Builder()
    let room = size
    for (const [first, last] of this.spans()) {
      for (let from = first; from <= last;) {
        const to = Math.min(last, from + room - 1)
        builder.add(from, to)
        room -= to - from + 1
        from = to + 1
        if (room > 0) continue
        yield new UidSet(builder.done())
        builder = new Builder()
        room = size
      }
    }
    if (room < size) yield new UidSet(builder.done())
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const [from, to] of this.spans()) for (let uid = from; uid <= to; uid++) yield uid
  }

  /** As IMAP writes it ("1:5,9"); '' when empty. */
  toString(): string {
    return this.ranges.map(([from, to]) => (from === to ? `${from}` : `${from}:${to}`)).join(',')
  }

  /** The set in several pieces, each below `maxChars` when written (RFC 2683 §3.2.1.5: command lines have limits). */
  *pieces(maxChars = 8000): Generator<UidSet> {
    let builder = new Builder()
    let chars = 0
    for (const [from, to] of this.spans()) {
      const cost = (from === to ? `${from},` : `${from}:${to},`).length
      if (chars + cost > maxChars && chars > 0) {
        yield new UidSet(builder.done())
        builder = new Builder()
        chars = 0
      }
      builder.add(from, to)
      chars += cost
    }
    if (chars > 0) yield new UidSet(builder.done())
  }

  #at(at: number): number {
    return this.#flat[at] ?? 0
  }
}

/** Takes ranges in the order of their beginnings and joins those that touch. */
class Builder {
  #flat = new Float64Array(8)
  #length = 0

  add(from: number, to: number): void {
    const last = this.#flat[this.#length - 1] ?? -Infinity
    if (this.#length > 0 && from <= last + 1) {
      if (to > last) this.#flat[this.#length - 1] = to
      return
    }
    if (this.#length === this.#flat.length) {
      const larger = new Float64Array(this.#length * 2)
      larger.set(this.#flat)
      this.#flat = larger
    }
    this.#flat[this.#length++] = from
    this.#flat[this.#length++] = to
  }

  done(): Float64Array {
    return this.#flat.slice(0, this.#length)
  }
}
