import { daysLater, instantOf, localTime } from '../lib/local-time.ts'
import type { Moment } from '../model/moment.ts'

/** Instants that messages are counted from, for one person; null: not known, or not yet. */
export type Anchors = {
  readonly kickoff: number | null
  readonly cutover: number | null
  /** Mail to this person goes to the new side since then. */
  readonly switched: number | null
  /** All old mail is there, compared and found complete. */
  readonly done: number | null
}

type Anchor = keyof Anchors
type Rule = {
  readonly says: string
  readonly to: 'customer' | 'users'
  readonly from: Anchor
  /** Days at nine in the morning of the project's time zone, or hours to the minute. */
  readonly days?: number
  readonly hours?: number
  /** Once that has come, it is of no use any more: the anchor, and how many hours after it. */
  readonly until: readonly [Anchor, number]
  /** Sent again after so many days, until what it asks for is done. */
  readonly again?: number
  /** In a short project not before this day after its kickoff. */
  readonly earliest?: number
  /** Only ever sent by a person's word. */
  readonly byHand?: true
}

/** Every moment: to whom, when, and until when it is of use. */
export const RULES: Readonly<Record<Moment, Rule>> = {
  kickoff: { says: 'announcement to the customer', to: 'customer', from: 'kickoff', days: 0, until: ['cutover', -24] },
  announcement: { says: 'announcement to users', to: 'users', from: 'cutover', days: -14, earliest: 0, until: ['cutover', -24] },
  credentials: { says: 'request for a password', to: 'users', from: 'cutover', days: -14, earliest: 0, until: ['cutover', 0], again: 3 },
  expect: { says: 'what to expect', to: 'users', from: 'cutover', days: -5, earliest: 1, until: ['cutover', -12] },
  reminder: { says: 'reminder, and how to sign in', to: 'users', from: 'cutover', days: -1, until: ['cutover', -8] },
  'access-early': { says: 'the way into the new mailbox, early', to: 'users', from: 'cutover', hours: -8, until: ['cutover', 12] },
  live: { says: 'you are live', to: 'users', from: 'switched', hours: 0, until: ['switched', 7 * 24] },
  done: { says: 'migration finished', to: 'users', from: 'done', hours: 0, until: ['done', 14 * 24] },
  'follow-up': { says: 'follow-up', to: 'users', from: 'switched', days: 7, until: ['switched', 21 * 24] },
  'new-date': { says: 'the date has changed', to: 'users', from: 'cutover', days: -365, until: ['cutover', 0], byHand: true },
}

const HOUR = 3_600_000
const MORNING = '09:00'

export type Times = { readonly dueAt: number | null; readonly until: number | null }

/** When a message is due, and until when it is of use; null where what it is counted from is not known. `at`: a time of its own. */
export function timesOf(moment: Moment, anchors: Anchors, timeZone: string, at: number | null = null): Times {
  const { from, days, hours = 0, until, earliest } = RULES[moment]
  const anchor = anchors[from]
  const end = anchors[until[0]]
  const standard = anchor === null ? null : days === undefined ? anchor + hours * HOUR : morning(anchor, days, timeZone)
  const first = earliest === undefined || anchors.kickoff === null ? null : morning(anchors.kickoff, earliest, timeZone)
  const dueAt = standard === null || first === null ? standard : Math.max(standard, first)
  return { dueAt: at ?? dueAt, until: end === null ? null : end + until[1] * HOUR }
}

function morning(anchor: number, days: number, timeZone: string): number {
  const day = localTime(daysLater(anchor, days, timeZone), timeZone).slice(0, 10)
  return instantOf(`${day}T${MORNING}`, timeZone)
}
