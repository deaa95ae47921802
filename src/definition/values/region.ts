import { nearest } from '../nearest.ts'
import type { Checked } from './checked.ts'

/** What `Intl` names besides the countries of ISO 3166-1: exceptional, transitional and withdrawn codes. */
const NO_COUNTRY = new Set('AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH QO RH SU TA TP UK UN VD XA XB XK YD YU ZR ZZ'.split(' '))
const ENGLISH = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
const GERMAN = new Intl.DisplayNames('de', { type: 'region', fallback: 'none' })
const LANGUAGES = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('')

export const COUNTRIES: readonly string[] = LETTERS.flatMap((a) => LETTERS.map((b) => a + b)).filter(
  (code) => !NO_COUNTRY.has(code) && ENGLISH.of(code) !== undefined,
)

/** A country by ISO 3166-1 alpha-2, in capitals. */
export function countryOf(text: string): Checked<string> {
  const code = text.trim().toUpperCase()
  if (COUNTRIES.includes(code)) return { value: code }
  const meant = code === 'UK' ? 'GB' : countryNamed(text.trim())
  return { says: `a country in two letters, such as DE${meant === undefined ? '' : `; did you mean ${meant}?`}` }
}

function countryNamed(name: string): string | undefined {
  if (name.length < 4 || name.length > 60) return undefined
  const named = new Map(COUNTRIES.flatMap((code) => [ENGLISH.of(code), GERMAN.of(code)].map((each) => [each ?? code, code] as const)))
  const near = nearest(name, named.keys())
  return near === undefined ? undefined : named.get(near)
}

/** A language with its country as Exchange writes it: `de-DE`. */
export function languageOf(text: string): Checked<string> {
  const locale = localeOf(text.trim())
  const known = locale !== null && LANGUAGES.of(locale.language) !== undefined
  if (known && locale.region !== undefined && COUNTRIES.includes(locale.region)) return { value: locale.toString() }
  const guess = known && locale.region === undefined ? locale.maximize().region : undefined
  return {
    says: `a language and its country, such as de-DE${guess === undefined || !known ? '' : `; did you mean ${locale.language}-${guess}?`}`,
  }
}

function localeOf(tag: string): Intl.Locale | null {
  if (!/^[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_][A-Za-z]{2})?$/.test(tag)) return null
  try {
    return new Intl.Locale(tag.replaceAll('_', '-'))
  } catch {
    return null
  }
}
