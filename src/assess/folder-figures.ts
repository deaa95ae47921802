import { parseInternalDate } from '../engine/dates.ts'
import type { MessageRow } from '../model/message.ts'
import type { TroubleOutcome } from './assessment.ts'
import type { Verdict } from './examine.ts'

/** What was seen of one folder so far. Plain data: it is kept between runs. */
export type FolderFigures = {
  /** That will be copied, or be told why not; without those that are marked as deleted. */
  messages: number
  bytes: number
  markedDeleted: number
  /** Larger than the destination accepts; not read. */
  oversize: number
  oversizeBytes: number
  /** Larger than mailboxes accept unless somebody raises their limit. */
  large: number
  missingDates: number
  future: number
  tooOld: number
  imported: number
  oldestAt: number | null
  newestAt: number | null
  biggest: readonly { readonly uid: number; readonly bytes: number; readonly at: number | null }[]
  /** The run of messages that were received in one minute and stand behind each other. */
  run: { readonly minute: number; readonly length: number }
  readMessages: number
  readBytes: number
  troubles: Record<string, FigureOfTrouble>
}

export type FigureOfTrouble = {
  readonly code: string
  readonly outcome: TroubleOutcome
  readonly seen: number
  readonly examples: readonly { readonly uid: number; readonly bytes: number }[]
}

/** What mailboxes of Exchange Online accept as they are made (exchange-imap-quirks L10). */
export const USUAL_MESSAGE_BYTES = 35 * 1024 * 1024
const BIGGEST_KEPT = 5
const EXAMPLES_KEPT = 3
const TOO_OLD_MS = Date.UTC(1990, 0, 1)
const AHEAD_MS = 2 * 24 * 3600 * 1000
/** So many in one minute were not written by people. */
const IMPORT_RUN = 100

export function noFigures(): FolderFigures {
  return {
    messages: 0,
    bytes: 0,
    markedDeleted: 0,
    oversize: 0,
    oversizeBytes: 0,
    large: 0,
    missingDates: 0,
    future: 0,
    tooOld: 0,
    imported: 0,
    oldestAt: null,
    newestAt: null,
    biggest: [],
    run: { minute: 0, length: 0 },
    readMessages: 0,
    readBytes: 0,
    troubles: {},
  }
}

export function isMarkedDeleted(row: MessageRow): boolean {
  return row.flags.some((flag) => flag.toLowerCase() === '\\deleted')
}

/** Counts one row of a listing; rows come by growing UID. */
export function addRow(figures: FolderFigures, row: MessageRow, nowMs: number, maxMessageBytes: number): void {
  if (isMarkedDeleted(row)) {
    figures.markedDeleted++
    return
  }
  figures.messages++
  figures.bytes += row.sizeBytes
  if (row.sizeBytes > USUAL_MESSAGE_BYTES) figures.large++
  if (row.sizeBytes > maxMessageBytes) {
    figures.oversize++
    figures.oversizeBytes += row.sizeBytes
  }
  const at = parseInternalDate(row.internalDate)
  addDate(figures, at, nowMs)
  const smallest = figures.biggest.at(-1)
  if (figures.biggest.length < BIGGEST_KEPT || smallest === undefined || row.sizeBytes > smallest.bytes)
    figures.biggest = [...figures.biggest, { uid: row.uid, bytes: row.sizeBytes, at }]
      .toSorted((a, b) => b.bytes - a.bytes)
      .slice(0, BIGGEST_KEPT)
}

function addDate(figures: FolderFigures, at: number | null, nowMs: number): void {
  if (at === null) {
    figures.missingDates++
    return
  }
  if (at > nowMs + AHEAD_MS) figures.future++
  else if (at < TOO_OLD_MS) figures.tooOld++
  else {
    figures.oldestAt = Math.min(figures.oldestAt ?? at, at)
    figures.newestAt = Math.max(figures.newestAt ?? at, at)
  }
  const minute = Math.floor(at / 60_000)
  const length = minute === figures.run.minute ? figures.run.length + 1 : 1
  figures.run = { minute, length }
  if (length === IMPORT_RUN) figures.imported += IMPORT_RUN
  else if (length > IMPORT_RUN) figures.imported++
}

/** Counts one message that was read. */
export function addRead(figures: FolderFigures, uid: number, bytes: number, verdicts: readonly Verdict[]): void {
  figures.readMessages++
  figures.readBytes += bytes
  for (const { code, outcome } of verdicts) addTrouble(figures, uid, bytes, code, outcome)
}

export function addTrouble(figures: FolderFigures, uid: number, bytes: number, code: string, outcome: TroubleOutcome): void {
  const key = `${outcome} ${code}`
  const known = figures.troubles[key]
  const examples = known?.examples ?? []
  figures.troubles[key] = {
    code,
    outcome,
    seen: (known?.seen ?? 0) + 1,
    examples: examples.length < EXAMPLES_KEPT ? [...examples, { uid, bytes }] : examples,
  }
}
