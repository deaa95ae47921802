import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { jsonObject, networkFailure, retryAfter } from './http-failure.ts'

const TIMEOUT_MS = 30_000
const LONGEST_REPLY_CHARS = 256 * 1024
const ATTEMPTS = 4
const FIRST_BACKOFF_MS = 1000
/** A longer wait is handed to the caller with its `retryAfterMs`, so that a person sees what we wait for. */
const LONGEST_WAIT_MS = 120_000

/** What a token endpoint answered. */
export type TokenReply = {
  readonly status: number
  readonly retryAfterMs: number | null
  /** By the clock of the service; null where it does not tell. */
  readonly dateMs: number | null
  readonly body: Readonly<Record<string, unknown>>
}

export type Issued = { readonly token: Secret; readonly expiresAtMs: number; readonly lifeMs: number; readonly refresh: Secret | null }

/** One POST of a form. Follows no redirect, as the form holds secrets. Throws a `Failure` where no answer came. */
export async function tokenPost(url: URL, form: Readonly<Record<string, string>>, ctx: Context): Promise<TokenReply> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(form),
      redirect: 'error',
      signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    const body = jsonObject((await response.text()).slice(0, LONGEST_REPLY_CHARS))
    const date = Date.parse(response.headers.get('date') ?? '')
    const wait = retryAfter(response.headers.get('retry-after'), ctx.clock.now())
    return { status: response.status, retryAfterMs: wait, dateMs: Number.isNaN(date) ? null : date, body }
  } catch (error) {
    throw networkFailure(error, url.host, ctx.signal)
  }
}

/** The token in an answer (RFC 6749 §5.1); null where there is none. `sentAtMs`: when it was asked for. */
export function issuedIn({ status, body }: TokenReply, sentAtMs: number): Issued | null {
  const { access_token: token, expires_in: seconds = 3600, refresh_token: refresh } = body
  const lifeMs = Number(seconds) * 1000
  if (status !== 200 || typeof token !== 'string' || token === '' || !(lifeMs > 0)) return null
  const kept = typeof refresh === 'string' && refresh !== '' ? new Secret(refresh) : null
  return { token: new Secret(token), expiresAtMs: sentAtMs + lifeMs, lifeMs, refresh: kept }
}

/** Another attempt may help without anybody doing anything. */
export function isTransient(error: unknown): boolean {
  return error instanceof Failure && (error.next === 'retry' || error.next === 'wait') && error.code !== 'grant-pending'
}

/** How often and after which waits a sign-in service is asked again. */
export const PATIENCE = {
  attempts: ATTEMPTS,
  waitMs: (error: unknown, attempt: number): number | null => {
    if (!(error instanceof Failure) || !isTransient(error)) return null
    const wait = error.retryAfterMs ?? FIRST_BACKOFF_MS * 2 ** (attempt - 1)
    return wait > LONGEST_WAIT_MS ? null : wait
  },
} as const
