import { inert } from '../lib/csv-cell.ts'
import type { CsvRow } from '../lib/csv-rows.ts'
import { issueProblems } from './issues.ts'
import { COLUMNS } from './list-columns.ts'
import type { Column, ListProblem } from './list-columns.ts'
import { mailboxEntries, SEVERAL } from './sections/mailbox-entries.ts'
import { yamlFile } from './yaml-file.ts'

/** Mailboxes that stand in cutover.yaml itself, as the rows that a list with them would have; each on its line of the YAML file. */
export function entryRows(bytes: Buffer): { readonly rows: readonly CsvRow[]; readonly problems: readonly ListProblem[] } {
  const file = yamlFile(bytes)
  if (file.problems.length > 0) return { rows: [], problems: file.problems }
  const path = ['mailboxes', 'entries']
  const given: unknown = path.reduce<unknown>((at, key) => Reflect.get(Object(at), key), file.value)
  const parsed = mailboxEntries.safeParse(given)
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }))
    const problems = issueProblems(issues, file.value).map((each) => ({
      line: file.at(each.path, each.key ? 'key' : undefined).line,
      says: each.says,
    }))
    return { rows: [], problems }
  }
  const columns = COLUMNS.filter((column) => parsed.data.some((entry) => entry[column] !== undefined))
  const rows = parsed.data.map((entry, at) => ({
    line: file.at([...path, at]).line,
    fields: columns.map((column) => fieldOf(column, entry[column])),
  }))
  return { rows: [{ line: file.at(path, 'key').line, fields: columns }, ...rows], problems: [] }
}

function fieldOf(column: Column, value: unknown): string {
  const parts = (Array.isArray(value) ? value : [value]).map((part) =>
    part === undefined ? '' : part === true ? 'yes' : part === false ? 'no' : String(part),
  )
  const field = parts.join(SEVERAL[column] ?? ' ')
  return column === 'source_password' || column === 'target_password' ? field : inert(field)
}
