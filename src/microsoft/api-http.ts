import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { networkFailure, retryAfter } from '../oauth/http-failure.ts'
import type { JsonObject } from './wire-json.ts'

export type ApiRequest = {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly timeoutMs: number
}

export type ApiReply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** null where the answer is no JSON object. */
  readonly json: JsonObject | null
  readonly requestId: string | null
  readonly retryAfterMs: number | null
}

/** More than any page of a thousand rows; an answer that does not end must not fill the memory. */
const LONGEST_REPLY_BYTES = 64 * 1024 * 1024

/** One request over HTTPS and its whole answer, whatever its status. Follows no redirect, as the token would go along. Throws a `Failure` where no answer came. */
export async function exchanged(request: ApiRequest, service: string, ctx: Context): Promise<ApiReply> {
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      redirect: 'manual',
      signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(request.timeoutMs)]),
      ...(request.body === null ? {} : { body: request.body }),
    })
    const text = await boundedText(response, service)
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: parsed(text),
      requestId: response.headers.get('request-id') ?? response.headers.get('x-ms-request-id'),
      retryAfterMs: retryAfterIn(response.headers, ctx.clock.now()),
    }
  } catch (error) {
    throw networkFailure(error, request.url.host, ctx.signal, service)
  }
}

/** A date in Retry-After is meant by the clock of the service, which its Date header tells: ours may be wrong. */
export function retryAfterIn(headers: { get(name: string): string | null }, now: number): number | null {
  const sentAt = Date.parse(headers.get('date') ?? '')
  return retryAfter(headers.get('retry-after'), Number.isNaN(sentAt) ? now : sentAt)
}

async function boundedText(response: Response, service: string): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > LONGEST_REPLY_BYTES) throw new Failure('answer-unreadable', `The answer of the ${service} does not end.`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function parsed(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
