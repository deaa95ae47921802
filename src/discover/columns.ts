import { csvRows } from '../lib/csv-rows.ts'
import type { Problem } from './found.ts'

/** A CSV file with a line of column names: each row by the names, in lower case without blanks and signs. */
export type Columned = {
  readonly names: readonly string[]
  readonly rows: readonly {
    readonly line: number
    readonly cell: (...names: readonly string[]) => string | null
    readonly cells: ReadonlyMap<string, string>
  }[]
  readonly problems: readonly Problem[]
}

/** Reads office and PowerShell exports alike: any encoding and separator of `csvRows`, a `#TYPE` line before the header. */
export function columned(bytes: Buffer): Columned {
  const { rows, problems: unreadable } = csvRows(bytes)
  const problems: Problem[] = [...unreadable]
  const [head, ...body] = rows[0]?.fields[0]?.startsWith('#TYPE ') === true ? rows.slice(1) : rows
  const names = (head?.fields ?? []).map(columnName)
  const kept = body.flatMap(({ line, fields }) => {
    if (fields.length > names.length && fields.slice(names.length).some((field) => field !== '')) {
      problems.push({ line, says: `${fields.length} fields instead of ${names.length}: a field that holds the separator stands in quotes` })
      return []
    }
    const cells = new Map(names.map((name, at) => [name, (fields[at] ?? '').trim()]))
    const cell = (...wanted: readonly string[]): string | null =>
      wanted.map((name) => cells.get(name) ?? '').find((value) => value !== '') ?? null
    return [{ line, cells, cell }]
  })
  return { names, rows: kept, problems }
}

/** "Email Address [Required]", "E-Mail-Adresse", "primary_smtp_address" without what only looks different. */
export function columnName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\[[^\]]*\]|\([^)]*\)/g, '')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** Values of a cell that holds several: separated by blanks, `;`, `|` or commas. A PowerShell type name in place of values is none. */
export function valuesOf(cell: string | null): readonly string[] {
  if (cell === null || isTypeName(cell)) return []
  return cell
    .replaceAll(/[{}]/g, ' ')
    .split(/[;|,\s]+/)
    .filter((each) => each !== '' && each !== '...')
}

/** What Export-Csv writes for a list: "Microsoft.Exchange.Data.ProxyAddressCollection". */
export function isTypeName(cell: string): boolean {
  return /^(?:System|Microsoft|Deserialized)\.[\w.`[\],+ ]+$/.test(cell)
}
