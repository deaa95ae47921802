import { imapEndpoint } from '../../src/imap/endpoint.ts'
import type { Context } from '../../src/lib/context.ts'
import { silentLog } from '../../src/lib/log.ts'
import { systemClock, type Clock } from '../../src/lib/clock.ts'
import { startMailWorld, type MailWorld } from '../../src/mail-simulator/mail-world.ts'
import type { FlowSetup } from '../../src/mailflow/setup.ts'
import { autodiscovered } from '../../src/microsoft/autodiscover.ts'
import { CLOUDS } from '../../src/microsoft/clouds.ts'
import { exchangeAdmin } from '../../src/microsoft/exchange-admin.ts'
import { graph } from '../../src/microsoft/graph.ts'
import { Secret } from '../../src/model/secret.ts'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { startImapServer } from '../../src/simulator/imap-server.ts'
import { TenantClient } from '../../src/tenant-simulator/tenant-client.fixture.ts'

/** A domain with its tenant and the old host, two people and a group, and a setup that tests every way of its mail. */
export type FlowWorld = AsyncDisposable & {
  readonly world: MailWorld
  readonly client: TenantClient
  readonly setup: FlowSetup
  readonly ctx: Context
}

export async function startFlowWorld(): Promise<FlowWorld> {
  const clock = hastyClock()
  const ctx = { clock, log: silentLog, signal: new AbortController().signal }
  const world = await startMailWorld({
    // The tenant's time is the product's: what takes minutes there is over when minutes were waited.
    tenantOptions: { now: () => clock.now(), limits: { messageTracesPer5Minutes: null } },
    oldMailboxes: ['anna@example.test', 'cora@example.test'],
  })
  const client = new TenantClient(world.tenant)
  const [anna, ben] = [await client.person('anna'), await client.person('ben')]
  await client.cmdlet('Set-Mailbox', { Identity: anna, EmailAddresses: [`SMTP:${anna}`, 'smtp:sales@example.test'] })
  await client.cmdlet('New-DistributionGroup', { Name: 'Staff', PrimarySmtpAddress: 'staff@example.test', Members: [anna, ben] })
  world.tenant.advance(10_000)
  await client.cmdlet('Set-DistributionGroup', { Identity: 'Staff', RequireSenderAuthenticationEnabled: false })
  await client.cmdlet('New-DkimSigningConfig', { DomainName: 'example.test', Enabled: false })
  world.tenant.advance(60_000)
  const oldStore = world.old.mailbox('anna@example.test')
  const oldImap = await startImapServer(dovecot, { users: [{ login: 'anna@example.test', password: world.oldPassword, store: oldStore }] })
  const tokens = (kind: 'graph' | 'exchange') => ({ token: async () => new Secret(world.tenant.token(kind)), renew: () => {} })
  const base = { cloud: CLOUDS.global, base: world.tenant.url, ctx }
  const { outside, ports, zone } = world
  const login = (user: string, password: string) => ({ kind: 'password', user, password: new Secret(password), authzid: null }) as const
  const setup: FlowSetup = {
    domain: 'example.test',
    user: anna,
    second: ben,
    aliases: [{ address: 'sales@example.test', owner: anna }],
    groups: [{ address: 'staff@example.test', member: ben }],
    unmoved: null,
    graph: graph({ ...base, tokens: tokens('graph') }),
    admin: exchangeAdmin({ ...base, tenant: world.tenant.tenantId, person: null, tokens: tokens('exchange'), perSecond: 1000 }),
    reflector: {
      address: outside.address,
      imap: imapEndpoint({ host: '127.0.0.1', port: outside.imap.port, tls: 'none' }),
      login: login(outside.address, outside.password),
      submission: {
        target: { host: outside.smtp.name, address: '127.0.0.1', port: outside.smtp.port, ca: null },
        tls: 'starttls',
        user: outside.address,
        password: new Secret(outside.password),
      },
    },
    old: {
      target: { host: world.oldMx, address: '127.0.0.1', port: ports[world.oldMx] ?? 0, ca: null },
      submission: {
        target: { host: world.oldMx, address: '127.0.0.1', port: ports[world.oldMx] ?? 0, ca: null },
        tls: 'starttls',
        user: 'cora@example.test',
        password: new Secret(world.oldPassword),
      },
      mailbox: {
        address: 'anna@example.test',
        imap: imapEndpoint({ host: '127.0.0.1', port: oldImap.port, tls: 'none' }),
        login: login('anna@example.test', world.oldPassword),
      },
    },
    resolvers: [{ address: zone.address, port: zone.port }],
    ports: { all: 25, of: ports },
    demand: { kind: 'opportunistic' },
    page: null,
    autodiscover: (address, protocol) => autodiscovered(address, protocol, CLOUDS.global, world.tenant.url, ctx),
    ca: null,
    helo: 'probe.elsewhere.test',
    sender: 'probe@elsewhere.test',
    protection: true,
    largeBytes: 200_000,
    times: { pollMs: 5_000, slowMs: 300_000, windowMs: 900_000, traceMs: 600_000, greylistMs: 900_000 },
  }
  return {
    world,
    client,
    setup,
    ctx,
    [Symbol.asyncDispose]: async () => {
      await oldImap[Symbol.asyncDispose]()
      await world[Symbol.asyncDispose]()
    },
  }
}

/** A mailbox of the old host by IMAP. */
export async function startOldImap(
  { old, oldPassword }: MailWorld,
  address: string,
): Promise<AsyncDisposable & { readonly mailbox: NonNullable<NonNullable<FlowSetup['old']>['mailbox']> }> {
  const server = await startImapServer(dovecot, { users: [{ login: address, password: oldPassword, store: old.mailbox(address) }] })
  const login = { kind: 'password', user: address, password: new Secret(oldPassword), authzid: null } as const
  return {
    mailbox: { address, imap: imapEndpoint({ host: '127.0.0.1', port: server.port, tls: 'none' }), login },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** A hundred seconds in one, for the tenant as well: what is waited for on both sides stays in step. */
function hastyClock(): Clock {
  const began = performance.now()
  return {
    now: () => 1_795_350_000_000 + Math.round((performance.now() - began) * HASTE),
    sleep: (ms, signal) => systemClock.sleep(Math.ceil(ms / HASTE), signal),
  }
}

const HASTE = 100

/** All messages of a mailbox of the tenant, by folder. */
export function held(world: MailWorld, address: string): Readonly<Record<string, number>> {
  const folders = world.tenant.store(address)?.folders() ?? []
  return Object.fromEntries(folders.flatMap(({ name, messages }) => (messages.length === 0 ? [] : [[name, messages.length]])))
}
