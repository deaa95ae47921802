import { randomUUID } from 'node:crypto'
import type { Context } from '../lib/context.ts'
import type { Lanes } from '../lib/lanes.ts'
import { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import type { ApiReply, ApiRequest } from './api-http.ts'
import { exchanged } from './api-http.ts'
import type { TokenSource } from './exchange-token.ts'

/** How a client speaks to its service: who it is, how patient, and how much at one time. */
export type Line = {
  /** As errors call it, such as `Microsoft Graph service`. */
  readonly service: string
  readonly tokens: TokenSource
  readonly ctx: Context
  readonly lanes: Lanes
  /** How long one call may wait for a service that is busy or away, before it gives up. */
  readonly patienceMs: number
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number
}

export type Call = {
  readonly request: ApiRequest
  readonly lane: string
  /** Carried out twice it does no more than once: it may be sent again where nobody knows whether it was carried out. */
  readonly repeatable: boolean
  /** Whether what came with a status below 400 is an answer at all. */
  readonly readable: (reply: ApiReply) => boolean
  /** `token` must not be repeated, whatever the service says. */
  readonly failure: (reply: ApiReply, token: string) => Failure
}

/** What does not pass by waiting is not tried for long; a service that is busy or away, as long as the patience lasts. */
const ATTEMPTS = { network: 5, internal: 4, unreadable: 3, busy: Infinity } as const
type Trouble = keyof typeof ATTEMPTS
const LONGEST_BACKOFF_MS = 5 * 60_000

/**
 * The answer to a call, after as many attempts as make sense: an expired token is renewed once; 429 is waited for; 5xx, broken
 * connections and unreadable answers are tried again only where the call is repeatable. Throws a `Failure`, whose `notDone`
 * tells whether it is certain that nothing was done, by no attempt.
 */
export async function answered(call: Call, line: Line): Promise<ApiReply> {
  const { ctx } = line
  const giveUpAtMs = ctx.clock.now() + line.patienceMs
  const tries = { network: 0, internal: 0, unreadable: 0, busy: 0 }
  let renewed = false
  let doubt = false
  try {
    for (let attempt = 1; ; attempt++) {
      const token = await line.tokens.token()
      const { reply, waitMs } = await line.lanes.run(
        call.lane,
        async () => {
          const reply = await oneTry(call, line, token)
          const waitMs = waitBefore(attempt, reply instanceof Failure ? null : reply.retryAfterMs, line.random)
          // Before the place is free: who comes next must not begin.
          if (asksToWait(reply) && ctx.clock.now() + waitMs <= giveUpAtMs) line.lanes.pause(call.lane, waitMs)
          return { reply, waitMs }
        },
        ctx.signal,
      )
      if (!(reply instanceof Failure)) {
        if (reply.status >= 200 && reply.status < 400 && call.readable(reply)) return reply
        if (reply.status === 401 && !renewed) {
          renewed = true
          await renew(line.tokens, token)
          continue
        }
      }
      const failure = reply instanceof Failure ? reply : failureOf(call, line, reply, token)
      doubt ||= !failure.notDone
      const trouble = troubleOf(call, reply)
      if (trouble === null || ++tries[trouble] >= ATTEMPTS[trouble]) throw failure
      if (ctx.clock.now() + waitMs > giveUpAtMs) throw failure
      ctx.log.debug('asked again later', { service: line.service, code: failure.code, waitMs, requestId: failure.requestId })
      await ctx.clock.sleep(waitMs, ctx.signal)
    }
  } catch (error) {
    const failure = stopOr(error, ctx.signal)
    throw doubt && failure instanceof Failure ? inDoubt(failure) : failure
  }
}

function asksToWait(reply: ApiReply | Failure): boolean {
  return !(reply instanceof Failure) && (reply.status === 429 || (isBusy(reply.status) && reply.retryAfterMs !== null))
}

/** The same failure, where an earlier attempt may have been carried out. */
export function inDoubt(failure: Failure): Failure {
  if (!failure.notDone) return failure
  const { code, message, cause, retryAfterMs, serverText, requestId } = failure
  return new Failure(code, message, {
    cause,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(serverText === undefined ? {} : { serverText }),
    ...(requestId === undefined ? {} : { requestId }),
  })
}

/** A wait that is broken off throws whatever the signal was aborted with. */
export function stopOr(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof Failure || !signal.aborted) return error
  return new Failure('stopped', 'Stopped on request.', { cause: error })
}

/** Retry-After and a little more, so that not all come back at the same instant; without it twice as long each time, up to five minutes. */
export function waitBefore(attempt: number, retryAfterMs: number | null, random: () => number): number {
  const backoffMs = Math.min(1000 * 2 ** Math.min(attempt, 10), LONGEST_BACKOFF_MS) * (0.5 + random() / 2)
  if (retryAfterMs === null) return Math.round(backoffMs)
  return Math.max(retryAfterMs, 1000) + Math.round(random() * 1000)
}

async function oneTry(call: Call, line: Line, token: Secret): Promise<ApiReply | Failure> {
  const { request } = call
  const headers = { ...request.headers, authorization: `Bearer ${token.reveal()}`, 'client-request-id': randomUUID() }
  const startedMs = line.ctx.clock.now()
  try {
    const reply = await exchanged({ ...request, headers }, line.service, line.ctx)
    line.ctx.log.debug('answered', {
      service: line.service,
      status: reply.status,
      requestId: reply.requestId,
      ms: line.ctx.clock.now() - startedMs,
    })
    return reply
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'stopped') throw error
    // Nothing left this machine.
    if (error.code !== 'connection-refused' && error.code !== 'host-unknown') return error
    return new Failure(error.code, error.message, { cause: error.cause, notDone: true })
  }
}

/** What kind of trouble may pass; null: another attempt makes no sense, or could do it twice. */
function troubleOf(call: Call, reply: ApiReply | Failure): Trouble | null {
  if (reply instanceof Failure) return reply.next === 'retry' && (call.repeatable || reply.notDone) ? 'network' : null
  if (reply.status === 429) return 'busy'
  if (!call.repeatable) return null
  if (reply.status < 400) return 'unreadable'
  if (reply.status === 500) return 'internal'
  return isBusy(reply.status) ? 'busy' : null
}

/** The service, or a gateway before it, is away for the moment. */
export function isBusy(status: number): boolean {
  return status === 502 || status === 503 || status === 504
}

function failureOf(call: Call, line: Line, reply: ApiReply, token: Secret): Failure {
  const { status, json, headers, requestId } = reply
  const refused = status >= 400 && status < 500 && status !== 429
  const stranger = refused && json === null && /html/i.test(headers.get('content-type') ?? '')
  if (status >= 400 && !stranger) return call.failure(reply, token.reveal())
  return new Failure('answer-unreadable', `The ${line.service} answered ${status} with something that cannot be read.`, {
    // A proxy that refuses does not pass it on.
    notDone: stranger,
    ...(requestId === null ? {} : { requestId }),
  })
}

/** Somebody else may have renewed it in the meantime, and theirs is still good. */
async function renew(tokens: TokenSource, used: Secret): Promise<void> {
  if ((await tokens.token()).reveal() === used.reveal()) tokens.renew()
}
