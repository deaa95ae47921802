import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'

/** Changes entries of a list and leaves the others: `@{Add=…; Remove=…}` in PowerShell. */
export type ListChange = { readonly kind: 'change'; readonly add?: readonly string[]; readonly remove?: readonly string[] }
export type HashTable = { readonly kind: 'table'; readonly entries: Readonly<Record<string, string | number | boolean>> }
/** The content of a file. A script reads it from a file of that name, as it may hold passwords. */
export type FileContent = { readonly kind: 'file'; readonly name: string; readonly bytes: Uint8Array }

/** A size is text such as `50GB` or `unlimited`, a time span such as `30.00:00:00`; a switch is `true`. */
export type CmdletValue =
  | string
  | number
  | boolean
  | null
  | Date
  | Secret
  | readonly (string | number)[]
  | ListChange
  | HashTable
  | FileContent
export type CmdletParameters = Readonly<Record<string, CmdletValue>>

/** One call of a cmdlet of Exchange Online, to be sent or to be printed as PowerShell. */
export type CmdletCall = { readonly cmdlet: string; readonly parameters: CmdletParameters }

/**
 * Throws `bad-input` for an empty Identity, which would mean every object there is (Exchange: Get-Mailbox), and an Error for
 * names and numbers that no cmdlet has.
 */
export function checkCall({ cmdlet, parameters }: CmdletCall): void {
  if (!/^[A-Za-z]+-[A-Za-z0-9]+$/.test(cmdlet)) throw new Error(`not the name of a cmdlet: ${cmdlet}`)
  for (const [name, value] of Object.entries(parameters)) {
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) throw new Error(`not the name of a parameter of ${cmdlet}: ${name}`)
    const numbers = Array.isArray(value) ? value : [value]
    if (numbers.some((one) => typeof one === 'number' && !Number.isSafeInteger(one)))
      throw new Error(`${cmdlet} -${name} is no whole number`)
    if (value instanceof Date && Number.isNaN(value.getTime())) throw new Error(`${cmdlet} -${name} is no date`)
    if (name === 'Identity' && (value === null || (typeof value === 'string' && value.trim() === '')))
      throw new Failure('bad-input', `${cmdlet} was to be called without the name of an object, which would mean all of them.`)
  }
}

/** The object that a call is about, for sentences; null where it names none. */
export function subjectOf({ parameters }: CmdletCall): string | null {
  const subject = parameters['Identity'] ?? parameters['Name'] ?? parameters['DomainName']
  return typeof subject === 'string' ? subject : null
}

/** The parameters as InvokeCommand takes them. Dates are UTC; a `Secret` stays one until the body is made. */
export function cmdletJson(parameters: CmdletParameters): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, jsonValue(value)]))
}

/** Without it the parameter cannot be bound. */
const HASH_TABLE = { '@odata.type': '#Exchange.GenericHashTable' }

function jsonValue(value: CmdletValue): unknown {
  if (value instanceof Date) return value.toISOString().slice(0, 19)
  if (typeof value !== 'object' || value === null || value instanceof Secret || !('kind' in value)) return value
  if (value.kind === 'file') return Buffer.from(value.bytes).toString('base64')
  if (value.kind === 'table') return { ...HASH_TABLE, ...value.entries }
  const { add, remove } = value
  return { ...HASH_TABLE, ...(add === undefined ? {} : { Add: add }), ...(remove === undefined ? {} : { Remove: remove }) }
}
