import type { Trouble } from './results.ts'

/** What Exchange says over IMAP of a full mailbox, a missing grant, a mailbox that is not there, and a busy server alike. */
export const VAGUE: ReadonlySet<Trouble['code']> = new Set(['server-unavailable', 'mailbox-not-connected', 'auth-rejected'])
