import { Failure } from '../model/failure.ts'

/** Anything that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * The one way to write a value: keys sorted by UTF-16 units, no blanks, numbers and strings as ECMAScript writes them (RFC 8785). Throws
 * `Failure('bad-input')` for what JSON cannot say (NaN, undefined, half a surrogate pair), so that nothing unsigned slips by.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, item]) => `${quoted(key)}:${canonicalJson(item)}`).join(',')}}`
  }
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Failure('bad-input', `${value} cannot be written as JSON.`)
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new Failure('bad-input', `A ${typeof value} cannot be written as JSON.`)
  return text
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new Failure('bad-input', 'A text with half a surrogate pair cannot be written as JSON.')
  return JSON.stringify(text)
}

/** The value as plain JSON data, half surrogate pairs replaced, members that are undefined left out: what a foreign object looks like when signed. */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value), (_, item: unknown) => (typeof item === 'string' ? item.toWellFormed() : item)) as Json
}
