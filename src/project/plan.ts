import type { Moment } from '../model/moment.ts'
import type { PhaseName } from './phase-names.ts'

/** What the definition says of the project, ready to use: defaults filled in, local times as instants (milliseconds since 1970). */
export type ProjectPlan = {
  readonly name: string
  readonly customer: string
  readonly language: 'en' | 'de' | 'fr' | 'es' | 'ru'
  /** Path of a picture; null: none. */
  readonly logoFile: string | null
  /** IANA; everything that a person reads of time is told in it. */
  readonly timeZone: string
  /** The beginning of that day there; null: not said. */
  readonly kickoffAt: number | null
  /** null: postponed without a date, or not yet planned. */
  readonly cutoverAt: number | null
  /** How far the copy of a mailbox may be behind at the cutover. */
  readonly lagMs: number
  readonly domains: readonly string[]
  readonly price: PricePlan
  readonly risks: RiskLimits
  readonly people: readonly Person[]
  readonly tasks: readonly Task[]
  /** In the order in which they move; at least one. */
  readonly batches: readonly Batch[]
  /** Those of the list that move, in its order. */
  readonly mailboxes: readonly PlannedMailbox[]
  readonly transfer: TransferPlan
  readonly messages: MessagesPlan
  readonly acceptance: AcceptancePlan
}

export type PricePlan = {
  /** ISO 4217. */
  readonly currency: string
  readonly base: number
  readonly perMailbox: number
  /** Planned hours of work and what one costs; null: a fixed price. */
  readonly hours: { readonly planned: number; readonly rate: number } | null
  readonly extras: readonly { readonly says: string; readonly amount: number }[]
  /** What it costs us or the customer beside the price: licences, tools. */
  readonly costs: readonly { readonly says: string; readonly amount: number }[]
}

export type RiskLimits = {
  readonly mailboxBytes: number
  readonly deletedBytes: number
  /** Addresses, in lower case. */
  readonly vip: readonly string[]
}

export type Side = 'customer' | 'us' | 'vendor'

export type Person = {
  readonly name: string
  readonly address: string
  readonly phone: string | null
  readonly side: Side
  readonly role: string
}

export type Task = {
  readonly id: string
  /** In the language of the project. */
  readonly says: string
  readonly side: Side
  /** Name of one of `people`; null: the side as a whole. */
  readonly owner: string | null
  /** null: no date, or one that hangs on a cutover that is not planned. */
  readonly dueAt: number | null
  /** As it stands in the definition: "2026-12-01", "cutover-7d". */
  readonly due: string | null
  /** The phase that is not over before it is signed off; null: none waits for it. */
  readonly phase: PhaseName | null
  /** A person signs it off by name; false: it is on the list to be known. */
  readonly signsOff: boolean
}

export type Batch = {
  readonly name: string
  /** When its first copies begin; null: with the phase. */
  readonly startsAt: number | null
  /** null: that of the project. */
  readonly cutoverAt: number | null
  /** Addresses of its mailboxes at the new side. */
  readonly targets: readonly string[]
}

export type PlannedMailbox = {
  /** As the ledger and the reports call it. */
  readonly name: string
  readonly target: string
  readonly sourceLogin: string
  /** `user`, `shared`, `room`, `equipment`. */
  readonly kind: string
  /** What people are addressed by; the name where the list has nothing else. */
  readonly displayName: string
  readonly batch: string
  readonly vip: boolean
  readonly notes: string | null
}

export type TransferPlan = {
  /** null: no limit of ours. */
  readonly bytesPerSecond: number | null
  readonly connections: number | null
  readonly mailboxesAtOnce: number | null
  readonly bytesPerDay: number | null
  /** Hours of the day in the project's time zone in which nothing runs: "08:00-18:00". */
  readonly blackouts: readonly string[]
  /** Between the end of a delta and the next one; null: only when asked for. */
  readonly deltaEveryMs: number | null
  readonly oldestFirst: boolean
  readonly deletions: 'follow' | 'keep'
}

export type MessagesPlan = {
  /** null: no messages are sent. */
  readonly from: string | null
  readonly replyTo: string | null
  readonly by: 'smtp' | 'graph'
  /** `secret`: `env:NAME` or `file:PATH`. */
  readonly smtp: { readonly url: string; readonly login: string | null; readonly secret: string | null } | null
  readonly perMinute: number
  /** Whom users call: a sentence, "the help desk, 4711". */
  readonly contact: string | null
  /** Where users read mail. */
  readonly webAddress: string
  /** By moment, what differs from the standard text. */
  readonly templates: Readonly<Partial<Record<Moment, TemplatePlan>>>
  /** Who gets none: addresses, in lower case. */
  readonly optOut: readonly string[]
  /** Kinds of mailboxes that get them. */
  readonly kinds: readonly string[]
}

export type TemplatePlan = {
  /** Is not sent. */
  readonly off: boolean
  readonly subject: string | null
  /** Paragraphs that take the place of the standard ones; null: those. */
  readonly text: string | null
  /** A paragraph beside the standard ones. */
  readonly extra: string | null
  /** Against the cutover, "cutover-14d"; null: the standard time. */
  readonly when: string | null
  /** `when` as an instant; null: the standard time, or no cutover is planned. */
  readonly at: number | null
}

export type AcceptancePlan = {
  /** Ways in that must work for every user. */
  readonly protocols: readonly string[]
  /** How many mailboxes are tried; null: all. */
  readonly sample: number | null
  /** Criteria that were agreed to be left out, by id. */
  readonly without: readonly string[]
}
