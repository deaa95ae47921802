import type { DestinationFolder } from '../destination/port.ts'
import { fingerprint, type Fingerprint } from '../message/fingerprint.ts'
import { splitHeader } from '../message/header-fields.ts'
import { inspect, type Inspection } from '../message/inspect.ts'
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

  /**
   * By the fingerprint without what the message lacks and a server may have added, and only where not more are left than `equals`:
   * so many equal messages are looked for, and any of them will do for any.
   */
  takeLoose(loose: Buffer | null, equals = 1): number | null {
    const uids = loose === null ? undefined : this.#loose.get(loose.toString('latin1'))?.filter((uid) => !this.#taken.has(uid))
    const [uid] = uids ?? []
    if (uid === undefined || uids === undefined || uids.length > equals) return null
    this.#taken.add(uid)
    return uid
  }

  /** How many that are not taken are like this but for what a server may have added. */
  looseLeft(loose: Buffer): number {
    return this.#loose.get(loose.toString('latin1'))?.filter((uid) => !this.#taken.has(uid)).length ?? 0
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
  await samplesOf(folder, thin, (uid, inspection) => arrivals.add(uid, identify(inspection)))
  return arrivals
}

/** The same without what a server adds to a message that lacks it: Message-ID and Date. Reads a sample of each body. */
export async function bareArrivalsIn(folder: DestinationFolder, uids: readonly number[]): Promise<Arrivals> {
  const arrivals = new Arrivals()
  await samplesOf(folder, uids, (uid, { header, bodySample }) => {
    const bare = splitHeader(header).filter(({ name }) => name !== 'message-id' && name !== 'date')
    arrivals.add(uid, identify({ header: Buffer.from(bare.map(({ raw }) => raw).join(''), 'latin1'), bodySample }))
  })
  return arrivals
}

async function samplesOf(folder: DestinationFolder, uids: readonly number[], on: (uid: number, sample: Inspection) => void): Promise<void> {
  for (let at = 0; at < uids.length; at += 32) {
    await folder.bodies(uids.slice(at, at + 32), async (uid, stream) => {
      const chunks: Buffer[] = []
      let bytes = 0
      for await (const chunk of stream) {
        // A thin header and 64 KiB of body are more than the sample needs; the rest flows by.
        if (bytes < 65_536) chunks.push(chunk)
        bytes += chunk.length
      }
      on(uid, inspect(chunks, { longLineBytes: null }))
    })
  }
}

function push(map: Map<string, number[]>, key: string, uid: number): void {
  const uids = map.get(key)
  if (uids === undefined) map.set(key, [uid])
  else uids.push(uid)
}
