import { createServer } from 'node:http'
import type { Server } from 'node:http'
import * as oauth from 'oauth4webapi'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { networkFailure } from './http-failure.ts'
import type { PersonSignIn } from './person-tokens.ts'
import type { Issued } from './token-post.ts'

const PATIENCE_MS = 10 * 60_000
const REQUEST_MS = 30_000

export type BrowserService = {
  readonly name: string
  /** Its endpoints, and its name as issuer. */
  readonly server: oauth.AuthorizationServer
  readonly scope: string
  /** What else its sign-in page wants to be told. */
  readonly parameters: Readonly<Record<string, string>>
}

export type OauthClient = { readonly id: string; readonly secret: Secret | null }

/**
 * A person signs in with a browser on this machine, which comes back to a port on 127.0.0.1 (RFC 8252 §7.3, with PKCE and state).
 * `show` tells the address to open.
 */
export function browserSignIn(service: BrowserService, client: OauthClient, show: (message: string) => void, ctx: Context): PersonSignIn {
  const { server, scope, parameters } = service
  const registered: oauth.Client = { client_id: client.id }
  const auth = client.secret === null ? oauth.None() : oauth.ClientSecretPost(client.secret.reveal())
  const host = new URL(server.token_endpoint ?? server.issuer).host
  const options = {
    [oauth.allowInsecureRequests]: isLoopback(server.token_endpoint),
    [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<'POST', URLSearchParams>) =>
      fetch(url, { ...init, redirect: 'error', signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(REQUEST_MS)]) }),
  }
  const explained = async (work: () => Promise<oauth.TokenEndpointResponse>): Promise<Issued> => {
    const sentAtMs = ctx.clock.now()
    try {
      return issued(await work(), sentAtMs)
    } catch (error) {
      throw failureOf(error, host, client, ctx.signal)
    }
  }
  return {
    name: `${service.name} ${client.id}`,
    async signIn(user) {
      const verifier = oauth.generateRandomCodeVerifier()
      const state = oauth.generateRandomState()
      await using door = await openDoor()
      const page = new URL(server.authorization_endpoint ?? '')
      const asked = {
        client_id: client.id,
        redirect_uri: door.url,
        response_type: 'code',
        scope,
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        login_hint: user,
        ...parameters,
      }
      for (const [key, value] of Object.entries(asked)) page.searchParams.set(key, value)
      show(`Sign in as ${user}: open this address in a browser on this machine.\n${page.href}`)
      const back = await door.visit(AbortSignal.any([ctx.signal, AbortSignal.timeout(PATIENCE_MS)]), user)
      return explained(async () => {
        const answer = oauth.validateAuthResponse(server, registered, back, state)
        const response = await oauth.authorizationCodeGrantRequest(server, registered, auth, answer, door.url, verifier, options)
        return oauth.processAuthorizationCodeResponse(server, registered, response)
      })
    },
    refresh: (grant) =>
      explained(async () => {
        const response = await oauth.refreshTokenGrantRequest(server, registered, auth, grant.reveal(), options)
        return oauth.processRefreshTokenResponse(server, registered, response)
      }),
  }
}

function issued(response: oauth.TokenEndpointResponse, sentAtMs: number): Issued {
  const lifeMs = (response.expires_in ?? 3600) * 1000
  const { refresh_token: refresh } = response
  return {
    token: new Secret(response.access_token),
    expiresAtMs: sentAtMs + lifeMs,
    lifeMs,
    refresh: refresh === undefined || refresh === '' ? null : new Secret(refresh),
  }
}

type Door = AsyncDisposable & {
  readonly url: string
  /** The address that the browser comes back with. */
  visit(signal: AbortSignal, user: string): Promise<URL>
}

/** A port on this machine that one browser comes to. */
async function openDoor(): Promise<Door> {
  const { promise, resolve } = Promise.withResolvers<URL>()
  let url = ''
  const server: Server = createServer((request, response) => {
    const at = new URL(request.url ?? '/', url)
    const isAnswer = at.pathname === '/' && (at.searchParams.has('code') || at.searchParams.has('error'))
    response.writeHead(isAnswer ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
    response.end(isAnswer ? 'Thank you. You can close this window.\n' : 'Nothing here.\n')
    if (isAnswer) resolve(at)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    url,
    visit: (signal, user) => unlessAborted(promise, signal, user),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((closed) => {
        server.close(() => closed())
      })
    },
  }
}

async function unlessAborted(visit: Promise<URL>, signal: AbortSignal, user: string): Promise<URL> {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => {
    const late = signal.reason instanceof Error && signal.reason.name === 'TimeoutError'
    reject(
      late
        ? new Failure('auth-rejected', `Nobody signed in as ${user} in time. Run again.`)
        : new Failure('stopped', 'Stopped on request.'),
    )
  }
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([visit, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function failureOf(error: unknown, host: string, client: OauthClient, signal: AbortSignal): Failure {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    const status = error instanceof oauth.ResponseBodyError ? error.status : 400
    const hidden = client.secret?.reveal() ?? ''
    const words = `${error.error}: ${error.error_description ?? ''}`.slice(0, 300)
    const serverText = hidden === '' ? words : words.replaceAll(hidden, '***')
    if (status === 429) return new Failure('throttled', `The sign-in service at ${host} asked us to slow down.`, { serverText })
    if (status >= 500)
      return new Failure('server-unavailable', `The sign-in service at ${host} is temporarily unavailable.`, { serverText })
    if (error.error === 'access_denied') return new Failure('auth-rejected', 'The sign-in was declined.', { serverText })
    if (error.error === 'invalid_grant')
      return new Failure('auth-rejected', 'The sign-in is no longer good: it ran out or was withdrawn.', { serverText })
    return new Failure('token-rejected', `The sign-in service at ${host} does not accept the application (${error.error}).`, { serverText })
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError)
    return new Failure('auth-rejected', 'The browser came back with an answer that does not belong to this sign-in. Run again.', {
      cause: error,
    })
  return networkFailure(error, host, signal)
}

function isLoopback(url: string | undefined): boolean {
  return url !== undefined && ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname)
}
