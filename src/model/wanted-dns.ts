/** What cutover.yaml wants of the records of one domain. Names are absolute, in lower case. */
export type WantedDns = {
  readonly domain: string
  /** Who hosts its DNS, by the name of the adapter, and what that must be told; secrets as `env:NAME` or `file:PATH`. */
  readonly provider: string
  readonly settings: Readonly<Record<string, string>>
  /** Servers that answer for the domain, where they are not those that it is delegated to: `192.0.2.53`, `127.0.0.1:5353`. */
  readonly nameServers: readonly string[]
  /** Time to live of new records, and of MX and autodiscover at the end. */
  readonly ttlSeconds: number
  /** While the domain is being moved. */
  readonly lowTtlSeconds: number
  /** SPF terms of senders that must be let send, whether they are in the record already or not: `include:_spf.crm.example`. */
  readonly senders: readonly string[]
  /** Names whose records stay as they are, whatever else is wanted. */
  readonly keep: readonly string[]
  /** Where reports of DMARC and of TLS go; null: none are asked for. */
  readonly dmarcReports: string | null
  readonly tlsReports: string | null
  /** Services besides mail, as Graph calls them, whose records are wanted too. */
  readonly services: readonly string[]
  /** SPF terms, and names, that go at the very end. */
  readonly retireSenders: readonly string[]
  readonly retireNames: readonly string[]
  /** `cutover.yaml line 40`. */
  readonly where: string
}
