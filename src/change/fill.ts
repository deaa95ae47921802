import type { Json } from '../model/change.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import type { Seen } from './hands.ts'

/** What is only known when a change is carried out. */
export type Known = {
  readonly made: Seen | null
  readonly before: Seen | null
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly secrets: ReadonlyMap<string, Secret>
}

export type Filled = string | number | boolean | null | Secret | readonly Filled[] | { readonly [name: string]: Filled }

export type Filler = {
  /** The value with each `{ "$": "…" }` in it replaced. Plain texts stay as they are, whatever they hold. */
  readonly value: (template: Json) => Filled
  /** A path with each `{made.id}` in it replaced, percent-encoded. Throws `bad-input` where that would name nothing. */
  readonly path: (template: string) => string
}

const NAME = /^(?:(?<of>made|before|secret)\.(?<name>.+)|(?<list>added|removed))$/
const IN_TEXT = /\{((?:made|before|secret)\.[^{}]+|added|removed)\}/g

export function filler(known: Known): Filler {
  const value = (template: Json): Filled => {
    if (typeof template !== 'object' || template === null) return template
    if (isList(template)) return template.map(value)
    const reference = referenceIn(template)
    if (reference !== null) return replaced(reference, known)
    return Object.fromEntries(Object.entries(template).map(([name, inner]) => [name, value(inner)]))
  }
  return {
    value,
    path: (template) =>
      template.replaceAll(IN_TEXT, (whole, name: string) => {
        const part = lookedUp(name, known)
        if (typeof part !== 'string' || /^\.{0,2}$/.test(part.trim()))
          throw new Failure('bad-input', `${whole} of ${template} is not known, so that it cannot be done.`, { notDone: true })
        return encodeURIComponent(part)
      }),
  }
}

/** Names of the properties that some calls want of what was made and of what stood there before. */
export function propertiesNamed(calls: Json): { readonly made: ReadonlySet<string>; readonly before: ReadonlySet<string> } {
  const named = { made: new Set<string>(), before: new Set<string>() }
  const note = (name: string): void => {
    const { of, name: property } = NAME.exec(name)?.groups ?? {}
    if (property !== undefined && (of === 'made' || of === 'before')) named[of].add(property)
  }
  const visit = (at: Json): void => {
    if (typeof at === 'string') for (const [, name = ''] of at.matchAll(IN_TEXT)) note(name)
    if (typeof at !== 'object' || at === null) return
    const reference = isList(at) ? null : referenceIn(at)
    if (reference !== null) note(reference)
    for (const inner of Object.values(at)) visit(inner)
  }
  visit(calls)
  return named
}

function referenceIn(object: Seen): string | null {
  const { $: reference, ...others } = object
  return typeof reference === 'string' && Object.keys(others).length === 0 ? reference : null
}

/** One name, with or without braces, keeps its type; anything else is a text with names in it. */
function replaced(reference: string, known: Known): Filled {
  const whole = /^\{([^{}]+)\}$/.exec(reference)?.[1] ?? reference
  if (NAME.test(whole) && !/[{}]/.test(whole)) return lookedUp(whole, known)
  let isSecret = false
  const text = reference.replaceAll(IN_TEXT, (_, name: string) => {
    const part = lookedUp(name, known)
    if (part instanceof Secret) {
      isSecret = true
      return part.reveal()
    }
    return part === null ? '' : typeof part === 'object' ? JSON.stringify(part) : String(part)
  })
  if (text === reference && !isSecret) throw new Error(`nothing is known by the name ${reference}`)
  return isSecret ? new Secret(text) : text
}

function lookedUp(name: string, { made, before, added, removed, secrets }: Known): Filled {
  const { of, name: property = '', list } = NAME.exec(name)?.groups ?? {}
  if (list !== undefined) return list === 'added' ? added : removed
  if (of === 'made') return own(made, property)
  if (of === 'before') return own(before, property)
  const secret = secrets.get(property)
  if (of !== 'secret' || secret === undefined) throw new Error(`nothing is known by the name ${name}`)
  return secret
}

function own(object: Seen | null, property: string): Json {
  return object !== null && Object.hasOwn(object, property) ? (object[property] ?? null) : null
}

/** Array.isArray does not tell a readonly list from an object. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
