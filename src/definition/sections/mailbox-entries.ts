import { z } from 'zod'
import { text } from '../field.ts'
import type { Column } from '../list-columns.ts'
import { COLUMNS } from '../list-columns.ts'
import { COLUMN_GUIDE } from '../list-guide.ts'
import { secretPlaceOf } from './secret-field.ts'

/** Columns that hold several values, and what stands between them in the list. */
export const SEVERAL: Readonly<Partial<Record<Column, string>>> = {
  aliases: ' ',
  licence: '+',
  without_licence: '+',
  protocols: ' ',
  full_access: ' ',
  send_as: ' ',
}
const SWITCHES: ReadonlySet<Column> = new Set(['archive', 'retention_hold', 'litigation_hold', 'keep_copy', 'hidden'])
const SIZES: ReadonlySet<Column> = new Set(['receive_size', 'send_size', 'size'])

function cell(column: Column): z.ZodType {
  if (column === 'source_password' || column === 'target_password') return text(secretPlaceOf)
  if (SEVERAL[column] !== undefined) return z.union([z.string(), z.array(z.string())])
  if (SWITCHES.has(column)) return z.union([z.boolean(), z.string()])
  return SIZES.has(column) ? z.union([z.string(), z.number()]) : z.string()
}

const FIELDS = Object.fromEntries(COLUMNS.map((column) => [column, cell(column).optional().meta({ description: COLUMN_GUIDE[column] })]))

/** Mailboxes in cutover.yaml itself, with the columns of the list as keys. What a value must be is looked at as in the list. */
export const mailboxEntries = z.array(z.strictObject(FIELDS))
