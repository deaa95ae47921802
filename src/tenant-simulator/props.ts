/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
/** The properties of one object of the tenant, as its APIs show them. */
export type Props = Record<string, Json>

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

/** A list of strings; a single string is a list of one. */
export function listOf(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

export function isProps(value: unknown): value is Props {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function propsOf(value: Json | undefined): Props {
  return isProps(value) ? value : {}
}

/** The objects in a list. */
export function rowsOf(value: Json | undefined): Props[] {
  return Array.isArray(value) ? value.filter(isProps) : []
}

export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}

export function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** Only these keys of an object, in the order they are asked for; a key it lacks is left out. */
export function pick(from: Props, keys: readonly string[]): Props {
  const out: Props = {}
  for (const key of keys) {
    const real = key in from ? key : Object.keys(from).find((one) => sameText(one, key))
    const value = real === undefined ? undefined : from[real]
    if (real !== undefined && value !== undefined) out[real] = value
  }
  return out
}

/** The words of a text: how long lists of names are written here. */
export function words(text: string): string[] {
  return text.split(' ')
}

/** An object without some of its keys. */
export function without(from: Props, ...keys: readonly string[]): Props {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key)))
}
