import { csvLine, inert, original } from '../lib/csv-cell.ts'
import { csvRows } from '../lib/csv-rows.ts'
import type { Problem } from './found.ts'

/** A row of the list of mailboxes as text, by column. */
export type ListRow = Readonly<Record<string, string>>

/** The list as it stands in its file: passwords are kept as typed, and columns in their order. */
export type ListTable = { readonly columns: readonly string[]; readonly rows: readonly ListRow[]; readonly delimiter: string }

export const LIST_COLUMNS = ['name', 'source_login', 'source_password', 'target', 'kind', 'alias', 'aliases', 'batch', 'notes'] as const

/** Reads a list to merge into. Nothing is resolved or checked but that it is one. */
export function readListTable(bytes: Buffer): { readonly table: ListTable; readonly problems: readonly Problem[] } {
  const { rows, problems: unreadable, delimiter } = csvRows(bytes)
  const problems: Problem[] = [...unreadable]
  const [head, ...body] = rows
  const columns = (head?.fields ?? []).map((field) => field.toLowerCase().replaceAll(/[\s-]+/g, '_'))
  while (columns.at(-1) === '') columns.pop()
  for (const column of ['source_login', 'target'])
    if (!columns.includes(column))
      problems.push({ line: head?.line ?? 1, says: `column "${column}" is missing: this is no list of mailboxes` })
  const kept = body.flatMap(({ line, fields }) => {
    if (fields.slice(columns.length).some((field) => field !== '')) {
      problems.push({
        line,
        says: `${fields.length} fields instead of ${columns.length}: a field that holds the separator stands in quotes`,
      })
      return []
    }
    return [Object.fromEntries(columns.map((column, at) => [column, read(column, fields[at] ?? '')]))]
  })
  return { table: { columns, rows: kept, delimiter }, problems }
}

/** The whole file, for spreadsheets and for `cutover copy --mailboxes`: a BOM so that umlauts arrive, no formulas. */
export function* listText({ columns, rows, delimiter }: ListTable): Generator<string> {
  yield `\uFEFF${csvLine(columns, delimiter)}\r\n`
  for (const row of rows)
    yield `${csvLine(
      columns.map((column) => write(column, row[column] ?? '')),
      delimiter,
    )}\r\n`
}

/** A password is never changed, not even to make it harmless: a person typed it. */
function write(column: string, value: string): string {
  return column.endsWith('_password') ? value : inert(value)
}

function read(column: string, cell: string): string {
  return column.endsWith('_password') ? cell : original(cell)
}
