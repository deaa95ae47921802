import type { DestinationFolder } from '../destination/port.ts'
import { fingerprint, type Fingerprint } from '../message/fingerprint.ts'
import { inspect } from '../message/inspect.ts'
import type { UidSet } from '../model/uid-set.ts'
import { identify } from './outgoing.ts'

/** Headers asked for in one go. */
const WINDOW = 2000

/** Messages found at a destination, by fingerprint, as a multiset: two equal messages are two. */
export class Arrivals {
  readonly #strict = new Map<string, number[]>()
  readonly #loose = new Map<string, number[]>()
  readonly #taken = new Set<number>()
  readonly #byUid = new Map<number, Fingerprint>()

  add(uid: number, found: Fingerprint): void {
    this.#byUid.set(uid, found)
    push(this.#strict, found.strict.toString('latin1'), uid)
    for (const variant of found.variants) push(this.#loose, variant.toString('latin1'), uid)
  }

  /** The UID of one not yet taken with this fingerprint, taken now; null when there is none. `fits` narrows the choice among twins. */
  takeStrict(strict: Buffer | null, fits: (uid: number) => boolean = () => true): number | null {
    if (strict === null) return null
    const uids = this.#strict.get(strict.toString('latin1')) ?? []
    while (uids[0] !== undefined && this.#taken.has(uids[0])) uids.shift()
    const uid = uids.find((one) => !this.#taken.has(one) && fits(one))
    if (uid === undefined) return null
    this.#taken.add(uid)
    return uid
  }

  /** By the fingerprint without what the message lacks and a server may have added, and only where exactly one is left. */
  takeLoose(loose: Buffer | null): number | null {
    const uids = loose === null ? undefined : this.#loose.get(loose.toString('latin1'))?.filter((uid) => !this.#taken.has(uid))
    const [uid] = uids ?? []
    if (uid === undefined || uids?.length !== 1) return null
    this.#taken.add(uid)
    return uid
  }

  /** Who the message with this UID is. */
  of(uid: number): Fingerprint | undefined {
    return this.#byUid.get(uid)
  }

  /** UIDs that nobody took. */
  left(): readonly number[] {
    return [...this.#byUid.keys()].filter((uid) => !this.#taken.has(uid))
  }

  /** Takes this one; false when it is taken or unknown. */
  takeUid(uid: number): boolean {
    if (this.#taken.has(uid) || !this.#byUid.has(uid)) return false
    this.#taken.add(uid)
    return true
  }
}

/** Reads the identity of messages at the destination by their headers; of thin ones by a sample of the body too. */
export async function arrivalsIn(folder: DestinationFolder, uids: UidSet): Promise<Arrivals> {
  const arrivals = new Arrivals()
  const thin: number[] = []
  for (const window of uids.windows(WINDOW)) {
    await folder.headers(window, (uid, header) => {
      const found = fingerprint(header)
      if (found.thin) thin.push(uid)
      else arrivals.add(uid, found)
    })
  }
  for (let at = 0; at < thin.length; at += 32) {
    await folder.bodies(thin.slice(at, at + 32), async (uid, stream) => {
      const chunks: Buffer[] = []
      let bytes = 0
      for await (const chunk of stream) {
        // A thin header and 64 KiB of body are more than the sample needs; the rest flows by.
        if (bytes < 65_536) chunks.push(chunk)
        bytes += chunk.length
      }
      const found = identify(inspect(chunks, { longLineBytes: null }))
      arrivals.add(uid, found)
    })
  }
  return arrivals
}

function push(map: Map<string, number[]>, key: string, uid: number): void {
  const uids = map.get(key)
  if (uids === undefined) map.set(key, [uid])
  else uids.push(uid)
}
