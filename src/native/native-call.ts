import type { CmdletCall, CmdletValue, FileContent } from '../microsoft/cmdlet.ts'
import type { Change, Json } from '../model/change.ts'

/** A cmdlet as data. Where the list of a batch belongs stands a `ListRef`: its passwords are in no journal. */
export type NativeCall = { readonly cmdlet: string; readonly parameters: Readonly<Record<string, Json>> }
export type NativeChange = Change<NativeCall>

/** Stands for the list of a batch until the call is sent. */
export type ListRef = { readonly kind: 'list'; readonly batch: string; readonly rows: number }

/** The call with the list of its batch in place of the `ListRef`. Throws where there is no such list. */
export function withList({ cmdlet, parameters }: NativeCall, lists: ReadonlyMap<string, FileContent>): CmdletCall {
  const filled = Object.entries(parameters).map(([name, value]): [string, CmdletValue] => {
    if (!isListRef(value)) return [name, plain(value, name)]
    const list = lists.get(value.batch)
    if (list === undefined) throw new Error(`there is no list for the batch ${value.batch}`)
    return [name, list]
  })
  return { cmdlet, parameters: Object.fromEntries(filled) }
}

function isListRef(value: Json): value is ListRef {
  return typeof value === 'object' && value !== null && 'kind' in value && value['kind'] === 'list' && 'batch' in value
}

function plain(value: Json, name: string): CmdletValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value) && value.every((one): one is string | number => typeof one === 'string' || typeof one === 'number')) return value
  throw new Error(`${name} of a migration cmdlet is no plain value`)
}
