import { createExchangeMailbox, LANGUAGES, type Language } from './exchange-mailbox.ts'
import { exchangeOnline, type ExchangeProfile } from './exchange-online.ts'
import { FaultBook, faultOfAddress } from './faults.ts'
import { Spill } from './spill.ts'
import { startImapServer } from './imap-server.ts'
import { MailStore } from './mail-store.ts'
import type { Personality } from './personality.ts'
import { seedMailbox } from './seed-mailbox.ts'
import { PEOPLE } from './seed-text.ts'
import type { Credentials, SignedIn } from './session.ts'
import { SOURCE_PERSONALITIES, type SourcePersonality } from './source-personalities.ts'
import { Tenant } from './tenant.ts'
import { startTokenEndpoint } from './token-endpoint.ts'

export type SimulatorOptions = {
  readonly seed?: number
  readonly source?: SourcePersonality
  /** Ordinary mailboxes. Default 3. */
  readonly mailboxes?: number
  /** More mailboxes by local part, such as `throttled` or `drops-at-50`. */
  readonly faulty?: readonly string[]
  /** Messages per mailbox. Default 50. */
  readonly messages?: number
  /** Adds the nasty cases to the first mailbox. */
  readonly nasty?: boolean
  /** Median message size (default 10 KB; the mean is about four times that) and the largest one (default 3 MB). */
  readonly medianBytes?: number
  readonly maxBytes?: number
  readonly tokenLifetimeSeconds?: number
  /** What the destination accepts. Default 36 MB. */
  readonly maxMessageBytes?: number
  /** IMAP connections per mailbox at the destination. Default 20. */
  readonly maxConnections?: number
  /** Language of the destination mailboxes; by default each has another one. */
  readonly language?: Language
  readonly profile?: ExchangeProfile
  /** Milliseconds since 1970; for token lifetimes. */
  readonly now?: () => number
  /** A tenant of its own: its mailboxes, its tokens, and it decides who may open what. Without one, every account has a mailbox. */
  readonly strict?: StrictTenant
}

/** What a tenant that is simulated elsewhere lends to the Exchange side here. */
export type StrictTenant = {
  readonly tenant: Tenant
  signIn(credentials: Credentials): SignedIn | null
  store(address: string): MailStore | null
}

export type SimulatedAccount = {
  readonly sourceLogin: string
  readonly sourcePassword: string
  readonly target: string
  readonly name: string
}

export type Simulator = AsyncDisposable & {
  readonly source: { readonly host: string; readonly port: number; readonly url: string }
  readonly exchange: {
    readonly url: string
    readonly httpPort: number
    readonly imapPort: number
    readonly tenantId: string
    readonly clientId: string
    readonly clientSecret: string
  }
  readonly accounts: readonly SimulatedAccount[]
  /** Faults by login or address, both sides. */
  readonly faults: FaultBook
  readonly tenant: Tenant
  sourceStore(login: string): MailStore
  exchangeStore(address: string): MailStore
  /** Messages that the Exchange side has stored by APPEND since the start. */
  readonly appends: number
  /** Breaks all connections of one side, as a restart does. */
  dropConnections(side: 'source' | 'exchange'): void
}

const SOURCE_DOMAIN = 'old.example.test'
const TARGET_DOMAIN = 'example.test'
/** The administrator who may open every source mailbox by SASL PLAIN with an authorization identity. */
export const MASTER = { login: 'master', password: 'Master-Passw0rd' } as const

/** Starts an old mail server and a Microsoft tenant with Exchange Online on 127.0.0.1, both with mailboxes. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const now = options.now ?? options.strict?.tenant.options.now ?? Date.now
  const faults = new FaultBook()
  const world = new World(options)
  const tenant =
    options.strict?.tenant ??
    new Tenant({
      tenantId: '11111111-2222-3333-4444-555555555555',
      domains: [TARGET_DOMAIN, 'example.onmicrosoft.com'],
      clientId: '0a1b2c3d-0000-4000-8000-00000000a001',
      clientSecret: 'abc~SIMULATED-secret',
      tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3599,
      now,
    })
  const source = await startImapServer(world.personality, { faults, now, signIn: (credentials) => world.signInAtSource(credentials) })
  const spill = new Spill()
  const exchange = await startImapServer(exchangeOnline(options.profile), {
    faults,
    now,
    maxMessageBytes: options.maxMessageBytes ?? 36 * 1024 * 1024,
    maxConnections: options.maxConnections ?? 20,
    keep: (bytes) => spill.keep(bytes),
    signIn: (credentials) =>
      options.strict === undefined ? world.signInAtExchange(credentials, tenant) : options.strict.signIn(credentials),
  })
  const { tenantId, clientId, clientSecret } = tenant.options
  const endpoint = await startTokenEndpoint({
    tenant,
    endpoints: () => ({
      imap: { host: exchange.host, port: exchange.port },
      tenantId,
      clientId,
      clientSecret,
      mailboxes: world.accounts.map((account) => account.target),
    }),
  })
  return {
    source: { host: source.host, port: source.port, url: source.url },
    exchange: { url: `exchange:${endpoint.url}`, httpPort: endpoint.port, imapPort: exchange.port, tenantId, clientId, clientSecret },
    accounts: world.accounts,
    faults,
    tenant,
    sourceStore: (login) => present(world.sourceStore(login), login),
    exchangeStore: (address) =>
      present(options.strict === undefined ? world.exchangeStore(address) : options.strict.store(address), address),
    get appends() {
      return exchange.appends
    },
    dropConnections: (side) => (side === 'source' ? source : exchange).dropConnections(),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([source, exchange, endpoint].map((part) => part[Symbol.asyncDispose]()))
      spill[Symbol.dispose]()
    },
  }
}

function present(store: MailStore | null, name: string): MailStore {
  if (store === null) throw new RangeError(`no mailbox ${name}`)
  return store
}

/** The mailboxes of both sides. Those named after a fault come into being when somebody asks for them. */
class World {
  readonly personality: Personality
  readonly accounts: readonly SimulatedAccount[]
  readonly #options: SimulatorOptions
  readonly #source = new Map<string, MailStore>()
  readonly #exchange = new Map<string, MailStore>()

