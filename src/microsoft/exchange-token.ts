import type { Context } from '../lib/context.ts'
import { renewable, retried } from '../lib/renewable.ts'
import { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import type { AppIdentity } from './app-identity.ts'
import type { Cloud } from './clouds.ts'
import type { IssuedToken, Resource } from './token-request.ts'
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

const ATTEMPTS = 4
const FIRST_BACKOFF_MS = 1000
/** A longer wait is handed to the caller with its `retryAfterMs`, so that a person sees what we wait for. */
const LONGEST_WAIT_MS = 120_000

/**
 * Tokens for Exchange Online's IMAP, which for an application are those of its administration too. Nothing is asked for
 * before the first `token()`; bad settings throw `bad-input` at once.
 */
export function exchangeTokens(identity: AppIdentity, options: TokenOptions): TokenSource {
  return resourceTokens(identity.kind === 'device' ? 'imap' : 'exchange', new PersonGrant(), identity, options)
}

/** Tokens for the resources of Azure. */
export function azureTokens(identity: AppIdentity, options: TokenOptions): TokenSource {
  return resourceTokens('azure', new PersonGrant(), identity, options)
}

export type TenantTokens = {
  readonly graph: TokenSource
  readonly exchange: TokenSource
  /** For an application the same as `exchange`. */
  readonly imap: TokenSource
}

/** Tokens for the services that a tenant is prepared through. A person is asked to sign in once for all. */
export function tenantTokens(identity: AppIdentity, options: TokenOptions): TenantTokens {
  const grant = new PersonGrant()
  const exchange = resourceTokens('exchange', grant, identity, options)
  return {
    graph: resourceTokens('graph', grant, identity, options),
    exchange,
    imap: identity.kind === 'device' ? resourceTokens('imap', grant, identity, options) : exchange,
  }
}

function resourceTokens(resource: Resource, grant: PersonGrant, identity: AppIdentity, options: TokenOptions): TokenSource {
  const { ctx } = options
  checkSettings(identity, options.authority)

  const issue = async (): Promise<IssuedToken> => {
    try {
      const issued = await retried(() => requestToken({ resource, identity, ...options, refresh: grant.refresh }), {
        attempts: ATTEMPTS,
        waitMs: backoffMs,
        clock: ctx.clock,
        signal: ctx.signal,
      })
      grant.refresh = issued.refresh
      ctx.log.info('token issued', { resource, seconds: Math.round((issued.expiresAtMs - ctx.clock.now()) / 1000) })
      return issued
    } catch (error) {
      // A refresh token that was refused stays refused: the next call asks the person again.
      if (!isTransient(error)) grant.refresh = null
      throw error
    }
  }
  const alone = identity.kind === 'device' ? () => grant.alone(issue) : issue
  const tokens = renewable(alone, { clock: ctx.clock, isTransient })
  return {
    token: async (leftMs) => (await tokens.value(leftMs)).token,
    renew: () => tokens.renew(),
  }
}

/** What a person's sign-in left behind. It serves every resource (Entra: refresh tokens are bound to user and client only). */
class PersonGrant {
  refresh: Secret | null = null
  #last: Promise<unknown> = Promise.resolve()

  /** One after the other: two at the same moment would ask the person twice. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work)
    this.#last = mine
    return mine
  }
}

function backoffMs(error: unknown, attempt: number): number | null {
  if (!(error instanceof Failure) || !isTransient(error)) return null
  const waitMs = error.retryAfterMs ?? FIRST_BACKOFF_MS * 2 ** (attempt - 1)
  return waitMs > LONGEST_WAIT_MS ? null : waitMs
}

/** Throws `bad-input` for what cannot be right. */
export function checkSettings(identity: AppIdentity, authority: string | null): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(identity.tenant))
    throw new Failure('bad-input', 'The tenant must be its id or a domain verified in it, such as contoso.onmicrosoft.com.')
  if (identity.clientId.trim() === '') throw new Failure('bad-input', 'The application (client) id is missing.')
  if (identity.kind === 'secret' && identity.clientSecret.reveal() === '') throw new Failure('bad-input', 'The client secret is empty.')
  if (authority === null) return
  const url = URL.canParse(authority) ? new URL(authority) : null
  const loopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (!loopback) throw new Failure('bad-input', 'A sign-in service of your own may only be on this machine (http://127.0.0.1:PORT).')
}
