import type { Expect, Expected, Json, Look } from '../model/change.ts'
import { isList } from './fill.ts'
import type { Seen } from './hands.ts'
import { sizeInBytes } from './size.ts'

/** The one object that a look is about; null where it is not there. */
export function objectSeen<Call>({ inside, find, collect }: Look<Call>, found: readonly Seen[] | null): Seen | null {
  if (found === null) return null
  const rows = inside === undefined ? found : found.flatMap((row) => entriesIn(row[inside]).filter(isObject))
  if (collect !== undefined) return { [collect]: rows.flatMap((row) => entriesIn(row[collect])) }
  if (find === undefined) return rows[0] ?? null
  const wanted = folded(find.equals)
  return rows.find((row) => entriesIn(row[find.property]).some((entry) => folded(entry) === wanted)) ?? null
}

/** Whether what is wanted can be seen. What is not there lacks everything and has nothing set. */
export function holds(expect: Expect, seen: Seen | null): boolean {
  if (expect.is === 'gone') return seen === null
  if (expect.is === 'lacks') return presentOf(expect, seen).length === 0
  if (seen === null) return false
  if (expect.is === 'there') return true
  if (expect.is === 'holds') return presentOf(expect, seen).length === expect.entries.length
  return Object.entries(expect.values).every(([name, wanted]) => isAs(wanted, seen[name]))
}

/** Those of the named entries that the list has. */
export function presentOf({ property, entries }: { readonly property: string; readonly entries: readonly string[] }, seen: Seen | null) {
  const there = new Set(seen === null ? [] : entriesIn(seen[property]).map(folded))
  return entries.filter((entry) => there.has(folded(entry)))
}

/** Whether a value is the wanted one, compared as is said. Nothing, null and an empty text are the same but for `exact` and `json`. */
export function isAs({ to, as }: Expected, value: Json | undefined): boolean {
  return SAME[as](to, value ?? null)
}

const SAME: Readonly<Record<Expected['as'], (to: Json, value: Json) => boolean>> = {
  text: (to, value) => folded(value) === folded(to),
  exact: sameJson,
  size: sameSize,
  list: (to, value) => sameJson(entriesIn(to).map(folded), entriesIn(value).map(folded)),
  set: (to, value) => sameJson(setOf(to), setOf(value)),
  moment: sameMoment,
  json: sameJson,
}

/** Equal at any depth; the order of the names of an object does not count, and a name without a value is none. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isList(a) || isList(b))
    return isList(a) && isList(b) && a.length === b.length && a.every((inner, at) => sameJson(inner, b[at] ?? null))
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].every((name) => sameJson(own(a, name), own(b, name)))
}

function own(object: Seen, name: string): Json {
  return Object.hasOwn(object, name) ? (object[name] ?? null) : null
}

function sameSize(to: Json, value: Json): boolean {
  const [wanted, found] = [sizeInBytes(to), sizeInBytes(value)]
  return wanted === null || found === null ? folded(to) === folded(value) : wanted === found
}

function sameMoment(to: Json, value: Json): boolean {
  const [wanted, found] = [momentMs(to), momentMs(value)]
  return wanted === null || found === null ? folded(to) === folded(value) : wanted === found
}

/** A date alone is its midnight. */
function momentMs(value: Json): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return null
  const ms = Date.parse(/T/.test(value) && !/(?:Z|[+-]\d\d:?\d\d)$/i.test(value) ? `${value}Z` : value)
  return Number.isNaN(ms) ? null : ms
}

function setOf(value: Json | undefined): readonly string[] {
  return [...new Set(entriesIn(value).map(folded))].toSorted()
}

function isObject(value: Json): value is Seen {
  return typeof value === 'object' && value !== null && !isList(value)
}

/** A list of one has been seen as that one alone, and an empty one as nothing. */
function entriesIn(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null || value === '') return []
  return isList(value) ? value : [value]
}

/** Without letter case, and without the two ways to write an accented letter. */
function folded(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).normalize('NFC').toLowerCase()
}
