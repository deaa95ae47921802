import { csvLine } from '../lib/csv-cell.ts'
import { Failure } from '../model/failure.ts'
import { MAX_CSV_BYTES, MAX_CSV_ROWS, MAX_NAME } from './limits.ts'
import type { NativeRow } from './sign-in.ts'

/** One batch: its name, and the rows of its list. */
export type Batch = { readonly name: string; readonly rows: readonly NativeRow[]; readonly hasRoots: boolean }

type Most = { readonly rows: number; readonly bytes: number }

const LIMITS: Most = { rows: MAX_CSV_ROWS, bytes: MAX_CSV_BYTES }

/** Rows that are to be one batch, by the name that they have in common; '' for none. */
export type Group = { readonly group: string; readonly rows: readonly NativeRow[] }

/** The batches of all groups, each by its own name: `wave`, `wave north`, `wave south 1 of 2`. */
export function groupedBatches(name: string, groups: readonly Group[]): readonly Batch[] {
  return groups.flatMap(({ group, rows }) => batchesOf(group === '' ? name : `${name} ${group}`, rows))
}

/** The rows in their order, in as few batches as Microsoft's limits allow: `wave`, or `wave 1 of 3` and so on. */
export function batchesOf(name: string, rows: readonly NativeRow[], most: Most = LIMITS): readonly Batch[] {
  checkName(name)
  const hasRoots = rows.some(({ userRoot }) => userRoot !== null)
  const headBytes = lineBytes(head(hasRoots))
  const groups: NativeRow[][] = []
  let room = -1
  for (const row of rows) {
    const bytes = lineBytes(cellsOf(row, hasRoots, true))
    if (headBytes + bytes > most.bytes)
      throw new Failure('bad-input', `The row of ${row.emailAddress} alone is larger than the list of a batch may be.`)
    let group = groups.at(-1)
    if (group === undefined || group.length >= most.rows || bytes > room) {
      group = []
      groups.push(group)
      room = most.bytes - headBytes
    }
    group.push(row)
    room -= bytes
  }
  const named = (at: number): string => (groups.length === 1 ? name : `${name} ${at + 1} of ${groups.length}`)
  for (const at of groups.keys()) checkName(named(at))
  return groups.map((rows, at) => ({ name: named(at), rows, hasRoots }))
}

/** The list as Microsoft wants it: UTF-8 without a mark, CRLF. Without `passwords` their column is empty, for a person to fill. */
export function listOf({ rows, hasRoots }: Batch, passwords: boolean): Uint8Array {
  const lines = [head(hasRoots), ...rows.map((row) => cellsOf(row, hasRoots, passwords))]
  return Buffer.from(lines.map((cells) => `${csvLine(cells)}\r\n`).join(''), 'utf8')
}

/** A name of a batch as it can be asked for again, in file names and in sentences. */
export function checkName(name: string): void {
  if (name.trim() !== name || name === '') throw new Failure('bad-input', 'The name of a batch is not empty and has no blanks at its ends.')
  if (name.length > MAX_NAME)
    throw new Failure('bad-input', `The name of a batch has at most ${MAX_NAME} characters: "${name}" has ${name.length}.`)
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}*?"<>|:/\\]/u.test(name))
    throw new Failure('bad-input', 'The name of a batch holds no line breaks, no invisible characters and none of * ? " < > | : / \\')
}

/** Exact, one word each; an unknown one aborts the batch. */
function head(hasRoots: boolean): readonly string[] {
  return ['EmailAddress', 'UserName', 'Password', ...(hasRoots ? ['UserRoot'] : [])]
}

function cellsOf({ emailAddress, userName, password, userRoot }: NativeRow, hasRoots: boolean, passwords: boolean): readonly string[] {
  return [emailAddress, userName, passwords ? (password?.reveal() ?? '') : '', ...(hasRoots ? [userRoot ?? ''] : [])]
}

function lineBytes(cells: readonly string[]): number {
  return Buffer.byteLength(csvLine(cells)) + 2
}