  constructor(options: SimulatorOptions) {
    this.#options = options
    this.personality = SOURCE_PERSONALITIES[options.source ?? 'dovecot']
    const locals = Array.from({ length: options.mailboxes ?? 3 }, (_, i) => PEOPLE[i] ?? `user${i + 1}`)
    this.accounts = [...locals, ...(options.faulty ?? [])].map((local) => ({
      sourceLogin: `${local}@${SOURCE_DOMAIN}`,
      sourcePassword: passwordOf(local),
      target: `${local}@${TARGET_DOMAIN}`,
      name: local.charAt(0).toUpperCase() + local.slice(1),
    }))
  }

  sourceStore(login: string): MailStore | null {
    const known = this.#source.get(login.toLowerCase())
    if (known !== undefined) return known
    const index = this.#indexOf(login, SOURCE_DOMAIN)
    if (index === null) return null
    const { personality } = this
    const store =
      personality.oddities?.makeStore?.(index) ??
      new MailStore({ separator: personality.separator, nameKey: (name) => personality.nameKey(name) })
    const { seed = 1, messages = 50, medianBytes = 10_000, maxBytes = 3_000_000, nasty = false } = this.#options
    const owner = login.toLowerCase()
    const content = { seed, mailbox: index, owner, messages, medianBytes, maxBytes, nasty: nasty && index === 0 }
    if (personality.oddities?.seed === undefined) seedMailbox(store, personality, content)
    else personality.oddities.seed(store, content)
    this.#source.set(owner, store)
    return store
  }

  exchangeStore(address: string): MailStore | null {
    const known = this.#exchange.get(address.toLowerCase())
    if (known !== undefined) return known
    const index = this.#indexOf(address, TARGET_DOMAIN)
    if (index === null) return null
    const store = createExchangeMailbox(this.#options.language ?? LANGUAGES[index % LANGUAGES.length], index % 4 === 3)
    this.#exchange.set(address.toLowerCase(), store)
    return store
  }

  signInAtSource(credentials: Credentials): SignedIn | null {
    if (credentials.kind !== 'password') return this.#signInByToken(credentials.login.toLowerCase(), credentials.token)
    const { login, password, authzid } = credentials
    const { readLogin } = this.personality.oddities ?? {}
    const asked = readLogin === undefined ? { user: login, mailbox: login } : readLogin(login)
    if (asked === null) return null
    const master = asked.user.replace(/@.*$/, '') === MASTER.login && password === MASTER.password
    const mailbox = (master && authzid !== '' ? authzid : asked.mailbox).toLowerCase()
    const address = readLogin === undefined || mailbox.includes('@') ? mailbox : `${mailbox}@${SOURCE_DOMAIN}`
    if (!master && password !== passwordOf(address.slice(0, Math.max(0, address.lastIndexOf('@'))))) return null
    const store = this.sourceStore(address)
    return store === null ? null : { address, store, expiresAtMs: null }
  }

  /** Where a source takes access tokens, those made from the passwords. */
  #signInByToken(address: string, token: string): SignedIn | null {
    const store = token === sourceToken(address) ? this.sourceStore(address) : null
    return store === null ? null : { address, store, expiresAtMs: null }
  }

  signInAtExchange(credentials: Credentials, tenant: Tenant): SignedIn | null {
    if (credentials.kind !== 'token') return null
    const claims = tenant.check(credentials.token)
    const address = credentials.login.toLowerCase()
    const store = claims === null ? null : this.exchangeStore(address)
    return claims === null || store === null ? null : { address, store, expiresAtMs: claims.exp * 1000 }
  }

  /** The number of the mailbox with this address; a fault's address has one of its own; null for a stranger. */
  #indexOf(address: string, domain: string): number | null {
    const lower = address.toLowerCase()
    const index = this.accounts.findIndex(({ sourceLogin, target }) => sourceLogin === lower || target === lower)
    if (index >= 0) return index
    return lower.endsWith(`@${domain}`) && faultOfAddress(lower) !== null ? 1000 + lower.length : null
  }
}

/** What a source that takes access tokens accepts for this mailbox. */
export function sourceToken(address: string): string {
  return `ya29.${passwordOf(address.slice(0, Math.max(0, address.lastIndexOf('@'))))}`
}

function passwordOf(local: string): string {
  return `Passw0rd-${local}`
}
