import type { Context } from '../lib/context.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import { Failure } from '../model/failure.ts'
import { networkFailure, retryAfter } from '../oauth/http-failure.ts'

/** How an adapter speaks to its host. */
export type HttpLine = {
  /** As errors call it. */
  readonly title: string
  readonly base: URL
  readonly ctx: Context
  /** What signs this request in. Called anew for each attempt. */
  sign(request: SignedPart): Promise<Readonly<Record<string, string>>>
  /** Forgets a token that the host does not take (401): the next attempt brings another one. */
  renew?(): void
  /** What the host means by an answer of 400 and above, where its status does not say it; null: as the status says. */
  meaning?(reply: Reply): Meaning | null
  /** Texts that must never be in an error, such as a key that the host repeats. */
  readonly secrets: readonly string[]
}
export type SignedPart = { readonly method: string; readonly url: URL; readonly body: string | null }
/** `says` is a sentence. `busy`: it asks to be asked again later. */
export type Meaning = { readonly code: FailureCode; readonly says: string } | 'busy'

export type HttpCall = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** From the base, without a slash in front; or a whole address at the same host, such as the next page. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON; a text is sent as it is, with `contentType`. */
  readonly body?: unknown
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** undefined where the answer is no JSON. */
  readonly json: unknown
}

/** How long one call waits for a host that is busy or away, before the run is paused. */
export const BUDGET_MS = 10 * 60_000
const TIMEOUT_MS = 30_000
const LONGEST_REPLY_BYTES = 64 * 1024 * 1024
const LONGEST_BACKOFF_MS = 60_000
/** Of broken connections and failures inside of the host; one that is busy is waited for as long as the budget lasts. */
const ATTEMPTS = 4

/**
 * One call and its answer below 400, after as many attempts as make sense: 429 and 503 are waited for as the host says, or twice as
 * long each time, for ten minutes in all (`throttled`). Everything that is written here may be sent twice: the host compares, or
 * it is the same afterwards. Throws a `Failure`, whose `notDone` is true only where no attempt can have changed anything.
 */
export async function called(line: HttpLine, call: HttpCall): Promise<Reply> {
  const { ctx } = line
  const giveUpAtMs = ctx.clock.now() + BUDGET_MS
  const writes = call.method !== 'GET'
  let doubt = false
  let renewed = false
  for (let attempt = 1, broken = 0; ; attempt++) {
    const outcome = await tried(line, call)
    if (!(outcome instanceof Failure) && outcome.status === 401 && line.renew !== undefined && !renewed) {
      renewed = true
      line.renew()
      continue
    }
    if (!(outcome instanceof Failure) && outcome.status < 400) return outcome
    const { failure, kind, waitMs } = judged(line, outcome)
    doubt ||= writes && !failure.notDone
    const certain = doubt ? inDoubt(failure) : failure
    if (kind === 'final' || (kind === 'broken' && ++broken >= ATTEMPTS)) throw certain
    const pauseMs = Math.max(waitMs ?? 0, 1000) + Math.round((waitMs === null ? backoffMs(attempt) : 1000) * Math.random())
    if (ctx.clock.now() + pauseMs > giveUpAtMs) throw pausing(line, certain, pauseMs)
    ctx.log.debug('asked again later', { host: line.title, code: failure.code, waitMs: pauseMs })
    try {
      await ctx.clock.sleep(pauseMs, ctx.signal)
    } catch (cause) {
      throw stopped(ctx, cause, !doubt)
    }
  }
}

function backoffMs(attempt: number): number {
  return Math.min(1000 * 2 ** Math.min(attempt, 10), LONGEST_BACKOFF_MS)
}

async function tried(line: HttpLine, call: HttpCall): Promise<Reply | Failure> {
  const { ctx } = line
  const url = addressOf(line, call)
  const body = call.body === undefined ? null : typeof call.body === 'string' ? call.body : JSON.stringify(call.body)
  const sign = await line.sign({ method: call.method, url, body })
  try {
    const response = await fetch(url, {
      method: call.method,
      headers: {
        accept: 'application/json',
        ...(body === null ? {} : { 'content-type': call.contentType ?? 'application/json' }),
        ...call.headers,
        ...sign,
      },
      // The token would go along.
      redirect: 'manual',
      signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      ...(body === null ? {} : { body }),
    })
    const text = await boundedText(response, line.title)
    if (response.status >= 300 && response.status < 400)
      return new Failure('answer-unreadable', `${line.title} sends us to another address instead of answering.`, { notDone: true })
    return { status: response.status, headers: response.headers, text, json: parsed(text) }
  } catch (error) {
    if (ctx.signal.aborted) throw stopped(ctx, error, call.method === 'GET')
    const failure = networkFailure(error, url.host, ctx.signal, `service of ${line.title}`)
    const notSent = failure.code === 'connection-refused' || failure.code === 'host-unknown' || failure.code === 'tls-untrusted'
    return new Failure(failure.code, failure.message, { cause: failure.cause, notDone: notSent || call.method === 'GET' })
  }
}

