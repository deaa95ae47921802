import type { SQLOutputValue } from 'node:sqlite'

/** One row as SQLite hands it out. */
export type Row = Readonly<Record<string, SQLOutputValue>>

/** Reads a TEXT NOT NULL column. Any other value is a bug in the query, and throws. */
export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value === 'string') return value
  throw wrong(row, column, 'TEXT')
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column)
}

/** Reads an INTEGER NOT NULL column of at most 53 bits (node:sqlite throws by itself on a larger one). */
export function integer(row: Row, column: string): number {
  const value = row[column]
  if (typeof value === 'number') return value
  throw wrong(row, column, 'INTEGER')
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column)
}

/** Reads a BLOB column as a Buffer over the same memory. */
export function blobOrNull(row: Row, column: string): Buffer | null {
  const value = row[column]
  if (value === null) return null
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  throw wrong(row, column, 'BLOB')
}

function wrong(row: Row, column: string, type: string): Error {
  return new Error(`column ${column} is no ${type}: ${typeof row[column]}`)
}
