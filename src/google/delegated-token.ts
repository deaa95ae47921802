import { importPKCS8, SignJWT } from 'jose'
import type { Context } from '../lib/context.ts'
import { renewable, retried } from '../lib/renewable.ts'
import type { Renewable } from '../lib/renewable.ts'
import type { Secret } from '../model/secret.ts'
import { isTransient, issuedIn, PATIENCE, tokenPost } from '../oauth/token-post.ts'
import type { Issued } from '../oauth/token-post.ts'
import { grantFailure } from './grant-errors.ts'
import type { ServiceAccount } from './service-account.ts'

/** Mail over IMAP; the only scope that Gmail takes for it. */
export const GMAIL_SCOPE = 'https://mail.google.com/'

const LIFE_SECONDS = 3600

export type DelegatedTokens = {
  /** A token that acts for `user`. Kept for each user and renewed before it runs out. Throws a `Failure`. */
  token(user: string): Promise<Secret>
  /** Forgets the token of this user: the server said it is no good. */
  renew(user: string): void
}

/**
 * Tokens of a service account with domain-wide delegation: it acts for any user of its domain. Each is asked for by a signed claim
 * (RFC 7523) that names the user as its subject.
 */
export function delegatedTokens(account: ServiceAccount, scopes: readonly string[], ctx: Context): DelegatedTokens {
  const users = new Map<string, Renewable<Issued>>()
  const of = (user: string): Renewable<Issued> => {
    const known = users.get(user)
    if (known !== undefined) return known
    const issue = (): Promise<Issued> =>
      retried(() => ask(account, scopes, user, ctx), { ...PATIENCE, clock: ctx.clock, signal: ctx.signal })
    const made = renewable(issue, { clock: ctx.clock, isTransient })
    users.set(user, made)
    return made
  }
  return {
    token: async (user) => (await of(user).value()).token,
    renew: (user) => of(user).renew(),
  }
}

export type OwnTokens = { token(): Promise<Secret>; renew(): void }

/** Tokens of a service account that acts for itself, as in Google Cloud. Kept and renewed like the others. */
export function ownTokens(account: ServiceAccount, scopes: readonly string[], ctx: Context): OwnTokens {
  const issue = (): Promise<Issued> => retried(() => ask(account, scopes, null, ctx), { ...PATIENCE, clock: ctx.clock, signal: ctx.signal })
  const made = renewable(issue, { clock: ctx.clock, isTransient })
  return { token: async () => (await made.value()).token, renew: () => made.renew() }
}

async function ask(account: ServiceAccount, scopes: readonly string[], user: string | null, ctx: Context): Promise<Issued> {
  const sentAtMs = ctx.clock.now()
  const issuedAt = Math.floor(sentAtMs / 1000)
  const key = await importPKCS8(account.privateKey.reveal(), 'RS256')
  const claim = new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(account.keyId === '' ? {} : { kid: account.keyId }) })
    .setIssuer(account.email)
  const assertion = await (user === null ? claim : claim.setSubject(user))
    .setAudience(account.tokenUrl.href)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFE_SECONDS)
    .sign(key)
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }
  const reply = await tokenPost(account.tokenUrl, form, ctx)
  const issued = issuedIn(reply, sentAtMs)
  if (issued === null) throw grantFailure(reply, { account, scopes, user: user ?? account.email, nowMs: sentAtMs, assertion })
  return issued
}
