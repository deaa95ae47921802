import type { Secret } from '../model/secret.ts'

/** One IMAP server, and how we speak to it. */
export type ImapEndpoint = {
  readonly host: string
  readonly port: number
  readonly tls: 'implicit' | 'starttls' | 'none'
  /** PEM of a CA to trust instead of the system's. */
  readonly ca: string | null
  /** The name the certificate must bear; null: `host`. */
  readonly serverName: string | null
  /** For each of: reaching the server, the TLS handshake, the greeting. */
  readonly connectTimeoutMs: number
  /** No byte for this long while an answer is due: the connection counts as dead. */
  readonly idleTimeoutMs: number
  /** Use COMPRESS=DEFLATE where the server has it. */
  readonly compress: boolean
  /** Ask for UTF8=ACCEPT where the server has it: folder names are then UTF-8. */
  readonly utf8Accept: boolean
  /** Capabilities to treat as absent, in upper case: the kill switches. */
  readonly without: ReadonlySet<string>
}

export type ImapLogin =
  | { readonly kind: 'password'; readonly user: string; readonly password: Secret; readonly authzid: string | null }
  | { readonly kind: 'token'; readonly user: string; readonly token: () => Promise<Secret> }

/** An endpoint with the usual settings for what is not given. */
export function imapEndpoint(part: Pick<ImapEndpoint, 'host' | 'port' | 'tls'> & Partial<ImapEndpoint>): ImapEndpoint {
  return {
    ca: null,
    serverName: null,
    connectTimeoutMs: 30_000,
    idleTimeoutMs: 120_000,
    compress: false,
    utf8Accept: false,
    without: new Set(),
    ...part,
  }
}
