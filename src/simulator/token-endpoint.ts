import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { assertionProblem } from './client-assertion.ts'
import type { Tenant } from './tenant.ts'

export type TokenEndpointOptions = {
  readonly tenant: Tenant
  /** What `GET /__sim/endpoints` answers. */
  endpoints(): unknown
  /** Polls that a device code stays unused. */
  readonly devicePolls?: number
  /** The person who "signs in" with a device code. */
  readonly deviceUser?: string
}
export type TokenEndpoint = AsyncDisposable & { readonly port: number; readonly url: string }

export type TokenAnswer = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
type DeviceCode = { polls: number; readonly expiresAtMs: number; readonly scope: string }

/** AADSTS numbers with their `error`, HTTP status and words. Clients are to branch on `error`, never on the text. */
const ERRORS = {
  90002: ['invalid_request', 400, 'Tenant not found. Check to make sure you have the correct tenant ID.'],
  900144: ['invalid_request', 400, "The request body must contain the required parameter: 'grant_type'."],
  700016: ['unauthorized_client', 400, 'Application was not found in the directory.'],
  7000215: ['invalid_client', 401, 'Invalid client secret provided.'],
  700027: ['invalid_client', 401, 'The certificate used to sign the client assertion is not registered, or its signature is wrong.'],
  700024: ['invalid_client', 401, 'Client assertion is not within its valid time range.'],
  700023: ['invalid_client', 401, 'Client assertion audience claim does not match.'],
  1002012: ['invalid_scope', 400, 'The provided value for scope is not valid: client credential flows must have a scope with /.default.'],
  70016: ['authorization_pending', 400, 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.'],
  70018: ['bad_verification_code', 400, 'Invalid verification code.'],
  70020: ['expired_token', 400, 'The provided device code has expired.'],
  70008: ['invalid_grant', 400, 'The provided refresh token has expired or was never given out.'],
} as const satisfies Record<number, readonly [string, number, string]>

/** The resource that a scope with `/.default` names; nothing for those of Exchange, which has several names. */
function audienceOf(scope: string): { readonly audience?: string } {
  const resource =
    scope
      .split(' ')
      .find((one) => one.endsWith('/.default'))
      ?.slice(0, -'/.default'.length) ?? ''
  return resource === '' || /outlook|office\.com|office365/.test(resource) ? {} : { audience: resource.replace(/\/$/, '') }
}

/** Starts the sign-in service of a tenant (HTTP, 127.0.0.1, a free port): tokens, device codes, discovery. */
export async function startTokenEndpoint(options: TokenEndpointOptions): Promise<TokenEndpoint> {
  const desk = new TokenDesk(options)
  const server = createServer((request, response) => void handle(desk, request, response))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

async function handle(desk: TokenDesk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  const base = `http://${request.headers.host ?? '127.0.0.1'}`
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
  const { status, body, headers } = desk.answer(request.method ?? 'GET', new URL(request.url ?? '/', base), form)
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers })
  response.end(JSON.stringify(body))
}

/** What the sign-in service answers, without the server around it. */
export class TokenDesk {
  readonly #options: TokenEndpointOptions
  readonly #tenant: Tenant
  readonly #deviceCodes = new Map<string, DeviceCode>()
  readonly #refreshTokens = new Set<string>()

  constructor(options: TokenEndpointOptions) {
    this.#options = options
    this.#tenant = options.tenant
  }

