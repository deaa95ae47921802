import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import type { AppIdentity } from './app-identity.ts'
import type { Cloud } from './clouds.ts'
import type { IssuedToken, TokenRequest } from './token-request.ts'
import { isTransient, requestToken } from './token-request.ts'

export type TokenSource = {
  /**
   * A token that is valid for at least `leftMs` more (default five minutes), or half its life where the server issues
   * shorter ones. Cached; callers at the same moment share one request. Throws a `Failure`.
   */
  token(leftMs?: number): Promise<Secret>
  /** Forgets the cached token: the server said it is no good. */
  renew(): void
}

export type TokenOptions = {
  readonly cloud: Cloud
  /** Base URL of a simulator on loopback, such as http://127.0.0.1:8080; null: the cloud's own sign-in service. */
  readonly authority: string | null
  readonly ctx: Context
}

const RENEW_BEFORE_MS = 5 * 60_000
const ATTEMPTS = 4
const FIRST_BACKOFF_MS = 1000
/** A longer wait is handed to the caller with its `retryAfterMs`, so that a person sees what we wait for. */
const LONGEST_WAIT_MS = 120_000

/** Tokens for Exchange Online's IMAP. Nothing is asked for before the first `token()`; bad settings throw `bad-input` at once. */
export function exchangeTokens(identity: AppIdentity, options: TokenOptions): TokenSource {
  const { ctx } = options
  checkSettings(identity, options.authority)
  let cached: IssuedToken | null = null
  let refresh: Secret | null = null
  let running: Promise<IssuedToken> | null = null

  const issue = async (): Promise<IssuedToken> => {
    try {
      const issued = await withRetries(() => ({ identity, ...options, refresh }))
      refresh = issued.refresh
      cached = issued
      ctx.log.info('exchange token issued', { seconds: Math.round((issued.expiresAtMs - ctx.clock.now()) / 1000) })
      return issued
    } catch (error) {
      // A refresh token that was refused stays refused: the next call asks the person again.
      if (!isTransient(error)) refresh = null
      throw error
    } finally {
      running = null
    }
  }

  return {
    async token(leftMs = RENEW_BEFORE_MS) {
      const held = cached
      const leftNow = held === null ? 0 : held.expiresAtMs - ctx.clock.now()
      if (held !== null && leftNow >= Math.min(leftMs, held.lifeMs / 2)) return held.token
      try {
        running ??= issue()
        return (await running).token
      } catch (error) {
        // A token that still works beats an outage of the sign-in service.
        if (held !== null && held === cached && isTransient(error) && held.expiresAtMs > ctx.clock.now()) return held.token
        throw error
      }
    },
    renew() {
      cached = null
    },
  }

  async function withRetries(request: () => TokenRequest): Promise<IssuedToken> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await requestToken(request())
      } catch (error) {
        if (!(error instanceof Failure) || attempt >= ATTEMPTS || !isTransient(error)) throw error
        const waitMs = error.retryAfterMs ?? FIRST_BACKOFF_MS * 2 ** (attempt - 1)
        if (waitMs > LONGEST_WAIT_MS) throw error
        ctx.log.warn('exchange token delayed', { code: error.code, waitMs })
        await ctx.clock.sleep(waitMs, ctx.signal)
      }
    }
  }
}

function checkSettings(identity: AppIdentity, authority: string | null): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(identity.tenant))
    throw new Failure('bad-input', 'The tenant must be its id or a domain verified in it, such as contoso.onmicrosoft.com.')
  if (identity.clientId.trim() === '') throw new Failure('bad-input', 'The application (client) id is missing.')
  if (identity.kind === 'secret' && identity.clientSecret.reveal() === '') throw new Failure('bad-input', 'The client secret is empty.')
  if (authority === null) return
  const url = URL.canParse(authority) ? new URL(authority) : null
  const loopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (!loopback) throw new Failure('bad-input', 'A sign-in service of your own may only be on this machine (http://127.0.0.1:PORT).')
}
