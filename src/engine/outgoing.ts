import type { DestinationLimits, OutgoingMessage } from '../destination/port.ts'
import type { NewEntry } from '../ledger/batch.ts'
import { fingerprint, type Fingerprint } from '../message/fingerprint.ts'
import type { HeaderSummary } from '../message/header.ts'
import type { Inspection } from '../message/inspect.ts'
import { canonicalFlags } from '../model/flags.ts'
import type { MessageRow } from '../model/message.ts'
import { flagsFor, owed } from './carried-flags.ts'
import { deliveryDate } from './dates.ts'

/** A message on its way: what the ledger writes down before the first byte leaves, and what is sent. */
export type Outgoing = {
  readonly row: MessageRow
  readonly entry: NewEntry
  readonly message: OutgoingMessage
  /** Flags that APPEND forgets: set by STORE once the message is there. */
  readonly storeFlags: readonly string[]
  /** All flags that count as carried once those are set. */
  readonly carriedFlags: readonly string[]
  /** Lets go of a repaired message that waits on disk; called once it was sent, or was not. */
  readonly release?: () => PromiseLike<void>
}

/** The identity of a message: by its header, and by a sample of its body where the header is too thin. */
export function identify(inspection: Pick<Inspection, 'header' | 'bodySample'>): Fingerprint {
  const first = fingerprint(inspection.header)
  return first.thin ? fingerprint(inspection.header, inspection.bodySample) : first
}

export type Sent = {
  readonly bytes: number
  readonly body: OutgoingMessage['body']
  readonly repairs: readonly string[]
  /** Of what is sent, where a repair made it differ from the source. */
  readonly sha256: Buffer | null
  readonly fingerprint: Fingerprint | null
}

/** Puts together the ledger row and the APPEND of one message. */
export function outgoing(
  folder: { readonly id: number; readonly uidValidity: string },
  row: MessageRow,
  source: {
    readonly inspection: Inspection
    readonly fingerprint: Fingerprint
    readonly header: HeaderSummary
    readonly complete: boolean
  },
  sent: Sent,
  limits: DestinationLimits,
  includeDeleted: boolean,
  nowMs: number,
): Outgoing {
  const flags = flagsFor(row.flags, limits, includeDeleted)
  const date = deliveryDate(row.internalDate, source.header, nowMs)
  const repairs = date.replaced ? [...sent.repairs, 'internal-date'] : sent.repairs
  const carriedFlags = canonicalFlags(row.flags).filter((flag) => flag !== '\\Deleted')
  const carried = carriedFlags.map((flag) => (flags.store.includes(flag) ? owed(flag) : flag))
  return {
    row,
    storeFlags: flags.store,
    carriedFlags,
    message: { flags: flags.append, internalDate: date.date, bytes: sent.bytes, body: sent.body },
    entry: {
      folderId: folder.id,
      uidValidity: folder.uidValidity,
      uid: row.uid,
      sizeBytes: source.inspection.bytes,
      internalDate: row.internalDate,
      flags: carried.join(' '),
      sha256: source.complete ? source.inspection.sha256 : null,
      strict: source.fingerprint.strict,
      loose: source.fingerprint.loose,
      repairs,
      sentSha256: sent.sha256,
      sentBytes: sent.sha256 === null ? null : sent.bytes,
      sentStrict: sent.fingerprint?.strict ?? null,
    },
  }
}