  answer(method: string, url: URL, form: URLSearchParams): TokenAnswer {
    if (url.pathname === '/__sim/endpoints') return { status: 200, body: this.#options.endpoints() }
    if (url.pathname.endsWith('/discovery/instance')) return this.#instance(url)
    const match = /^\/([^/]+)\/(v2\.0\/\.well-known\/openid-configuration|oauth2\/v2\.0\/(?:token|devicecode))$/.exec(url.pathname)
    if (match === null) return { status: 404, body: { error: 'not_found' } }
    const tenant = decodeURIComponent(match[1] ?? '')
    if (!this.#tenant.knows(tenant) && !(tenant === 'common' || tenant === 'organizations')) return this.#error(90002)
    if (match[2]?.startsWith('v2.0') === true) return this.#discovery(url)
    if (method !== 'POST') return { status: 405, body: { error: 'method_not_allowed' } }
    return match[2]?.endsWith('devicecode') === true ? this.#deviceCode(form) : this.#token(url, form)
  }

  #token(url: URL, form: URLSearchParams): TokenAnswer {
    if (form.get('client_id') !== this.#tenant.options.clientId) return this.#error(700016)
    switch (form.get('grant_type') ?? '') {
      case 'client_credentials':
        return this.#clientCredentials(url, form)
      case 'urn:ietf:params:oauth:grant-type:device_code':
      case 'device_code':
        return this.#pollDevice(form.get('device_code') ?? '')
      case 'refresh_token': {
        const known = this.#refreshTokens.delete(form.get('refresh_token') ?? '')
        return known ? this.#delegated(form.get('scope') ?? '') : this.#error(70008)
      }
      default:
        return this.#error(900144)
    }
  }

  #clientCredentials(url: URL, form: URLSearchParams): TokenAnswer {
    const { tenantId, clientSecret } = this.#tenant.options
    const assertion = form.get('client_assertion')
    if (!(form.get('scope') ?? '').split(' ').some((scope) => scope.endsWith('/.default'))) return this.#error(1002012)
    if (assertion !== null) {
      const audiences = [url.href, `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`]
      const problem = assertionProblem(this.#tenant, assertion, audiences)
      if (problem !== null) return this.#error(problem)
    } else if (form.get('client_secret') !== clientSecret) return this.#error(7000215)
    return {
      status: 200,
      body: this.#tokenBody(this.#tenant.issue({ certificate: assertion !== null, ...audienceOf(form.get('scope') ?? '') })),
    }
  }

  #deviceCode(form: URLSearchParams): TokenAnswer {
    if (form.get('client_id') !== this.#tenant.options.clientId) return this.#error(700016)
    const code = randomUUID()
    this.#deviceCodes.set(code, { polls: 0, expiresAtMs: this.#tenant.options.now() + 900_000, scope: form.get('scope') ?? '' })
    const uri = 'https://microsoft.com/devicelogin'
    const message = `To sign in, use a web browser to open the page ${uri} and enter the code C4T7XKQ9P to authenticate.`
    const body = { user_code: 'C4T7XKQ9P', device_code: code, verification_uri: uri, expires_in: 900, interval: 1, message }
    return { status: 200, body }
  }

  #pollDevice(code: string): TokenAnswer {
    const device = this.#deviceCodes.get(code)
    if (device === undefined) return this.#error(70018)
    if (this.#tenant.options.now() >= device.expiresAtMs) return this.#error(70020)
    device.polls += 1
    if (device.polls <= (this.#options.devicePolls ?? 2)) return this.#error(70016)
    this.#deviceCodes.delete(code)
    return this.#delegated(device.scope)
  }

  /** One resource for each token, also of a person. */
  #delegated(asked: string): TokenAnswer {
    const refresh = randomUUID()
    this.#refreshTokens.add(refresh)
    const upn = this.#options.deviceUser ?? 'admin@example.test'
    const scope = 'https://outlook.office.com/IMAP.AccessAsUser.All'
    return { status: 200, body: { ...this.#tokenBody(this.#tenant.issue({ upn, ...audienceOf(asked) })), scope, refresh_token: refresh } }
  }

  #tokenBody(token: string): object {
    const seconds = this.#tenant.tokenLifetimeSeconds
    return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: token }
  }

  #discovery(url: URL): TokenAnswer {
    const { tenantId } = this.#tenant.options
    const base = `${url.origin}/${tenantId}`
    const body = {
      issuer: `${base}/v2.0`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      response_types_supported: ['code', 'id_token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      tenant_region_scope: 'EU',
      cloud_instance_name: 'microsoftonline.com',
    }
    return { status: 200, body }
  }

  #instance(url: URL): TokenAnswer {
    const { tenantId } = this.#tenant.options
    const metadata = [{ preferred_network: url.host, preferred_cache: url.host, aliases: [url.host] }]
    const endpoint = `${url.origin}/${tenantId}/v2.0/.well-known/openid-configuration`
    return { status: 200, body: { tenant_discovery_endpoint: endpoint, 'api-version': '1.1', metadata } }
  }

  #error(code: keyof typeof ERRORS): TokenAnswer {
    const [error, status, says] = ERRORS[code]
    const timestamp = `${new Date(this.#tenant.options.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`
    const trace = randomUUID()
    const correlation = randomUUID()
    const description = `AADSTS${code}: ${says} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`
    const body = {
      error,
      error_description: description,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    }
    return { status, body }
  }
}
