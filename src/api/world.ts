import type { Clock } from '../lib/clock.ts'
import type { Context } from '../lib/context.ts'
import type { Log } from '../lib/log.ts'
import type { Destination } from '../destination/port.ts'
import type { Outside } from '../dns/assess/outside.ts'
import type { DnsServer } from '../dns/dns-tcp.ts'
import type { LivePorts } from '../discover/listing.ts'
import type { Cloud } from '../microsoft/clouds.ts'
import type { ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import type { TenantTokens } from '../microsoft/exchange-token.ts'
import type { Graph } from '../microsoft/graph.ts'
import type { Secret } from '../model/secret.ts'
import type { Lookups } from '../probe/lookups.ts'
import type { accessLogins } from '../source/access.ts'
import type { AccessChoice } from '../source/access/method.ts'
import type { Source } from '../source/port.ts'
import type { Reading } from '../switch/events.ts'
import type { EndpointUrl, ImapUrl } from './endpoint-url.ts'
import type { MailAccount } from './mailflow.ts'
import type { CloudName, ExchangeIdentity } from './operations.ts'
import type { SimulatedSource } from './simulated-sources.ts'

/** The outside as the operations see it: the real one or the simulator. Put together in app.ts, nowhere else. */
export type World = {
  readonly clock: Clock
  readonly log: Log
  /** What the clocks say that a switch goes by; absent: those of this machine. */
  readonly reading?: () => Reading
  /** What a host of DNS compares with its own clock (TSIG); absent: `clock`. */
  readonly signingClock?: Clock
  /** How many times faster than Microsoft 365 a simulated tenant is taken to be, where something is waited for. */
  readonly simulatedHaste: number
  /** Opens nothing yet; connections are made by the adapters. */
  sources(endpoint: EndpointUrl, options: SourceOptions, ctx: Context): Promise<(login: MailboxLogin) => Source>
  destinations(endpoint: EndpointUrl, options: DestinationOptions, ctx: Context): Promise<(login: MailboxLogin) => Destination>
  /** The mailboxes of a destination, to be read: for the way back. */
  newSides(endpoint: EndpointUrl, options: DestinationOptions, ctx: Context): Promise<(login: MailboxLogin) => Source>
  /** The mailboxes of a source, to be written to, signed in to as `sources` does. The way back alone asks for it. */
  oldSides(endpoint: ImapUrl, options: SourceOptions, ctx: Context): Promise<(login: MailboxLogin) => Destination>
  /** What listings of systems that are asked live sign in with; asks for nothing yet. */
  listingTokens(options: ListingOptions, ctx: Context): Pick<LivePorts, 'googleToken' | 'graph'>
  /**
   * The ways into a tenant of Microsoft 365; `service` is a simulator on this machine, and null the real one. A domain is turned into
   * the tenant's id, and a person is asked to sign in; else nothing is sent before the first call. Throws a `Failure`.
   */
  tenant(identity: ExchangeIdentity | null, cloud: CloudName, service: string | null, ctx: Context): Promise<TenantDoor>
  /** How the mailboxes of a host are signed in to. Asks no server. */
  logins(host: string, options: LoginOptions, ctx: Context): ReturnType<typeof accessLogins>
  /** DNS and the web; with `resolvers` all names come from those. */
  lookups(resolvers: readonly string[]): Lookups
  /** What an assessment of domains asks. `servers`: those of the zones, [] where they are found by delegation; `resolvers`: [] this machine's. */
  dnsOutside(options: DnsOutsideOptions, ctx: Context): Promise<Outside>
  startMailSimulator(): Promise<SimulatedMail>
  /** An Exchange Online for a rehearsal with real mail: it judges as the real one, and keeps of each message its size and digest. */
  startExchangeSimulator(options: {
    readonly addresses: readonly string[]
    /** Of the default folders: "de-DE"; null: English. */
    readonly language: string | null
    readonly maxMessageBytes: number
    /** What one mailbox takes before it asks to be slowed down. */
    readonly budget: { readonly bytesPerSecond: number; readonly burstBytes: number }
  }): Promise<SimulatedExchange>
  startProjectSimulator(options: {
    readonly mailboxes: number
    readonly messages: number
    readonly seed: number
    /** When it begins, in milliseconds since 1970; null: now, in real time. */
    readonly now: number | null
  }): Promise<SimulatedProject>
  startSimulator(options: {
    readonly mailboxes: number
    readonly messages: number
    readonly seed: number
    readonly personality: SimulatedSource
    /** Adds mailboxes that show what trouble looks like. */
    readonly faulty: boolean
    /** The tenant is still empty: users, licences and mailboxes are there only once they were made. */
    readonly emptyTenant?: boolean
  }): Promise<SimulatedWorld>
}

export type DnsOutsideOptions = {
  readonly servers: readonly DnsServer[]
  readonly resolvers: readonly DnsServer[]
  /** Asks no web server and not Microsoft. */
  readonly dnsOnly: boolean
  readonly cloud: CloudName
}

/** A simulated tenant with the mail around it: names, mail hosts, a mailbox outside. Places as `mailflow test` takes them. */
export type SimulatedMail = AsyncDisposable & {
  readonly service: string
  readonly domain: string
  readonly user: string
  readonly second: string
  readonly reflector: MailAccount
  readonly oldMx: string
  readonly oldAccount: MailAccount
  readonly newMx: string
  readonly ports: readonly string[]
  readonly resolver: string
  switchMx(to: 'old' | 'new'): void
}

/** A whole company on this machine: old mail, domain, tenant, and people outside who write. */
export type SimulatedProject = AsyncDisposable & {
  /** In which the operations run. */
  readonly world: World
  readonly domain: string
  readonly sourceUrl: string
  readonly destinationUrl: string
  readonly people: readonly { readonly name: string; readonly address: string; readonly login: string; readonly password: string }[]
  /** cutover.yaml without a project, and mailboxes.csv beside it. */
  readonly definition: string
  readonly mailboxes: string
  readonly env: Readonly<Record<string, string>>
  /** Somebody outside writes to one of the people, by the MX that senders know. */
  arrive(): Promise<void>
  /** What became of that mail at the new side. `late`: handed in at the old side since the switch. */
  arrivals(): { readonly sent: number; readonly late: number; readonly once: number; readonly missing: number; readonly doubled: number }
  /** The host that mail goes to. */
  mx(): string
}

/** A simulated Exchange Online that is empty but for its mailboxes. */
export type SimulatedExchange = AsyncDisposable & {
  readonly destinationUrl: string
  /** How often this mailbox asked to be slowed down. */
  throttled(address: string): number
  arrived(address: string): { readonly messages: number; readonly bytes: number }
  /** Lets go of a mailbox that nothing more comes to; what arrived is still told. */
  release(address: string): void
}

/** One tenant, and who we are in it. */
export type TenantDoor = {
  readonly tenantId: string
  readonly clientId: string
  readonly identity: ExchangeIdentity
  readonly cloud: Cloud
  /** What a person signed in as; null for an application. */
  readonly person: string | null
  readonly graph: Graph
  readonly admin: ExchangeAdmin
  readonly tokens: TenantTokens
  /** Over IMAP, as `copy` opens it. */
  mailbox(address: string): Destination
}

export type MailboxLogin = {
  readonly user: string
  readonly password: Secret | null
  /** Exchange's mail alias, where the list tells it. */
  readonly alias?: string | null
  /** The one tree of a source that is copied as a mailbox of its own. */
  readonly root?: string | null
}

/** What signing in to mailboxes takes. */
export type LoginOptions = Pick<SourceOptions, 'access' | 'cloud' | 'stateDir' | 'env' | 'show'>

export type SourceOptions = {
  readonly ca: string | null
  readonly access: AccessChoice
  readonly cloud: CloudName
  readonly stateDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly show: (message: string) => void
  /** Other users' and public trees that are copied beside the person's own; absent: none. */
  readonly trees?: { readonly others: boolean; readonly public: boolean; readonly folders?: readonly string[] }
}

export type DestinationOptions = {
  readonly ca: string | null
  readonly identity: ExchangeIdentity | null
  readonly cloud: CloudName
}

export type ListingOptions = { readonly identity: ExchangeIdentity | null; readonly cloud: CloudName }

/** A running simulator: a legacy server to copy from, a tenant to copy to, and ways to act as the users of both. */
export type SimulatedWorld = AsyncDisposable & {
  readonly sourceUrl: string
  readonly destinationUrl: string
  /** How to sign in to the tenant, where it was started empty; else null. */
  readonly tenant: { readonly service: string; readonly id: string; readonly clientId: string; readonly clientSecret: string } | null
  readonly accounts: readonly {
    readonly name: string
    readonly sourceLogin: string
    readonly sourcePassword: string
    readonly target: string
    readonly shows: string | null
  }[]
  /** Does at the source what users do between two passes: new mail, read mail, moved and deleted mail. Returns what was done, in words. */
  edit(): readonly string[]
  /** APPENDs that the destination accepted so far. */
  appends(): number
}
