import type { Settings } from '../../model/wanted-tenant.ts'
import { nearest } from '../nearest.ts'
import { shown } from '../shown.ts'
import type { Parameters, Value } from './parameter.ts'

/** `name` as it stands in the file; '' for the settings as a whole. */
export type ParameterProblem = { readonly name: string; readonly key: boolean; readonly says: string }
/** A value as it stands in the file. */
export type Given = Exclude<Value, readonly string[]> | readonly (string | number)[]
export type CheckedSettings = { readonly settings: Settings; readonly problems: readonly ParameterProblem[] }

/**
 * Parameters by their right names and with values of their kind. One that is not in the table is passed on as it stands, unless it is
 * a misspelling of one that is (`unknownParameters` names the others).
 */
export function checkSettings(
  given: Readonly<Record<string, Given>>,
  table: Parameters,
  elsewhere: Readonly<Record<string, string>> = {},
): CheckedSettings {
  const settings: Record<string, Value> = {}
  const problems: ParameterProblem[] = []
  for (const [name, value] of Object.entries(given)) {
    const known = nameIn(table, name)
    const advice = elsewhere[nameIn(elsewhere, name) ?? '']
    const parameter = known === undefined ? undefined : table[known]
    if (advice !== undefined) problems.push({ name, key: true, says: `does not stand here: ${advice}` })
    else if (known !== undefined && Object.hasOwn(settings, known)) problems.push({ name, key: true, says: 'stands there twice' })
    else if (known === undefined || parameter === undefined) {
      const near = nearest(name.replace(/^-/, ''), Object.keys(table))
      if (near !== undefined) problems.push({ name, key: true, says: `is not known here: did you mean ${near}?` })
      else if (!/^[A-Za-z][A-Za-z0-9]{0,80}$/.test(name))
        problems.push({ name: '', key: true, says: 'hold a key that is no name of a parameter' })
      else settings[name] = texts(value)
    } else if (value === null && parameter.takes !== 'true or false') settings[known] = null
    else {
      const read = parameter.read(texts(value)) ?? { says: parameter.takes }
      if ('value' in read) settings[known] = read.value
      else problems.push({ name, key: false, says: `is ${shown(value)}: ${read.says}` })
    }
  }
  return { settings, problems }
}

/** A number in a list is a text that was written without quotes. */
function texts(value: Given): Value {
  return typeof value === 'object' && value !== null ? value.map(String) : value
}

/** Those that are in no table. */
export function unknownParameters(settings: Settings, table: Parameters): readonly string[] {
  return Object.keys(settings).filter((name) => !Object.hasOwn(table, name))
}

function nameIn(table: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const folded = name.toLowerCase()
  return Object.keys(table).find((known) => known.toLowerCase() === folded)
}
