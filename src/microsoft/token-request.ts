import type { AuthenticationResult, Configuration } from '@azure/msal-node'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import type { AppIdentity } from './app-identity.ts'
import { clientCertificate } from './certificate.ts'
import type { Cloud } from './clouds.ts'
import { aadstsNumbers, loginFailure } from './login-errors.ts'
import type { LoginHttp } from './login-http.ts'
import { loginHttp } from './login-http.ts'

/** Which service a token is for: `exchange` administration (and IMAP, for an application), `graph`, `imap` as a person, or `azure` resources. */
export type Resource = 'exchange' | 'graph' | 'imap' | 'azure'

export type TokenRequest = {
  readonly resource: Resource
  readonly identity: AppIdentity
  readonly cloud: Cloud
  readonly authority: string | null
  readonly ctx: Context
  /** Refresh token of an earlier device sign-in; null: the person is asked. */
  readonly refresh: Secret | null
}

export type IssuedToken = {
  readonly token: Secret
  readonly expiresAtMs: number
  readonly lifeMs: number
  readonly refresh: Secret | null
}

/** Another attempt may help without anybody doing anything. */
export function isTransient(error: unknown): boolean {
  return error instanceof Failure && (error.next === 'retry' || error.next === 'wait')
}

/**
 * One token from the sign-in service, through MSAL. Every request has an MSAL application of its own: its caches know
 * neither our clock nor `renew()`. An assertion that was outside its time window is signed again, once.
 */
export async function requestToken(request: TokenRequest): Promise<IssuedToken> {
  const http = loginHttp(request.authority, request.ctx)
  try {
    return await attempt(request, http)
  } catch (error) {
    const staleAssertion = request.identity.kind === 'certificate' && aadstsNumbers(http.lastReply()?.body ?? {}).includes(700024)
    if (!staleAssertion) throw error
    return attempt(request, http)
  }
}

async function attempt(request: TokenRequest, http: LoginHttp): Promise<IssuedToken> {
  const { identity, ctx } = request
  const sentAtMs = ctx.clock.now()
  const hidden = identity.kind === 'secret' ? [identity.clientSecret.reveal()] : []
  let result: AuthenticationResult | null
  try {
    result = await unlessAborted(acquire(request, http), ctx.signal)
  } catch (error) {
    throw translated(error, http, hidden, ctx.signal)
  }
  const reply = http.lastReply()
  // MSAL takes an error answer without a JSON error in it for a token.
  if (reply !== null && reply.status >= 400) throw loginFailure(reply, hidden)
  const body = reply?.body ?? {}
  const lifeSeconds = Number(body['expires_in'])
  if (result === null || result.accessToken === '' || !(lifeSeconds > 0))
    throw new Failure('token-rejected', 'Microsoft sign-in answered without a usable token.')
  const refresh = body['refresh_token']
  const startMs = identity.kind === 'device' ? ctx.clock.now() : sentAtMs
  return {
    token: new Secret(result.accessToken),
    expiresAtMs: startMs + lifeSeconds * 1000,
    lifeMs: lifeSeconds * 1000,
    refresh: typeof refresh === 'string' && refresh !== '' ? new Secret(refresh) : request.refresh,
  }
}

async function acquire(request: TokenRequest, http: LoginHttp): Promise<AuthenticationResult | null> {
  const { identity, cloud, ctx } = request
  // Loaded here: whoever moves mail between plain IMAP servers never pays for it.
  const { ConfidentialClientApplication, PublicClientApplication } = await import('@azure/msal-node')
  if (identity.kind === 'device') {
    const app = new PublicClientApplication(configuration(request, http, {}))
    const scopes = [scopeOf(cloud, request.resource), 'offline_access']
    if (request.refresh !== null) return app.acquireTokenByRefreshToken({ refreshToken: request.refresh.reveal(), scopes })
    return app.acquireTokenByDeviceCode({ scopes, deviceCodeCallback: (code) => identity.show(code.message) })
  }
  const credential =
    identity.kind === 'secret'
      ? { clientSecret: identity.clientSecret.reveal() }
      : { clientCertificate: clientCertificate(identity.certificatePem, identity.privateKeyPem, ctx.clock.now()) }
  const app = new ConfidentialClientApplication(configuration(request, http, credential))
  return app.acquireTokenByClientCredential({ scopes: [scopeOf(cloud, request.resource)] })
}

/** One resource for each token; they cannot be mixed. */
function scopeOf(cloud: Cloud, resource: Resource): string {
  if (resource === 'azure') return `https://${cloud.managementHost}/.default`
  if (resource === 'graph') return `https://${cloud.graphHost}/.default`
  return resource === 'imap' ? cloud.delegatedImapScope : cloud.exchangeScope
}

function configuration(request: TokenRequest, http: LoginHttp, credential: Partial<Configuration['auth']>): Configuration {
  const { cloud, identity } = request
  const base = `https://${cloud.loginHost}/${identity.tenant}`
  return {
    auth: {
      clientId: identity.clientId,
      authority: base,
      // Known and described here: MSAL would look both up over the network first.
      knownAuthorities: [cloud.loginHost],
      authorityMetadata: JSON.stringify({
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
        issuer: `${base}/v2.0`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      }),
      ...credential,
    },
    system: { networkClient: http, disableInternalRetries: true, loggerOptions: { loggerCallback: () => {}, piiLoggingEnabled: false } },
  }
}

/** MSAL's errors lose the reply and the system's error, so what the network saw goes first. */
function translated(error: unknown, http: LoginHttp, hidden: readonly string[], signal: AbortSignal): Failure {
  if (error instanceof Failure) return error
  if (signal.aborted) return new Failure('stopped', 'Stopped on request.', { cause: error })
  const failure = http.lastFailure()
  if (failure !== null) return failure
  const reply = http.lastReply()
  if (reply !== null && (reply.status >= 400 || 'error' in reply.body)) return loginFailure(reply, hidden)
  const code =
    typeof error === 'object' && error !== null && 'errorCode' in error && typeof error.errorCode === 'string'
      ? ` (${error.errorCode})`
      : ''
  return new Failure('token-rejected', `The sign-in settings were not accepted${code}.`, { cause: error })
}

/** MSAL cannot be aborted while it sleeps between two polls of a device code. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stop = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      reject(new Failure('stopped', 'Stopped on request.', { cause: signal.reason }))
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true, signal: stop.signal })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    stop.abort()
  }
}
