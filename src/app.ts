import type { ExchangeUrl, ImapUrl } from './api/endpoint-url.ts'
import type { CloudName, ExchangeIdentity } from './api/operations.ts'
import type { LoginOptions, MailboxLogin, SourceOptions, TenantDoor, World } from './api/world.ts'
import { exchangeImapDestination, type GraphAccess } from './destination/adapters/exchange-imap.ts'
import { imapDestination } from './destination/adapters/imap.ts'
import type { Destination } from './destination/port.ts'
import { imapEndpoint, type ImapEndpoint } from './imap/endpoint.ts'
import { systemClock } from './lib/clock.ts'
import type { Context } from './lib/context.ts'
import { silentLog } from './lib/log.ts'
import type { AppIdentity } from './microsoft/app-identity.ts'
import { CLOUDS } from './microsoft/clouds.ts'
import type { TokenOptions, TokenSource } from './microsoft/exchange-token.ts'
import type { Graph } from './microsoft/graph.ts'
import { EXCHANGE_DOUBTS } from './microsoft/imap-doubts.ts'
import { Failure } from './model/failure.ts'
import { Secret } from './model/secret.ts'
import { systemLookups } from './probe/system-lookups.ts'
import { accessLogins, SIMULATED_ACCESS } from './source/access.ts'
import type { AccessChoice, AccessScene } from './source/access/method.ts'
import { imapSource } from './source/adapters/imap.ts'
import { OWN_TREE, type TreeChoice } from './source/trees.ts'

/** What Exchange Online takes unless the tenant says otherwise: the highest that an administrator can allow (exchange-imap-quirks L10). */
const EXCHANGE_MESSAGE_BYTES = 150_000_000

