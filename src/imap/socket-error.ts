import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'

type Saying = { readonly code: FailureCode; readonly says: (where: string, host: string) => string }

const BY_CODE: Readonly<Record<string, Saying>> = {
  ENOTFOUND: { code: 'host-unknown', says: (_, host) => `There is no host named ${host}.` },
  ENODATA: { code: 'host-unknown', says: (_, host) => `The name ${host} has no address.` },
  EAI_AGAIN: { code: 'host-unknown', says: (_, host) => `The name ${host} cannot be resolved just now: no answer from DNS.` },
  ECONNREFUSED: { code: 'connection-refused', says: (where) => `Nothing accepts connections at ${where}.` },
  EHOSTUNREACH: { code: 'connection-refused', says: (where) => `There is no route to ${where}.` },
  ENETUNREACH: { code: 'connection-refused', says: (where) => `The network of ${where} cannot be reached.` },
  ETIMEDOUT: { code: 'connection-timeout', says: (where) => `${where} did not answer in time.` },
  ECONNRESET: { code: 'connection-lost', says: (where) => `${where} broke the connection.` },
  EPIPE: { code: 'connection-lost', says: (where) => `${where} closed the connection.` },
  DEPTH_ZERO_SELF_SIGNED_CERT: tls((host) => `The certificate of ${host} is self-signed.`),
  SELF_SIGNED_CERT_IN_CHAIN: tls((host) => `The certificate of ${host} is signed by a CA that this machine does not know.`),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: tls((host) => `The certificate of ${host} is signed by a CA that this machine does not know.`),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: tls((host) => `The certificate of ${host} is signed by a CA that this machine does not know.`),
  CERT_HAS_EXPIRED: tls((host) => `The certificate of ${host} has expired.`),
  CERT_NOT_YET_VALID: tls((host) => `The certificate of ${host} is not valid yet. Check this machine's clock.`),
}

const CLIENT_CERTIFICATE = /CERTIFICATE_REQUIRED$|PEER_DID_NOT_RETURN_A_CERTIFICATE$/
/** No version in common, or keys and signatures that OpenSSL takes at security level 0 only. */
const TOO_OLD =
  /^(ERR_SSL_)?(UNSUPPORTED_PROTOCOL|TLSV1_ALERT_PROTOCOL_VERSION|WRONG_SSL_VERSION|VERSION_TOO_LOW|TLSV1_ALERT_INSUFFICIENT_SECURITY|(DH|EE|CA)_KEY_TOO_SMALL|CA_MD_TOO_WEAK|LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED|UNSAFE_LEGACY_RENEGOTIATION_DISABLED|NO_PROTOCOLS_AVAILABLE)$/

function short(code: string): string {
  return code
    .replace(/^ERR_SSL_/, '')
    .toLowerCase()
    .replaceAll('_', ' ')
}

function tls(says: (host: string) => string): Saying {
  return { code: 'tls-untrusted', says: (_, host) => says(host) }
}

/** Says in a clear sentence what a socket's error means; `cause` keeps the error. */
export function socketFailure(error: unknown, host: string, port: number): Failure {
  if (error instanceof Failure) return error
  const where = `${host}:${port}`
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error
  const code = codeOf(error) || codeOf(inner)
  const known = BY_CODE[code]
  if (known !== undefined) return new Failure(known.code, known.says(where, host), { cause: error })
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const reason = reasonOf(error)
    return new Failure('tls-untrusted', `The certificate of ${host} is made for another name${reason === '' ? '.' : `: ${reason}`}`, {
      cause: error,
    })
  }
  if (/^(CERT_|UNABLE_TO_|ERR_TLS_CERT)/.test(code))
    return new Failure('tls-untrusted', `The certificate of ${host} cannot be trusted (${code}).`, { cause: error })
  if (/^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/.test(code))
    return new Failure('tls-failed', `${where} answers, but not in TLS.`, { cause: error })
  if (CLIENT_CERTIFICATE.test(code))
    return new Failure('tls-client-certificate', `${where} lets in only who shows a client certificate.`, { cause: error })
  if (TOO_OLD.test(code))
    return new Failure('tls-old', `${where} only knows TLS that is no longer safe (${short(code)}).`, { cause: error })
  if (/^ERR_SSL_(SSLV3|TLSV1)_ALERT_HANDSHAKE_FAILURE$/.test(code)) {
    const says = `${where} broke off the TLS handshake: it wants a client certificate, or knows only ciphers that are no longer safe.`
    return new Failure('tls-failed', says, { cause: error })
  }
  if (/^(ERR_SSL_|EPROTO|ERR_TLS_)/.test(code))
    return new Failure('tls-failed', `No TLS connection with ${where} (${code}).`, { cause: error })
  return new Failure('connection-lost', `The connection to ${where} broke${code === '' ? '' : ` (${code})`}.`, { cause: error })
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function reasonOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'reason' in error && typeof error.reason === 'string' ? error.reason : ''
}
