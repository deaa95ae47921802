import { byPerson, byRun, counted, idOf, named, tasksOf } from '../blockers.ts'
import { FRESH } from '../fresh.ts'
import type { Blocker } from '../gate.ts'
import { begun, isPassed, type MailboxState, type ProjectState } from '../state.ts'
import type { PhaseRules, Work } from '../work.ts'

/** What was copied was compared with the old side, message by message, and is good enough to switch. */
export const verify: PhaseRules = {
  name: 'verify',
  gate(state) {
    const open = unproven(state)
    return [
      ...(open.length === 0
        ? []
        : [
            byRun(
              'verify.look',
              `${counted(open.length, 'mailbox is', 'mailboxes are')} not verified yet: ${named(open.map(({ name }) => name))}.`,
            ),
          ]),
      ...begun(state).flatMap((one) => (open.includes(one) ? [] : differences(one))),
      ...tasksOf(state, 'verify'),
    ]
  },
  work(state): readonly Work[] {
    const open = unproven(state).filter((one) => one.paused === null)
    if (open.length === 0 || state.quietUntil !== null) return []
    const again = open.every((one) => one.verified !== null && !isWrong(one))
    return [
      {
        do: 'verify',
        key: 'verify',
        says: `Comparing ${counted(open.length, 'mailbox', 'mailboxes')} with the old side`,
        mailboxes: open.map(({ name }) => name),
        level: again ? 'fingerprints' : 'content',
        books: 'verification',
      },
    ]
  },
}

/** Copied, and not compared since, or too long ago. */
function unproven(state: ProjectState): readonly MailboxState[] {
  const isOver = isPassed(state, 'verify')
  return begun(state).filter(({ copiedAt, verified }) => {
    if (copiedAt === null) return false
    if (verified === null || verified.at < copiedAt) return true
    return !isOver && state.now - verified.at > FRESH.verification
  })
}

/** What a verification found and could not put right. */
function differences(one: MailboxState): readonly Blocker[] {
  const { name, verified } = one
  if (!isWrong(one) || verified === null) return unexplained('verify', one)
  const says = `${name}: ${counted(verified.missing, 'message is', 'messages are')} missing at the new side, ${verified.different} differ.`
  return [...unexplained('verify', one), byPerson(`verify.mailbox.${idOf(name)}`, says, { command: `verify --only ${name} --repair` })]
}

function isWrong({ verified }: MailboxState): boolean {
  return verified !== null && verified.missing + verified.different > 0
}

/** Messages of which nobody can say what became of them; what a pass that was broken off left is not copied yet, and none of these. */
export function unexplained(phase: 'verify' | 'reconcile', { name, verified, messages, lastPass }: MailboxState): readonly Blocker[] {
  const isThrough = lastPass?.endedAt !== null && lastPass?.failure === null
  const count = Math.max(verified?.unexplained ?? 0, isThrough ? messages.unexplained : 0)
  if (count === 0) return []
  const says = `${name}: nobody can say what became of ${counted(count, 'message')}.`
  return [byPerson(`${phase}.unexplained.${idOf(name)}`, says, { command: `verify --only ${name} --repair`, waivable: false })]
}
