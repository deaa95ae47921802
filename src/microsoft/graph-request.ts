import type { ApiReply } from './api-http.ts'
import type { Query } from './graph-path.ts'
import type { JsonObject } from './wire-json.ts'

export type GraphMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

export type GraphRequest = {
  readonly query?: Query
  /** Becomes JSON; each `Secret` in it is revealed on the wire only. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Asks the index that knows `$count`, `$search`, `ne`, `endsWith`, and lags by seconds (Graph: aad-advanced-queries). */
  readonly eventual?: boolean
  /** Whether it may be sent again when nobody knows if it was carried out; all but POST where nothing is said. */
  readonly repeatable?: boolean
}

export type GraphReply = {
  readonly status: number
  /** {} where the answer has no body, or another one than JSON. */
  readonly body: JsonObject
  /** The body as it came: a number for `$count`, mail for `$value`. */
  readonly text: string
  /** Where a report waits; it is open to whoever knows the address, and no token may go there. */
  readonly location: string | null
  readonly requestId: string | null
}

/** Ids that survive a move inside the mailbox (Graph: outlook-immutable-id); elsewhere the preference means nothing. */
const IMMUTABLE_IDS = 'IdType="ImmutableId"'

export function graphHeaders(request: GraphRequest): Record<string, string> {
  const { prefer, ...given } = Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  return {
    accept: 'application/json',
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(request.eventual === true ? { consistencylevel: 'eventual' } : {}),
    ...given,
    prefer: prefer === undefined ? IMMUTABLE_IDS : `${prefer}, ${IMMUTABLE_IDS}`,
  }
}

/** Advanced queries want `$count` beside the header. */
export function graphQuery(request: GraphRequest): Query {
  return request.eventual === true ? { $count: 'true', ...request.query } : (request.query ?? {})
}

export function isRepeatable(method: GraphMethod, request: GraphRequest): boolean {
  return request.repeatable ?? method !== 'POST'
}

/** What says it is JSON must be; a page of a proxy is no answer, whatever its status, and only a question is ever sent elsewhere. */
export function isAnswer({ status, headers, json, text }: ApiReply, method: GraphMethod): boolean {
  const type = headers.get('content-type') ?? ''
  if (/html/i.test(type) || (status >= 300 && method !== 'GET')) return false
  return text === '' || !/json/i.test(type) || json !== null
}
