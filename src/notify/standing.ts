import { daysLater } from '../lib/local-time.ts'
import type { Moment } from '../model/moment.ts'
import type { Addressee } from './addressee.ts'
import type { JournalRow } from './journal.ts'
import { RULES, timesOf } from './schedule.ts'

/** How a message goes to a mailbox. `usual`: as any mail does; the others reach a side that the usual way does not. */
export type Way = 'usual' | 'new-side' | 'private'
export type Delivery = { readonly way: Way; readonly address: string }

export const STANDINGS = {
  sent: 'sent',
  due: 'due now',
  overdue: 'more than a day late: a person decides',
  planned: 'not yet due',
  waits: 'waits for what it is counted from',
  'by-hand': 'only by a person',
  missed: 'of no use any more',
  off: 'switched off in the definition',
  'not-needed': 'not needed',
  doubt: 'not known whether it was sent',
  refused: 'refused for good',
  blocked: 'cannot reach them this way',
} as const
export type StandingState = keyof typeof STANDINGS

/** Where one message to one person stands. */
export type Standing = {
  readonly moment: Moment
  readonly to: Addressee
  readonly state: StandingState
  /** Milliseconds since 1970; null: not known. */
  readonly dueAt: number | null
  readonly version: number
  /** What is still to be sent of it. */
  readonly deliveries: readonly Delivery[]
  /** Why, where the state alone does not say. */
  readonly says: string | null
}

export type Circumstances = {
  readonly now: number
  readonly timeZone: string
  readonly by: 'smtp' | 'graph'
  readonly off: ReadonlySet<Moment>
  /** A time of its own, from the definition; null: the standard one. */
  readonly ownTime: (moment: Moment, cutover: number | null) => number | null
}

const LATE_MS = 24 * 3_600_000

/** Pure: same journal and same clock, same answer. `rows`: those of the project. */
export function standingOf(moment: Moment, to: Addressee, rows: readonly JournalRow[], about: Circumstances): Standing {
  const { now, timeZone } = about
  const rule = RULES[moment]
  const theirs = rows.filter((row) => isTheirs(row, to))
  const mine = theirs.filter((row) => row.moment === moment)
  const last = Math.max(0, ...mine.map(({ version }) => version))
  const current = mine.filter(({ version }) => version === last)
  const { dueAt: firstDue, until } = timesOf(moment, to.anchors, timeZone, about.ownTime(moment, to.anchors.cutover))
  const state = (name: StandingState, rest: Partial<Standing> = {}): Standing => ({
    moment,
    to,
    state: name,
    dueAt: firstDue,
    version: Math.max(1, last),
    deliveries: [],
    says: null,
    ...rest,
  })
  const wanted = deliveriesOf(moment, to, about)
  const left = wanted.filter(({ way }) => !current.some((row) => row.way === way && row.state !== 'later'))
  const trouble = current.find((row) => row.state === 'doubt' || row.state === 'sending') ?? current.find((row) => row.state === 'refused')
  if (trouble !== undefined)
    return state(trouble.state === 'refused' ? 'refused' : 'doubt', {
      says: trouble.address === to.address ? trouble.says : `${trouble.address}: ${trouble.says ?? ''}`,
    })
  if (about.off.has(moment)) return state('off')
  if (moment === 'new-date') {
    if (told(theirs, to) === null) return state('not-needed')
    return state('by-hand', { version: last + 1, deliveries: wanted, says: 'they were told another date' })
  }
  if (moment === 'credentials' && !to.needsPassword) return state(last === 0 ? 'not-needed' : 'sent')
  if (last > 0 && left.length === 0 && rule.again === undefined) return state('sent', { dueAt: sentAt(current) })
  const isAgain = last > 0 && left.length === 0
  const dueAt = isAgain ? daysLater(sentAt(current) ?? now, rule.again ?? 1, timeZone) : firstDue
  const open = { version: isAgain ? last + 1 : Math.max(1, last), dueAt, deliveries: isAgain ? wanted : left }
  if (dueAt === null) return state('waits', open)
  if (until !== null && now >= until) return state(last > 0 && isAgain ? 'sent' : 'missed', { ...open, deliveries: [] })
  if (now < dueAt) return state('planned', open)
  const why = blockedBy(moment, to, about)
  if (why !== null) return state('blocked', { ...open, deliveries: [], says: why })
  return state(now > dueAt + LATE_MS ? 'overdue' : 'due', open)
}

/** Whether a line of the journal is about this person, also where another address of theirs stood first in the list then. */
export function isTheirs({ person, address }: Pick<JournalRow, 'person' | 'address'>, { addresses }: Addressee): boolean {
  return addresses.includes(person) || addresses.includes(address)
}

/** Every place where they can read it then. The way in goes to both sides early, so that nobody is locked out of the mail that explains it. */
export function deliveriesOf(moment: Moment, to: Addressee, { by }: Pick<Circumstances, 'by'>): readonly Delivery[] {
  const usual: Delivery = { way: 'usual', address: to.address }
  const elsewhere: readonly Delivery[] = to.elsewhere === null ? [] : [{ way: 'private', address: to.elsewhere }]
  if (moment === 'access-early') {
    // Sent from within the tenant mail to them is in the new mailbox at once, and never in the old one.
    if (by === 'graph') return [{ way: 'new-side', address: to.address }, ...elsewhere]
    return [usual, ...(to.newSide === null ? [] : [{ way: 'new-side' as const, address: to.newSide }]), ...elsewhere]
  }
  // Not to the old side any more: what arrives there now is late mail, which is carried over and would come twice.
  return moment === 'live' ? [usual, ...elsewhere] : [usual]
}

function blockedBy(moment: Moment, to: Addressee, { by }: Circumstances): string | null {
  const isBefore = RULES[moment].from === 'cutover' && to.anchors.switched === null
  if (by === 'graph' && to.role === 'user' && isBefore && moment !== 'access-early')
    return 'sent from the tenant it would be in the new mailbox, which nobody reads yet: send by SMTP until the switch'
  return null
}

/** Another cutover than the present one that they were told last; null: they know the present one, or none. */
function told(theirs: readonly JournalRow[], { anchors }: Addressee): number | null {
  const last = theirs.filter((row) => row.state === 'sent' && row.told !== null).toSorted((a, b) => a.at - b.at)
  const cutover = last.at(-1)?.told ?? null
  return cutover === null || cutover === (anchors.cutover ?? 0) || anchors.switched !== null ? null : cutover
}

function sentAt(rows: readonly JournalRow[]): number | null {
  return rows.length === 0 ? null : Math.max(...rows.map(({ at }) => at))
}
