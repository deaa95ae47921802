import { exchangeOnline, type ExchangeProfile } from '../simulator/exchange-online.ts'
import type { Language } from '../simulator/exchange-mailbox.ts'
import { FaultBook } from '../simulator/faults.ts'
import { startImapServer } from '../simulator/imap-server.ts'
import type { MailStore } from '../simulator/mail-store.ts'
import type { Credentials, SignedIn } from '../simulator/session.ts'
import { Tenant } from '../simulator/tenant.ts'
import { mailboxAt } from './address-book.ts'
import { claimsFor } from './app-roles.ts'
import { buildBaseTenant, type BaseTenant } from './base-tenant.ts'
import { MIGRATION_EVENTS } from './migration-run.ts'
import { setDns } from './control.ts'
import { addFault, type TenantFault } from './fault-book.ts'
import { LICENCE_EVENTS } from './graph-licences.ts'
import { imapSignIn, REFUSAL_FORMS, type ImapRefusal, type RefusalForm } from './imap-gate.ts'
import { storeOf } from './mailbox.ts'
import { PREPARED_SEATS, prepareTenant, type PreparedTenant } from './prepared-tenant.ts'
import { textOf } from './props.ts'
import { PROVISIONING_EVENTS } from './provisioning.ts'
import { snapshot } from './snapshot.ts'
import { startServiceServer } from './service-server.ts'
import { Throttle } from './throttle.ts'
import { TIMING, type Timing } from './timing.ts'
import { TokenService } from './token-service.ts'
import { emptyState, LIMITS, loadState, TenantWorld, type Limits } from './world.ts'

export type TenantSimulatorOptions = {
  /** Milliseconds since 1970. Default: the real clock. `advance` moves the tenant's time on besides. */
  readonly now?: () => number
  readonly seed?: string
  readonly timing?: Partial<Timing>
  readonly limits?: Partial<Limits>
  /** A JSON file that keeps the state, so that a simulator that was killed goes on where it was. */
  readonly stateFile?: string
  /** `bare`: a tenant on its first day. `prepared`: see `prepareTenant`. Default `bare`. */
  readonly content?: 'bare' | 'prepared'
  readonly tenant?: Partial<BaseTenant>
  readonly tokenLifetimeSeconds?: number
  readonly language?: Language
  readonly imapFolderClass?: 'IPF.Note' | 'IPF.Imap'
  /** How each cause of a refused IMAP sign-in looks. */
  readonly imapRefusals?: Partial<Readonly<Record<ImapRefusal, RefusalForm>>>
  readonly imapProfile?: ExchangeProfile
  /** Told of each HTTP request that was carried out, before its answer is sent: the moment to kill who asked. */
  readonly onDone?: (method: string, path: string, body: string) => void
}

export type TenantSimulator = AsyncDisposable & {
  /** Sign-in, Graph (`/v1.0`), Exchange admin (`/adminapi`) and autodiscover: all at this base. */
  readonly url: string
  readonly port: number
  readonly imap: { readonly host: string; readonly port: number }
  /** Faults of the IMAP side, by address. */
  readonly imapFaults: FaultBook
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly world: TenantWorld
  readonly tenant: Tenant
  /** Null where the tenant is bare or came from a file. */
  readonly prepared: PreparedTenant | null
  /** For `startSimulator`: the IMAP side of another simulator becomes this tenant. */
  signIn(credentials: Credentials): SignedIn | null
  store(address: string): MailStore | null
  advance(ms: number): void
  /** Resolves when no mail is being pulled by a migration batch. */
  pulled(): Promise<void>
  setDns(records: Parameters<typeof setDns>[1]): void
  fault(fault: TenantFault): void
  /** A token for the application, as the sign-in service would give it now. */
  token(resource: 'graph' | 'exchange'): string
}

