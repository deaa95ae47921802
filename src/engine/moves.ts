import type { Entry } from '../ledger/entry.ts'
import type { Inspection } from '../message/inspect.ts'
import type { MessageRow } from '../model/message.ts'
import { identify } from './outgoing.ts'
import type { PassEnv } from './pass-env.ts'

/** A message that left one source folder and turned up in another: our own copy follows it instead of being doubled. */
export type Move = { readonly entry: Entry; readonly toFolderId: number; readonly row: MessageRow }

/**
 * Recognises moved messages among new ones: same size and INTERNALDATE as one that vanished in this pass, and, once read, the
 * same SHA-256; the same fingerprint where we did not send it ourselves and so never hashed it. Each vanished entry is given away once.
 */
export class MoveFinder {
  readonly #env: PassEnv
  readonly #taken = new Set<number>()
  readonly found: Move[] = []

  constructor(env: PassEnv) {
    this.#env = env
  }

  take(toFolderId: number, row: MessageRow, inspection: Inspection): boolean {
    for (const entry of this.#env.ledger.vanishedMatching(this.#env.mailboxId, inspection.bytes, row.internalDate)) {
      if (this.#taken.has(entry.id) || entry.destinationUid === null || !isSame(entry, inspection)) continue
      this.#taken.add(entry.id)
      this.found.push({ entry, toFolderId, row })
      return true
    }
    return false
  }
}

function isSame(entry: Entry, inspection: Inspection): boolean {
  if (entry.sha256 !== null) return entry.sha256.equals(inspection.sha256)
  return entry.strict !== null && entry.strict.equals(identify(inspection).strict)
}
