import { LANGUAGES, type Language } from '../model/language.ts'

/**
 * A report before it has a form: HTML, PDF and CSV are made of the same blocks, and JSON is the data that they were made of. Every text is
 * data, escaped by the printer; none is markup.
 */
export type ReportDocument = {
  readonly title: string
  readonly subtitle: string | null
  /** "Prepared for": who it is about. */
  readonly customer: string | null
  /** Milliseconds since 1970. */
  readonly madeAt: number
  readonly timeZone: string
  readonly language: Language
  /** PNG or SVG as bytes; null: none. */
  readonly logo: { readonly type: 'png' | 'svg' | 'jpeg'; readonly bytes: Uint8Array } | null
  /** Printed across the long side of the sheet: its tables have many columns. */
  readonly wide: boolean
  readonly blocks: readonly Block[]
}

/** What every report is told beside its data. Reports are pure: same data and options, same document. */
export type ReportOptions = Pick<ReportDocument, 'customer' | 'madeAt' | 'timeZone' | 'language' | 'logo'>

export { LANGUAGES, type Language }

export type Tone = 'good' | 'warning' | 'bad' | 'plain'

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  /** One sentence that says how it stands, in a colour. */
  | { readonly kind: 'verdict'; readonly tone: Tone; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** A few figures side by side. */
  | { readonly kind: 'figures'; readonly figures: readonly { readonly label: string; readonly value: string; readonly tone: Tone }[] }
  | { readonly kind: 'pairs'; readonly pairs: readonly { readonly label: string; readonly value: string }[] }
  | ReportTable
  /** Figures to be compared at a glance; `share` of the longest one, 0–1. */
  | {
      readonly kind: 'bars'
      readonly bars: readonly { readonly label: string; readonly value: string; readonly share: number; readonly tone: Tone }[]
    }
  /** What happened when, or will. */
  | { readonly kind: 'timeline'; readonly entries: readonly { readonly at: number; readonly says: string; readonly tone: Tone }[] }
  | { readonly kind: 'signatures'; readonly lines: readonly { readonly role: string; readonly name: string | null }[] }
  | { readonly kind: 'page-break' }

/** In CSV each table is a file of its own, by its `name`. */
export type ReportTable = {
  readonly kind: 'table'
  /** File name in CSV: small letters and hyphens. */
  readonly name: string
  readonly columns: readonly Column[]
  readonly rows: readonly { readonly cells: readonly Cell[]; readonly tone: Tone }[]
  /** Told where there are no rows. */
  readonly empty: string
}

/** `width`: parts of the page's width in PDF. */
export type Column = { readonly label: string; readonly width: number; readonly align: 'left' | 'right' }
/** Numbers are grouped by the language; sizes and instants are told as such, and raw (bytes, ISO 8601) in CSV. */
export type Cell =
  | string
  | number
  | null
  | { readonly bytes: number }
  | { readonly instant: number }
  /** An instant of which only the day counts, in the time zone of the project. */
  | { readonly day: number }
  | { readonly milliseconds: number }
  | { readonly money: number; readonly currency: string }
