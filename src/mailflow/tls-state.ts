import type { TLSSocket } from 'node:tls'

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
  /** SHA-256 of the whole certificate and of its public key, in hexadecimal: what TLSA records name (RFC 6698 §2.1). */
  readonly sha256: string
  readonly keySha256: string
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
  if (demand.kind === 'dane') return matchesTlsa(demand.tlsa, tls) ? null : `no TLSA record matches the certificate of ${host}`
  if (!demand.mx.some((pattern) => namedBy(pattern, host))) return `the MTA-STS policy does not name ${host}`
  return tls.trusted ? null : `MTA-STS demands a trusted certificate: ${tls.doubt ?? 'it is not'}`
}

/** A wildcard of a policy stands for exactly one label (RFC 8461 §4.1). */
function namedBy(pattern: string, host: string): boolean {
  const [wanted, name] = [pattern.toLowerCase().replace(/\.$/, ''), host.toLowerCase().replace(/\.$/, '')]
  return wanted.startsWith('*.') ? name.includes('.') && name.slice(name.indexOf('.') + 1) === wanted.slice(2) : wanted === name
}

/** Usage 3 (the host's own certificate) as it is in nearly every record; usage 2 trusts an authority that the handshake has to show. */
function matchesTlsa(records: readonly string[], { certificate, trusted }: TlsState): boolean {
  if (certificate === null) return false
  return records.some((record) => {
    const [usage, selector, matching, data = ''] = record.toLowerCase().split(/\s+/)
    if (usage === '2') return trusted
    return usage === '3' && matching === '1' && data === (selector === '1' ? certificate.keySha256 : certificate.sha256)
  })
}

export function tlsStateOf(socket: TLSSocket, sha256: (bytes: Buffer) => string): TlsState {
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
            sha256: sha256(certificate.raw),
            keySha256: sha256(certificate.publicKey.export({ type: 'spki', format: 'der' })),
          },
  }
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
