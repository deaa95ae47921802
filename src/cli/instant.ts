import { InvalidArgumentError } from 'commander'

/** Reads an instant with its time zone: without one it could be an hour or a day off. */
export function parseInstant(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?\s?(?:Z|[+-]\d\d:?\d\d)$/i.test(text.trim()) ? Date.parse(text.trim()) : NaN
  if (Number.isNaN(ms)) throw new InvalidArgumentError('Write a time with its zone, like 2026-03-03T08:00Z or 2026-03-03T09:00+01:00.')
  return ms
}

/** "2026-03-03T08:00Z", as `parseInstant` reads it. */
export function instantText(ms: number): string {
  return new Date(ms).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z')
}
