import type { Tenant } from '../simulator/tenant.ts'
import { TokenDesk } from '../simulator/token-endpoint.ts'
import type { Answer } from './answers.ts'
import { meetFault } from './fault-book.ts'
import type { Json } from './props.ts'
import type { ServiceRequest } from './request.ts'
import type { App } from './state.ts'
import type { Throttle } from './throttle.ts'
import type { TenantWorld } from './world.ts'

/** AADSTS numbers beyond those of an ordinary sign-in, with their `error`, HTTP status and words. */
const ERRORS: Readonly<Record<number, readonly [string, number, string]>> = {
  50000: ['server_error', 500, 'There was an error issuing a token.'],
  50034: ['invalid_grant', 400, 'The user account does not exist in the directory.'],
  50055: ['invalid_grant', 400, 'The password is expired.'],
  50057: ['invalid_grant', 400, 'The user account is disabled.'],
  50076: [
    'interaction_required',
    400,
    'Due to a configuration change made by your administrator you must use multi-factor authentication.',
  ],
  50079: ['interaction_required', 400, 'You must enroll in multi-factor authentication.'],
  50126: ['invalid_grant', 400, 'Error validating credentials due to invalid username or password.'],
  50173: ['invalid_grant', 400, 'The provided grant has expired due to it being revoked.'],
  50196: ['invalid_grant', 400, 'The server terminated an operation because it encountered a client request loop.'],
  53003: ['access_denied', 400, 'Access has been blocked by Conditional Access policies.'],
  65001: ['invalid_grant', 400, 'The user or administrator has not consented to use the application.'],
  70011: ['invalid_scope', 400, 'The provided value for the input parameter scope is not valid.'],
  90006: ['server_error', 500, 'An unexpected non-retryable error stemming from the directory service has occurred.'],
  90033: ['temporarily_unavailable', 503, 'A transient error has occurred. Please try again.'],
  500011: ['invalid_resource', 400, 'The resource principal was not found in the tenant.'],
  900023: ['invalid_request', 400, 'Specified tenant identifier is neither a valid DNS name, nor a valid external domain.'],
  5000224: ['invalid_grant', 400, 'This resource is not available.'],
  7000112: ['unauthorized_client', 400, 'Application is disabled.'],
  7000215: ['invalid_client', 401, 'Invalid client secret provided.'],
  7000222: ['invalid_client', 401, 'The provided client secret keys for app are expired.'],
}

/** Sign-in for the tenant's applications: the ordinary desk, and before it what may be wrong with an application. */
export class TokenService {
  readonly #world: TenantWorld
  readonly #tenant: Tenant
  readonly #desk: TokenDesk
  readonly #throttle: Throttle

  constructor(world: TenantWorld, tenant: Tenant, throttle: Throttle, endpoints: () => unknown, deviceUser: string) {
    this.#world = world
    this.#tenant = tenant
    this.#throttle = throttle
    this.#desk = new TokenDesk({ tenant, endpoints, deviceUser })
  }

  answer(request: ServiceRequest): Answer {
    const form = new URLSearchParams(request.bytes.toString('utf8'))
    const asksForToken = request.method === 'POST' && request.url.pathname.endsWith('/token')
    if (asksForToken) {
      const fault = meetFault(this.#world, 'token', request)
      if (fault !== null)
        return fault.aadsts === null ? fault.answer : { ...tokenError(this.#world, fault.aadsts), headers: fault.answer.headers ?? {} }
      const { tokenRequestsPerMinute } = this.#world.options.limits
      if (this.#throttle.hit(`tokens ${form.get('client_id') ?? ''}`, tokenRequestsPerMinute, 60_000, this.#world.now()) !== null)
        return tokenError(this.#world, 50196)
      const own = this.#clientCredentials(form)
      if (own !== null) return own
    }
    const { status, body, headers } = this.#desk.answer(request.method, request.url, form)
    return { status, body: body as Json, headers: headers ?? {} }
  }

  /** What the desk does not know of: other applications, expired secrets, disabled and blocked applications, resources. */
  #clientCredentials(form: URLSearchParams): Answer | null {
    if (form.get('grant_type') !== 'client_credentials') return null
    const app = this.#world.state.apps.find(({ appId }) => appId === form.get('client_id'))
    if (app === undefined || app.servicePrincipalId === null) return null
    if (app.props['accountEnabled'] === false) return tokenError(this.#world, 7000112)
    if (app.props['blockedByPolicy'] === true) return tokenError(this.#world, 53003)
    const scope = form.get('scope') ?? ''
    if (
      scope.endsWith('/.default') &&
      !/graph\.|graph\/|outlook|office365|webmail|ps\.compliance|00000003-0000-0000-c000|00000002-0000-0ff1/.test(scope)
    )
      return tokenError(this.#world, 500011)
    const secret = form.get('client_secret')
    if (secret === null || !scope.endsWith('/.default')) return null
    const known = app.secrets.find(({ text }) => text === secret)
    if (known === undefined) return tokenError(this.#world, 7000215)
    if (known.endsAtMs <= this.#world.now()) return tokenError(this.#world, 7000222)
    return app.appId === this.#tenant.options.clientId ? null : this.#issue(app, scope)
  }

  #issue({ appId }: App, scope: string): Answer {
    const audience = scope.includes('graph') ? 'https://graph.microsoft.com' : 'https://outlook.office365.com'
    const seconds = this.#tenant.tokenLifetimeSeconds
    const access_token = this.#tenant.issue({ appId, audience })
    return { status: 200, body: { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token } }
  }
}

function tokenError(world: TenantWorld, code: number): Answer {
  const [error, status, says] = ERRORS[code] ?? ['invalid_request', 400, 'The request is invalid.']
  const timestamp = `${new Date(world.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`
  const [trace, correlation] = [world.id(), world.id()]
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${says} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  }
}
