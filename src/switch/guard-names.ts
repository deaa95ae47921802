const [MINUTE, HOUR] = [60_000, 3_600_000]

type Entry = {
  readonly title: string
  /** How old what it rests on may be; null: it does not grow old. */
  readonly maxAgeMs: number | null
  /** Whether a person may let it pass, with a reason and a name. Instants, and a person's own word, cannot be passed over; without `ttl` both sides only get mail for longer. */
  readonly overridable: boolean
}

/** What must hold before a move; `MOVES` says before which. */
export const GUARDS = {
  analysis: { title: 'nothing in the records stands in the way', maxAgeMs: 24 * HOUR, overridable: true },
  'dns-writable': { title: 'the records can be changed', maxAgeMs: 10 * MINUTE, overridable: false },
  snapshot: { title: 'what stands there now is kept and can be read again', maxAgeMs: null, overridable: false },
  prepared: { title: 'every name server has the additions', maxAgeMs: 10 * MINUTE, overridable: true },
  lowered: { title: 'every name server has the short times to live', maxAgeMs: 10 * MINUTE, overridable: true },
  ttl: { title: 'the old times to live have run out everywhere', maxAgeMs: 10 * MINUTE, overridable: true },
  'mx-host': { title: 'the new mail host is named by the tenant and answers', maxAgeMs: 15 * MINUTE, overridable: true },
  recipients: { title: 'the new side takes mail for every address', maxAgeMs: HOUR, overridable: true },
  tenant: { title: 'tenant and domain are ready', maxAgeMs: HOUR, overridable: true },
  lag: { title: 'every mailbox is copied, verified and up to date', maxAgeMs: HOUR, overridable: true },
  source: { title: 'every old mailbox can be read', maxAgeMs: HOUR, overridable: true },
  'old-host': { title: 'the old host keeps taking mail, whatever MX says', maxAgeMs: HOUR, overridable: true },
  'way-back': { title: 'the way back was tried out', maxAgeMs: 24 * HOUR, overridable: false },
  drift: { title: 'nobody else changed the records', maxAgeMs: 2 * MINUTE, overridable: false },
  'approval-switch': { title: 'a person has decided to switch', maxAgeMs: 30 * MINUTE, overridable: false },
  'one-new': { title: 'a name server has the new records', maxAgeMs: 10 * MINUTE, overridable: false },
  'all-new': { title: 'every name server has the new records, seen twice', maxAgeMs: 15 * MINUTE, overridable: false },
  resolvers: { title: 'resolvers that check signatures can find the domain', maxAgeMs: 15 * MINUTE, overridable: true },
  arrival: { title: 'a test message arrived by the new way, and one went out', maxAgeMs: 24 * HOUR, overridable: true },
  horizon: { title: 'no cache can remember the old records', maxAgeMs: 3 * HOUR, overridable: false },
  quiet: { title: 'no mail came to the old host for long enough', maxAgeMs: 8 * HOUR, overridable: false },
  deltas: { title: 'two last copies found the old mailboxes unchanged', maxAgeMs: 8 * HOUR, overridable: false },
  everybody: { title: 'every address is a recipient of the new side itself', maxAgeMs: 24 * HOUR, overridable: true },
  'approval-finish': { title: 'a person has decided to close the domain', maxAgeMs: 24 * HOUR, overridable: false },
  finished: { title: 'every name server has the final records', maxAgeMs: 10 * MINUTE, overridable: false },
  tail: { title: 'the old host has stayed long enough after the switch', maxAgeMs: null, overridable: false },
  'approval-decommission': { title: 'a person says that the old host may go', maxAgeMs: 24 * HOUR, overridable: false },
  'one-old': { title: 'a name server has the old records again', maxAgeMs: 10 * MINUTE, overridable: false },
  'all-old': { title: 'every name server has the old records again, seen twice', maxAgeMs: 15 * MINUTE, overridable: false },
  'horizon-back': { title: 'no cache leads to the new side any more', maxAgeMs: 3 * HOUR, overridable: false },
  'quiet-back': { title: 'no mail came to the new side for long enough', maxAgeMs: 8 * HOUR, overridable: false },
  'deltas-back': { title: 'two last copies found the new mailboxes unchanged', maxAgeMs: 8 * HOUR, overridable: false },
  'put-back': { title: 'every name server has the old times to live', maxAgeMs: 10 * MINUTE, overridable: false },
} as const satisfies Record<string, Entry>

export type GuardName = keyof typeof GUARDS

export function isGuardName(text: string): text is GuardName {
  return Object.hasOwn(GUARDS, text)
}

/** What a guard says of the evidence there is. */
export type Verdict = {
  readonly guard: GuardName
  readonly holds: boolean
  /** Why not; or, where it holds, what a person should know. Sentences. */
  readonly reasons: readonly string[]
  /** The events that it rests on. */
  readonly evidence: readonly number[]
  /** When the oldest of them was seen, in the time of the log; null: there is none yet. */
  readonly at: number | null
  /** When it can hold at the earliest, where it only waits for that instant. */
  readonly notBefore: number | null
  /** Who lets it pass although it does not hold. */
  readonly overridden: { readonly name: string; readonly reason: string } | null
}
