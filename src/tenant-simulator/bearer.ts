import type { Tenant, TokenClaims } from '../simulator/tenant.ts'
import { graphRefusal, Refused } from './answers.ts'
import type { ServiceRequest } from './request.ts'

const EXCHANGE_AUDIENCES = ['https://outlook.office365.com', 'https://outlook.office.com', '00000002-0000-0ff1-ce00-000000000000']
const GRAPH_AUDIENCES = ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000']

function claimsOf(tenant: Tenant, request: ServiceRequest): TokenClaims | 'none' | 'bad' {
  const token = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  if (token === undefined) return 'none'
  try {
    return tenant.check(token) ?? 'bad'
  } catch {
    return 'bad'
  }
}

/** Who asks Graph; 401 for a token that is not for it. */
export function graphCaller(tenant: Tenant, request: ServiceRequest): TokenClaims {
  const claims = claimsOf(tenant, request)
  if (claims === 'none') throw graphRefusal(401, 'InvalidAuthenticationToken', 'Access token is empty.')
  if (claims === 'bad') throw graphRefusal(401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.')
  if (!isGraphAudience(claims.aud))
    throw graphRefusal(401, 'InvalidAuthenticationToken', 'Access token validation failure. Invalid audience.')
  return claims
}

/** Who asks the Exchange admin endpoint; 401 for a token that is not for it. */
export function exchangeCaller(tenant: Tenant, request: ServiceRequest): TokenClaims {
  const claims = claimsOf(tenant, request)
  if (claims === 'none' || claims === 'bad' || !isExchangeAudience(claims.aud))
    throw new Refused({
      status: 401,
      body: { error: { code: 'Unauthorized', message: '' } },
      headers: { 'www-authenticate': 'Bearer client_id="00000002-0000-0ff1-ce00-000000000000", error="invalid_token"' },
    })
  return claims
}

export function isGraphAudience(audience: string): boolean {
  return GRAPH_AUDIENCES.includes(audience) || /^https:\/\/[\w.-]*graph\.(?:microsoft\.us|chinacloudapi\.cn)$/.test(audience)
}

export function isExchangeAudience(audience: string): boolean {
  return EXCHANGE_AUDIENCES.includes(audience)
}

/** Whether the token carries one of these permissions, as a role or as a delegated scope. */
export function allows(claims: TokenClaims, needs: readonly string[]): boolean {
  const held = [...(claims.roles ?? []), ...(claims.scp ?? '').split(' ')]
  return needs.length === 0 || needs.some((one) => held.includes(one))
}
