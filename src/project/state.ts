import type { Facts } from './facts.ts'
import type { Waiver } from './gate.ts'
import { PHASE_ORDER, type PhaseName } from './phase-names.ts'
import type { Approval } from './store-records.ts'
import type { Decision, Phase as SwitchPhase } from '../switch/states.ts'

/**
 * All that is known of a project at one instant: gates, work and what comes next are pure functions of it. It is put together from the
 * store, the ledger and the logs of the switches, without a word to any server. Instants are milliseconds since 1970.
 */
export type ProjectState = {
  readonly name: string
  readonly now: number
  readonly timeZone: string
  /** The highest phase that was entered; it never goes back. */
  readonly entered: PhaseName
  readonly closedAt: number | null
  /** When the definition that holds now was brought in. */
  readonly definedAt: number
  readonly kickoffAt: number | null
  /** The planned cutover; null: none is planned. */
  readonly cutoverAt: number | null
  /** How far the copy of a mailbox may be behind at the switch. */
  readonly lagMs: number
  /** Between two deltas of a mailbox; null: none by itself. */
  readonly deltaEveryMs: number | null
  /** Until when nothing is copied (blackout hours, as the definition says); null: it may be copied now. */
  readonly quietUntil: number | null
  /** What the definition names. */
  readonly has: { readonly source: boolean; readonly contact: boolean; readonly testMailbox: boolean; readonly outsideMailbox: boolean }
  readonly tasks: readonly TaskState[]
  readonly batches: readonly BatchState[]
  readonly mailboxes: readonly MailboxState[]
  readonly domains: readonly DomainState[]
  readonly facts: Facts
  readonly waivers: readonly Waiver[]
  readonly approvals: readonly Approval[]
}

/** Something that a side is responsible for. */
export type TaskState = {
  readonly id: string
  readonly says: string
  readonly side: string
  readonly owner: string | null
  readonly dueAt: number | null
  /** The phase that is not over before it is signed off; null: none waits for it. */
  readonly phase: PhaseName | null
  readonly signedOff: { readonly name: string; readonly at: number } | null
}

export type BatchState = {
  readonly name: string
  /** Its mail is not copied before; null: at once. */
  readonly startsAt: number | null
  /** Its people are to work at the new side from then on; null: with the project's cutover. */
  readonly cutoverAt: number | null
}

/** A mailbox as the list, the ledger and people's words about it have it. */
export type MailboxState = {
  readonly name: string
  readonly login: string
  readonly target: string
  /** Of the target, in small letters. */
  readonly domain: string
  readonly batch: string
  /** It is left at the old side for now (`switch: staying`), and holds nothing up but the end of the project. */
  readonly stays: boolean
  /** Somebody wants it left alone. */
  readonly paused: { readonly name: string; readonly reason: string } | null
  readonly messages: MailboxMessages
  /** When the first pass that went to its end had ended; null: none did. */
  readonly copiedAt: number | null
  /** When the last pass that went to its end began: what came since then may not be there yet. The lag is counted from here. */
  readonly wholeAt: number | null
  readonly lastPass: MailboxPass | null
  readonly verified: MailboxVerified | null
  /** Messages that a verification ever saw at the new side as they should be. Their owner may have moved or deleted them since. */
  readonly proven: number
}

/** found = copied + skipped + failed + unexplained. */
export type MailboxMessages = {
  readonly found: number
  readonly copied: number
  readonly skipped: number
  readonly failed: number
  readonly unexplained: number
  readonly bytes: number
}

export type MailboxPass = {
  readonly kind: 'initial' | 'delta' | 'final' | 'verify'
  readonly beganAt: number
  /** null: it is under way, or was killed. */
  readonly endedAt: number | null
  /** `next`: what the code asks for; `ask` is a person's. */
  readonly failure: { readonly code: string; readonly says: string; readonly next: string } | null
}

export type MailboxVerified = {
  /** When the verification began. */
  readonly at: number
  readonly level: 'counts' | 'fingerprints' | 'content'
  readonly missing: number
  readonly extra: number
  readonly different: number
  readonly unexplained: number
}

/** A domain that moves, as the log of its switch has it. */
export type DomainState = {
  readonly name: string
  /** `draft` where nothing was begun. */
  readonly phase: SwitchPhase
  readonly since: number | null
  /** When its MX was given to the new side, last; null: never, or it was turned back. */
  readonly switchedAt: number | null
  /** Since when no late mail comes any more; null: it may still. */
  readonly quietAt: number | null
  readonly turnedBack: { readonly name: string; readonly reason: string } | null
  readonly paused: { readonly name: string; readonly reason: string } | null
  /** What nothing but a person's word is missing for. */
  readonly awaits: Decision | null
  /** Guards of its next step that do not hold. */
  readonly open: readonly {
    readonly guard: string
    readonly title: string
    readonly reasons: readonly string[]
    readonly notBefore: number | null
    readonly overridable: boolean
    /** It was looked at of late, and was found not to hold. */
    readonly seen: boolean
  }[]
  /** What a person should look at now. */
  readonly alarms: readonly string[]
}

/** Whether the project went beyond this phase. What was passed is not looked at again because it is old. */
export function isPassed(state: Pick<ProjectState, 'entered' | 'closedAt'>, phase: PhaseName): boolean {
  return state.closedAt !== null || PHASE_ORDER.indexOf(phase) < PHASE_ORDER.indexOf(state.entered)
}

/** How far the copy is behind at most; null: never copied to its end. */
export function lagOf({ wholeAt }: MailboxState, now: number): number | null {
  return wholeAt === null ? null : Math.max(0, now - wholeAt)
}

/** Mailboxes that move and whose batch has begun: later ones hold nothing up before their time. */
export function begun(state: ProjectState): readonly MailboxState[] {
  const later = new Set(state.batches.filter(({ startsAt }) => startsAt !== null && startsAt > state.now).map(({ name }) => name))
  return state.mailboxes.filter(({ batch, stays }) => !stays && !later.has(batch))
}

/** When a domain is to be switched: the latest cutover of the batches that live in it. */
export function cutoverOf(state: ProjectState, domain: string): number | null {
  const names = new Set(state.mailboxes.filter((one) => one.domain === domain).map(({ batch }) => batch))
  const own = state.batches.flatMap(({ name, cutoverAt }) => (names.has(name) && cutoverAt !== null ? [cutoverAt] : []))
  return own.length === 0 ? state.cutoverAt : Math.max(...own)
}

const ON_NEW_SIDE: ReadonlySet<SwitchPhase> = new Set(['switched', 'draining', 'quiet', 'finalised', 'decommissioned'])
const WRITING: ReadonlySet<SwitchPhase> = new Set(['switching', 'switched-partial'])
const GOING_BACK: ReadonlySet<SwitchPhase> = new Set(['rolling-back', 'rolled-back-partial', 'reverse-draining'])

/** `old`: mail goes to the old side, whether it was ever switched or not. */
export function sideOf({ phase }: DomainState): 'old' | 'switching' | 'new' | 'back' {
  if (ON_NEW_SIDE.has(phase)) return 'new'
  if (WRITING.has(phase)) return 'switching'
  return GOING_BACK.has(phase) ? 'back' : 'old'
}

/** The same project as if it had this one domain: whether one may be switched does not hang on another. */
export function alone(state: ProjectState, domain: string): ProjectState {
  return {
    ...state,
    domains: state.domains.filter(({ name }) => name === domain),
    mailboxes: state.mailboxes.filter((one) => one.domain === domain),
  }
}
