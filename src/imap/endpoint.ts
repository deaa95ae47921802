import type { Secret } from '../model/secret.ts'
import type { LoginForms } from './login-forms.ts'
import type { LoginGuard } from './login-guard.ts'
import type { Way } from './sasl.ts'

/** One IMAP server, and how we speak to it. */
export type ImapEndpoint = {
  readonly host: string
  readonly port: number
  /** Where to connect to instead of asking what address `host` has; null: ask. */
  readonly address: string | null
  readonly tls: 'implicit' | 'starttls' | 'none'
  /** PEM of a CA to trust instead of the system's. */
  readonly ca: string | null
  /** The name the certificate must bear; null: `host`. */
  readonly serverName: string | null
  /** Also speaks TLS 1.0 and 1.1, and ciphers and keys that are no longer safe. Only where a person asked for it. */
  readonly oldTls: boolean
  /** Takes any certificate, to look at it. Such a session never signs in. */
  readonly anyCertificate: boolean
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

/** For all ways to open a mailbox. */
export type LoginCommon = {
  /** Sign in this way and no other, also where the server does not list it (Yandex and XOAUTH2). */
  readonly way?: Way
  /** Watches over a secret that opens more than this mailbox. */
  readonly guard?: LoginGuard
  /** What errors call the mailbox, where the login is not its name. */
  readonly mailbox?: string
}

/** A login and its password; with `authzid` the mailbox of that name is opened, by somebody who may. */
export type PasswordLogin = LoginCommon & {
  readonly kind: 'password'
  readonly user: string
  readonly password: Secret
  readonly authzid: string | null
}

export type TokenLogin = LoginCommon & {
  readonly kind: 'token'
  readonly user: string
  readonly token: () => Promise<Secret>
  /** The server did not take the token: the next `token()` gets another one. */
  readonly renew?: () => void
}

/** An administrator signs in and becomes `user`: PROXYAUTH of Netscape, Sun, Oracle and others. */
export type ProxyLogin = LoginCommon & {
  readonly kind: 'proxyauth'
  readonly user: string
  readonly admin: string
  readonly password: Secret
}

/** Kerio Connect: the master password opens every mailbox (X-MASTERAUTH, X-SETUSER). */
export type KerioLogin = LoginCommon & { readonly kind: 'kerio-master'; readonly user: string; readonly password: Secret }

/** GroupWise: a trusted application with its key signs in, then as anybody (XGWTRUSTEDAPP). */
export type GroupwiseLogin = LoginCommon & {
  readonly kind: 'groupwise-app'
  readonly user: string
  readonly app: string
  readonly key: Secret
}

export type SingleLogin = PasswordLogin | TokenLogin | ProxyLogin | KerioLogin | GroupwiseLogin

/** One mailbox by one of several forms of a login; which one the server wants is found out once for all mailboxes. */
export type FormsLogin = { readonly kind: 'forms'; readonly user: string; readonly of: readonly SingleLogin[]; readonly forms: LoginForms }

export type ImapLogin = SingleLogin | FormsLogin

/** An endpoint with the usual settings for what is not given. */
export function imapEndpoint(part: Pick<ImapEndpoint, 'host' | 'port' | 'tls'> & Partial<ImapEndpoint>): ImapEndpoint {
  return {
    address: null,
    ca: null,
    serverName: null,
    oldTls: false,
    anyCertificate: false,
    connectTimeoutMs: 30_000,
    idleTimeoutMs: 120_000,
    compress: false,
    utf8Accept: false,
    without: new Set(),
    ...part,
  }
}
