import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import type { LoginReply } from './login-errors.ts'

/** MSAL's way to the network, and what came of the last request: MSAL's own errors keep too little of it. */
export type LoginHttp = INetworkModule & { lastReply(): LoginReply | null; lastFailure(): Failure | null }

const TIMEOUT_MS = 30_000
const LONGEST_REPLY_CHARS = 256 * 1024

/**
 * Sends MSAL's requests by `fetch`. MSAL insists on https; with `base` (the simulator on loopback) the request goes there
 * instead, with the same path. Follows no redirect: the body holds the secret.
 */
export function loginHttp(base: string | null, ctx: Context): LoginHttp {
  let reply: LoginReply | null = null
  let failure: Failure | null = null

  const send = async <T>(method: 'GET' | 'POST', url: string, options: NetworkRequestOptions | undefined): Promise<NetworkResponse<T>> => {
    const to = new URL(url)
    const target = base === null ? to : new URL(to.pathname + to.search, base)
    reply = null
    failure = null
    try {
      const response = await fetch(target, {
        method,
        headers: options?.headers ?? {},
        redirect: 'error',
        signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(TIMEOUT_MS)]),
        ...(method === 'POST' ? { body: options?.body ?? '' } : {}),
      })
      const body = jsonOf((await response.text()).slice(0, LONGEST_REPLY_CHARS))
      reply = { status: response.status, retryAfterMs: retryAfter(response.headers.get('retry-after'), ctx.clock.now()), body }
      if (body['error'] === 'slow_down') {
        // MSAL knows only `authorization_pending`; the server wants five seconds more between two polls (RFC 8628 §3.5).
        await ctx.clock.sleep(5000, ctx.signal)
        body['error'] = 'authorization_pending'
      }
      return { headers: Object.fromEntries(response.headers), body: body as T, status: response.status }
    } catch (cause) {
      failure = networkFailure(cause, target.host, ctx.signal)
      throw failure
    }
  }
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
    lastReply: () => reply,
    lastFailure: () => failure,
  }
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), as milliseconds from now. */
export function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

function networkFailure(error: unknown, host: string, signal: AbortSignal): Failure {
  if (error instanceof Failure) return error
  const detail = { cause: error, side: 'destination' } as const
  if (signal.aborted) return signal.reason instanceof Failure ? signal.reason : new Failure('stopped', 'Stopped on request.', detail)
  const code = codeOf(error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new Failure('host-unknown', `The name of the sign-in service, ${host}, cannot be resolved.`, detail)
  if (code === 'ECONNREFUSED') return new Failure('connection-refused', `The sign-in service at ${host} refused the connection.`, detail)
  if (code === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT')
    return new Failure('connection-timeout', `The sign-in service at ${host} did not answer in time.`, detail)
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_/.test(code))
    return new Failure('tls-untrusted', `The certificate of the sign-in service at ${host} cannot be trusted (${code}).`, detail)
  return new Failure('connection-lost', `The connection to the sign-in service at ${host} broke.`, detail)
}

/** fetch hides the system's error in `cause`, sometimes in an AggregateError there. */
function codeOf(error: unknown): string {
  let at: unknown = error
  for (let depth = 0; depth < 4 && at instanceof Error; depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code
    if (at.name === 'TimeoutError') return at.name
    at = at instanceof AggregateError ? at.errors[0] : at.cause
  }
  return ''
}
