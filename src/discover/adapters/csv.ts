import { columned, valuesOf } from '../columns.ts'
import * as column from '../column-names.ts'
import { account, sizeOf, type Found, type Problem, type Reading } from '../found.ts'
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
  const problems: Problem[] = [...unreadable]
  const found: Found[] = []
  if (!names.some(isKnown)) return readHeadless(bytes)
  for (const { line, cell, cells } of rows) {
    const address = cell(...column.ADDRESS)
    const login = cell(...column.LOGIN) ?? address
    if (login === null) {
      problems.push({ line, says: 'there is neither an address nor a login' })
      continue
    }
    const name = cell(...column.NAME) ?? ([cell(...column.FIRST), cell(...column.LAST)].filter((each) => each !== null).join(' ') || null)
    const kind = column.KIND_WORDS.find(([pattern]) => pattern.test(cell(...column.KIND) ?? ''))?.[1] ?? 'user'
    found.push(
      account({
        login,
        address: address !== null && address.includes('@') ? address : null,
        name,
        kind,
        aliases: valuesOf(cell(...column.ALIASES))
          .map((each) => each.replace(/^smtp:/i, ''))
          .filter((each) => each.includes('@')),
        mailAlias: cell(...column.MAIL_ALIAS),
        sizeBytes: sizeOf(cell(...column.SIZE)),
        disabled: column.STATUS.some((each) => isOff(each, cells.get(each) ?? '')),
        line,
      }),
    )
  }
  return { found, problems }
}

const CERTAIN: ReadonlySet<string> = new Set(['email', 'emailaddress', 'primaryemail', 'login', 'loginname', 'username', 'userid'])

function isKnown(name: string): boolean {
  return column.ADDRESS.includes(name) || column.LOGIN.includes(name)
}

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

/** `active=no` and `suspended=yes` say the same. */
function isOff(column: string, value: string): boolean {
  if (/^(?:disabled|suspended|accountdisabled)$/.test(column)) return /^(?:true|yes|ja|oui|1|x)$/i.test(value)
  return /^(?:false|no|nein|non|0|suspended|disabled|locked|inactive|deactivated|closed|gesperrt|deaktiviert|inaktiv)$/i.test(value)
}
