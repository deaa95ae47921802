import type { Outside } from '../dns/assess/outside.ts'
import type { DnsServer } from '../dns/dns-tcp.ts'
import type { ImapEndpoint, ImapLogin } from '../imap/endpoint.ts'
import type { Autodiscovered } from '../microsoft/autodiscover.ts'
import type { ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import type { Graph } from '../microsoft/graph.ts'
import type { Finding } from '../model/change.ts'
import type { Secret } from '../model/secret.ts'
import type { ArrivalTimes } from './arrival.ts'
import type { Ports } from './mx-route.ts'
import type { SmtpTarget } from './smtp-wire.ts'
import type { TlsDemand } from './tls-state.ts'

/** Where a person hands in mail with a password. */
export type Submission = {
  readonly target: SmtpTarget
  readonly tls: 'starttls' | 'implicit' | 'none'
  readonly user: string
  readonly password: Secret
}

/** A mailbox outside that probes go to and come from. */
export type Reflector = {
  readonly address: string
  readonly imap: ImapEndpoint
  readonly login: ImapLogin
  /** null: what comes from outside is sent from this machine. */
  readonly submission: Submission | null
}

export type OldHostAccess = {
  /** By its address, as MX does not name it any more. */
  readonly target: SmtpTarget
  readonly submission: Submission | null
  /** A mailbox there, by IMAP; only read. */
  readonly mailbox: { readonly address: string; readonly imap: ImapEndpoint; readonly login: ImapLogin } | null
}

/** Everything that a test of the mail flow goes by. What is null is not tested, and told so. */
export type FlowSetup = {
  readonly domain: string
  /** Mailboxes of the tenant that may be written to. */
  readonly user: string
  readonly second: string | null
  readonly aliases: readonly { readonly address: string; readonly owner: string }[]
  readonly groups: readonly { readonly address: string; readonly member: string }[]
  /** Somebody whose mailbox is still at the old side. */
  readonly unmoved: string | null
  readonly graph: Graph | null
  readonly admin: ExchangeAdmin | null
  readonly reflector: Reflector | null
  readonly old: OldHostAccess | null
  /** Of the outside: several, as caches differ. */
  readonly resolvers: readonly DnsServer[]
  readonly ports: Ports
  /** What senders are bound to beside what the domain publishes. */
  readonly demand: TlsDemand
  /** One page over HTTPS, for the policies of domains; null: no web server is asked. */
  readonly page: Outside['page']
  /** What stands between those who have moved and those who stay; null or absent: it is not looked at. */
  readonly between?: (() => Promise<readonly Finding[]>) | null
  /** Where Exchange Online sends the programs of an address; null: it is not asked. */
  readonly autodiscover: ((address: string, protocol: 'ActiveSync' | 'EWS') => Promise<Autodiscovered>) | null
  readonly ca: string | null
  readonly helo: string | null
  /** Who mail from this machine seems to be from; null: the reflector. */
  readonly sender: string | null
  /** Test strings of spam and malware are sent too. */
  readonly protection: boolean
  /** Of a large probe; null: none is sent. */
  readonly largeBytes: number | null
  readonly times: ArrivalTimes & { readonly traceMs: number; readonly greylistMs: number }
}
