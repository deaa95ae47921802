/** The languages in which the product writes to customers and users. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'ru'] as const
export type Language = (typeof LANGUAGES)[number]

/** The one of a locale such as `de-AT`; null where it is none of ours. */
export function languageOf(locale: string): Language | null {
  const first = locale.trim().toLowerCase().split(/[-_]/)[0]
  return LANGUAGES.find((language) => language === first) ?? null
}
