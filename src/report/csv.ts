import { csvLine, inert } from '../lib/csv-cell.ts'

/** A table as CSV that spreadsheets read as text alone: RFC 4180 quoting, CRLF, a BOM so that umlauts arrive, no formulas. Lazy: a row at a time. */
export function* csv(columns: readonly string[], rows: Iterable<readonly (string | number | null)[]>): Generator<string> {
  yield `\uFEFF${line(columns)}`
  for (const row of rows) yield line(row)
}

function line(fields: readonly (string | number | null)[]): string {
  return `${csvLine(fields.map((field) => (typeof field === 'number' ? `${field}` : inert(field ?? ''))))}\r\n`
}
