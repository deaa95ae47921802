import { createHash, createHmac, randomUUID, type X509Certificate } from 'node:crypto'

export type TenantOptions = {
  readonly tenantId: string
  /** Verified domains; they name the tenant too. */
  readonly domains: readonly string[]
  readonly clientId: string
  readonly clientSecret: string
  readonly tokenLifetimeSeconds: number
  readonly now: () => number
  /** What tokens are signed with, so that they outlive a restart. Another one each time by default. */
  readonly signingKey?: string
  /** What else a token says, in place of the claims that every token has here: roles, directory roles, object ids. */
  readonly claims?: (about: TokenRequest) => Readonly<Record<string, unknown>>
}

export const EXCHANGE_AUDIENCE = 'https://outlook.office365.com'

/** For whom a token is, and what it opens. */
export type TokenRequest = {
  readonly certificate?: boolean
  readonly upn?: string
  /** Default: Exchange. */
  readonly audience?: string
  /** Another application than the first one. */
  readonly appId?: string
}

/** What an access token says. */
export type TokenClaims = {
  readonly aud: string
  readonly exp: number
  readonly appid: string
  /** The person, for a delegated token; absent for an application's. */
  readonly upn?: string
  /** Application permissions, directory roles (template ids), and the service principal's object id. */
  readonly roles?: readonly string[]
  readonly wids?: readonly string[]
  readonly oid?: string
  /** Delegated permissions, with blanks between them. */
  readonly scp?: string
}

/** One Microsoft tenant as far as signing in goes: its applications, certificates, and the tokens it gave out. */
export class Tenant {
  readonly options: TenantOptions
  tokenLifetimeSeconds: number
  /** Tokens given out since the start. */
  issued = 0
  readonly #key: string
  readonly #certificates: X509Certificate[] = []

  constructor(options: TenantOptions) {
    this.options = options
    this.#key = options.signingKey ?? randomUUID()
    this.tokenLifetimeSeconds = options.tokenLifetimeSeconds
  }

  /** Lets the application sign its assertions with this certificate's key. */
  registerCertificate(certificate: X509Certificate): void {
    this.#certificates.push(certificate)
  }

  /** The registered certificate with this base64url SHA-1 or SHA-256 thumbprint. */
  certificate(thumbprint: string): X509Certificate | undefined {
    return this.#certificates.find((certificate) =>
      ['sha1', 'sha256'].some((algorithm) => createHash(algorithm).update(certificate.raw).digest('base64url') === thumbprint),
    )
  }

  knows(name: string): boolean {
    const lower = name.toLowerCase()
    return lower === this.options.tenantId || this.options.domains.includes(lower)
  }

  /** An access token, for Exchange unless told otherwise, as a JWT that only this tenant can check. */
  issue(about: TokenRequest = {}): string {
    const now = Math.floor(this.options.now() / 1000)
    const { tenantId, clientId } = this.options
    const person =
      about.upn === undefined
        ? { idtyp: 'app', roles: ['IMAP.AccessAsApp'] }
        : { idtyp: 'user', upn: about.upn, scp: 'IMAP.AccessAsUser.All' }
    const claims = {
      aud: about.audience ?? EXCHANGE_AUDIENCE,
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: now,
      nbf: now,
      exp: now + this.tokenLifetimeSeconds,
      appid: about.appId ?? clientId,
      appidacr: about.certificate === true ? '2' : '1',
      tid: tenantId,
      ver: '1.0',
      uti: randomUUID(),
      ...person,
      ...this.options.claims?.(about),
    }
    this.issued += 1
    const body = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`
    return `${body}.${this.#sign(body)}`
  }

  /** What a token says, when it is one of ours and has not run out; null otherwise. */
  check(token: string): TokenClaims | null {
    const [header = '', claims = '', signature = ''] = token.split('.')
    if (signature !== this.#sign(`${header}.${claims}`)) return null
    const parsed = parseClaims(claims)
    return parsed === null || parsed.exp * 1000 <= this.options.now() ? null : parsed
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#key).update(body).digest('base64url')
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function parseClaims(text: string): TokenClaims | null {
  const claims: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  if (typeof claims !== 'object' || claims === null || !('exp' in claims) || typeof claims.exp !== 'number') return null
  const { exp } = claims
  const told: Readonly<Record<string, unknown>> = { ...claims }
  const [aud, upn, oid, scp] = ['aud', 'upn', 'oid', 'scp'].map((name) => (typeof told[name] === 'string' ? told[name] : undefined))
  return {
    exp,
    aud: aud ?? '',
    appid: 'appid' in claims ? String(claims.appid) : '',
    ...(upn === undefined ? {} : { upn }),
    ...(oid === undefined ? {} : { oid }),
    ...(scp === undefined ? {} : { scp }),
    roles: strings(told['roles']),
    wids: strings(told['wids']),
  }
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
