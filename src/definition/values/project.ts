import type { Checked } from './checked.ts'

/** The short name of a project: it is a folder and a word on the command line. */
export function projectNameOf(text: string): Checked<string> {
  const given = text.trim()
  if (/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(given)) return { value: given }
  const near = given
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
  return { says: `small letters, digits and hyphens, at most 40${near === '' ? '' : `; ${near.replace(/-+$/, '')} would do`}` }
}

/** The id of a task or of something else that is named in sentences and on the command line. */
export function idOf(text: string): Checked<string> {
  const given = text.trim()
  if (/^[a-z0-9](?:[a-z0-9.-]{0,48}[a-z0-9])?$/.test(given)) return { value: given }
  return { says: 'small letters, digits, dots and hyphens, such as dns-access' }
}

/** ISO 4217. */
export function currencyOf(text: string): Checked<string> {
  const given = text.trim().toUpperCase()
  return Intl.supportedValuesOf('currency').includes(given) ? { value: given } : { says: 'a currency in three letters, such as EUR or USD' }
}

/** Paths of files; one that begins with `~` is none that a program knows. */
export function pathOf(text: string): Checked<string> {
  const given = text.trim()
  if (given === '' || /\p{Cc}/u.test(given)) return { says: 'the path of a file' }
  return given.startsWith('~') ? { says: 'a path without ~: relative to this file, or whole' } : { value: given }
}

/** A paragraph or several. */
export function paragraphsOf(text: string): Checked<string> {
  const given = text.trim()
  if (given === '') return { says: 'it is empty' }
  if (given.length > 20_000) return { says: 'at most 20,000 characters' }
  return /[^\P{Cc}\n\r\t]/u.test(given) ? { says: 'it holds a control character' } : { value: given }
}
