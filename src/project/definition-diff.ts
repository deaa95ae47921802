import { SECTIONS } from '../definition/sections.ts'
import type { Sections } from '../definition/sections.ts'
import { timeText } from '../lib/local-time.ts'
import type { ProjectPlan } from './plan.ts'
import { mailboxChanges } from './definition-diff-list.ts'
import type { ListRecord } from '../definition/list-table.ts'

/** One state of a definition, as far as a change of it is told. */
export type DefinitionState = { readonly plan: ProjectPlan; readonly sections: Sections; readonly records: readonly ListRecord[] }

/** More of one section is told as a number. */
const MOST_TOLD = 6
/** Told in sentences of their own. */
const OWN: ReadonlySet<string> = new Set(['kickoff', 'cutover', 'name'])

/** What is different, as sentences without their full stop, the dates first; [] where it means the same. No secret is repeated. */
export function definitionChanges(before: DefinitionState, after: DefinitionState): readonly string[] {
  return [
    ...dateChanges(before.plan, after.plan),
    ...mailboxChanges(before.records, after.records),
    ...Object.keys(SECTIONS).flatMap((key) => sectionChanges(key, part(before.sections, key), part(after.sections, key))),
  ]
}

/** "cutover postponed from Fri, 4 Dec 2026, 18:00 to …"; null: it stays. */
export function cutoverChange(
  before: Pick<ProjectPlan, 'cutoverAt' | 'timeZone'>,
  after: Pick<ProjectPlan, 'cutoverAt' | 'timeZone'>,
): string | null {
  const [from, to] = [before.cutoverAt, after.cutoverAt]
  if (from === to) return null
  const zoned = (at: number | null, zone: string): string =>
    at === null ? '' : `${timeText(at, zone)}${before.timeZone === after.timeZone ? '' : ` (${zone})`}`
  const [was, is] = [zoned(from, before.timeZone), zoned(to, after.timeZone)]
  if (to === null) return `cutover postponed without a new date; it was planned for ${was}`
  if (from === null) return `cutover planned for ${is}`
  return `cutover ${to > from ? 'postponed' : 'brought forward'} from ${was} to ${is}`
}

function dateChanges(before: ProjectPlan, after: ProjectPlan): readonly string[] {
  const cutover = cutoverChange(before, after)
  const [from, to] = [before.kickoffAt, after.kickoffAt]
  const day = (at: number | null, zone: string): string => (at === null ? 'no date' : timeText(at, zone).replace(/, \d\d:\d\d$/, ''))
  const kickoff = from === to ? [] : [`kickoff moved from ${day(from, before.timeZone)} to ${day(to, after.timeZone)}`]
  return [...(cutover === null ? [] : [cutover]), ...kickoff]
}

function part(sections: Sections, key: string): unknown {
  const value: unknown = Reflect.get(sections, key)
  if (key !== 'project' && key !== 'mailboxes') return value
  // Mailboxes and dates have sentences of their own; where the list stands says nothing.
  const left = Object.entries(Object(value)).filter(([field]) => (key === 'project' ? !OWN.has(field) : field === 'defaults'))
  return left.length === 0 ? undefined : Object.fromEntries(left)
}

function sectionChanges(key: string, before: unknown, after: unknown): readonly string[] {
  if (same(before, after)) return []
  if (before === undefined) return [`${key} added`]
  if (after === undefined) return [`${key} taken out`]
  const concealed = Object.entries(SECTIONS).find(([name]) => name === key)?.[1] as { readonly concealed?: readonly string[] } | undefined
  const told = changesAt(key, before, after, (path) => concealed?.concealed?.some((field) => path.startsWith(`${key}.${field}`)) ?? false)
  return told.length > MOST_TOLD ? [`${key}: ${told.length} things changed`] : told
}

/** `path` as it is told: "switch.tail_days", "people: Anna". */
function changesAt(path: string, before: unknown, after: unknown, isConcealed: (path: string) => boolean): readonly string[] {
  if (same(before, after)) return []
  if (isEntries(before) && isEntries(after)) return entryChanges(path, before, after)
  if (isMapping(before) && isMapping(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      changesAt(`${path}.${key}`, before[key], after[key], isConcealed),
    )
  if (isConcealed(path) || !isPlain(before) || !isPlain(after)) return [`${path} changed`]
  if (before === undefined) return [`${path} set to ${shown(after)}`]
  if (after === undefined) return [`${path} taken out; it was ${shown(before)}`]
  return [`${path} changed from ${shown(before)} to ${shown(after)}`]
}

type Entry = Readonly<Record<string, unknown>>

function entryChanges(path: string, before: readonly Entry[], after: readonly Entry[]): readonly string[] {
  const [old, now] = [before, after].map((entries) => new Map(entries.map((entry) => [keyOf(entry), entry] as const))) as [
    Map<string, Entry>,
    Map<string, Entry>,
  ]
  const added = [...now.keys()].filter((key) => !old.has(key))
  const gone = [...old.keys()].filter((key) => !now.has(key))
  const changed = [...now].flatMap(([key, entry]) => {
    const earlier = old.get(key)
    if (earlier === undefined || same(earlier, entry)) return []
    const fields = [...new Set([...Object.keys(earlier), ...Object.keys(entry)])].filter((field) => !same(earlier[field], entry[field]))
    return [`${key} (${fields.join(', ')})`]
  })
  const told = [
    ...(added.length === 0 ? [] : [`${path}: ${named(added)} added`]),
    ...(gone.length === 0 ? [] : [`${path}: ${named(gone)} taken out`]),
    ...(changed.length === 0 ? [] : [`${path}: ${named(changed)} changed`]),
  ]
  return told.length === 0 ? [`${path}: in another order`] : told
}

/** What an entry of a list is called. */
function keyOf(entry: Entry): string {
  const key = ['id', 'name', 'address', 'domain', 'says'].map((field) => entry[field]).find((value) => typeof value === 'string')
  return typeof key === 'string' ? key : ''
}

/** "a, b, c and 4 more". */
export function named(names: readonly string[]): string {
  const shownNames = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shownNames} and ${names.length - 3} more` : shownNames
}

function isEntries(value: unknown): value is readonly Entry[] {
  if (!Array.isArray(value)) return false
  const keys = value.map((each: unknown) => (isMapping(each) ? keyOf(each) : ''))
  return !keys.includes('') && new Set(keys).size === keys.length
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPlain(value: unknown): boolean {
  return (
    value === undefined ||
    typeof value !== 'object' ||
    (Array.isArray(value) && value.length < 6 && value.every((each) => typeof each !== 'object'))
  )
}

function shown(value: unknown): string {
  const text = Array.isArray(value) ? value.join(', ') : String(value)
  return text.length > 60 ? `"${text.slice(0, 57).toWellFormed()}…"` : typeof value === 'string' ? `"${text}"` : text
}

/** The order of keys says nothing, that of a list does. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isMapping(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}
