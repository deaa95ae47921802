import { original } from '../lib/csv-cell.ts'
import { isAddress } from '../model/mail-address.ts'
import { columnsOf, type Column, type ListProblem } from './list-columns.ts'
import { listRows } from './mailbox-list.ts'

/** Rows that are no mailboxes and get mail all the same. */
const GET_MAIL: ReadonlySet<string> = new Set(['group', 'alias', 'contact'])

/**
 * Addresses of the rows of a list that stay behind and get mail all the same: groups, aliases, contacts; in lower case. A list that
 * cannot be understood has none: what is wrong with it is told where its mailboxes are read.
 */
export async function otherAddresses(path: string): Promise<readonly string[]> {
  const [header, ...body] = (await listRows(path)).rows
  const problems: ListProblem[] = []
  const columns = header === undefined ? [] : columnsOf(header, { source: false, target: false, tenantOnly: true }, problems)
  const found = body.flatMap(({ fields }) => {
    const field = (column: Column): string => original(fields[columns.indexOf(column)] ?? '').trim()
    if (!GET_MAIL.has(field('kind').toLowerCase())) return []
    return [field('target'), field('source_login'), ...field('aliases').split(/[\s,;]+/)]
  })
  return [...new Set(found.filter(isAddress).map((one) => one.toLowerCase()))]
}
