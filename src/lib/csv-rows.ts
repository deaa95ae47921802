import type { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'

/** One row of the file; unquoted fields are trimmed. `line` is where it begins, from 1. */
export type CsvRow = { readonly line: number; readonly fields: readonly string[] }

export type CsvProblem = { readonly line: number; readonly says: string }

export type CsvTable = {
  readonly rows: readonly CsvRow[]
  readonly problems: readonly CsvProblem[]
  readonly delimiter: string
}

/** The rows of a CSV file as office programs write it: `,`, `;` or tab, UTF-8, UTF-16 or Windows-1252, with or without a BOM. Empty lines are left out. */
export function csvRows(bytes: Buffer): CsvTable {
  const text = officeText(bytes).replaceAll(/\r\n?/g, '\n')
  const stated = /^sep=([,;\t])\n/i.exec(text)
  const body = stated === null ? text : text.slice(stated[0].length)
  const skippedLines = stated === null ? 0 : 1
  const delimiter = stated?.[1] ?? separatorOf(body)
  // Blanks around a tab cannot be told from the tab.
  const trim = delimiter !== '\t'
  const problems: CsvProblem[] = []
  const records = parse(body, {
    delimiter,
    ltrim: trim,
    rtrim: trim,
    info: true,
    relax_column_count: true,
    record_delimiter: '\n',
    skip_records_with_error: true,
    on_skip: (error) => {
      problems.push({ line: lineOf(error) + skippedLines, says: sentence(error) })
    },
    cast: (value, context) => (context.quoting ? value : value.trim()),
  }) as unknown as { readonly record: readonly string[]; readonly info: { readonly lines: number } }[]
  const rows = records
    .map(({ record, info }) => ({ line: info.lines - newlines(record) + skippedLines, fields: record }))
    .filter((row) => row.fields.some((field) => field !== ''))
  return { rows, problems, delimiter }
}

/** A text file as office programs and old shells write it: UTF-8, UTF-16 or Windows-1252, with or without a BOM, which is taken away. */
export function officeText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  // ASCII in UTF-16 without a BOM: every other byte is zero.
  if (bytes.length >= 4 && bytes[1] === 0 && bytes[3] === 0) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes.length >= 4 && bytes[0] === 0 && bytes[2] === 0) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The separator that the first line with something in it has most of; names of columns hold none. */
function separatorOf(text: string): string {
  const header = /^\s*(\S.*)$/m.exec(text)?.[1] ?? ''
  const count = (separator: string): number => header.split(separator).length
  return ['\t', ';', ','].reduce((best, one) => (count(one) > count(best) ? one : best), ',')
}

function newlines(record: readonly string[]): number {
  return record.reduce((sum, field) => sum + field.split('\n').length - 1, 0)
}

/** csv-parse puts the field's text into its message, and that may be a password: only the kind of the error is passed on. */
function sentence(error: CsvError | undefined): string {
  if (error?.code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote that was opened here or above is not closed'
  return 'a quote stands inside a field: put the field in quotes and double the quote ("pass""word")'
}

function lineOf(error: CsvError | undefined): number {
  const lines: unknown = error === undefined ? undefined : Reflect.get(error, 'lines')
  return typeof lines === 'number' ? lines : 1
}
