import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { exchanged } from './api-http.ts'
import type { Cloud, CloudName } from './clouds.ts'
import { CLOUDS } from './clouds.ts'
import { loginFailure } from './login-errors.ts'
import { serviceBase } from './service-base.ts'
import { textIn } from './wire-json.ts'

export type DiscoveredTenant = {
  readonly tenantId: string
  /** Clouds in which it may be, as the sign-in service says; the one that was asked for where it says nothing else. */
  readonly clouds: readonly CloudName[]
}

const GUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i
const TIMEOUT_MS = 30_000
/** Names of all tenants at once; none of them can be prepared. */
const NO_TENANT = new Set(['common', 'organizations', 'consumers'])

/**
 * The tenant behind an id or a domain verified in it, from the sign-in service, which needs no token for that (OpenID Connect
 * Discovery 1.0 §4). Throws `token-rejected` where there is none.
 */
export async function discoverTenant(tenant: string, cloud: Cloud, base: string | null, ctx: Context): Promise<DiscoveredTenant> {
  const root = serviceBase(cloud.loginHost, base)
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(tenant) || NO_TENANT.has(tenant.toLowerCase()))
    throw new Failure('bad-input', 'The tenant must be its id or a domain verified in it, such as contoso.onmicrosoft.com.')
  const url = new URL(`/${tenant}/v2.0/.well-known/openid-configuration`, root)
  const reply = await exchanged({ method: 'GET', url, headers: {}, body: null, timeoutMs: TIMEOUT_MS }, 'sign-in service', ctx)
  const { status, json, retryAfterMs } = reply
  if (status >= 400) throw loginFailure({ status, retryAfterMs, body: json ?? {} }, [])
  const tenantId = GUID.exec(textIn(json?.['issuer']))?.[0]
  if (status !== 200 || tenantId === undefined)
    throw new Failure('answer-unreadable', `The sign-in service at ${root.host} does not tell which tenant ${tenant} is.`)
  const endpoint = textIn(json?.['token_endpoint'])
  const host = URL.canParse(endpoint) ? new URL(endpoint).host : root.host
  return {
    tenantId: tenantId.toLowerCase(),
    clouds: host === root.host ? [cloud.name] : cloudsAt(host, textIn(json?.['msgraph_host']), cloud),
  }
}

/** Two clouds of the US government share their sign-in service; Graph, where it is told, knows them apart. */
function cloudsAt(loginHost: string, graphHost: string, asked: Cloud): readonly CloudName[] {
  const there = Object.values(CLOUDS).filter((cloud) => cloud.loginHost === loginHost)
  const exact = there.filter((cloud) => cloud.graphHost === graphHost)
  const found = (exact.length > 0 ? exact : there).map(({ name }) => name)
  return found.length === 0 || found.includes(asked.name) ? [asked.name] : found
}
