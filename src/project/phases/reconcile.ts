import { byPerson, byRun, counted, idOf, named, tasksOf } from '../blockers.ts'
import type { Blocker } from '../gate.ts'
import { begun, type MailboxState, type ProjectState } from '../state.ts'
import type { PhaseRules, Work } from '../work.ts'
import { unexplained } from './verify.ts'

/** The books are closed: every message of the old side is at the new one, or listed with its reason, and somebody accepted that list. */
export const reconcile: PhaseRules = {
  name: 'reconcile',
  gate(state) {
    const all = begun(state)
    const open = all.filter((one) => isOpen(state, one))
    return [
      ...(open.length === 0
        ? []
        : [
            byRun(
              'reconcile.look',
              `The books of ${counted(open.length, 'mailbox', 'mailboxes')} are not closed since the last late mail: ${named(open.map(({ name }) => name))}.`,
            ),
          ]),
      ...all.flatMap((one) => (open.includes(one) ? [] : [...unexplained('reconcile', one), ...unproven(one), ...failed(one)])),
      ...tasksOf(state, 'reconcile'),
    ]
  },
  work(state): readonly Work[] {
    const open = begun(state).filter((one) => isOpen(state, one) && one.copiedAt !== null && one.paused === null)
    const quiet = open.filter(({ domain }) => quietAt(state, domain) !== null)
    if (quiet.length === 0 || state.quietUntil !== null) return []
    return [
      {
        do: 'verify',
        key: 'reconcile',
        says: `Closing the books of ${counted(quiet.length, 'mailbox', 'mailboxes')}`,
        mailboxes: quiet.map(({ name }) => name),
        level: 'content',
        books: 'reconciliation',
      },
    ]
  },
}

function isOpen(state: ProjectState, one: MailboxState): boolean {
  const { domain, verified, copiedAt, wholeAt } = one
  const since = Math.max(quietAt(state, domain) ?? Infinity, copiedAt ?? Infinity)
  if (verified === null || verified.at < since) return true
  // Mail that was carried over later still is looked at too.
  return left(one) > 0 && (wholeAt ?? 0) > verified.at
}

/** Messages that were copied and never seen there. */
function left({ messages: { found, skipped, failed }, proven }: MailboxState): number {
  return found - skipped - failed - proven
}

/** A mailbox in a domain that is not ours to move has nothing to wait for. */
function quietAt(state: ProjectState, domain: string): number | null {
  const own = state.domains.find(({ name }) => name === domain)
  return own === undefined ? 0 : own.quietAt
}

/** What a verification saw once was there, wherever its owner has put it since. */
function unproven(one: MailboxState): readonly Blocker[] {
  const { name } = one
  const open = left(one)
  if (open <= 0) return []
  const says = `${name}: ${counted(open, 'message was', 'messages were')} never seen at the new side as they should be.`
  return [byPerson(`reconcile.mailbox.${idOf(name)}`, says, { command: `verify --only ${name}` })]
}

function failed({ name, messages }: MailboxState): readonly Blocker[] {
  if (messages.failed === 0) return []
  const says = `${name}: ${counted(messages.failed, 'message')} could not be copied. Export them, or have them accepted as they are.`
  return [byPerson(`reconcile.failed.${idOf(name)}`, says, { command: `errors --only ${name}` })]
}
