import type { ExchangeIdentity } from './api/operations.ts'
import type { SimulatedWorld, World } from './api/world.ts'
import { Failure } from './model/failure.ts'
import { Secret } from './model/secret.ts'
import type { MailStore } from './simulator/mail-store.ts'
import { startSimulator } from './simulator/simulator.ts'

/** What a running simulator says about itself under `/__sim/endpoints`. */
export async function simulatedEndpoints(base: string): Promise<{ host: string; port: number; identity: ExchangeIdentity }> {
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
  const { imap, tenantId, clientId, clientSecret } = told as {
    readonly imap: { readonly host: string; readonly port: number }
    readonly tenantId: string
    readonly clientId: string
    readonly clientSecret: string
  }
  return {
    host: imap.host,
    port: imap.port,
    identity: { kind: 'secret', tenant: tenantId, clientId, clientSecret: new Secret(clientSecret) },
  }
}

/** Mailboxes of the simulator that show a failure when they are copied: local part and what it shows. */
const SHOWS: Readonly<Record<string, string>> = {
  throttled: 'is throttled all the time',
  badpassword: 'has a wrong password',
  'drops-after-literal': 'loses the connection before the reply',
}

/** Starts the simulator as a world to rehearse in. */
export async function simulatedWorld(options: Parameters<World['startSimulator']>[0]): Promise<SimulatedWorld> {
  const simulator = await startSimulator({
    seed: options.seed,
    source: options.personality,
    mailboxes: options.mailboxes,
    messages: options.messages,
    nasty: true,
    faulty: options.faulty ? Object.keys(SHOWS) : [],
  })
  const ordinary = simulator.accounts.slice(0, options.mailboxes)
  return {
    sourceUrl: simulator.source.url,
    destinationUrl: simulator.exchange.url,
    accounts: simulator.accounts.map((account) => ({ ...account, shows: SHOWS[account.sourceLogin.split('@')[0] ?? ''] ?? null })),
    edit: () => ordinary.flatMap((account) => editMailbox(account.name, simulator.sourceStore(account.sourceLogin))),
    appends: () => simulator.appends,
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}

/** A day in the life of a mailbox between two passes. */
function editMailbox(name: string, store: MailStore): readonly string[] {
  const filled = store.folders().filter((folder) => folder.selectable && folder.kind === 'mail' && folder.messages.length > 3)
  const inbox = filled.find((folder) => folder.name.toUpperCase() === 'INBOX') ?? filled[0]
  const other = filled.find((folder) => folder !== inbox)
  if (inbox === undefined || other === undefined) return []
  const [read, moved, deleted] = inbox.messages.slice(-3)
  const done: string[] = []
  if (read !== undefined) {
    const seen = read.flags.includes('\\Seen')
    store.setFlags(inbox.name, read.uid, seen ? read.flags.filter((flag) => flag !== '\\Seen') : [...read.flags, '\\Seen'])
    done.push(`${name}: one message marked as ${seen ? 'unread' : 'read'}`)
  }
  if (moved !== undefined) {
    store.moveMessage(inbox.name, moved.uid, other.name)
    done.push(`${name}: one message moved to another folder`)
  }
  if (deleted !== undefined) {
    store.removeMessage(inbox.name, deleted.uid)
    done.push(`${name}: one message deleted`)
  }
  for (const count of [1, 2]) store.addMessage(inbox.name, newMail(name, count), { internalDate: new Date(Date.UTC(2026, 9, 1, 8, count)) })
  done.push(`${name}: two new messages arrived`)
  return done
}

function newMail(name: string, count: number): Buffer {
  return Buffer.from(
    [
      `Message-ID: <rehearsal-${count}@old.example.test>`,
      'Date: Thu, 01 Oct 2026 08:00:00 +0000',
      'From: office@partner.example.test',
      `To: ${name.toLowerCase()}@old.example.test`,
      `Subject: Arrived while we were copying (${count})`,
      'Content-Type: text/plain; charset=utf-8',
      '',
      'This message came after the first pass, and the delta brings it over.',
      '',
    ].join('\r\n'),
  )
}