/** Puts the parts together for the real world; `exchange:http://127.0.0.1:PORT` is the one door to the simulator. No decisions. */
export function realWorld(): World {
  return {
    clock: systemClock,
    log: silentLog,
    simulatedHaste: 50,
    async sources(endpoint, options, ctx) {
      if (endpoint.kind === 'imap') {
        const wire = wireEndpoint(endpoint, options.ca)
        const loginOf = await accessLogins(options.access, sceneOf(wire, null, options, ctx))
        return (mailbox) => imapSource(wire, loginOf(mailbox), treesOf(options, mailbox))
      }
      const { wire, identity } = await exchangeWire(endpoint, options)
      const access = options.access === SIMULATED_ACCESS && identity !== null ? asAccess(identity) : options.access
      const loginOf = await accessLogins(access, sceneOf(wire, endpoint.simulator, options, ctx))
      return (mailbox) => imapSource({ ...wire, without: new Set(EXCHANGE_DOUBTS) }, loginOf(mailbox), treesOf(options, mailbox))
    },
    async destinations(endpoint, options, ctx) {
      if (endpoint.kind === 'imap') {
        const wire = wireEndpoint(endpoint, options.ca)
        return (login) => imapDestination(wire, passwordLogin(login.user, login.password))
      }
      const cloud = CLOUDS[options.cloud]
      // Loaded only by who needs them: a third of the memory at the start.
      const { exchangeTokens } = await import('./microsoft/exchange-token.ts')
      const { wire, identity: simulated, hasGraph } = await exchangeWire(endpoint, options)
      const identity = options.identity ?? simulated
      if (identity === null) throw new Failure('bad-input', MISSING_IDENTITY)
      const from = { cloud, authority: endpoint.simulator, ctx }
      const tokens = exchangeTokens(appIdentity(identity), from)
      const access = hasGraph ? await graphAccess(identity, from) : { missing: null }
      return (login) => exchangeImapDestination(wire, login.user, tokens, EXCHANGE_MESSAGE_BYTES, access)
    },
    async newSides(endpoint, options, ctx) {
      if (endpoint.kind === 'imap') {
        const wire = wireEndpoint(endpoint, options.ca)
        return (login) => imapSource(wire, passwordLogin(login.user, login.password), OWN_TREE)
      }
      const { exchangeTokens } = await import('./microsoft/exchange-token.ts')
      const { wire, identity: simulated } = await exchangeWire(endpoint, options)
      const identity = options.identity ?? simulated
      if (identity === null) throw new Failure('bad-input', MISSING_IDENTITY)
      const tokens = exchangeTokens(appIdentity(identity), { cloud: CLOUDS[options.cloud], authority: endpoint.simulator, ctx })
      const careful = { ...wire, without: new Set(EXCHANGE_DOUBTS) }
      return ({ user }) => imapSource(careful, { kind: 'token', user, token: () => tokens.token(), renew: () => tokens.renew() })
    },
    async oldSides(endpoint, options, ctx) {
      const wire = wireEndpoint(endpoint, options.ca)
      const loginOf = await accessLogins(options.access, sceneOf(wire, null, options, ctx))
      return (mailbox) => imapDestination(wire, loginOf(mailbox))
    },
    listingTokens: ({ identity, cloud: name }, ctx) => ({
      async googleToken(keyFile, subject, scope) {
        const { serviceAccount } = await import('./google/service-account.ts')
        const { delegatedTokens } = await import('./google/delegated-token.ts')
        return delegatedTokens(serviceAccount(keyFile), [scope], ctx).token(subject)
      },
      async graph(standIn) {
        const cloud = CLOUDS[name]
        if (identity === null) throw new Failure('bad-input', MISSING_IDENTITY.replace('Exchange Online', 'Microsoft Graph'))
        const { exchangeTokens } = await import('./microsoft/exchange-token.ts')
        const { graph } = await import('./microsoft/graph.ts')
        const scopes = {
          exchangeScope: `https://${cloud.graphHost}/.default`,
          delegatedImapScope: `https://${cloud.graphHost}/User.Read.All`,
        }
        const tokens = exchangeTokens(appIdentity(identity), { cloud: { ...cloud, ...scopes }, authority: standIn, ctx })
        return graph({ cloud, base: standIn, tokens, ctx })
      },
    }),
    tenant: tenantDoor,
    logins: (host, options, ctx) => accessLogins(options.access, sceneOf({ host }, null, options, ctx)),
    lookups: (resolvers) => systemLookups(resolvers),
    dnsOutside: async (options, ctx) =>
      (await import('./dns/assess/system-outside.ts')).systemOutside({ ...options, cloud: CLOUDS[options.cloud] }, ctx),
    startExchangeSimulator: async (options) => (await import('./simulated-exchange.ts')).simulatedExchange(options),
    startMailSimulator: async () => (await import('./simulated-mail.ts')).simulatedMail(),
    startProjectSimulator: async (options) => (await import('./simulated-project.ts')).simulatedProject(options),
    startSimulator: async (options) => (await import('./simulated-world.ts')).simulatedWorld(options),
  }
}

/** Folders and categories of all mailboxes of a run, at what Graph allows one application. */
async function graphAccess(identity: ExchangeIdentity, from: TokenOptions): Promise<GraphAccess> {
  if (identity.kind === 'device') return { missing: BY_PERSON }
  const { tenantTokens } = await import('./microsoft/exchange-token.ts')
  const { graph } = await import('./microsoft/graph.ts')
  return {
    graph: graph({ cloud: from.cloud, base: from.authority, tokens: tenantTokens(appIdentity(identity), from).graph, ctx: from.ctx }),
  }
}

const BY_PERSON =
  'Signed in as a person, and not as an application: folders are made over IMAP, which Outlook may not show, and labels do not become categories. See docs/guide/exchange-folders.md.'

/** A simulator takes far more calls a second than Exchange Online. */
const SIMULATED_CMDLETS_PER_SECOND = 1000

