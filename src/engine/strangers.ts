import type { DestinationFolder } from '../destination/port.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import { fingerprint, type Fingerprint } from '../message/fingerprint.ts'
import { Failure } from '../model/failure.ts'
import { UidSet } from '../model/uid-set.ts'
import { parseInternalDate } from './dates.ts'
import type { Lane } from './lane.ts'
import type { PassEnv } from './pass-env.ts'
import { claimedUids } from './settle.ts'

/** Rows and headers asked for in one go. */
const WINDOW = 2000

/** A message at the destination that we did not put there. */
export type Stranger = { readonly folder: string; readonly uid: number; readonly uidValidity: string }

/**
 * What stands at the destination and came there by itself since some time, in all folders, by fingerprint: as a multiset, each is given
 * away once. Messages whose header says next to nothing are left out. Read when it is first asked for, once a pass.
 */
export class Strangers {
  readonly #env: PassEnv
  readonly #since: number
  #found: ReadonlyMap<string, readonly Stranger[]> | null = null
  readonly #taken = new Set<Stranger>()

  constructor(env: PassEnv, since: number) {
    this.#env = env
    this.#since = since
  }

  /** Those with this fingerprint, strict or loose, that nobody took yet, nor any message since they were read. */
  async like(lane: Lane, print: Buffer): Promise<readonly Stranger[]> {
    this.#found ??= await this.#read(lane)
    return (this.#found.get(print.toString('latin1')) ?? []).filter((one) => !this.#taken.has(one) && !this.#isOurs(one))
  }

  take(stranger: Stranger): void {
    this.#taken.add(stranger)
  }

  async #read(lane: Lane): Promise<ReadonlyMap<string, readonly Stranger[]>> {
    const found = new Map<string, Stranger[]>()
    const sharing = Map.groupBy(this.#env.ledger.folders(this.#env.mailboxId), ({ destinationName }) => destinationName)
    for (const [name, status] of this.#env.destinationStatus) {
      if (status.messages === 0) continue
      try {
        const folder = await lane.knownDestinationFolder(name, status)
        const claimed = this.#claimed(name, sharing.get(name) ?? [], folder.status.uidValidity)
        await this.#readFolder(folder, (await folder.uids()).minus(claimed), ({ strict, variants }, uid) => {
          const one = { folder: name, uid, uidValidity: folder.status.uidValidity }
          // Without both Message-ID and Date too little tells a message.
          for (const print of [strict, ...variants.slice(0, 2)]) {
            const key = print.toString('latin1')
            const alike = found.get(key)
            if (alike === undefined) found.set(key, [one])
            else alike.push(one)
          }
        })
      } catch (error) {
        // What cannot be opened holds nothing that we could find again.
        if (!(error instanceof Failure) || error.spoils !== 'folder') throw error
      }
    }
    return found
  }

  #isOurs({ folder, uid, uidValidity }: Stranger): boolean {
    const sharing = this.#env.ledger.folders(this.#env.mailboxId).filter(({ destinationName }) => destinationName === folder)
    return sharing.some(({ id }) =>
      [...this.#env.ledger.byDestination(id, uid, uid)].some(
        (entry) => entry.destinationUidValidity === uidValidity && entry.destinationName === null && entry.state !== 'sending',
      ),
    )
  }

  #claimed(name: string, folders: readonly FolderEntry[], uidValidity: string): UidSet {
    if (folders.length === 0) return this.#env.ledger.strays(this.#env.mailboxId, name, uidValidity)
    return claimedUids(this.#env, folders, uidValidity, 1)
  }

  async #readFolder(folder: DestinationFolder, free: UidSet, on: (print: Fingerprint, uid: number) => void): Promise<void> {
    for (const window of free.windows(WINDOW)) {
      const recent: number[] = []
      await folder.rows(window.ranges[0]?.[0] ?? 1, window.max, ({ uid, internalDate }) => {
        if (window.has(uid) && (parseInternalDate(internalDate) ?? this.#since) >= this.#since) recent.push(uid)
      })
      if (recent.length === 0) continue
      await folder.headers(UidSet.of(recent), (uid, header) => {
        const print = fingerprint(header)
        if (!print.thin) on(print, uid)
      })
    }
  }
}
