import type { z } from 'zod'
import { schemaAt } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { nearest } from './nearest.ts'
import { SECTIONS } from './sections.ts'
import { shown } from './shown.ts'
import type { Path } from './yaml-file.ts'

/** `key`: it is about the key, not about its value. */
export type IssueProblem = { readonly path: Path; readonly key: boolean; readonly says: string }

/** What the schema has to say, in sentences that name no secret. */
export function issueProblems(issues: readonly z.core.$ZodIssue[], whole: unknown): readonly IssueProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, whole))
}

function problemsOf(issue: z.core.$ZodIssue, whole: unknown): readonly IssueProblem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key))
  const value = valueAt(whole, path)
  const field = fieldName(path)
  if (issue.code === 'custom') {
    // A sentence that is complete with the name of the field.
    if (issue.params?.['whole'] === true) return [{ path, key: issue.params['key'] === true, says: `${field} ${issue.message}` }]
    const isScalar = ['string', 'number', 'boolean'].includes(typeof value)
    if (typeof value === 'object') return [{ path, key: true, says: `${field}: ${issue.message}` }]
    return [
      {
        path,
        key: !isScalar,
        says: isScalar && !isConcealed(path) ? `${field} is ${shown(value)}: ${issue.message}` : `${field} is not right: ${issue.message}`,
      },
    ]
  }
  if (value === undefined) return [{ path, key: true, says: `${field} is missing${described(schemaAt(path))}` }]
  if (value === null) return [{ path, key: true, says: `${field} is empty: leave it out, or give ${expected(schemaAt(path))}` }]
  const is = isConcealed(path) ? `${field} is not right:` : `${field} is ${shown(value)}:`
  return [{ path, key: false, says: `${is} ${expected(schemaAt(path))}${quoteHint(schemaAt(path), value)}` }]
}

function unknownKey(path: Path, key: string): IssueProblem {
  const known = Object.keys(schemaAt(path)?.properties ?? {})
  const near = nearest(key, known)
  // What is no word may be anything, also a secret in the wrong place.
  const called = /^[\p{L}_][\p{L}\p{N}_ -]{0,40}$/u.test(key) ? fieldName([...path, key]) : `${fieldName(path)} has a key that`
  const hint = near === undefined ? `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}` : `did you mean ${near}?`
  return { path: [...path, key], key: true, says: `${called} is not known here: ${hint}` }
}

/** `groups.members`; positions in lists are told by line and column. */
export function fieldName(path: Path): string {
  return path.filter((step) => typeof step === 'string').join('.') || 'the file'
}

function isConcealed(path: Path): boolean {
  const [head, field] = path
  return Object.entries(SECTIONS).some(
    ([key, { concealed = [] }]: [string, { readonly concealed?: readonly string[] }]) => key === head && concealed.includes(String(field)),
  )
}

function valueAt(whole: unknown, path: Path): unknown {
  let at = whole
  for (const step of path) {
    // A single entry that stands for a list of one.
    if (typeof step === 'number' && !Array.isArray(at)) continue
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? Reflect.get(at, step) : undefined
  }
  return at
}

function described(schema: JsonSchema | undefined): string {
  const example = schema?.examples?.[0]
  return example === undefined ? '' : `, such as ${example}`
}

function expected(schema: JsonSchema | undefined): string {
  const options = optionsOf(schema)
  if (options.length === 1) return `it must be ${options[0] ?? ''}`
  if (options.length > 1) return `one of ${options.join(', ')}`
  const example = described(schema)
  if (schema?.anyOf !== undefined && schema.anyOf.every((each) => optionsOf(each).length === 0)) {
    const kinds = [...new Set(schema.anyOf.map((each) => kindOf(each)))]
    return `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1) ?? ''}${example}`
  }
  return `${kindOf(schema)}${example}`
}

function optionsOf(schema: JsonSchema | undefined): readonly string[] {
  if (schema?.const !== undefined) return [String(schema.const)]
  return (schema?.enum ?? schema?.anyOf?.flatMap(optionsOf) ?? []).map(String)
}

function kindOf(schema: JsonSchema | undefined): string {
  const type = schema?.type ?? 'string'
  if (typeof type === 'object') return type.map((each) => KINDS[each] ?? each).join(' or ')
  if (type === 'array') return schema?.items?.properties === undefined ? 'a list of texts' : 'a list, whose entries begin with "- "'
  if (type === 'object') return `a mapping${schema?.properties === undefined ? '' : ` with ${Object.keys(schema.properties).join(', ')}`}`
  return KINDS[type] ?? type
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  integer: 'a number',
  null: 'null',
}

/** YAML takes `123` and `true` for something else than a text. */
function quoteHint(schema: JsonSchema | undefined, value: unknown): string {
  const isText = schema?.type === 'string' && schema.enum === undefined
  return isText && (typeof value === 'number' || typeof value === 'boolean') ? ', in quotes' : ''
}