const TENANT_ID = '11111111-2222-3333-4444-555555555555'
const BASE: BaseTenant = {
  domain: 'example.test',
  initial: 'example.onmicrosoft.com',
  clientId: '0a1b2c3d-0000-4000-8000-00000000a001',
  clientSecret: 'abc~SIMULATED-secret',
  onboarded: true,
  dehydrated: false,
  seats: { ENTERPRISEPACK: 10, O365_BUSINESS_ESSENTIALS: 10, EXCHANGEDESKLESS: 2, EXCHANGESTANDARD: 2 },
}

/** Starts a Microsoft 365 tenant on 127.0.0.1: HTTP on one port, IMAP on another, one state behind both. */
export async function startTenantSimulator(options: TenantSimulatorOptions = {}): Promise<TenantSimulator> {
  const base = { ...BASE, ...(options.content === 'prepared' ? { seats: PREPARED_SEATS } : {}), ...options.tenant }
  const file = options.stateFile ?? null
  const kept = file === null ? null : loadState(file)
  const world = new TenantWorld(
    {
      now: options.now ?? Date.now,
      timing: { ...TIMING, ...options.timing },
      limits: { ...LIMITS, ...options.limits },
      file,
      language: options.language ?? 'en',
      imapFolderClass: options.imapFolderClass ?? 'IPF.Note',
    },
    kept ?? emptyState(options.seed ?? 'tenant'),
    { ...PROVISIONING_EVENTS, ...LICENCE_EVENTS, ...MIGRATION_EVENTS },
  )
  let prepared: PreparedTenant | null = null
  if (kept === null) {
    buildBaseTenant(world, base)
    if (options.content === 'prepared') prepared = prepareTenant(world, base.domain)
    world.save()
  }
  const tenant = new Tenant({
    tenantId: TENANT_ID,
    domains: [base.domain, base.initial],
    clientId: base.clientId,
    clientSecret: base.clientSecret,
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3599,
    now: () => world.now(),
    signingKey: world.state.signingKey,
    claims: (about) => claimsFor(world, base.clientId, about),
  })
  const signIn = imapSignIn(world, tenant, { ...REFUSAL_FORMS, ...options.imapRefusals })
  const faults = new FaultBook()
  const imap = await startImapServer(exchangeOnline(options.imapProfile), {
    faults,
    now: () => world.now(),
    maxMessageBytes: 36 * 1024 * 1024,
    maxConnections: 20,
    signIn,
  })
  const endpoints = (): unknown => ({
    imap: { host: imap.host, port: imap.port },
    // At this very base.
    graph: true,
    tenantId: TENANT_ID,
    clientId: base.clientId,
    clientSecret: base.clientSecret,
    mailboxes: world.state.objects.filter(({ kind }) => kind === 'Mailbox').map(({ props }) => textOf(props['PrimarySmtpAddress'])),
  })
  const throttle = new Throttle()
  const server = await startServiceServer({
    world,
    tenant,
    throttle,
    tokens: new TokenService(world, tenant, throttle, endpoints, `admin@${base.domain}`),
    onDone: ({ method, url, bytes }) => options.onDone?.(method, url.pathname, bytes.toString()),
    control: { describe: () => snapshot(world) },
  })
  return {
    url: server.url,
    port: server.port,
    imap: { host: imap.host, port: imap.port },
    imapFaults: faults,
    tenantId: TENANT_ID,
    clientId: base.clientId,
    clientSecret: base.clientSecret,
    world,
    tenant,
    prepared,
    signIn,
    store: (address) => {
      const mailbox = mailboxAt(world, address)
      return mailbox === undefined ? null : storeOf(world, mailbox)
    },
    advance: (ms) => {
      world.advance(ms)
      world.save()
    },
    pulled: async () => {
      while (world.running.size > 0) await Promise.all(world.running)
    },
    setDns: (records) => {
      setDns(world, records)
      world.save()
    },
    fault: (fault) => addFault(world, fault),
    token: (resource) => tenant.issue({ audience: resource === 'graph' ? 'https://graph.microsoft.com' : 'https://outlook.office365.com' }),
    [Symbol.asyncDispose]: async () => {
      world.closed.abort()
      await Promise.all([...world.running, server[Symbol.asyncDispose](), imap[Symbol.asyncDispose]()])
    },
  }
}
