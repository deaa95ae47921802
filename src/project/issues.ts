import { FAILURES, type FailureCode } from '../model/failure-codes.ts'
import { idOf } from './blockers.ts'
import { nextView } from './next.ts'
import type { PhaseName } from './phase-names.ts'
import type { ProjectState } from './state.ts'

/** `red`: in the way of the project, or mail is at risk. `yellow`: somebody has to look. `note`: to be known. */
export type Severity = 'red' | 'yellow' | 'note'

/** Something that needs a person, as it was found now. */
export type FoundIssue = {
  /** Stable for the same trouble with the same thing. */
  readonly id: string
  readonly severity: Severity
  readonly phase: PhaseName
  /** A mailbox, a domain, a task; '' for the project. */
  readonly about: string
  /** A sentence: what is wrong. */
  readonly says: string
  /** A sentence: what to do. */
  readonly todo: string
  /** Without `cutover` in front; null: none does it. */
  readonly command: string | null
  /** Who is asked, where nobody said otherwise: a name, or a side. */
  readonly owner: string | null
  readonly dueAt: number | null
}

/** Messages of a mailbox that were left out for one reason. */
export type LeftOut = {
  readonly mailbox: string
  readonly state: 'skipped' | 'failed'
  readonly code: string
  readonly count: number
}

/** What was said of an issue; the last word of each counts. */
export type IssueWord = {
  readonly issue: string
  readonly at: number
  readonly name: string
  /** `assigned`: only owner or date changed. */
  readonly word: 'fixed' | 'accepted' | 'reopened' | 'assigned'
  readonly note: string | null
  readonly owner: string | null
  readonly dueAt: number | null
}

/** An issue as it stands. */
export type Issue = FoundIssue & {
  readonly state: 'open' | 'fixed' | 'accepted'
  /** Who said so; null: nobody, it is not found any more. */
  readonly by: string | null
  readonly note: string | null
  readonly firstAt: number
  readonly lastAt: number
}

/** One that was found at some time, with when. */
export type SeenIssue = FoundIssue & { readonly firstAt: number; readonly lastAt: number }

/** All that needs a person now. Pure. */
export function foundIssues(state: ProjectState, leftOut: readonly LeftOut[]): readonly FoundIssue[] {
  const { blockers, waived } = nextView(state)
  const gates = [...blockers.filter(({ needs }) => needs === 'person'), ...waived].map((one): FoundIssue => ({
    id: one.id,
    severity: 'red',
    phase: one.phase,
    about: aboutOf(one.id),
    says: one.says,
    todo: one.command === null ? 'Somebody has to do or decide this; see what it says.' : `Run \`cutover ${one.command}\`.`,
    command: one.command,
    owner: ownerOf(state, one.id),
    dueAt: state.tasks.find(({ id }) => one.id.endsWith(`.${idOf(id)}`))?.dueAt ?? null,
  }))
  const covered = new Set(gates.map(({ about }) => about).filter((about) => about !== ''))
  return unique([...gates, ...mailboxes(state, covered), ...messages(leftOut), ...domains(state)])
}

function unique(all: readonly FoundIssue[]): readonly FoundIssue[] {
  return [...new Map(all.toReversed().map((one) => [one.id, one])).values()].toReversed()
}

/** What the last part of an id is about, where it names something. */
function aboutOf(id: string): string {
  const [, , ...rest] = id.split('.')
  return rest.join('.')
}

function ownerOf({ tasks }: ProjectState, id: string): string | null {
  const task = tasks.find((one) => id.endsWith(`.${idOf(one.id)}`))
  return task === undefined ? null : (task.owner ?? task.side)
}

