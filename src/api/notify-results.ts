import type { Language } from '../model/language.ts'
import type { Moment } from '../model/moment.ts'
import type { Outcome } from '../notify/carrier.ts'
import type { StandingState, Way } from '../notify/standing.ts'

/** One message to one person, as far as people want to know. Instants are milliseconds since 1970. */
export type MessageView = {
  readonly moment: Moment
  readonly name: string
  readonly address: string
  readonly language: Language
  readonly state: StandingState
  readonly dueAt: number | null
  /** How often it was sent to them, this one counted. */
  readonly version: number
  /** Where it goes, or would. */
  readonly to: readonly { readonly way: Way; readonly address: string }[]
  readonly says: string | null
}

export type MomentView = {
  readonly moment: Moment
  readonly says: string
  readonly to: 'customer' | 'users'
  /** The earliest and the latest of those that are still to come; null: not known. */
  readonly from: number | null
  readonly until: number | null
  readonly counts: Readonly<Partial<Record<StandingState, number>>>
}

export type MessagesPlanResult = {
  readonly project: string
  readonly customer: string
  readonly timeZone: string
  /** null: none is planned. */
  readonly cutoverAt: number | null
  readonly from: string | null
  readonly by: 'smtp' | 'graph'
  readonly perMinute: number
  readonly users: number
  readonly contacts: number
  /** Mailboxes that get none. */
  readonly without: number
  readonly languages: Readonly<Partial<Record<Language, number>>>
  readonly moments: readonly MomentView[]
  /** What needs a person. */
  readonly asks: readonly MessageView[]
  readonly notes: readonly string[]
}

export type MessagePreview = {
  readonly moment: Moment
  readonly language: Language
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** The template as it stands in the file, to begin an own one with. */
  readonly source: string
}

export type MessageSent = { readonly message: MessageView; readonly way: Way; readonly address: string; readonly outcome: Outcome }

export type MessagesSendResult = {
  /** null: nobody agreed. */
  readonly name: string | null
  readonly sent: readonly MessageSent[]
  /** Deliveries that were not begun, or put off until the next run. */
  readonly left: number
  readonly asks: readonly MessageView[]
  readonly timeZone: string
}

export type JournalView = {
  readonly at: number
  readonly moment: Moment
  readonly person: string
  readonly name: string
  readonly address: string
  readonly way: Way
  readonly version: number
  readonly state: 'sending' | 'sent' | 'later' | 'refused' | 'doubt'
  readonly tries: number
  readonly says: string | null
  readonly messageId: string
}

export type MessagesStatusResult = {
  readonly project: string
  readonly timeZone: string
  readonly rows: readonly JournalView[]
  readonly asks: readonly MessageView[]
}
