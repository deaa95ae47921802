import { csv } from './csv.ts'
import type { Cell, ReportDocument, ReportTable } from './document.ts'

export type CsvFile = { readonly name: string; readonly chunks: () => Iterable<string> }

/**
 * One file for each table of the document, by the table's name, a row at a time. Figures are raw for who reckons with them: bytes,
 * milliseconds, ISO 8601. Nothing in it is run as a formula. A table without rows has its head.
 */
export function documentCsv(report: ReportDocument): readonly CsvFile[] {
  const tables = report.blocks.filter((block): block is ReportTable => block.kind === 'table')
  const names = new Set<string>()
  return tables.map((table) => {
    let name = table.name
    for (let at = 2; names.has(name); at++) name = `${table.name}-${at}`
    names.add(name)
    return { name, chunks: () => csv(headOf(table), rowsOf(table, report.timeZone)) }
  })
}

function headOf({ columns, rows }: ReportTable): readonly string[] {
  return columns.map(({ label }, at) => {
    const kinds = new Set(rows.map(({ cells }) => unitOf(cells[at] ?? null)).filter((unit) => unit !== null))
    const [unit] = [...kinds]
    return unit === undefined || kinds.size > 1 ? label : `${label} (${unit})`
  })
}

function unitOf(cell: Cell): string | null {
  if (cell === null || typeof cell !== 'object') return null
  if ('bytes' in cell) return 'bytes'
  if ('milliseconds' in cell) return 'ms'
  return 'money' in cell ? cell.currency : null
}

function* rowsOf({ rows }: ReportTable, timeZone: string): Generator<readonly (string | number | null)[]> {
  for (const { cells } of rows) yield cells.map((cell) => raw(cell, timeZone))
}

function raw(cell: Cell, timeZone: string): string | number | null {
  if (cell === null || typeof cell !== 'object') return cell
  if ('bytes' in cell) return cell.bytes
  if ('milliseconds' in cell) return Math.round(cell.milliseconds)
  if ('money' in cell) return cell.money
  const date = new Date('instant' in cell ? cell.instant : cell.day)
  if (Number.isNaN(date.getTime())) return null
  // The day is one of the project's time zone; Sweden writes days as ISO 8601 does.
  return 'day' in cell ? new Intl.DateTimeFormat('sv-SE', { timeZone }).format(date) : date.toISOString()
}
