import type { JsonObject } from './wire-json.ts'
import { textIn } from './wire-json.ts'

/** A row without what only tells types (`…@odata.type`, `…@data.type`), at any depth. */
export function withoutTypes(row: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([key]) => !/odata|data\.type$/i.test(key))
      .map(([key, value]) => [key, cleaned(value)]),
  )
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned)
  return typeof value === 'object' && value !== null ? withoutTypes({ ...value }) : value
}

/** Bytes of a size as Exchange writes it: `3.322 KB (3,402 bytes)`; Infinity for `Unlimited`, null for what is none. */
export function sizeBytes(value: unknown): number | null {
  if (typeof value === 'number') return value
  const text = textIn(value)
  if (/^unlimited$/i.test(text.trim())) return Infinity
  const digits = /\(([0-9,. \u00a0\u202f']+) bytes\)/i.exec(text)?.[1]?.replaceAll(/\D/g, '')
  return digits === undefined || digits === '' ? null : Number(digits)
}
