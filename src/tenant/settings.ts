import { isAs } from '../change/compare.ts'
import type { Expected, Json } from '../model/change.ts'
import type { Settings } from '../model/wanted-tenant.ts'
import type { TenantCall, TenantChange } from './call.ts'

/** An object of Exchange as a Get cmdlet shows it. */
export type Row = Readonly<Record<string, Json>>

/** A parameter that is not as it is wanted. */
export type Difference = { readonly name: string; readonly wanted: Expected; readonly was: Json }

/** How parameters are compared, where it is not as a set of entries: one text and a list of that one are the same. */
export type Manners = Readonly<Record<string, Expected['as']>>

/** Rows of a cmdlet as plain data. */
export function rowsIn(rows: readonly Readonly<Record<string, unknown>>[]): readonly Row[] {
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, jsonIn(value)])))
}

function jsonIn(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(jsonIn)
  if (typeof value !== 'object' || value === null) return null
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, jsonIn(inner)]))
}

/** What of the wanted parameters an object has otherwise. Parameters that are not wanted do not count. */
export function differences(settings: Settings, row: Row, manners: Manners = {}): readonly Difference[] {
  return Object.entries(settings).flatMap(([given, to]) => {
    const name = shownName(given, row)
    const was = row[name] ?? null
    const plain = typeof to === 'boolean' || typeof to === 'number' ? 'text' : 'set'
    // Nothing is nothing in each of its forms.
    const wanted: Expected = { to, as: to === null || to === '' ? 'set' : (manners[name] ?? plain) }
    return isAs(wanted, was) ? [] : [{ name, wanted, was }]
  })
}

/** PowerShell takes the name of a parameter in any letter case; a property has one. */
export function shownName(given: string, row: Row): string {
  if (Object.hasOwn(row, given)) return given
  return Object.keys(row).find((name) => name.toLowerCase() === given.toLowerCase()) ?? given
}

/** The parameters without empty ones: what is new has nothing that would have to be taken away. */
export function givenOnly(settings: Settings): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => shown(value) !== 'nothing'))
}

/** `RequireTls true (was false), SenderDomains smtp:*;1 (was nothing)`. */
export function sentenceOf(different: readonly Difference[]): string {
  return different.map(({ name, wanted, was }) => `${name} ${shown(wanted.to)} (was ${shown(was)})`).join(', ')
}

const LONGEST_SHOWN = 80

/** A value in a sentence; what is long is cut. */
export function shown(value: Json): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return 'nothing'
  const text = Array.isArray(value) ? value.map(shown).join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 1)}…` : text
}

export type SettingChange = {
  readonly key: string
  readonly kind: string
  readonly about: string
  /** In a sentence: `the connector "To old system"`. */
  readonly title: string
  /** Of the cmdlets: `InboundConnector`. */
  readonly noun: string
  readonly identity: string
  readonly different: readonly Difference[]
  readonly after?: readonly string[]
  readonly takes?: TenantChange['takes']
}

/** One Set cmdlet for all parameters that differ; taken back with the values that stood there. */
export function settingChange(change: SettingChange): TenantChange {
  const { key, kind, about, title, noun, identity, different, after = [], takes = 'minutes' } = change
  const set = (values: Readonly<Record<string, Json>>): TenantCall => ({
    cmdlet: `Set-${noun}`,
    parameters: { Identity: identity, ...values },
  })
  return {
    key,
    kind,
    about,
    says: `Change ${title}: ${sentenceOf(different)}`,
    after,
    look: lookAt(noun, identity),
    expect: { is: 'set', values: Object.fromEntries(different.map(({ name, wanted }) => [name, wanted])) },
    calls: [set(Object.fromEntries(different.map(({ name, wanted }) => [name, wanted.to])))],
    undo: [set(Object.fromEntries(different.map(({ name }) => [name, { $: `before.${name}` }])))],
    takes,
  }
}

export type NewObject = Omit<SettingChange, 'different' | 'identity'> & {
  readonly name: string
  readonly parameters: Readonly<Record<string, Json>>
  /** What the sentence ends with; the parameters, where nothing is said. */
  readonly told?: string
}

/** One New cmdlet; taken back with Remove. */
export function newObject({
  key,
  kind,
  about,
  title,
  noun,
  name,
  parameters,
  told,
  after = [],
  takes = 'minutes',
}: NewObject): TenantChange {
  const { Name: _, ...others } = parameters
  const list = Object.entries(others).map(([parameter, value]) => `${parameter} ${shown(value)}`)
  return {
    key,
    kind,
    about,
    says: `Create ${title}: ${told ?? list.join(', ')}`,
    after,
    look: lookAt(noun, name),
    expect: { is: 'there', id: 'Guid' },
    calls: [{ cmdlet: `New-${noun}`, parameters: { Name: name, ...others } }],
    undo: [{ cmdlet: `Remove-${noun}`, parameters: { Identity: name, Confirm: false } }],
    takes,
  }
}

export function lookAt(noun: string, identity: string): TenantChange['look'] {
  return { call: { cmdlet: `Get-${noun}`, parameters: { Identity: identity } } }
}

/** The object of this name; names of Exchange have no letter case. */
export function named(rows: readonly Row[], name: string, property = 'Name'): Row | null {
  const wanted = name.trim().toLowerCase()
  return rows.find((row) => textAt(row, property).toLowerCase() === wanted) ?? null
}

/** '' for what is not there, and for what is no plain value. */
export function textAt(row: Row, property: string): string {
  const value = row[property] ?? ''
  return typeof value === 'object' ? '' : String(value)
}

/** The entries of a parameter that takes one text or several. */
export function entriesOf(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null || value === '') return []
  return (Array.isArray(value) ? value : [value]).map(String)
}
