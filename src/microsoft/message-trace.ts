import { Failure } from '../model/failure.ts'
import type { ExchangeAdmin } from './exchange-admin.ts'
import type { JsonObject } from './wire-json.ts'
import { textIn } from './wire-json.ts'

/** One message to one recipient, as Exchange Online remembers it for 90 days. It shows five to ten minutes after the delivery. */
export type TraceRow = {
  readonly traceId: string
  readonly receivedMs: number
  readonly sender: string
  readonly recipient: string
  readonly subject: string
  /** `Delivered`, `Expanded`, `Failed`, `FilteredAsSpam`, `GettingStatus`, `Pending`, `Quarantined`. */
  readonly status: string
  readonly messageId: string
  readonly fromIp: string
  readonly toIp: string
  readonly sizeBytes: number
}
export type TraceQuery = {
  readonly fromMs: number
  readonly untilMs: number
  readonly sender?: string
  readonly recipient?: string
  readonly messageId?: string
  readonly subjectBeginsWith?: string
}

const DAY_MS = 86_400_000
/** Get-MessageTraceV2: what one call may span, and return. */
const WINDOW_MS = 10 * DAY_MS
const MOST_ROWS = 5000

/**
 * All rows of the time asked for, newest first, each once. The service gives at most ten days and 5,000 rows in a call, and goes on
 * from the last row's recipient and time (Get-MessageTraceV2: StartingRecipientAddress); a hundred calls in five minutes are waited out.
 * Throws `request-refused` where more than 5,000 rows share one instant and recipient, as the service then cannot go on.
 */
export async function* messageTrace(admin: ExchangeAdmin, query: TraceQuery): AsyncGenerator<TraceRow> {
  for (let end = query.untilMs; end > query.fromMs; end -= WINDOW_MS)
    yield* window(admin, query, Math.max(query.fromMs, end - WINDOW_MS), end)
}

async function* window(admin: ExchangeAdmin, query: TraceQuery, fromMs: number, untilMs: number): AsyncGenerator<TraceRow> {
  const given = new Set<string>()
  let end: Date | string = new Date(untilMs)
  let recipient: string | null = null
  for (;;) {
    const { rows } = await admin.invoke('Get-MessageTraceV2', {
      StartDate: new Date(fromMs),
      EndDate: end,
      ResultSize: MOST_ROWS,
      ...(recipient === null ? {} : { StartingRecipientAddress: recipient }),
      ...(query.sender === undefined ? {} : { SenderAddress: [query.sender] }),
      ...(query.recipient === undefined ? {} : { RecipientAddress: [query.recipient] }),
      ...(query.messageId === undefined ? {} : { MessageId: [query.messageId] }),
      ...(query.subjectBeginsWith === undefined ? {} : { Subject: query.subjectBeginsWith, SubjectFilterType: 'StartsWith' }),
    })
    const fresh = rows.filter((row) => !given.has(identityOf(row)))
    for (const row of fresh) {
      given.add(identityOf(row))
      yield rowIn(row)
    }
    const last = rows.at(-1)
    if (rows.length < MOST_ROWS || last === undefined) return
    if (fresh.length === 0)
      throw new Failure('request-refused', 'More messages than a message trace can tell apart: ask for a shorter time or one recipient.')
    // As it came: a Date loses what is below a second, and with it the rest of that second.
    end = textIn(last['Received'])
    recipient = textIn(last['RecipientAddress'])
  }
}

function identityOf(row: JsonObject): string {
  return `${textIn(row['MessageTraceId'])} ${textIn(row['RecipientAddress']).toLowerCase()}`
}

function rowIn(row: JsonObject): TraceRow {
  return {
    traceId: textIn(row['MessageTraceId']),
    receivedMs: Date.parse(textIn(row['Received'])),
    sender: textIn(row['SenderAddress']),
    recipient: textIn(row['RecipientAddress']),
    subject: textIn(row['Subject']),
    status: textIn(row['Status']),
    messageId: textIn(row['MessageId']),
    fromIp: textIn(row['FromIP']),
    toIp: textIn(row['ToIP']),
    sizeBytes: typeof row['Size'] === 'number' ? row['Size'] : 0,
  }
}
