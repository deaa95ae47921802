import { byPerson, byRun, byTime, counted, idOf, named, tasksOf } from '../blockers.ts'
import type { Blocker } from '../gate.ts'
import { begun, sideOf, type MailboxState, type ProjectState } from '../state.ts'
import type { PhaseRules, Work } from '../work.ts'

/**
 * Every mailbox whose batch has begun was copied to its end once. From then on deltas keep it up to date for as long as its domain
 * stays at the old side: a cutover may be postponed as often as is wanted.
 */
export const prestage: PhaseRules = {
  name: 'prestage',
  gate(state) {
    const all = begun(state)
    const open = all.filter(({ copiedAt }) => copiedAt === null)
    const paused = open.filter((one) => one.paused !== null)
    const stuck = open.filter((one) => one.paused === null && asks(one))
    const rest = open.filter((one) => one.paused === null && !asks(one))
    return [
      ...(all.length === 0 ? firstBatch(state) : []),
      ...(rest.length === 0 ? [] : [toBeCopied(state, rest, all.length)]),
      ...paused.map(({ name, paused: why }) =>
        byPerson(`prestage.paused.${idOf(name)}`, `${name} is paused by ${why?.name ?? 'somebody'}: ${why?.reason ?? ''}`, {
          command: `transfer resume ${name}`,
          waivable: false,
        }),
      ),
      ...stuck.map((one) =>
        byPerson(`prestage.mailbox.${idOf(one.name)}`, `${one.name} cannot be copied: ${one.lastPass?.failure?.says ?? ''}`, {
          command: `logins --only ${one.name}`,
          waivable: false,
        }),
      ),
      ...tasksOf(state, 'prestage'),
    ]
  },
  work(state) {
    if (state.quietUntil !== null) return []
    const able = begun(state).filter((one) => one.paused === null && isThere(state, one))
    const first = able.filter(({ copiedAt }) => copiedAt === null)
    const late = first.filter((one) => switchedOf(state, one) !== null)
    const early = first.filter((one) => switchedOf(state, one) === null && isOnOldSide(state, one))
    const every = state.deltaEveryMs
    const due = able.filter(
      (one) => one.copiedAt !== null && isOnOldSide(state, one) && every !== null && state.now - lastTried(one) >= every,
    )
    return [
      ...copies('initial', early, null),
      ...[...Map.groupBy(late, (one) => switchedOf(state, one))].flatMap(([at, some]) => copies('late', some, at)),
      ...copies('delta', due, null),
    ]
  },
}

/** A mailbox with nothing to be done about it but by a person. A pass that somebody ended, or held back meanwhile, only has to go on. */
export function asks({ lastPass }: MailboxState): boolean {
  const failure = lastPass?.failure ?? null
  return failure?.next === 'ask' && failure.code !== 'stopped' && failure.code !== 'held' && lastPass?.endedAt !== null
}

/** When its last pass, whatever came of it, began. */
export function lastTried({ lastPass, wholeAt }: MailboxState): number {
  return Math.max(wholeAt ?? 0, lastPass?.kind === 'verify' ? 0 : (lastPass?.beganAt ?? 0))
}

export function copies(kind: 'initial' | 'late' | 'delta', some: readonly MailboxState[], afterSwitch: number | null): readonly Work[] {
  if (some.length === 0) return []
  const what = { initial: 'Copying', late: 'Copying what was added late:', delta: 'Copying what is new in' }[kind]
  const mailboxes = some.map(({ name }) => name)
  return [{ do: 'copy', key: `copy ${kind}`, says: `${what} ${counted(some.length, 'mailbox', 'mailboxes')}`, mailboxes, afterSwitch }]
}

function toBeCopied(state: ProjectState, rest: readonly MailboxState[], all: number): Blocker {
  const waits = rest.filter((one) => !isThere(state, one))
  const says = `${rest.length} of ${counted(all, 'mailbox is', 'mailboxes are')} not copied to ${rest.length === 1 ? 'its' : 'their'} end yet: ${named(rest.map(({ name }) => name))}.`
  if (waits.length === rest.length) return byTime('prestage.copy', `${says} They have to be in the tenant first.`)
  if (state.quietUntil !== null)
    return byTime('prestage.copy', `${says} These are hours in which nothing is copied.`, { notBefore: state.quietUntil })
  return byRun('prestage.copy', says)
}

function firstBatch(state: ProjectState): readonly Blocker[] {
  const [next] = state.batches
    .flatMap(({ name, startsAt }) => (startsAt === null ? [] : [{ name, startsAt }]))
    .toSorted((a, b) => a.startsAt - b.startsAt)
  return next === undefined ? [] : [byTime('prestage.batch', `The batch ${next.name} has not begun yet.`, { notBefore: next.startsAt })]
}

/** As far as the tenant was looked at. */
function isThere(state: ProjectState, { target }: MailboxState): boolean {
  const { tenant } = state.facts
  return tenant === null || tenant.data.mailboxes.some((one) => one.toLowerCase() === target.toLowerCase())
}

function isOnOldSide(state: ProjectState, { domain }: MailboxState): boolean {
  const own = state.domains.find(({ name }) => name === domain)
  return own === undefined || sideOf(own) === 'old'
}

/** When the domain of this mailbox went to the new side; null: it is at the old one. */
function switchedOf(state: ProjectState, { domain }: MailboxState): number | null {
  const own = state.domains.find(({ name }) => name === domain)
  return own === undefined || sideOf(own) !== 'new' ? null : own.switchedAt
}
