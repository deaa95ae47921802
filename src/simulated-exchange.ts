import { hash, randomUUID } from 'node:crypto'
import type { SimulatedExchange, World } from './api/world.ts'
import { createExchangeMailbox, LANGUAGES, type Language } from './simulator/exchange-mailbox.ts'
import { exchangeOnline } from './simulator/exchange-online.ts'
import { FaultBook } from './simulator/faults.ts'
import { startImapServer } from './simulator/imap-server.ts'
import type { Content, MailStore } from './simulator/mail-store.ts'
import type { Credentials, SignedIn } from './simulator/session.ts'
import { Tenant } from './simulator/tenant.ts'
import { startTokenEndpoint } from './simulator/token-endpoint.ts'

/**
 * An Exchange Online on this machine that has the mailboxes of these addresses and judges what comes, but keeps of each message only its
 * size and its digest: so it can be given the mail of a whole company.
 */
export async function simulatedExchange(options: Parameters<World['startExchangeSimulator']>[0]): Promise<SimulatedExchange> {
  const addresses = new Set(options.addresses.map((address) => address.toLowerCase()))
  const stores = new Map<string, MailStore>()
  const arrived = new Map<string, { messages: number; bytes: number }>()
  const language = languageOf(options.language)
  const faults = new FaultBook()
  // An address that is called like one of the simulator's faults is an ordinary one here.
  for (const address of addresses) faults.set(address, { budget: options.budget })
  const tenant = new Tenant({
    tenantId: randomUUID(),
    domains: [...new Set([...addresses].map((address) => address.slice(address.lastIndexOf('@') + 1)))],
    clientId: randomUUID(),
    clientSecret: randomUUID(),
    tokenLifetimeSeconds: 3599,
    now: Date.now,
  })
  const signIn = (credentials: Credentials): SignedIn | null => {
    if (credentials.kind !== 'token') return null
    const address = credentials.login.toLowerCase()
    const claims = tenant.check(credentials.token)
    if (claims === null || !addresses.has(address)) return null
    const store = stores.get(address) ?? createExchangeMailbox(language)
    stores.set(address, store)
    return { address, store, expiresAtMs: claims.exp * 1000 }
  }
  const { maxMessageBytes } = options
  const exchange = await startImapServer(exchangeOnline(), { faults, signIn, maxMessageBytes, maxConnections: 20, keep: digestOf })
  const { tenantId, clientId, clientSecret } = tenant.options
  const endpoint = await startTokenEndpoint({
    tenant,
    endpoints: () => ({ imap: { host: exchange.host, port: exchange.port }, tenantId, clientId, clientSecret, mailboxes: [...addresses] }),
  })
  return {
    destinationUrl: `exchange:${endpoint.url}`,
    throttled: (address) => faults.state(address).throttled,
    arrived: (address) => arrived.get(address.toLowerCase()) ?? countOf(stores.get(address.toLowerCase())),
    release(address) {
      const key = address.toLowerCase()
      arrived.set(key, countOf(stores.get(key)))
      stores.delete(key)
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([exchange[Symbol.asyncDispose](), endpoint[Symbol.asyncDispose]()])
    },
  }
}

function digestOf(bytes: Buffer): Content {
  return heldDigest(bytes.length, hash('sha256', bytes, 'buffer'))
}

/** The message itself must not be held by what is returned. Whoever reads it gets its size, and of its content the digest alone. */
function heldDigest(sizeBytes: number, digest: Buffer): Content {
  return { sizeBytes, bytes: () => Buffer.from(`X-Digest: ${digest.toString('hex')}\r\n\r\n`.padEnd(sizeBytes, ' ').slice(0, sizeBytes)) }
}

function countOf(store: MailStore | undefined): { readonly messages: number; readonly bytes: number } {
  let [messages, bytes] = [0, 0]
  for (const folder of store?.folders() ?? []) {
    messages += folder.messages.length
    for (const { content } of folder.messages) bytes += content.sizeBytes
  }
  return { messages, bytes }
}

function languageOf(tag: string | null): Language {
  return LANGUAGES.find((language) => tag?.toLowerCase().startsWith(language) === true) ?? 'en'
}