function mailboxes(state: ProjectState, covered: ReadonlySet<string>): readonly FoundIssue[] {
  return state.mailboxes.flatMap(({ name, lastPass, paused }): FoundIssue[] => {
    const common = { phase: state.entered, about: name, owner: null, dueAt: null }
    const found: FoundIssue[] = []
    const failure = lastPass?.failure ?? null
    if (failure !== null && failure.next === 'ask' && failure.code !== 'stopped' && failure.code !== 'held' && !covered.has(idOf(name)))
      found.push({
        ...common,
        id: `mailbox.${idOf(name)}.${failure.code}`,
        severity: 'red',
        says: `${name}: ${failure.says}`,
        todo: isCode(failure.code) ? FAILURES[failure.code].help : 'Look at what the server says.',
        command: null,
      })
    if (paused !== null)
      found.push({
        ...common,
        id: `mailbox.${idOf(name)}.held`,
        severity: 'yellow',
        says: `${name} is held back by ${paused.name}${paused.reason === '' ? '' : `: ${paused.reason}`}.`,
        todo: 'Let it go on when the reason is gone.',
        command: `transfer resume ${name}`,
      })
    return found
  })
}

function messages(leftOut: readonly LeftOut[]): readonly FoundIssue[] {
  return leftOut.map(({ mailbox, state, code, count }) => ({
    id: `messages.${idOf(mailbox)}.${code}`,
    severity: state === 'failed' ? 'yellow' : 'note',
    phase: 'prestage',
    about: mailbox,
    says: `${mailbox}: ${count === 1 ? 'a message was' : `${count} messages were`} ${state === 'failed' ? 'not copied' : 'left out'} (${code}).`,
    todo: isCode(code) ? FAILURES[code].help : 'It was left out by rule; see docs/guide/what-was-not-copied.md.',
    command: 'errors',
    owner: null,
    dueAt: null,
  }))
}

function domains(state: ProjectState): readonly FoundIssue[] {
  return state.domains.flatMap(({ name, alarms, turnedBack }): FoundIssue[] => {
    const common = { phase: state.entered, about: name, owner: null, dueAt: null, command: `switch ${name} --status` }
    return [
      ...alarms.map((says, at): FoundIssue => ({
        ...common,
        id: `domain.${idOf(name)}.alarm-${at + 1}`,
        severity: 'red',
        says: `${name}: ${says}`,
        todo: 'Look at the switch now: mail may be at risk.',
      })),
      ...(turnedBack === null
        ? []
        : [
            {
              ...common,
              id: `domain.${idOf(name)}.turned-back`,
              severity: 'yellow' as const,
              says: `${name} was turned back to the old side by ${turnedBack.name}: ${turnedBack.reason}`,
              todo: 'Put the reason right, then switch again.',
            },
          ]),
    ]
  })
}

function isCode(code: string): code is FailureCode {
  return Object.hasOwn(FAILURES, code)
}

/**
 * What was found at any time with what was said of it. Found no more is fixed by itself. Who said "fixed" of what is found again later was
 * wrong, and it is open; what somebody accepted stays accepted.
 */
export function settledIssues(seen: readonly SeenIssue[], found: ReadonlySet<string>, words: readonly IssueWord[]): readonly Issue[] {
  return seen.map((one) => {
    const own = words.filter(({ issue }) => issue === one.id)
    const verdict = own.findLast(({ word }) => word !== 'assigned') ?? null
    const owner = own.findLast(({ owner }) => owner !== null)?.owner ?? one.owner
    const dueAt = own.findLast(({ dueAt }) => dueAt !== null)?.dueAt ?? one.dueAt
    const note = own.findLast(({ note }) => note !== null)?.note ?? null
    const common = { ...one, owner, dueAt, note }
    if (verdict?.word === 'accepted') return { ...common, state: 'accepted', by: verdict.name }
    if (!found.has(one.id)) return { ...common, state: 'fixed', by: verdict?.word === 'fixed' ? verdict.name : null }
    return { ...common, state: 'open', by: null }
  })
}

const RANK: Readonly<Record<Severity, number>> = { red: 0, yellow: 1, note: 2 }
const STATE_RANK: Readonly<Record<Issue['state'], number>> = { open: 0, accepted: 1, fixed: 2 }

/** Open ones first, the worst of them first, then those that are due soonest. */
export function inOrder(issues: readonly Issue[]): readonly Issue[] {
  return issues.toSorted(
    (a, b) =>
      STATE_RANK[a.state] - STATE_RANK[b.state] ||
      RANK[a.severity] - RANK[b.severity] ||
      (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) ||
      a.id.localeCompare(b.id),
  )
}
