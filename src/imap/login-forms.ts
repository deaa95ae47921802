import { Failure } from '../model/failure.ts'
import type { SingleLogin } from './endpoint.ts'
import { isRejection, Turns } from './login-guard.ts'
import type { LoginGuard } from './login-guard.ts'
import type { Session } from './session.ts'

/** Tries of a secret over all forms and mailboxes before one has worked: fewer than the strictest directories lock at. */
const MOST_TRIES = 3

/**
 * Finds out, once for all mailboxes, in which form a server wants a login: the forms are tried in their order, by one mailbox at a
 * time, and the first that works is the only one from then on. All tries together are at most three.
 */
export class LoginForms {
  #works: number | null = null
  #tries = 0
  #last: Failure | null = null
  readonly #turns = new Turns()
  readonly #guard: LoginGuard

  /** `guard` watches over the secret once the form is known: while it is looked for, rejections are what is expected. */
  constructor(guard: LoginGuard) {
    this.#guard = guard
  }

  async connect(user: string, of: readonly SingleLogin[], connect: (login: SingleLogin) => Promise<Session>): Promise<Session> {
    const known = this.#known(of)
    if (known !== null) return this.#guard.run(user, () => connect(known))
    return this.#turns.take(async () => {
      const found = this.#known(of)
      if (found !== null) return this.#guard.run(user, () => connect(found))
      const session = await this.#find(of, connect)
      // The guard learns of the first success too.
      return this.#guard.run(user, async () => session)
    })
  }

  #known(of: readonly SingleLogin[]): SingleLogin | null {
    return this.#works === null ? null : (of[this.#works] ?? null)
  }

  async #find(of: readonly SingleLogin[], connect: (login: SingleLogin) => Promise<Session>): Promise<Session> {
    if (this.#last !== null) throw exhausted(this.#last)
    for (const [at, login] of of.entries()) {
      if (this.#tries >= MOST_TRIES) break
      try {
        const session = await connect(login)
        this.#works = at
        return session
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        // Exchange answers OK to a form that it cannot make a mailbox of, and says so only afterwards.
        if (!isRejection(error) && error.code !== 'mailbox-not-connected' && error.code !== 'auth-unsupported') throw error
        if (error.code !== 'auth-unsupported') this.#tries++
        this.#last = error
        if (error.code === 'account-locked') break
      }
    }
    throw this.#last ?? new Failure('auth-unsupported', 'There is no form of this login to try.', { notDone: true })
  }
}

function exhausted(last: Failure): Failure {
  const says = 'Not tried: no form of the login worked at the first mailbox, and the secret is not tried again lest the account be locked.'
  return new Failure('login-held', says, last.serverText === undefined ? {} : { serverText: last.serverText })
}
