import { createHash, type X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { allowsHost } from '../dns/assess/mta-sts.ts'
import { daneVerdict } from './dane.ts'

/** What STARTTLS came to at a mail host. Recorded, not required: senders encrypt where they can (RFC 7435), unless MTA-STS or DANE binds them. */
export type TlsState = {
  readonly offered: boolean
  /** Whether what followed was encrypted. */
  readonly used: boolean
  readonly protocol: string | null
  readonly certificate: SeenCertificate | null
  /** Known authority, right name, in time. */
  readonly trusted: boolean
  /** Why it is not trusted, or why the handshake failed; null where there is nothing to say. */
  readonly doubt: string | null
}

export type SeenCertificate = {
  readonly names: readonly string[]
  readonly issuer: string
  readonly validUntil: string
  /** It is for the name of the host, whoever signed it. */
  readonly namesHost: boolean
  /** The host's own certificate, and those above it as far as each really signed the one below. */
  readonly chain: readonly CertificateDigests[]
}

/** Of the whole certificate and of its public key, in hexadecimal: what TLSA records name (RFC 6698 §2.1). */
export type CertificateDigests = {
  readonly sha256: string
  readonly keySha256: string
  readonly sha512: string
  readonly keySha512: string
}

export const NO_TLS: TlsState = { offered: false, used: false, protocol: null, certificate: null, trusted: false, doubt: null }

/** What a sender is bound to by the domain's own word; `opportunistic` where it said nothing. */
export type TlsDemand =
  | { readonly kind: 'opportunistic' }
  /** MTA-STS in mode enforce (RFC 8461 §4): a certificate that is trusted, and a host that the policy names. */
  | { readonly kind: 'mta-sts'; readonly mx: readonly string[] }
  /** TLSA records of `_25._tcp.HOST` that DNSSEC vouches for (RFC 7672), each `3 1 1 hex`. */
  | { readonly kind: 'dane'; readonly tlsa: readonly string[] }

export const OPPORTUNISTIC: TlsDemand = { kind: 'opportunistic' }

/** Why a sender that keeps to the domain's word would not deliver there; null where it would. */
export function unmet(demand: TlsDemand, host: string, tls: TlsState): string | null {
  if (demand.kind === 'opportunistic') return null
  const name = demand.kind === 'dane' ? 'DANE' : 'MTA-STS'
  if (!tls.used) return `${name} demands encryption, and ${host} offers none that works`
  if (demand.kind === 'dane')
    return daneVerdict(demand.tlsa, tls) === 'no-match' ? `no TLSA record matches the certificate of ${host}` : null
  if (!demand.mx.some((pattern) => allowsHost(pattern, host))) return `the MTA-STS policy does not name ${host}`
  return tls.trusted ? null : `MTA-STS demands a trusted certificate: ${tls.doubt ?? 'it is not'}`
}

export function tlsStateOf(socket: TLSSocket, host: string): TlsState {
  const certificate = socket.getPeerX509Certificate()
  return {
    offered: true,
    used: true,
    protocol: socket.getProtocol(),
    trusted: socket.authorized,
    doubt: socket.authorized ? null : doubtOf(socket.authorizationError),
    certificate:
      certificate === undefined
        ? null
        : {
            names: (certificate.subjectAltName ?? certificate.subject)
              .split(/,\s*|\n/)
              .map((name) => name.replace(/^(?:DNS:|IP Address:|CN=)/, ''))
              .slice(0, 20),
            issuer:
              certificate.issuer
                .split('\n')
                .at(-1)
                ?.replace(/^[A-Z]+=/, '') ?? '',
            validUntil: new Date(certificate.validTo).toISOString(),
            namesHost: certificate.checkHost(host) !== undefined,
            chain: chainOf(certificate),
          },
  }
}

const MOST_CERTIFICATES = 6

function chainOf(own: X509Certificate | undefined): readonly CertificateDigests[] {
  const chain: X509Certificate[] = []
  for (let next = own; next !== undefined && chain.length < MOST_CERTIFICATES; next = next.issuerCertificate) {
    const below = chain.at(-1)
    if (below !== undefined && (below.fingerprint256 === next.fingerprint256 || !below.checkIssued(next) || !below.verify(next.publicKey)))
      break
    chain.push(next)
  }
  return chain.map(({ raw, publicKey }) => {
    const key = publicKey.export({ type: 'spki', format: 'der' })
    const digest = (kind: 'sha256' | 'sha512', bytes: Buffer): string => createHash(kind).update(bytes).digest('hex')
    return {
      sha256: digest('sha256', raw),
      keySha256: digest('sha256', key),
      sha512: digest('sha512', raw),
      keySha512: digest('sha512', key),
    }
  })
}

const DOUBTS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by nobody but itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'the authority is not one that this machine knows',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the authority is not one that this machine knows',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the authority is not one that this machine knows',
  CERT_HAS_EXPIRED: 'the certificate has run out',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
}

function doubtOf(error: Error | string | null | undefined): string {
  const code = typeof error === 'string' ? error : (error?.message ?? '')
  return DOUBTS[code] ?? (code === '' ? 'the certificate cannot be checked' : code)
}
