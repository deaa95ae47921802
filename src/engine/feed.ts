import type { MessageRow } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import type { SourceFolder } from '../source/port.ts'

/** UIDs listed in one go: keeps memory flat in a folder of a million messages. */
const LISTING_WINDOW = 4000
const BATCH = { messages: 64, bytes: 2_000_000 }

export type Batch = {
  readonly rows: readonly MessageRow[]
  /** What the server says they weigh: a hint. */
  readonly bytes: number
  /** Travels with nothing else in flight, because it is suspected of breaking connections. */
  readonly alone: boolean
}

/**
 * What is still to copy in one folder, in batches, newest first (or oldest first). Lists the folder window by window while it is
 * copied. Lanes share one feed; a message handed out is not handed out again unless it is given back.
 */
export class Feed {
  readonly #windows: UidSet[]
  readonly #oldestFirst: boolean
  readonly #wanted: (row: MessageRow) => boolean
  #rows: MessageRow[] = []
  #again: { row: MessageRow; alone: boolean }[] = []
  #listing: Promise<void> | null = null

  /** `wanted` decides per row, after listing, what is copied; it records what is not. */
  constructor(uids: UidSet, oldestFirst: boolean, wanted: (row: MessageRow) => boolean) {
    this.#oldestFirst = oldestFirst
    this.#wanted = wanted
    this.#windows = [...uids.windows(LISTING_WINDOW)]
    if (!oldestFirst) this.#windows.reverse()
  }

  /** Messages of this folder that are known already, instead of by listing. */
  preload(rows: readonly MessageRow[]): void {
    this.#keep(rows)
  }

  giveBack(row: MessageRow, alone: boolean): void {
    this.#again.push({ row, alone })
  }

  /** Takes out what was given back; false when it was not. */
  takeBack(uid: number): boolean {
    const at = this.#again.findIndex(({ row }) => row.uid === uid)
    if (at >= 0) this.#again.splice(at, 1)
    return at >= 0
  }

  get empty(): boolean {
    return this.#rows.length === 0 && this.#again.length === 0 && this.#windows.length === 0
  }

  /** How many messages are left, those included that lanes gave back. */
  get left(): number {
    let left = this.#rows.length + this.#again.length
    for (const window of this.#windows) left += window.size
    return left
  }

  /** The next batch, or null when there is none for now. `open` gives the folder opened on the caller's own connection. */
  async next(open: () => Promise<SourceFolder>): Promise<Batch | null> {
    while (this.#rows.length === 0 && this.#windows.length > 0) {
      this.#listing ??= this.#list(open).finally(() => (this.#listing = null))
      await this.#listing
    }
    const batch = this.#take()
    if (batch !== null) return batch
    const suspect = this.#again.findIndex((one) => one.alone)
    const one = suspect >= 0 ? this.#again.splice(suspect, 1)[0] : undefined
    return one === undefined ? null : { rows: [one.row], bytes: one.row.sizeBytes, alone: true }
  }

  #take(): Batch | null {
    const calm = this.#again.filter((one) => !one.alone)
    if (this.#rows.length === 0 && calm.length > 0) {
      this.#again = this.#again.filter((one) => one.alone)
      this.#rows = calm.map((one) => one.row)
    }
    const rows: MessageRow[] = []
    let bytes = 0
    // The queue is kept reversed, so that taking from it does not shift a long array.
    for (let row = this.#rows.at(-1); row !== undefined; row = this.#rows.at(-1)) {
      if (rows.length > 0 && (rows.length >= BATCH.messages || bytes + row.sizeBytes > BATCH.bytes)) break
      this.#rows.pop()
      rows.push(row)
      bytes += row.sizeBytes
    }
    return rows.length === 0 ? null : { rows, bytes, alone: false }
  }

  async #list(open: () => Promise<SourceFolder>): Promise<void> {
    const folder = await open()
    const window = this.#windows[0]
    if (window === undefined) return
    const found: MessageRow[] = []
    const from = window.ranges[0]?.[0] ?? 1
    await folder.rows(from, window.max, (row) => {
      if (window.has(row.uid)) found.push(row)
    })
    // Listed by SEARCH and not by FETCH: asking for the message itself tells whether it is still there.
    const left = window.minus(UidSet.of(found.map((row) => row.uid)))
    for (const uid of left) found.push({ uid, sizeBytes: 0, internalDate: '', flags: [] })
    // Only now: a connection that breaks while listing must not cost a window.
    this.#windows.shift()
    this.#keep(found)
  }

  #keep(found: readonly MessageRow[]): void {
    const sorted = found.filter((row) => this.#wanted(row)).sort((a, b) => (this.#oldestFirst ? b.uid - a.uid : a.uid - b.uid))
    this.#rows = [...sorted, ...this.#rows]
  }
}
