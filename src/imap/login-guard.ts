import { Failure } from '../model/failure.ts'

/** Rejections in a row after which a secret that used to work is no longer tried: the smallest limit at which directories lock. */
const MOST_IN_ROW = 3

/** Watches over a secret that opens many mailboxes, so that a wrong one is not tried once for each of them. */
export type LoginGuard = {
  /** Runs one login, or throws at once where the secret was rejected before. */
  run<T>(mailbox: string, login: () => Promise<T>): Promise<T>
}

/** Lets one at a time in, in the order they came. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  async take<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    await before
    try {
      return await work()
    } finally {
      resolve()
    }
  }
}

/**
 * A guard for one secret. Until it has worked once, mailboxes sign in one after the other, and one rejection ends it: servers lock
 * accounts, and the account of an administrator above all. `whose` names the account in errors.
 */
export function loginGuard(whose: string): LoginGuard {
  let works = false
  let inRow = 0
  let rejected: Failure | null = null
  const turns = new Turns()

  const mustBeGood = (): void => {
    if (rejected === null) return
    const { message, serverText } = rejected
    throw new Failure('login-held', message, { notDone: true, ...(serverText === undefined ? {} : { serverText }) })
  }

  const tried = async <T>(mailbox: string, login: () => Promise<T>): Promise<T> => {
    mustBeGood()
    try {
      const session = await login()
      works = true
      inRow = 0
      return session
    } catch (error) {
      if (error instanceof Failure && error.code === 'mailbox-unknown') works = true
      if (!(error instanceof Failure) || !isRejection(error)) throw error
      inRow++
      if (works && inRow < MOST_IN_ROW) throw error
      rejected = held(error, whose, mailbox, works)
      throw works || error.code !== 'auth-rejected' ? error : told(error, whose)
    }
  }

  return {
    run: (mailbox, login) => (works || rejected !== null ? tried(mailbox, login) : turns.take(() => tried(mailbox, login))),
  }
}

/**
 * A guard for a password that opens one mailbox: refused once, it is not tried again, whoever asks. Exchange says OK to a wrong one and
 * BAD afterwards, which is also what it says while a right is not in effect yet: after three such answers it counts as refused.
 */
export function passwordGuard(): LoginGuard {
  let hollow = 0
  let inRow = 0
  let works = false
  let refused: Failure | null = null
  const turns = new Turns()

  const tried = async <T>(mailbox: string, login: () => Promise<T>): Promise<T> => {
    if (refused !== null) throw refused
    try {
      const session = await login()
      works = true
      hollow = 0
      inRow = 0
      return session
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      // One that has worked may be refused by a server in trouble
      if (isRejection(error) && (++inRow >= MOST_IN_ROW || !works)) refused = error
      if (error.code === 'mailbox-not-connected' && ++hollow >= MOST_IN_ROW) refused = notConnected(error, mailbox)
      throw refused ?? error
    }
  }

  return {
    run: (mailbox, login) => (works || refused !== null ? tried(mailbox, login) : turns.take(() => tried(mailbox, login))),
  }
}

function notConnected(error: Failure, mailbox: string): Failure {
  const says = `The login of ${mailbox} was answered OK and then refused, ${MOST_IN_ROW} times: a wrong password, IMAP switched off, or a missing right.`
  return new Failure('auth-rejected', says, { notDone: true, ...(error.serverText === undefined ? {} : { serverText: error.serverText }) })
}

function told(error: Failure, whose: string): Failure {
  const { serverText } = error
  return new Failure('access-rejected', `${error.message} (${whose})`, {
    notDone: true,
    ...(serverText === undefined ? {} : { serverText }),
  })
}

/** The server knows the account and does not want it: another try of the same secret is another mark against it. */
export function isRejection(failure: Failure): boolean {
  return failure.code === 'auth-rejected' || failure.code === 'account-locked' || failure.code === 'app-password-needed'
}

function held(error: Failure, whose: string, mailbox: string, worked: boolean): Failure {
  const says = worked
    ? `Not tried: ${whose} was rejected ${MOST_IN_ROW} times in a row, last for ${mailbox}.`
    : `Not tried: ${whose} was rejected at ${mailbox}, and a wrong secret is not tried again.`
  return new Failure('login-held', says, error.serverText === undefined ? {} : { serverText: error.serverText })
}
