import type { Context } from '../lib/context.ts'
import { renewable, retried } from '../lib/renewable.ts'
import type { Renewable } from '../lib/renewable.ts'
import { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import type { GrantStore } from './grant-store.ts'
import { isTransient, PATIENCE } from './token-post.ts'
import type { Issued } from './token-post.ts'

/** How a person signs in at one service. Both throw a `Failure`. */
export type PersonSignIn = {
  /** Part of the name that grants are kept under: another application cannot use them. */
  readonly name: string
  /** Asks the person; takes as long as the person does. */
  signIn(user: string): Promise<Issued>
  /** Without the person. 'auth-rejected' or 'token-rejected' where the grant is no longer good. */
  refresh(grant: Secret): Promise<Issued>
}

export type PersonTokens = {
  token(user: string): Promise<Secret>
  renew(user: string): void
}

/** A token refused so soon after it was given out is not one that ran out: it is somebody else's. */
const FRESH_MS = 60_000

/**
 * Tokens of persons, who are asked once each: what they grant is kept, and used from then on. Persons are asked one after the
 * other, as one screen can show one question.
 */
export function personTokens(service: PersonSignIn, store: GrantStore, ctx: Context): PersonTokens {
  const users = new Map<string, { readonly tokens: Renewable<Issued>; issuedMs: number; refused: boolean }>()
  let asking: Promise<unknown> = Promise.resolve()

  const ask = async (user: string): Promise<Issued> => {
    const before = asking
    const { promise, resolve } = Promise.withResolvers<void>()
    asking = promise
    await before
    try {
      if (ctx.signal.aborted) throw new Failure('stopped', 'Stopped on request.')
      return await service.signIn(user)
    } finally {
      resolve()
    }
  }

  const nameOf = (user: string): string => `${service.name} ${user.toLowerCase()}`

  const refreshed = async (user: string): Promise<Issued | null> => {
    const grant = await store.read(nameOf(user))
    if (grant === null) return null
    try {
      return await retried(() => service.refresh(grant), { ...PATIENCE, clock: ctx.clock, signal: ctx.signal })
    } catch (error) {
      // The old grant stays where it is until there is a new one: it may be the application that is not accepted.
      if (!(error instanceof Failure) || (error.code !== 'auth-rejected' && error.code !== 'token-rejected')) throw error
      return null
    }
  }

  const issue = async (user: string): Promise<Issued> => {
    const issued = (await refreshed(user)) ?? (await ask(user))
    if (issued.refresh !== null) await store.write(nameOf(user), issued.refresh)
    const known = users.get(user)
    if (known !== undefined) known.issuedMs = ctx.clock.now()
    return issued
  }

  const of = (user: string): { readonly tokens: Renewable<Issued>; issuedMs: number; refused: boolean } => {
    const known = users.get(user)
    if (known !== undefined) return known
    const made = { tokens: renewable(() => issue(user), { clock: ctx.clock, isTransient }), issuedMs: 0, refused: false }
    users.set(user, made)
    return made
  }

  return {
    async token(user) {
      const known = of(user)
      if (known.refused) {
        await store.forget(nameOf(user))
        const says = `The server does not take the sign-in for ${user}: was it somebody else who signed in, or is IMAP switched off?`
        throw new Failure('auth-rejected', `${says} Run again to sign in anew, as ${user}.`)
      }
      return (await known.tokens.value()).token
    },
    renew(user) {
      const known = of(user)
      if (ctx.clock.now() - known.issuedMs < FRESH_MS) known.refused = true
      known.tokens.renew()
    },
  }
}
