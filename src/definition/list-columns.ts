import type { CsvRow } from '../lib/csv-rows.ts'
import { distance } from './nearest.ts'

/** What every command reads. */
const MOVING = [
  'source_login',
  'source_password',
  'source_root',
  'target',
  'target_password',
  'name',
  'kind',
  'alias',
  'aliases',
  'batch',
  'private_address',
  'notes',
] as const
/** What the tenant is prepared by; the other commands pass it by. */
export const TENANT_COLUMNS = [
  'display_name',
  'given_name',
  'surname',
  'upn',
  'licence',
  'without_licence',
  'location',
  'language',
  'time_zone',
  'archive',
  'retention_hold',
  'litigation_hold',
  'forward_to',
  'keep_copy',
  'hidden',
  'receive_size',
  'send_size',
  'protocols',
  'full_access',
  'send_as',
  'size',
] as const
export type TenantColumn = (typeof TENANT_COLUMNS)[number]

export const COLUMNS = [...MOVING, ...TENANT_COLUMNS] as const
export type Column = (typeof COLUMNS)[number]

export type ListProblem = { readonly line: number; readonly says: string }

/**
 * What every mailbox must have. `source` and `target`: a password for that end. `tenantOnly`: nothing is moved now, so that neither
 * logins nor passwords are needed or looked at. `unread`: logins are needed, and passwords are not looked at.
 */
export type PasswordNeeds = {
  readonly source: boolean
  readonly target: boolean
  readonly tenantOnly?: boolean
  readonly unread?: boolean
}

/** The column of each field; [] when the header is wrong. */
export function columnsOf(header: CsvRow, needs: PasswordNeeds, problems: ListProblem[]): readonly Column[] {
  const before = problems.length
  const columns: Column[] = []
  const names = header.fields.map((field) => spelling(field.toLowerCase().replaceAll(/[\s-]+/g, '_')))
  while (names.at(-1) === '') names.pop()
  if (!names.some((name) => nearestColumn(name) !== undefined)) {
    // It is a row of its own, with a password that must not be repeated.
    problems.push({ line: header.line, says: `the first line does not name the columns: ${COLUMNS.join(', ')}` })
    return []
  }
  for (const [at, name] of names.entries()) {
    const field = header.fields[at] ?? ''
    const known = COLUMNS.find((column) => column === name)
    if (known === undefined) {
      const near = nearestColumn(name)
      const hint = near === undefined ? `: there are ${COLUMNS.join(', ')}` : `: did you mean "${near}"?`
      problems.push({ line: header.line, says: `unknown column "${field}"${hint}` })
    } else if (columns.includes(known)) problems.push({ line: header.line, says: `column "${known}" stands there twice` })
    else columns.push(known)
  }
  const wanted: Column[] = needs.tenantOnly === true ? ['target'] : ['source_login', 'target']
  if (needs.source) wanted.push('source_password')
  if (needs.target) wanted.push('target_password')
  for (const column of wanted) if (!columns.includes(column)) problems.push({ line: header.line, says: `column "${column}" is missing` })
  return problems.length === before ? columns : []
}

function spelling(name: string): string {
  return name === 'license' ? 'licence' : name
}

/** A short column is near to too many words that stand in rows. */
function nearestColumn(name: string): Column | undefined {
  return COLUMNS.find((column) => column === name) ?? COLUMNS.find((column) => column.length > 5 && distance(column, name) <= 2)
}
