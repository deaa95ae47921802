import { constants, verify, type KeyObject } from 'node:crypto'
import type { Tenant } from './tenant.ts'

const SKEW_SECONDS = 300

/** What is wrong with a client assertion (RFC 7523), as an AADSTS number; null when it is good. */
export function assertionProblem(tenant: Tenant, assertion: string, audiences: readonly string[]): 700027 | 700024 | 700023 | null {
  const [head = '', body = '', signature = ''] = assertion.split('.')
  const header = parseObject(head)
  const claims = parseObject(body)
  const thumbprint = text(header['x5t#S256']) ?? text(header['x5t'])
  const certificate = thumbprint === undefined ? undefined : tenant.certificate(thumbprint)
  if (certificate === undefined) return 700027
  if (!signatureHolds(text(header['alg']), certificate.publicKey, `${head}.${body}`, signature)) return 700027
  const { clientId } = tenant.options
  if (claims['iss'] !== clientId || claims['sub'] !== clientId) return 700027
  const audience = text(claims['aud']) ?? ''
  if (!audiences.some((allowed) => audience.replace(/^https?:/, '') === allowed.replace(/^https?:/, ''))) return 700023
  const now = tenant.options.now() / 1000
  const expires = Number(claims['exp'])
  const notBefore = Number(claims['nbf'] ?? claims['iat'] ?? 0)
  return expires + SKEW_SECONDS < now || notBefore - SKEW_SECONDS > now || !Number.isFinite(expires) ? 700024 : null
}

function signatureHolds(algorithm: string | undefined, key: KeyObject, signed: string, signature: string): boolean {
  const data = Buffer.from(signed)
  const bytes = Buffer.from(signature, 'base64url')
  if (algorithm === 'RS256') return verify('sha256', data, key, bytes)
  if (algorithm !== 'PS256') return false
  return verify('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, bytes)
}

function parseObject(base64url: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
