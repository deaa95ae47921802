import type { ProjectState } from './state.ts'
import { RULES } from './phases/all.ts'
import { unwaived } from './waived.ts'

/** What was agreed to be shown at the end of a move. */
export const CRITERIA = {
  access: 'Users can get at their mailboxes',
  moved: 'Mail and folders are moved',
  rules: 'Transport rules are there and in force',
  mail: 'Mail is sent and received',
  protection: 'Protection is set up and works',
} as const

export type CriterionId = keyof typeof CRITERIA

export const CRITERION_IDS: readonly CriterionId[] = Object.keys(CRITERIA).filter(isCriterion)

export function isCriterion(text: string): text is CriterionId {
  return Object.hasOwn(CRITERIA, text)
}

/** One thing that was looked at for a criterion. `ok` null: it could not be looked at. */
export type Proof = { readonly about: string; readonly says: string; readonly ok: boolean | null }

export type Judged = {
  readonly id: CriterionId
  readonly title: string
  /** `not-run`: nothing was learnt, or something that it needs could not be looked at. */
  readonly outcome: 'passed' | 'failed' | 'not-run'
  readonly says: string
  readonly proofs: readonly Proof[]
}

/** What the proofs of a criterion come to: one that fails is enough, and without any that holds nothing is shown. */
export function judged(id: CriterionId, proofs: readonly Proof[]): Judged {
  const bad = proofs.filter(({ ok }) => ok === false)
  const open = proofs.filter(({ ok }) => ok === null)
  const good = proofs.length - bad.length - open.length
  const outcome = bad.length > 0 ? 'failed' : good === 0 ? 'not-run' : 'passed'
  const first = bad[0] ?? (good === 0 ? open[0] : undefined)
  const says =
    first === undefined
      ? `${good} of ${proofs.length} proofs hold${open.length === 0 ? '' : `, ${open.length} could not be made`}`
      : `${first.about}: ${first.says}`
  return { id, title: CRITERIA[id], outcome, says, proofs }
}

/** Whether the books are closed, mailbox by mailbox. */
export function movedProofs(state: ProjectState): readonly Proof[] {
  const open = unwaived(state, RULES.reconcile.gate(state)).filter(({ id }) => !id.includes('.task.'))
  const mailboxes = state.mailboxes.map(({ name, messages, proven, verified }): Proof => {
    const { found, copied, skipped, failed } = messages
    const left = found - skipped - failed - proven
    return {
      about: name,
      says: `found ${found} = copied ${copied} + skipped ${skipped} + failed ${failed}; ${proven} compared and found at the new side`,
      ok: verified === null ? null : left <= 0 && messages.unexplained === 0,
    }
  })
  return [
    ...mailboxes.filter(({ ok }) => ok !== false || open.length > 0),
    ...open.map(({ says }): Proof => ({ about: 'books', says, ok: false })),
  ]
}