async function tenantDoor(given: ExchangeIdentity | null, name: CloudName, service: string | null, ctx: Context): Promise<TenantDoor> {
  const { serviceBase } = await import('./microsoft/service-base.ts')
  // Before anything is asked there: nobody else may stand in for Microsoft 365.
  serviceBase(CLOUDS[name].adminHost, service)
  const { wire, identity: simulated } = await exchangeWire({ kind: 'exchange', simulator: service, cloud: name }, { cloud: name, ca: null })
  const who = given ?? simulated
  if (who === null) throw new Failure('bad-input', MISSING_IDENTITY.replace('Exchange Online', 'Microsoft 365'))
  const { discoverTenant } = await import('./microsoft/tenant-discovery.ts')
  const { tenantTokens } = await import('./microsoft/exchange-token.ts')
  const { graph: graphOf } = await import('./microsoft/graph.ts')
  const { exchangeAdmin } = await import('./microsoft/exchange-admin.ts')
  const cloud = CLOUDS[name]
  const isId = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(who.tenant)
  const tenantId = isId ? who.tenant : (await discoverTenant(who.tenant, cloud, service, ctx)).tenantId
  const tokens = tenantTokens(appIdentity({ ...who, tenant: tenantId }), { cloud, authority: service, ctx })
  const graph = graphOf({ cloud, base: service, tokens: tokens.graph, ctx })
  const person = who.kind === 'device' ? await personOf(graph, tokens.graph) : null
  const pace = service === null ? {} : { perSecond: SIMULATED_CMDLETS_PER_SECOND }
  const admin = exchangeAdmin({ cloud, base: service, tenant: tenantId, person, tokens: tokens.exchange, ctx, ...pace })
  const mailbox = (address: string): Destination => exchangeImapDestination(wire, address, tokens.imap, EXCHANGE_MESSAGE_BYTES)
  return { tenantId, clientId: who.clientId, identity: who, cloud, person, graph, admin, tokens, mailbox }
}

/** Who typed the code; null where Graph does not say. */
async function personOf(graph: Graph, tokens: TokenSource): Promise<string | null> {
  await tokens.token()
  try {
    const { userPrincipalName } = await graph.object('/me', { query: { $select: 'userPrincipalName' } })
    return typeof userPrincipalName === 'string' ? userPrincipalName : null
  } catch (error) {
    if (error instanceof Failure && error.code !== 'stopped') return null
    throw error
  }
}

function treesOf({ trees }: SourceOptions, { root }: MailboxLogin): TreeChoice {
  return { ...OWN_TREE, ...trees, root: root ?? null }
}

/** Where Exchange Online is, and for a simulator who may sign in to it. */
async function exchangeWire(
  { simulator }: ExchangeUrl,
  options: { readonly cloud: CloudName; readonly ca: string | null },
): Promise<{ readonly wire: ImapEndpoint; readonly identity: ExchangeIdentity | null; readonly hasGraph: boolean }> {
  const { imapHost, imapPort } = CLOUDS[options.cloud]
  if (simulator === null)
    return { wire: imapEndpoint({ host: imapHost, port: imapPort, tls: 'implicit', ca: options.ca }), identity: null, hasGraph: true }
  const { simulatedEndpoints } = await import('./simulated-world.ts')
  const { host, port, identity, hasGraph } = await simulatedEndpoints(simulator)
  return { wire: imapEndpoint({ host, port, tls: 'none' }), identity, hasGraph }
}

function asAccess(identity: ExchangeIdentity): AccessChoice {
  const { tenant, clientId } = identity
  return { ...SIMULATED_ACCESS, tenant, clientId, secret: identity.kind === 'secret' ? identity.clientSecret : null }
}

function sceneOf({ host }: Pick<ImapEndpoint, 'host'>, authority: string | null, options: LoginOptions, ctx: Context): AccessScene {
  const { cloud, stateDir, env, show } = options
  const key = env['CUTOVER_STATE_KEY']
  return { host, cloud, authority, stateDir, sealKey: key === undefined || key === '' ? null : new Secret(key), show, ctx }
}

const MISSING_IDENTITY =
  'Exchange Online needs to know who asks. Give --tenant, --client-id and --client-secret env:NAME (or --certificate and --key, or --device-code).'

function wireEndpoint({ host, port, tls, options }: ImapUrl, ca: string | null): ImapEndpoint {
  return imapEndpoint({ host, port, tls, ca, compress: options.compress, oldTls: options.oldTls })
}

function passwordLogin(user: string, password: Secret | null): { kind: 'password'; user: string; password: Secret; authzid: null } {
  return { kind: 'password', user, password: password ?? new Secret(''), authzid: null }
}

function appIdentity(identity: ExchangeIdentity): AppIdentity {
  return identity.kind === 'device' ? { ...identity } : identity
}