/** The same place over the same protocol: credentials go nowhere else. */
function addressOf({ base, title }: HttpLine, { path, query }: HttpCall): URL {
  const root = base.href.endsWith('/') ? base.href : `${base.href}/`
  const url = new URL(path, root)
  if (url.origin !== base.origin)
    throw new Failure('answer-unreadable', `${title} says that it goes on at ${url.host}, where our key must not go.`, { notDone: true })
  for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value)
  return url
}

type Judged = { readonly failure: Failure; readonly kind: 'final' | 'broken' | 'busy'; readonly waitMs: number | null }

function judged(line: HttpLine, outcome: Reply | Failure): Judged {
  if (outcome instanceof Failure) return { failure: outcome, kind: outcome.next === 'retry' ? 'broken' : 'final', waitMs: null }
  const { status, headers } = outcome
  const meaning = line.meaning?.(outcome) ?? null
  const sentAtMs = Date.parse(headers.get('date') ?? '')
  const waitMs = retryAfter(headers.get('retry-after'), Number.isNaN(sentAtMs) ? line.ctx.clock.now() : sentAtMs)
  const detail = waitMs === null ? {} : { retryAfterMs: waitMs }
  if (meaning === 'busy' || status === 429) {
    const failure = new Failure('throttled', `${line.title} asked us to slow down.`, { ...detail, notDone: true })
    return { failure, kind: 'busy', waitMs }
  }
  if (meaning !== null) return { failure: new Failure(meaning.code, hidden(meaning.says, line), { notDone: true }), kind: 'final', waitMs }
  if (status === 503) {
    // A refusal by the service itself says when; a gateway that gave up does not.
    const failure = new Failure('throttled', `${line.title} gives no service at the moment.`, { ...detail, notDone: waitMs !== null })
    return { failure, kind: 'busy', waitMs }
  }
  if (status >= 500 || status === 408)
    return { failure: new Failure('server-unavailable', `${line.title} failed inside (${status}).`), kind: 'broken', waitMs }
  const [code, says] = BY_STATUS[status] ?? (['record-refused', `refused what was asked for (${status})`] as const)
  return { failure: new Failure(code, `${line.title} ${says}.`, { notDone: true }), kind: 'final', waitMs }
}

const BY_STATUS: Readonly<Record<number, readonly [code: FailureCode, says: string]>> = {
  401: ['zone-refused', 'does not accept the key or token'],
  403: ['zone-refused', 'does not let this key or token do that'],
  404: ['zone-refused', 'knows no such zone, or hides it from this key or token'],
  409: ['record-changed', 'has another state than was read'],
  412: ['record-changed', 'has another state than was read'],
}

function pausing(line: HttpLine, failure: Failure, waitMs: number): Failure {
  if (failure.code !== 'throttled') return failure
  const minutes = Math.max(1, Math.round(waitMs / 60_000))
  const says = `${line.title} has no time for us: it was asked for ${BUDGET_MS / 60_000} minutes, and wants ${minutes} more.`
  return new Failure('throttled', says, { retryAfterMs: waitMs, notDone: failure.notDone })
}

/** The same, where something may have been carried out. */
export function inDoubt({ code, message, cause, retryAfterMs }: Failure): Failure {
  return new Failure(code, message, { cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
}

function stopped(ctx: Context, cause: unknown, notDone: boolean): Failure {
  if (ctx.signal.reason instanceof Failure) return ctx.signal.reason
  return new Failure('stopped', 'Stopped on request.', { cause, notDone })
}

/** What a host said, on one line, short, and without what must not be shown. */
export function hidden(text: string, { secrets }: HttpLine): string {
  let shown = text
  // First, as a cut or another blank would leave half of one.
  for (const secret of secrets) if (secret !== '') shown = shown.replaceAll(secret, '***')
  return shown.replaceAll(/\s+/g, ' ').slice(0, 500)
}

async function boundedText(response: Response, title: string): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > LONGEST_REPLY_BYTES) throw new Failure('answer-unreadable', `The answer of ${title} does not end.`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
