import type { ExchangeIdentity } from './api/operations.ts'
import type { SimulatedWorld, World } from './api/world.ts'
import { Failure } from './model/failure.ts'
import { Secret } from './model/secret.ts'
import { editMailbox } from './simulator/edits.ts'
import type { MailStore } from './simulator/mail-store.ts'
import { startSimulator } from './simulator/simulator.ts'
import { startTenantSimulator } from './tenant-simulator/tenant-simulator.ts'
import { scaledTiming } from './tenant-simulator/timing.ts'

/** What a running simulator says about itself under `/__sim/endpoints`. */
export async function simulatedEndpoints(
  base: string,
): Promise<{ host: string; port: number; identity: ExchangeIdentity; hasGraph: boolean }> {
  let told: unknown
  try {
    const response = await fetch(new URL('/__sim/endpoints', base), { signal: AbortSignal.timeout(10_000) })
    told = await response.json()
  } catch (error) {
    throw new Failure('connection-refused', `No simulator answers at ${base}. Start one with \`cutover simulate\`.`, {
      cause: error,
      side: 'destination',
    })
  }
  const { imap, tenantId, clientId, clientSecret, graph } = told as {
    readonly imap: { readonly host: string; readonly port: number }
    readonly tenantId: string
    readonly clientId: string
    readonly clientSecret: string
    /** Absent where only sign-in and IMAP are simulated. */
    readonly graph?: boolean
  }
  return {
    host: imap.host,
    port: imap.port,
    hasGraph: graph === true,
    identity: { kind: 'secret', tenant: tenantId, clientId, clientSecret: new Secret(clientSecret) },
  }
}

/** Mailboxes of the simulator that show a failure when they are copied: local part and what it shows. */
const SHOWS: Readonly<Record<string, string>> = {
  throttled: 'is throttled all the time',
  badpassword: 'has a wrong password',
  'drops-after-literal': 'loses the connection before the reply',
}

/** And those that only Gmail knows. */
const GMAIL_SHOWS: Readonly<Record<string, string>> = {
  'soft-throttled': 'is slowed down all the time',
  overquota: 'is closed by its server once 200 kB were read',
}

/** Starts the simulator as a world to rehearse in. */
export async function simulatedWorld(options: Parameters<World['startSimulator']>[0]): Promise<SimulatedWorld> {
  // Provisioning takes seconds there, as nobody waits minutes to see it.
  const empty = options.emptyTenant === true ? await startTenantSimulator({ timing: scaledTiming(0.05), seed: String(options.seed) }) : null
  const shows = options.personality === 'gmail' ? { ...SHOWS, ...GMAIL_SHOWS } : SHOWS
  const simulator = await startSimulator({
    seed: options.seed,
    source: options.personality,
    mailboxes: options.mailboxes,
    messages: options.messages,
    nasty: true,
    faulty: options.faulty && empty === null ? Object.keys(shows) : [],
    ...(empty === null ? {} : { strict: empty }),
  })
  const ordinary = simulator.accounts.slice(0, options.mailboxes)
  return {
    sourceUrl: simulator.source.url,
    destinationUrl: empty === null ? simulator.exchange.url : `exchange:${empty.url}`,
    tenant: empty === null ? null : { service: empty.url, id: empty.tenantId, clientId: empty.clientId, clientSecret: empty.clientSecret },
    accounts: simulator.accounts.map((account) => ({ ...account, shows: shows[account.sourceLogin.split('@')[0] ?? ''] ?? null })),
    edit: () => ordinary.flatMap((account, at) => liveADay(account.name, simulator.sourceStore(account.sourceLogin), options.seed + at)),
    appends: () => simulator.appends,
    async [Symbol.asyncDispose]() {
      await simulator[Symbol.asyncDispose]()
      await empty?.[Symbol.asyncDispose]()
    },
  }
}

/** A day in the life of a mailbox between two passes, in words. */
function liveADay(name: string, store: MailStore, seed: number): readonly string[] {
  const { added, flagged, moved, removed, renamed } = editMailbox(store, { seed, owner: name, rename: true })
  return [
    `${name}: ${added} new messages arrived`,
    `${name}: ${flagged} messages read or starred`,
    `${name}: ${moved} messages moved to another folder`,
    `${name}: ${removed} messages deleted`,
    ...(renamed === '' ? [] : [`${name}: folder "${renamed}" renamed`]),
  ]
}
