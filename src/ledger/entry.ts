import { blobOrNull, integer, integerOrNull, text, textOrNull, type Cells } from '../db/column.ts'
import { MESSAGE_MOVES, MESSAGE_STATES, type MessageState } from '../model/message.ts'

/** One source message as the ledger knows it. Never a byte of its content. */
export type Entry = {
  readonly id: number
  readonly folderId: number
  readonly uidValidity: string
  /** 0 when the folder got a new UIDVALIDITY since: the message is known, its UID is not. */
  readonly uid: number
  /** The true byte count once the message was read, before that the server's hint. */
  readonly sizeBytes: number
  /** INTERNALDATE as the source wrote it. */
  readonly internalDate: string
  /** As last carried: canonical, separated by one space. */
  readonly flags: string
  /** Of the source bytes; null until they were read. */
  readonly sha256: Buffer | null
  /** Fingerprints of the source message, 16 bytes; null where none could be taken. */
  readonly strict: Buffer | null
  readonly loose: Buffer | null
  readonly state: MessageState
  readonly attempts: number
  /** Names of the repairs, in the order they were made. */
  readonly repairs: readonly string[]
  /** Hash, size and fingerprint of what was sent, where a repair made it differ from the source. */
  readonly sentSha256: Buffer | null
  readonly sentBytes: number | null
  readonly sentStrict: Buffer | null
  /** The destination folder where it is not the one of the folder entry. */
  readonly destinationName: string | null
  readonly destinationUidValidity: string | null
  readonly destinationUid: number | null
  /** A FailureCode, or the word for why it was skipped; of a copy ALREADY_THERE or null. */
  readonly code: string | null
  readonly detail: string | null
  /** The pass that missed it at its source folder while it is open what becomes of the copy. */
  readonly vanishedIn: number | null
  /** Milliseconds since 1970. */
  readonly sentAt: number | null
  readonly settledAt: number | null
}

/** The code of a message whose like was at the destination already: of one left out for that, and of a copy that came there by itself. */
export const ALREADY_THERE = 'already-there'

/** What stands at the destination for it came there by itself: the same mail, with a trace, a date and flags of its own. */
export function cameByItself(entry: Entry | null): boolean {
  return entry?.code === ALREADY_THERE && entry.state !== 'skipped'
}

/** What `toEntry` reads, in its order. */
export const ENTRY_COLUMNS = `
  entry.id, entry.folder_id, entry.uid_validity, entry.uid, entry.size_bytes, entry.internal_date, entry.flags,
  entry.sha256, entry.strict, entry.loose, entry.state, entry.attempts, entry.repairs, entry.sent_sha256, entry.sent_bytes, entry.sent_strict,
  entry.destination_name, entry.destination_uid_validity, entry.destination_uid, entry.failure_code, entry.failure_detail,
  entry.vanished_in, entry.sent_at, entry.settled_at`

/** By index: destructuring with rests would leave three arrays of garbage a row, a million times over. */
export function toEntry(cells: Cells): Entry {
  return {
    id: integer(cells[0]),
    folderId: integer(cells[1]),
    uidValidity: text(cells[2]),
    uid: integerOrNull(cells[3]) ?? 0,
    sizeBytes: integer(cells[4]),
    internalDate: text(cells[5]),
    flags: text(cells[6]),
    sha256: blobOrNull(cells[7]),
    strict: blobOrNull(cells[8]),
    loose: blobOrNull(cells[9]),
    state: toState(text(cells[10])),
    attempts: integer(cells[11]),
    repairs: toRepairs(textOrNull(cells[12])),
    sentSha256: blobOrNull(cells[13]),
    sentBytes: integerOrNull(cells[14]),
    sentStrict: blobOrNull(cells[15]),
    destinationName: textOrNull(cells[16]),
    destinationUidValidity: textOrNull(cells[17]),
    destinationUid: integerOrNull(cells[18]),
    code: textOrNull(cells[19]),
    detail: textOrNull(cells[20]),
    vanishedIn: integerOrNull(cells[21]),
    sentAt: integerOrNull(cells[22]),
    settledAt: integerOrNull(cells[23]),
  }
}

const STATE_BY_WORD: ReadonlyMap<string, MessageState> = new Map(MESSAGE_STATES.map((state) => [state, state]))

export function toState(word: string): MessageState {
  const state = STATE_BY_WORD.get(word)
  if (state === undefined) throw new Error(`unknown message state ${word}`)
  return state
}

const NO_REPAIRS: readonly string[] = []

/** Repairs are stored as their names with a space between, and NULL for none. */
export function toRepairs(stored: string | null): readonly string[] {
  return stored === null ? NO_REPAIRS : stored.split(' ')
}

export function fromRepairs(repairs: readonly string[]): string | null {
  return repairs.length === 0 ? null : repairs.join(' ')
}

/** The states that a move to `to` may start from, as the list of an SQL IN: MESSAGE_MOVES is the only table of moves. */
export function statesBefore(to: MessageState): string {
  const from = MESSAGE_STATES.filter((state) => MESSAGE_MOVES[state].includes(to))
  return from.map((state) => `'${state}'`).join(', ')
}
