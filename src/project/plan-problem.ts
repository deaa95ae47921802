import type { MailboxLine } from '../definition/mailbox-list.ts'
import type { Path } from '../definition/yaml-file.ts'
import { instantsOf, timeText } from '../lib/local-time.ts'
import type { ProjectPlan } from './plan.ts'

/** A mistake at a place of the definition, or on a line of the list. */
export type PlanProblem =
  | { readonly at: Path; readonly key?: boolean; readonly says: string }
  | { readonly line: number; readonly says: string }

export type Compared = {
  readonly now: number
  /** What the store has; a date of it may lie in the past by now. null: the project is new. */
  readonly before: Pick<ProjectPlan, 'cutoverAt' | 'batches'> | null
  /** null: it could not be read. */
  readonly list: readonly MailboxLine[] | null
}

/** Continues a sentence; null: it is one instant. */
export function clockChange(local: string, zone: string): string | null {
  const { length } = instantsOf(local, zone)
  if (length === 1) return null
  const time = local.slice(11)
  return length === 0
    ? `is at ${time}, which does not come that night: clocks in ${zone} are put forward; take another time`
    : `is at ${time}, which comes twice that night: clocks in ${zone} are put back; take another time`
}

export function past(at: number, now: number, zone: string): string {
  return `is in the past: ${timeText(at, zone)}; now it is ${timeText(now, zone)} in ${zone}`
}
