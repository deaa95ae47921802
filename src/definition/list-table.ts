import { csvLine, inert, original } from '../lib/csv-cell.ts'
import { columnsOf, COLUMNS } from './list-columns.ts'
import type { Column } from './list-columns.ts'
import { NOT_MOVED, type ListRows } from './mailbox-list.ts'

/** The list of mailboxes as it stands, also rows that stay behind: cells by column, empty ones left out. */
export type ListRecord = ReadonlyMap<Column, string>

const PASSWORDS: ReadonlySet<Column> = new Set(['source_password', 'target_password'])

/** The rows of a list without mistakes. */
export function listRecords({ rows }: ListRows): readonly ListRecord[] {
  const [header, ...body] = rows
  if (header === undefined) return []
  const columns = columnsOf(header, { source: false, target: false, tenantOnly: true }, [])
  return body.map(({ fields }) => {
    const cells = columns.map((column, at) => [column, cellOf(column, fields[at] ?? '')] as const)
    return new Map(cells.filter(([, cell]) => cell !== ''))
  })
}

function cellOf(column: Column, field: string): string {
  return PASSWORDS.has(column) ? field : original(field).trim()
}

/** How many of them move. */
export function movingCount(records: readonly ListRecord[]): number {
  return records.filter((record) => !NOT_MOVED.has((record.get('kind') ?? '').toLowerCase())).length
}

/** The same as a CSV file, its columns in one order. */
export function listText(records: readonly ListRecord[]): string {
  const columns = COLUMNS.filter((column) => column === 'target' || records.some((record) => record.has(column)))
  const lines = records.map((record) =>
    columns.map((column) => (PASSWORDS.has(column) ? (record.get(column) ?? '') : inert(record.get(column) ?? ''))),
  )
  return [columns, ...lines].map((cells) => `${csvLine(cells)}\n`).join('')
}
