import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import type { Context } from '../lib/context.ts'
import type { Failure } from '../model/failure.ts'
import { jsonObject, networkFailure, retryAfter } from '../oauth/http-failure.ts'
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
      const body = jsonObject((await response.text()).slice(0, LONGEST_REPLY_CHARS))
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
