import { connectImap } from '../imap/connect.ts'
import { imapEndpoint } from '../imap/endpoint.ts'
import type { ImapLogin } from '../imap/endpoint.ts'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import type { Limits } from '../source/profile.ts'
import { PROFILES, recognise, versionOf } from '../source/profiles.ts'
import { candidatesFor } from './candidates.ts'
import { firstServer } from './first-server.ts'
import type { Attempt, Sight } from './first-server.ts'
import { inside } from './inside.ts'
import type { Inside } from './inside.ts'
import type { Lookups } from './lookups.ts'
import { meaningsOf } from './meanings.ts'
import { judged, mechanismsOf } from './offered-logins.ts'
import type { Probed } from './probed.ts'
import type { Target } from './target.ts'
import { sourceUrl, warningsOf } from './warnings.ts'

export type ProbeSettings = {
  /** As typed, for the report. */
  readonly asked: string
  readonly target: Target
  readonly oldTls: boolean
  /** PEM of certificates to trust as well. */
  readonly ca: string | null
  /** For each step of reaching a server. */
  readonly connectTimeoutMs: number
  /** For everything together. */
  readonly limitMs: number
  /** How to sign in to one mailbox of this host; null: nobody signs in. */
  readonly login: ((host: string) => Promise<ImapLogin>) | null
}

export type ProbeOutcome = {
  readonly probed: Probed
  /** Why the mailbox could not be opened; null where it could, or was not to be. */
  readonly failure: Failure | null
}

/**
 * Finds the IMAP server of the target, looks at it, and says what kind it is. Signs in only with `login`, and then only over a
 * connection that can be trusted. Throws a `Failure` where there is no IMAP server; ends within `limitMs` whatever the servers do.
 */
export async function probe(settings: ProbeSettings, lookups: Lookups, ctx: Context): Promise<ProbeOutcome> {
  const { asked, target, oldTls, connectTimeoutMs, ca } = settings
  const late = new AbortController()
  const says = `Looking at ${asked} took longer than ${Math.round(settings.limitMs / 1000)} seconds.`
  const timer = setTimeout(() => late.abort(new Failure('connection-timeout', says)), settings.limitMs)
  const limited = { ...ctx, signal: AbortSignal.any([ctx.signal, late.signal]) }
  try {
    const { candidates, notes } = await candidatesFor(target, lookups, limited.signal)
    const domain = target.kind === 'server' ? null : target.domain
    const { sight, attempts } = await firstServer(candidates, { oldTls, connectTimeoutMs, domain, ca }, lookups, limited)
    const { look, failure } = await signedIn(settings, sight, limited)
    return { probed: probedOf(settings, sight, attempts, notes, look, ctx.clock.now()), failure }
  } catch (error) {
    // what was cut off by the time limit fails with its own words
    if (late.signal.aborted && !ctx.signal.aborted) throw late.signal.reason
    throw error
  } finally {
    clearTimeout(timer)
  }
}

async function signedIn(
  { login, ca, oldTls }: ProbeSettings,
  sight: Sight,
  ctx: Context,
): Promise<{ readonly look: Inside | null; readonly failure: Failure | null }> {
  if (login === null) return { look: null, failure: null }
  const { host, port, address, connectTimeoutMs } = sight.endpoint
  const { tls } = sight.candidate
  try {
    const endpoint = imapEndpoint({ host, port, address, tls, ca, oldTls, connectTimeoutMs, idleTimeoutMs: connectTimeoutMs })
    const session = await connectImap(endpoint, await login(host), ctx)
    try {
      return { look: await inside(session), failure: null }
    } finally {
      await session.logout()
    }
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (!(error instanceof Failure)) throw error
    return { look: null, failure: error }
  }
}

function probedOf(
  { asked, oldTls }: ProbeSettings,
  sight: Sight,
  attempts: readonly Attempt[],
  notes: readonly string[],
  look: Inside | null,
  now: number,
): Probed {
  const { seen, peer, endpoint, candidate, beforeTls } = sight
  const { profile, clue } = recognise(seen)
  const after = look === null ? null : new Set(look.capabilities)
  const names: readonly (keyof Limits)[] = Object.keys(profile.limits) as (keyof Limits)[]
  return {
    target: asked,
    url: sourceUrl(endpoint, oldTls),
    server: { host: endpoint.host, port: endpoint.port, tls: endpoint.tls, because: candidate.because },
    attempts: attempts.map(({ candidate: { host, port, because }, failure }) => ({
      host,
      port,
      because,
      failure: failure?.message ?? null,
    })),
    system: {
      name: profile.name,
      title: profile.title,
      version: versionOf(profile, seen),
      knownBy: clue,
      maybe: PROFILES.filter(({ variantOf }) => variantOf === profile.name).map(({ name, title }) => ({ name, title })),
      tested: profile.tested,
    },
    greeting: seen.greeting,
    serverId: Object.fromEntries(seen.serverId),
    tls:
      peer === null
        ? null
        : {
            protocol: peer.protocol,
            cipher: peer.cipher,
            names: peer.certificate.names,
            issuer: peer.certificate.issuer,
            selfSigned: peer.certificate.selfSigned,
            validUntil: new Date(peer.certificate.notAfterMs).toISOString(),
            daysLeft: Math.floor((peer.certificate.notAfterMs - now) / 86_400_000),
            objection: peer.objection,
          },
    capabilities: {
      beforeTls: beforeTls === null ? null : [...beforeTls].sort(),
      beforeLogin: [...seen.capabilities].sort(),
      afterLogin: look === null ? null : look.capabilities,
    },
    meanings: meaningsOf(after ?? seen.capabilities, after !== null),
    limits: names.flatMap((name) => {
      const limit = profile.limits[name]
      return limit === null ? [] : [{ name, value: limit.value, certainty: limit.certainty, note: limit.note ?? null }]
    }),
    logins: mechanismsOf(seen.capabilities),
    access: judged(profile.access, seen.capabilities),
    listing: profile.listing,
    advice: profile.advice,
    tell: profile.tell,
    warnings: [...warningsOf(sight, look, now), ...notes],
    inside: look,
  }
}
