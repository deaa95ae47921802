import type { Cell, Language } from './document.ts'

/** How a language writes figures and times. Same input, same text: nothing of this machine's settings comes in. */
export type Format = {
  readonly language: Language
  /** Grouped; at most two places after the point. */
  number(value: number): string
  /** Powers of 1024, as quotas are told: "1.5 GB". */
  bytes(value: number): string
  /** Date and time to the minute, in the project's time zone. */
  instant(at: number): string
  day(at: number): string
  time(at: number): string
  /** In the largest two units: "3 days 4 hours". */
  duration(milliseconds: number): string
  money(amount: number, currency: string): string
  percent(share: number): string
  cell(cell: Cell): string
}

const UNITS: Readonly<Record<Language, readonly string[]>> = {
  en: ['B', 'KB', 'MB', 'GB', 'TB', 'PB'],
  de: ['B', 'KB', 'MB', 'GB', 'TB', 'PB'],
  fr: ['o', 'Ko', 'Mo', 'Go', 'To', 'Po'],
  es: ['B', 'KB', 'MB', 'GB', 'TB', 'PB'],
  ru: ['Б', 'КБ', 'МБ', 'ГБ', 'ТБ', 'ПБ'],
}
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES', ru: 'ru-RU' }
const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const
/** What stands in a table where there is nothing to tell. */
export const NOTHING = '–'

/** Writes for people. Throws RangeError for a time zone that Intl does not know. */
export function formatOf(language: Language, timeZone: string): Format {
  const locale = LOCALES[language]
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, useGrouping: 'always' })
  const day = new Intl.DateTimeFormat(locale, { timeZone, year: 'numeric', month: 'short', day: 'numeric' })
  const time = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const format: Format = {
    language,
    number: (value) => plain.format(value),
    bytes(value) {
      let [size, at] = [value, 0]
      // 1023.95 would be told as "1,024".
      for (; at < 5 && Math.abs(size) >= 1023.95; at++) size /= 1024
      const digits = at === 0 || Math.abs(size) >= 99.95 ? 0 : 1
      return `${new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(size)}\u00A0${UNITS[language][at]}`
    },
    instant: (at) => (isInstant(at) ? `${day.format(at)}, ${time.format(at)}` : NOTHING),
    day: (at) => (isInstant(at) ? day.format(at) : NOTHING),
    time: (at) => (isInstant(at) ? time.format(at) : NOTHING),
    duration(milliseconds) {
      if (milliseconds < 1000) return inUnit(locale, 'second', Math.ceil(Math.max(0, milliseconds) / 100) / 10)
      // Rounded in the smaller unit first, so that no "1 hour 60 minutes" comes out.
      const smaller = STEPS[STEPS.findIndex(([, size]) => milliseconds >= size) + 1]?.[1] ?? 1000
      const rounded = Math.round(milliseconds / smaller) * smaller
      const at = STEPS.findIndex(([, size]) => rounded >= size)
      const [[unit, size], next] = [STEPS[at] ?? STEPS[3], STEPS[at + 1]]
      const parts = [inUnit(locale, unit, Math.floor(rounded / size))]
      const rest = next === undefined ? 0 : Math.round((rounded % size) / next[1])
      return (next === undefined || rest === 0 ? parts : [...parts, inUnit(locale, next[0], rest)]).join(' ')
    },
    money(amount, currency) {
      // "US$" is what Britons write; there are other dollars, and those keep their letters.
      const currencyDisplay = currency === 'USD' ? 'narrowSymbol' : 'symbol'
      return new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay }).format(amount)
    },
    percent: (value) => share.format(value),
    cell(cell) {
      if (cell === null || cell === '') return NOTHING
      if (typeof cell === 'string') return cell
      if (typeof cell === 'number') return format.number(cell)
      if ('bytes' in cell) return format.bytes(cell.bytes)
      if ('instant' in cell) return format.instant(cell.instant)
      if ('day' in cell) return format.day(cell.day)
      if ('milliseconds' in cell) return format.duration(cell.milliseconds)
      return format.money(cell.money, cell.currency)
    },
  }
  return format
}

/** Times of receipt come from old servers: any number may stand there. */
function isInstant(at: number): boolean {
  return Math.abs(at) <= 8.64e15
}

function inUnit(locale: string, unit: 'day' | 'hour' | 'minute' | 'second', value: number): string {
  const unitDisplay = unit === 'day' ? 'long' : 'short'
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 }).format(value)
}
