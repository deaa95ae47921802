import type { SQLOutputValue } from 'node:sqlite'

/** One row by column name. */
export type Row = Readonly<Record<string, SQLOutputValue>>
/** One row in the order of the selected columns: a third of the memory of a `Row`, for queries over many. */
export type Cells = readonly SQLOutputValue[]

type Value = SQLOutputValue | undefined

/** A TEXT NOT NULL column. Any other value is a bug in the query, and throws; so do the others. */
export function text(value: Value): string {
  if (typeof value === 'string') return value
  throw wrong('TEXT', value)
}

export function textOrNull(value: Value): string | null {
  return value === null ? null : text(value)
}

/** An INTEGER NOT NULL column of at most 53 bits (node:sqlite throws by itself on a larger one). */
export function integer(value: Value): number {
  if (typeof value === 'number') return value
  throw wrong('INTEGER', value)
}

export function integerOrNull(value: Value): number | null {
  return value === null ? null : integer(value)
}

/** A BLOB column, as a Buffer over the same memory. */
export function blobOrNull(value: Value): Buffer | null {
  if (value === null) return null
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  throw wrong('BLOB', value)
}

function wrong(type: string, value: Value): Error {
  return new Error(`a column that should be ${type} is ${value === null ? 'NULL' : typeof value}`)
}
