import type { Failure } from '../../model/failure.ts'

/**
 * `missing`: a person must do something. `waiting`: it was done and does not work yet. `unknown`: it could not be looked at, and
 * `says` why.
 */
export type CheckState = 'ok' | 'missing' | 'waiting' | 'unknown'

/** One thing that was looked at, in a sentence. */
export type Check = {
  /** The same on every day: `graph User.Read.All`, `mailbox anna@example.org`. */
  readonly id: string
  readonly group: 'tenant' | 'sign-in' | 'graph' | 'exchange' | 'mailbox'
  /** A name: `User.Read.All`. */
  readonly title: string
  readonly state: CheckState
  readonly says: string
  /** The rest works without it. */
  readonly isOptional: boolean
  /** What to do about it; those of several checks that are alike are one step. */
  readonly step: StepFor | null
  /** Why it could not be looked at, where that was no answer about the thing itself. */
  readonly failure: Failure | null
}

/** What a person has to do, by its kind, so that ten missing permissions are one step. */
export type StepFor =
  | { readonly kind: 'text'; readonly says: string }
  | { readonly kind: 'secret' }
  | { readonly kind: 'certificate' }
  | { readonly kind: 'permission'; readonly api: 'graph' | 'exchange'; readonly name: string; readonly isOptional: boolean }
  | { readonly kind: 'role' }
  | { readonly kind: 'principal'; readonly wrong: string | null }
  | { readonly kind: 'full-access'; readonly mailbox: string }
  | { readonly kind: 'imap-on'; readonly mailbox: string }
  | { readonly kind: 'licence'; readonly mailbox: string }

type Rest = { readonly isOptional?: boolean; readonly step?: StepFor | null; readonly failure?: Failure | null }

export function check(
  group: Check['group'],
  id: string,
  title: string,
  state: CheckState,
  says: string,
  { isOptional = false, step = null, failure = null }: Rest = {},
): Check {
  return { id, group, title, state, says, isOptional, step, failure }
}

/** What could not be looked at because the service did not answer. Throws what is no answer of the service at all. */
export function notAnswered(group: Check['group'], id: string, title: string, failure: Failure, isOptional = false): Check {
  if (failure.code === 'stopped') throw failure
  return check(group, id, title, 'unknown', failure.message, { isOptional, failure })
}
