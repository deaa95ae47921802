import type { Entry } from '../ledger/entry.ts'
import type { Inspection } from '../message/inspect.ts'
import type { MessageRow } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import { identify } from './outgoing.ts'
import type { PassEnv } from './pass-env.ts'

/** A message that left one source folder and turned up in another: our own copy follows it instead of being doubled. */
export type Move = { readonly entry: Entry; readonly toFolderId: number; readonly row: MessageRow }

/**
 * Recognises moved messages among new ones: same size and INTERNALDATE as one that vanished in this pass, and, once read, the
 * same SHA-256; the same fingerprint where we did not send it ourselves and so never hashed it, and, whatever the size, where the
 * source makes every message anew for each reader. Each vanished entry is given away once.
 */
export class MoveFinder {
  readonly #env: PassEnv
  readonly #taken = new Set<number>()
  readonly found: Move[] = []
  #byUid: Map<number, number> | null = null
  readonly #byStrict: ReadonlyMap<string, readonly Entry[]> | null

  constructor(env: PassEnv, rendersAnew: boolean) {
    this.#env = env
    this.#byStrict = rendersAnew ? Map.groupBy(env.ledger.vanished(env.mailboxId), ({ strict }) => latin1(strict)) : null
  }

  /**
   * Recognises without reading: the UIDs of parts of one server folder name the same messages in each. `uidValidity` is one that only such
   * parts share. `flagsOf` tells the flags that these messages have now. Returns the UIDs that are moves.
   */
  async takeSame(
    toFolderId: number,
    uidValidity: string,
    uids: UidSet,
    flagsOf: (uids: UidSet) => Promise<ReadonlyMap<number, readonly string[]>>,
  ): Promise<UidSet> {
    const same: Entry[] = []
    for (const [uid, folderId] of this.#vanishedUids()) {
      if (!uids.has(uid)) continue
      const entry = this.#env.ledger.lookup(folderId, uid)
      if (entry?.uidValidity === uidValidity && entry.destinationUid !== null && !this.#taken.has(entry.id)) same.push(entry)
    }
    if (same.length === 0) return UidSet.empty
    const told = await flagsOf(UidSet.of(same.map((entry) => entry.uid)))
    const taken: number[] = []
    for (const entry of same) {
      const { uid, sizeBytes, internalDate } = entry
      const flags = told.get(uid)
      // Gone again meanwhile: the next pass knows more.
      if (flags === undefined) continue
      this.#taken.add(entry.id)
      this.found.push({ entry, toFolderId, row: { uid, sizeBytes, internalDate, flags } })
      taken.push(uid)
    }
    return UidSet.of(taken)
  }

  /** The fingerprints of what vanished, in Latin-1. */
  identities(): ReadonlySet<string> {
    const found = new Set<string>()
    for (const { strict } of this.#env.ledger.vanished(this.#env.mailboxId)) if (strict !== null) found.add(latin1(strict))
    return found
  }

  /** In which folder each UID vanished last. */
  #vanishedUids(): ReadonlyMap<number, number> {
    if (this.#byUid === null) {
      this.#byUid = new Map()
      for (const entry of this.#env.ledger.vanished(this.#env.mailboxId)) if (entry.uid > 0) this.#byUid.set(entry.uid, entry.folderId)
    }
    return this.#byUid
  }

  take(toFolderId: number, row: MessageRow, inspection: Inspection): boolean {
    for (const entry of this.#candidates(row, inspection)) {
      if (this.#taken.has(entry.id) || entry.destinationUid === null) continue
      this.#taken.add(entry.id)
      this.found.push({ entry, toFolderId, row })
      return true
    }
    return false
  }

  #candidates({ internalDate }: MessageRow, inspection: Inspection): readonly Entry[] {
    if (this.#byStrict === null) {
      const alike = this.#env.ledger.vanishedMatching(this.#env.mailboxId, inspection.bytes, internalDate)
      return [...alike].filter((entry) => isSame(entry, inspection))
    }
    const print = identify(inspection)
    const alike = this.#byStrict.get(latin1(print.strict)) ?? []
    return print.thin ? [] : alike.filter((entry) => entry.internalDate === internalDate)
  }
}

function latin1(print: Buffer | null): string {
  return print === null ? '' : print.toString('latin1')
}

function isSame(entry: Entry, inspection: Inspection): boolean {
  if (entry.sha256 !== null) return entry.sha256.equals(inspection.sha256)
  return entry.strict !== null && entry.strict.equals(identify(inspection).strict)
}
