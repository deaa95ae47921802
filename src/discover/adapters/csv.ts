import { accountIn, isKnown } from '../column-names.ts'
import { columned } from '../columns.ts'
import { account, type Problem, type Reading } from '../found.ts'
import type { Listing, ListingFile } from '../listing.ts'
import { csvRows } from '../../lib/csv-rows.ts'
import { isAddress } from '../../model/mail-address.ts'

/** Any table with a line of column names in which an address or a login can be told by its column. */
export const csv: Listing = {
  name: 'csv',
  title: 'a CSV table (columns told by their names)',
  command: '',
  file: {
    recognises: ({ bytes }) => {
      const start = bytes.subarray(0, 65_536)
      const { names, rows } = columned(start)
      if (names.length > 1) return names.some(isKnown) || headless(start)
      // One column: a list of logins may begin with one that is called like a column.
      const [name = ''] = names
      return CERTAIN.has(name) || (isKnown(name) && rows.length > 0 && rows.every(({ cells }) => cells.get(name)?.includes('@') === true))
    },
    read,
  },
  live: null,
}

function read({ bytes }: ListingFile): Reading {
  const { names, rows, problems: unreadable } = columned(bytes)
  if (!names.some(isKnown)) return readHeadless(bytes)
  const problems: Problem[] = [...unreadable]
  const found = rows.flatMap(({ line, cells }) => {
    const one = accountIn(cells, line)
    if (one === null) problems.push({ line, says: 'there is neither an address nor a login' })
    return one ?? []
  })
  return { found, problems }
}

const CERTAIN: ReadonlySet<string> = new Set(['email', 'emailaddress', 'primaryemail', 'login', 'loginname', 'username', 'userid'])

function headless(bytes: Buffer): boolean {
  return csvRows(bytes).rows[0]?.fields.some(isAddress) === true
}

/** Without names of columns the one address of each row is taken, and nothing else: what stands beside it may be a password. */
function readHeadless(bytes: Buffer): Reading {
  const { rows, problems: unreadable } = csvRows(bytes)
  const problems: Problem[] = [...unreadable]
  if (!headless(bytes)) {
    const says = 'the first line names no column that we know: one must be called email, address, login or user'
    return { found: [], problems: [{ line: rows[0]?.line ?? 1, says }] }
  }
  const found = rows.flatMap(({ line, fields }) => {
    const login = fields.find(isAddress)
    if (login === undefined) problems.push({ line, says: 'there is no address' })
    return login === undefined ? [] : [account({ login, line })]
  })
  return { found, problems }
}
