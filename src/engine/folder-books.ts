import type { DestinationLimits, Receipt } from '../destination/port.ts'
import type { CopiedEntry, SkippedEntry } from '../ledger/batch.ts'
import type { Inspection } from '../message/inspect.ts'
import type { Failure } from '../model/failure.ts'
import type { FolderStatus } from '../model/folder.ts'
import type { MessageRow } from '../model/message.ts'
import type { MoveFinder } from './moves.ts'
import type { Outgoing } from './outgoing.ts'
import type { PassEnv } from './pass-env.ts'
import { failedEntry } from './prepare.ts'

export type FolderTarget = {
  readonly folderId: number
  readonly uidValidity: string
  readonly sourceName: string
  readonly sourceStatus: FolderStatus
  readonly destinationName: string
  readonly limits: DestinationLimits
  readonly moves: MoveFinder | null
}

export const NO_RECEIPT: Receipt = { uidValidity: null, uid: null }

/** Flags to set once the message is there, and what the ledger then says was carried. */
export type StoreLater = {
  readonly uid: number
  readonly row: MessageRow
  readonly flags: readonly string[]
  readonly carried: readonly string[]
}

export type Refused = { readonly row: MessageRow; readonly failure: Failure }

/**
 * What became of the messages of one folder in this run, written to the ledger in groups: one transaction tells what is about to be
 * sent and all that has been learnt since the last one.
 */
export class FolderBooks {
  readonly #env: PassEnv
  readonly #target: FolderTarget
  readonly refused: Refused[] = []
  /** Under way when the connection broke, or arrived without a receipt: settling tells. */
  readonly lost = new Map<number, MessageRow>()
  /** Flags to set by STORE, by destination UID. */
  readonly storeFlags = new Map<number, StoreLater>()
  /** How far up the repair ladder a message has come, by UID. */
  readonly rungs = new Map<number, number>()
  readonly #breaks = new Map<number, number>()
  #copied: CopiedEntry[] = []
  #skipped: SkippedEntry[] = []

  constructor(env: PassEnv, target: FolderTarget) {
    this.#env = env
    this.#target = target
  }

  /** Files a receipt; without a UID the message is looked for when the folder is settled. */
  arrived(one: Outgoing, receipt: Receipt, inspected: (() => Inspection) | null): void {
    this.#env.tally.appends++
    this.#env.tally.bytes += one.message.bytes
    this.#env.watch.done(1, one.row.sizeBytes)
    if (receipt.uid === null) {
      this.lost.set(one.row.uid, one.row)
      return
    }
    // A message that only flowed by is known by its hash now, not when its row was written.
    const proof =
      inspected === null ? {} : { proof: { sizeBytes: one.message.bytes, sha256: inspected().sha256, sentSha256: null, sentBytes: null } }
    this.#copied.push({
      folderId: this.#target.folderId,
      uid: one.row.uid,
      destinationUidValidity: receipt.uidValidity,
      destinationUid: receipt.uid,
      ...proof,
    })
    if (one.storeFlags.length > 0) {
      this.storeFlags.set(receipt.uid, { uid: receipt.uid, row: one.row, flags: one.storeFlags, carried: one.carriedFlags })
    }
  }

  /** Says that a message does not travel, and why. */
  fail(row: MessageRow, failure: Failure, header: Buffer | null): void {
    this.flush()
    this.#env.ledger.record({ failed: [failedEntry(this.#env, this.#target, row, failure, header)] })
    this.#env.watch.done(1, row.sizeBytes)
  }

  skip(row: MessageRow, code: string, detail: string): void {
    const { folderId, uidValidity } = this.#target
    const { uid, sizeBytes, internalDate } = row
    this.#skipped.push({ folderId, uidValidity, uid, sizeBytes, internalDate, flags: row.flags.join(' '), code, detail, note: null })
    this.#env.watch.done(1, row.sizeBytes)
  }

  /** One transaction: what is about to be sent, and all that has been learnt since the last one. */
  flush(sending: readonly Outgoing[] = []): void {
    const copied = this.#copied
    const skipped = this.#skipped
    if (sending.length + copied.length + skipped.length === 0) return
    this.#copied = []
    this.#skipped = []
    this.#env.ledger.record({ sending: sending.map((one) => one.entry), copied, skipped })
  }

  /** As `flush`, together with what other folders and lanes write at this moment. */
  async flushed(sending: readonly Outgoing[] = []): Promise<void> {
    if (sending.length + this.#copied.length + this.#skipped.length > 0) await this.#env.commits.run(() => this.flush(sending))
  }

  /** A message that was under way when a connection broke: how often it has been by now. */
  brokeWith(uid: number): number {
    const times = (this.#breaks.get(uid) ?? 0) + 1
    this.#breaks.set(uid, times)
    return times
  }
}
