import { lookup, Resolver } from 'node:dns/promises'
import { unlessAborted } from '../lib/unless-aborted.ts'
import { Failure } from '../model/failure.ts'
import { httpsGet } from './https-get.ts'
import type { Lookups } from './lookups.ts'

const DNS_TIMEOUT_MS = 2_500
const DNS_TRIES = 2
const WEB_TIMEOUT_MS = 6_000
const MOST_BYTES = 64 * 1024
/** What DNS says of a name that does not exist, or has no such record. */
const NOTHING = new Set(['ENOTFOUND', 'ENODATA', 'NOTFOUND', 'NODATA'])

type Web = (url: string, signal: AbortSignal) => Promise<Response>

/**
 * The look-ups of this machine. With `resolvers` ("192.0.2.53" or "127.0.0.1:5353") all names come from those and from nowhere else.
 * `web` stands in for the real one in tests.
 */
export function systemLookups(resolvers: readonly string[] = [], web: Web | null = null): Lookups {
  const pinned = resolvers.length > 0
  const ask = async <T>(
    name: string,
    signal: AbortSignal,
    question: (resolver: Resolver) => Promise<readonly T[]>,
  ): Promise<readonly T[]> => {
    signal.throwIfAborted()
    const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES })
    if (pinned) resolver.setServers(resolvers)
    const cancel = (): void => resolver.cancel()
    signal.addEventListener('abort', cancel, { once: true })
    try {
      // The machine's own resolver cannot be cancelled.
      return await unlessAborted(question(resolver), signal)
    } catch (error) {
      signal.throwIfAborted()
      return unanswered(name, error)
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }
  const lookups: Lookups = {
    pinned,
    mailExchangers: (domain, signal) =>
      ask(domain, signal, async (resolver) =>
        (await resolver.resolveMx(domain)).map(({ exchange, priority }) => ({ host: exchange.toLowerCase(), priority })),
      ),
    services: (name, signal) =>
      ask(name, signal, async (resolver) =>
        (await resolver.resolveSrv(name)).map(({ name: host, ...rest }) => ({ ...rest, host: host.toLowerCase() })),
      ),
    addresses: (host, signal) =>
      ask(host, signal, async (resolver) => {
        // the machine's own way knows its hosts file, too
        if (!pinned) return (await lookup(host, { all: true })).map(({ address }) => address)
        const both = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
        const found = both.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
        const [first] = both
        if (found.length === 0 && first.status === 'rejected') throw first.reason
        return found
      }),
    text: (url, signal) => smallText(web ?? get, url, signal),
  }
  const get: Web = (url, limit) => httpsGet(url, limit, { resolve: pinned ? (host) => lookups.addresses(host, limit) : null, ca: null })
  return lookups
}

function unanswered(name: string, error: unknown): readonly never[] {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (NOTHING.has(code)) return []
  throw new Failure('host-unknown', `DNS gave no answer about ${name}${code === '' ? '' : ` (${code})`}.`, { cause: error })
}

async function smallText(web: Web, url: string, signal: AbortSignal): Promise<string | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(WEB_TIMEOUT_MS)])
  try {
    const reply = await web(url, limit)
    if (!reply.ok || reply.body === null) {
      await reply.body?.cancel()
      return null
    }
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of reply.body) {
      bytes += chunk.length
      if (bytes > MOST_BYTES) return null
      chunks.push(chunk)
    }
    return new TextDecoder().decode(Buffer.concat(chunks))
  } catch {
    signal.throwIfAborted()
    return null
  }
}
