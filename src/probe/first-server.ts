import { lookAt } from '../imap/connect.ts'
import { imapEndpoint } from '../imap/endpoint.ts'
import type { ImapEndpoint } from '../imap/endpoint.ts'
import type { TlsPeer } from '../imap/tls-peer.ts'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import type { Seen } from '../source/profile.ts'
import type { Candidate } from './candidates.ts'
import type { Lookups } from './lookups.ts'

/** A server as it shows itself to who has not signed in. */
export type Sight = {
  readonly candidate: Candidate
  /** How it was reached in the end; `encrypted` is false where it offers no encryption at all. */
  readonly endpoint: ImapEndpoint
  readonly seen: Seen
  readonly peer: TlsPeer | null
  /** What it offered before STARTTLS; null where there was none. */
  readonly beforeTls: ReadonlySet<string> | null
  readonly preauth: boolean
}

export type Attempt = { readonly candidate: Candidate; readonly failure: Failure | null }

export type LookSettings = {
  readonly oldTls: boolean
  readonly connectTimeoutMs: number
  readonly domain: string | null
  /** PEM of certificates to trust as well; only for what is said of the server's. */
  readonly ca: string | null
}

/** Of several troubles the one that tells most. */
const TELLING: readonly FailureCode[] = [
  'tls-old',
  'tls-client-certificate',
  'not-imap',
  'server-unavailable',
  'too-many-connections',
  'protocol',
  'tls-untrusted',
  'tls-failed',
  'tls-required',
  'connection-lost',
  'connection-timeout',
  'connection-refused',
  'host-unknown',
]

const NOT_UNDERSTOOD: ReadonlySet<FailureCode> = new Set(['tls-failed', 'connection-lost', 'connection-timeout'])

/** Looks at all candidates at once and takes the best of those that are IMAP servers. Never signs in. Throws the most telling `Failure` where none is one. */
export async function firstServer(
  candidates: readonly Candidate[],
  settings: LookSettings,
  lookups: Lookups,
  ctx: Context,
): Promise<{ readonly sight: Sight; readonly attempts: readonly Attempt[] }> {
  const enough = new AbortController()
  const one = { ...ctx, signal: AbortSignal.any([ctx.signal, enough.signal]) }
  const places = new Map<string, Promise<Sight | Failure | null>>()
  const looks = candidates.map((candidate) => {
    const place = `${candidate.host}:${candidate.port}`
    const before = places.get(place)
    const look = attemptAfter(before, () => attempt(candidate, settings, lookups, one))
    places.set(place, look)
    return look
  })
  const attempts: Attempt[] = []
  try {
    for (const [at, look] of looks.entries()) {
      const candidate = candidates[at]
      const result = await look
      ctx.signal.throwIfAborted()
      if (candidate === undefined || result === null) continue
      attempts.push({ candidate, failure: result instanceof Failure ? result : null })
      if (!(result instanceof Failure)) return { sight: result, attempts }
    }
  } finally {
    enough.abort(new Failure('stopped', 'Another one was taken.'))
  }
  throw inAll(attempts)
}

/** One way after the other at one place: another way is of use only where the first one was not understood. Resolves with null where it is not. */
async function attemptAfter(
  before: Promise<Sight | Failure | null> | undefined,
  look: () => Promise<Sight | Failure>,
): Promise<Sight | Failure | null> {
  const result = await before
  if (result === undefined) return look()
  return result instanceof Failure && NOT_UNDERSTOOD.has(result.code) ? look() : null
}

/** Resolves with the failure instead of throwing it, as nobody may be waiting any more. */
async function attempt(candidate: Candidate, settings: LookSettings, lookups: Lookups, ctx: Context): Promise<Sight | Failure> {
  try {
    const address = lookups.pinned ? ((await lookups.addresses(candidate.host, ctx.signal))[0] ?? null) : null
    if (lookups.pinned && address === null) return new Failure('host-unknown', `There is no host named ${candidate.host}.`)
    const { oldTls, connectTimeoutMs, ca } = settings
    const { host, port, tls } = candidate
    const endpoint = imapEndpoint({
      ca,
      host,
      port,
      tls,
      address,
      oldTls,
      connectTimeoutMs,
      idleTimeoutMs: connectTimeoutMs,
      anyCertificate: true,
    })
    return await sight(candidate, endpoint, settings, ctx)
  } catch (error) {
    return error instanceof Failure ? error : new Failure('protocol', `${candidate.host} could not be looked at.`, { cause: error })
  }
}

async function sight(candidate: Candidate, endpoint: ImapEndpoint, settings: LookSettings, ctx: Context): Promise<Sight> {
  try {
    const { session, beforeTls, preauth } = await lookAt(endpoint, ctx)
    const { greeting, serverId, capabilities, peer } = session
    await session.logout()
    const domain = settings.domain === null ? {} : { domain: settings.domain }
    const seen: Seen = { greeting, serverId, capabilities, host: candidate.host, ...domain }
    return { candidate, endpoint, seen, peer, beforeTls, preauth }
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'tls-required' || endpoint.tls !== 'starttls') throw error
    return sight(candidate, { ...endpoint, tls: 'none' }, settings, ctx)
  }
}

function inAll(attempts: readonly Attempt[]): Failure {
  const failures = attempts.flatMap(({ failure }) => (failure === null ? [] : [failure]))
  const rank = ({ code }: Failure): number => (TELLING.indexOf(code) + TELLING.length + 1) % (TELLING.length + 1)
  const [first, ...others] = failures.sort((a, b) => rank(a) - rank(b))
  if (first === undefined) return new Failure('host-unknown', 'There is nothing to look at.')
  const more = [...new Set(others.map(({ message }) => message))].filter((message) => message !== first.message).slice(0, 5)
  const { serverText } = first
  return new Failure(first.code, [first.message, ...more].join(' '), { cause: first, ...(serverText === undefined ? {} : { serverText }) })
}
