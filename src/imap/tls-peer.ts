import type tls from 'node:tls'
import type { ImapEndpoint } from './endpoint.ts'
import { socketFailure } from './socket-error.ts'

/** What TLS told of the server at the other end. */
export type TlsPeer = {
  /** "TLSv1.3", "TLSv1" … */
  readonly protocol: string
  readonly cipher: string
  /** What is wrong with the certificate, in a sentence; null: nothing. Only an endpoint with `anyCertificate` gets as far as that. */
  readonly objection: string | null
  readonly certificate: {
    /** Host names and addresses it is made for, without doubles. */
    readonly names: readonly string[]
    readonly issuer: string
    readonly selfSigned: boolean
    /** Milliseconds since 1970. */
    readonly notBeforeMs: number
    readonly notAfterMs: number
  }
}

export function tlsPeer(socket: tls.TLSSocket, endpoint: ImapEndpoint): TlsPeer {
  const certificate = socket.getPeerX509Certificate()
  const common = /(?:^|\n)CN=([^\n]+)/.exec(certificate?.subject ?? '')?.[1]
  const alternative = (certificate?.subjectAltName ?? '').split(', ').map((one) => one.replace(/^(?:DNS|IP Address):/, ''))
  const issuer = (certificate?.issuer ?? '').split('\n').map((part) => part.split('='))
  const named = (key: string): string | undefined => issuer.find(([name]) => name === key)?.[1]
  // Declared as an Error, but it is the code of one
  const error: unknown = socket.authorized ? null : socket.authorizationError
  const code = typeof error === 'string' ? { code: error } : error
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    objection: code === null ? null : socketFailure(code, endpoint.host, endpoint.port).message,
    certificate: {
      names: [...new Set([...(common === undefined ? [] : [common]), ...alternative].filter((one) => one !== ''))],
      issuer: [named('O'), named('CN')].filter((one) => one !== undefined).join(', '),
      selfSigned: certificate !== undefined && certificate.checkIssued(certificate),
      notBeforeMs: certificate === undefined ? 0 : Date.parse(certificate.validFrom),
      notAfterMs: certificate === undefined ? 0 : Date.parse(certificate.validTo),
    },
  }
}
