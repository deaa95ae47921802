import { UidSet } from '../../model/uid-set.ts'
import { choose, type Choice } from './gmail-policy.ts'

const FIRST_ROOM = 1024

/**
 * Which message of one folder has which labels: two numbers a message, so that a million messages are 8 MB. Labels are held as sets,
 * each set once; what is chosen for a set is worked out once.
 */
export class LabelIndex {
  uidValidity = ''
  /** Up to here labels are as they were at this mod-sequence of the folder. */
  modseq = 0n
  /** All messages up to this UID are in here. */
  upTo = 0
  #count = 0
  #uids = new Uint32Array(FIRST_ROOM)
  #sets = new Uint32Array(FIRST_ROOM)
  #keys: string[] = []
  #ids = new Map<string, number>()
  #choices: Choice[] = []
  readonly #may: (folder: string) => boolean
  readonly #own: string | null

  /** `may`: the folders that can be chosen. `own`: the label of the folder itself, which a server leaves out. */
  constructor(may: (folder: string) => boolean = () => true, own: string | null = null) {
    this.#may = may
    this.#own = own
  }

  get size(): number {
    return this.#count
  }

  /** Notes the labels of a message; returns the folders that it left or stands in now, where something changed. */
  put(uid: number, labels: readonly string[]): readonly (string | null)[] {
    const set = this.#idOf(labels)
    const at = this.#at(uid)
    if (this.#uids[at] !== uid || at >= this.#count) {
      this.#insert(at, uid, set)
      return [this.#choice(set).folder]
    }
    const before = this.#sets[at] ?? 0
    if (before === set) return []
    this.#sets[at] = set
    return [this.#choice(before).folder, this.#choice(set).folder]
  }

  /** Forgets the messages that are not among these; returns the folders that they stood in. */
  keepOnly(uids: UidSet): ReadonlySet<string | null> {
    const left = new Set<string | null>()
    let kept = 0
    for (let at = 0; at < this.#count; at++) {
      const uid = this.#uids[at] ?? 0
      const set = this.#sets[at] ?? 0
      if (uids.has(uid)) {
        this.#uids[kept] = uid
        this.#sets[kept++] = set
      } else left.add(this.#choice(set).folder)
    }
    this.#count = kept
    return left
  }

  has(uid: number): boolean {
    const at = this.#at(uid)
    return at < this.#count && this.#uids[at] === uid
  }

  /** What was chosen for a message; null for a stranger. */
  of(uid: number): Choice | null {
    const at = this.#at(uid)
    return at < this.#count && this.#uids[at] === uid ? this.#choice(this.#sets[at] ?? 0) : null
  }

  /** Of each folder with messages: how many, and the highest UID. */
  folders(): ReadonlyMap<string, { readonly messages: number; readonly last: number }> {
    const messages = new Uint32Array(this.#keys.length)
    const last = new Uint32Array(this.#keys.length)
    for (let at = 0; at < this.#count; at++) {
      const set = this.#sets[at] ?? 0
      messages[set] = (messages[set] ?? 0) + 1
      last[set] = this.#uids[at] ?? 0
    }
    const found = new Map<string, { messages: number; last: number }>()
    for (const set of this.#keys.keys()) {
      const { folder } = this.#choice(set)
      const count = messages[set] ?? 0
      if (folder === null || count === 0) continue
      const one = found.get(folder) ?? { messages: 0, last: 0 }
      found.set(folder, { messages: one.messages + count, last: Math.max(one.last, last[set] ?? 0) })
    }
    return found
  }

  /** Folders whose messages have more than `most` different keywords together. */
  crowded(most: number): ReadonlySet<string> {
    const used = new Uint8Array(this.#keys.length)
    for (let at = 0; at < this.#count; at++) used[this.#sets[at] ?? 0] = 1
    const found = new Map<string, Set<string>>()
    for (const [set, choice] of this.#choices.entries()) {
      if (used[set] !== 1 || choice.folder === null) continue
      const keywords = found.get(choice.folder) ?? new Set()
      for (const keyword of choice.keywords) keywords.add(keyword)
      found.set(choice.folder, keywords)
    }
    return new Set([...found].flatMap(([folder, keywords]) => (keywords.size > most ? folder : [])))
  }

  /** How many messages carry each label. */
  labels(): ReadonlyMap<string, number> {
    const messages = new Uint32Array(this.#keys.length)
    for (let at = 0; at < this.#count; at++) {
      const set = this.#sets[at] ?? 0
      messages[set] = (messages[set] ?? 0) + 1
    }
    const found = new Map<string, number>()
    for (const [set, key] of this.#keys.entries())
      for (const label of labelsIn(key)) found.set(label, (found.get(label) ?? 0) + (messages[set] ?? 0))
    return found
  }

  /** For each of these labels a message that carries it. */
  samples(labels: ReadonlySet<string>): ReadonlyMap<string, number> {
    const found = new Map<string, number>()
    const wanted = this.#keys.map((key) => labelsIn(key).filter((label) => labels.has(label)))
    for (let at = 0; at < this.#count && found.size < labels.size; at++)
      for (const label of wanted[this.#sets[at] ?? 0] ?? []) if (!found.has(label)) found.set(label, this.#uids[at] ?? 0)
    return found
  }

  /** The messages of a folder with `from` ≤ UID ≤ `to`. */
  uids(folder: string, from = 1, to = 2 ** 32): UidSet {
    return UidSet.ofRanges(this.#singles(folder, from, to))
  }

  *#singles(folder: string, from: number, to: number): Generator<readonly [number, number]> {
    const here = this.#keys.map((_, set) => this.#choice(set).folder === folder)
    for (let at = this.#at(from); at < this.#count; at++) {
      const uid = this.#uids[at] ?? 0
      if (uid > to) return
      if (here[this.#sets[at] ?? 0] === true) yield [uid, uid]
    }
  }

  /** All of it as bytes, for `read`; `extra` comes back from there. */
  write(extra: unknown): Buffer {
    const { uidValidity, modseq, upTo } = this
    const head = Buffer.from(JSON.stringify({ uidValidity, modseq: String(modseq), upTo, count: this.#count, keys: this.#keys, extra }))
    const length = Buffer.alloc(4)
    length.writeUInt32LE(head.length)
    const bytes = (numbers: Uint32Array): Buffer => Buffer.from(numbers.buffer, 0, this.#count * 4)
    return Buffer.concat([length, head, bytes(this.#uids), bytes(this.#sets)])
  }

  /** Takes over what `write` made; the index must be empty. Returns `extra`. Throws where the bytes are something else. */
  read(from: Uint8Array): unknown {
    const bytes = Buffer.from(from.buffer, from.byteOffset, from.byteLength)
    const end = 4 + bytes.readUInt32LE(0)
    const head = JSON.parse(bytes.toString('utf8', 4, end)) as {
      readonly uidValidity: string
      readonly modseq: string
      readonly upTo: number
      readonly count: number
      readonly keys: readonly string[]
      readonly extra: unknown
    }
    const { count } = head
    if (bytes.length !== end + 8 * count) throw new RangeError('the notes on labels are damaged')
    // A copy: the numbers must begin at a multiple of four.
    const numbers = new Uint32Array(Uint8Array.from(bytes.subarray(end)).buffer)
    this.uidValidity = head.uidValidity
    this.modseq = BigInt(head.modseq)
    this.upTo = head.upTo
    this.#count = count
    this.#uids = numbers.slice(0, count)
    this.#sets = numbers.slice(count)
    for (const key of head.keys) this.#idOfKey(key)
    return head.extra
  }

  #idOf(labels: readonly string[]): number {
    const own = this.#own === null ? labels : [...labels, this.#own]
    return this.#idOfKey([...new Set(own)].sort().join('\n'))
  }

  #idOfKey(key: string): number {
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.#keys.length
    this.#keys.push(key)
    this.#ids.set(key, id)
    this.#choices.push(choose(labelsIn(key), this.#may))
    return id
  }

  #choice(set: number): Choice {
    return this.#choices[set] ?? { folder: null, keywords: [] }
  }

  /** Where this UID stands, or would stand. */
  #at(uid: number): number {
    if (this.#count === 0 || uid > (this.#uids[this.#count - 1] ?? 0)) return this.#count
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#uids[middle] ?? 0) < uid) low = middle + 1
      else high = middle
    }
    return low
  }

  #insert(at: number, uid: number, set: number): void {
    if (this.#count === this.#uids.length) {
      this.#uids = grown(this.#uids)
      this.#sets = grown(this.#sets)
    }
    if (at < this.#count) {
      this.#uids.copyWithin(at + 1, at, this.#count)
      this.#sets.copyWithin(at + 1, at, this.#count)
    }
    this.#uids[at] = uid
    this.#sets[at] = set
    this.#count++
  }
}

function labelsIn(key: string): readonly string[] {
  return key === '' ? [] : key.split('\n')
}

function grown(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(FIRST_ROOM, Math.ceil(numbers.length * 1.5)))
  larger.set(numbers)
  return larger
}
