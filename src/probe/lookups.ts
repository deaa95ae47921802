/** One SRV record (RFC 2782). */
export type Service = { readonly host: string; readonly port: number; readonly priority: number; readonly weight: number }

export type MailExchanger = { readonly host: string; readonly priority: number }

/**
 * What finding a server asks of DNS and the web. A name without such records is an empty list; no answer at all is a `Failure`
 * with the code host-unknown.
 */
export type Lookups = {
  mailExchangers(domain: string, signal: AbortSignal): Promise<readonly MailExchanger[]>
  services(name: string, signal: AbortSignal): Promise<readonly Service[]>
  addresses(host: string, signal: AbortSignal): Promise<readonly string[]>
  /** A small text over HTTPS; null where there is none, or none within the time and size allowed. */
  text(url: string, signal: AbortSignal): Promise<string | null>
  /** Names mean what these look-ups say also when connecting, not what the machine says. */
  readonly pinned: boolean
}
