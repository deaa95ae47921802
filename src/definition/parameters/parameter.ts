import { isIP } from 'node:net'
import { addressOf, domainOf } from '../values/address.ts'
import type { Checked } from '../values/checked.ts'
import { each } from '../values/checked.ts'
import { sizeOf } from '../values/size.ts'

export type Value = string | number | boolean | null | readonly string[]

/** What a parameter of a cmdlet takes. */
export type Parameter = {
  /** Completes "X is 7: …". */
  readonly takes: string
  /** The value as the cmdlet wants it; null where it is none of its kind. */
  read(value: Value): Checked<Value> | null
}
export type Parameters = Readonly<Record<string, Parameter>>

const texts = (value: Value): readonly string[] | null => {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  return Array.isArray(value) ? value : null
}
const single = (takes: string, check: (text: string) => Checked<Value>): Parameter => ({
  takes,
  read: (value) => {
    const [text, ...more] = texts(value) ?? []
    return text === undefined || more.length > 0 ? null : check(text)
  },
})
const several = (takes: string, check: (text: string) => Checked<string>): Parameter => ({
  takes,
  read: (value) => {
    const list = texts(value)
    return list === null ? null : each(list, check)
  },
})

export const flag: Parameter = { takes: 'true or false', read: (value) => (typeof value === 'boolean' ? { value } : null) }
export const word = single('a text', (value) => ({ value }))
export const words = several('a list of texts', (value) => ({ value }))
export const address = single('an address', addressOf)
/** `<>` is the sender of bounces. */
export const addresses = several('a list of addresses', (text) => (text === '<>' ? { value: text } : addressOf(text)))
export const domains = several('a list of domains', domainOf)
/** As connectors have them: `*`, `*.example.org`, `smtp:example.org;1`. */
export const domainPatterns = several('a list of domains, * or *.example.org', (text) => {
  const domain = text
    .replace(/^smtp:/i, '')
    .replace(/;\d+$/, '')
    .replace(/^\*\./, '')
  if (text === '*' || domain === '*') return { value: text }
  const checked = domainOf(domain)
  return 'says' in checked ? checked : { value: text }
})
export const hosts = several('a list of hosts or IP addresses', (text) =>
  /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?|\[?[0-9.]+\]?|\[?[0-9a-f:]+\]?)$/i.test(text)
    ? { value: text }
    : { says: 'a host such as mail.example.org, or an IP address' },
)
export const addressRanges = several('a list of IP addresses', (text) =>
  isRange(text) ? { value: text } : { says: 'an IP address such as 192.0.2.1 or a range such as 192.0.2.0/24' },
)
export const size = single('a size such as 10 MB', (text) => {
  const checked = sizeOf(text)
  return 'says' in checked ? checked : { value: text.replaceAll(/\s+/g, '') }
})
export const date = single('a date such as 2026-12-01', (text) =>
  /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text)) ? { value: text } : { says: 'a date such as 2026-12-01' },
)

export function whole(from: number, to: number): Parameter {
  const takes = `a whole number from ${from} to ${to}`
  return {
    takes,
    read: (value) => {
      if (typeof value !== 'number' && typeof value !== 'string') return null
      const number = typeof value === 'number' ? value : /^-?\d{1,9}$/.test(value) ? Number(value) : Number.NaN
      return Number.isInteger(number) && number >= from && number <= to ? { value: number } : { says: takes }
    },
  }
}

export function oneOf(...options: readonly string[]): Parameter {
  const takes = `one of ${options.join(', ')}`
  return single(takes, (text) => {
    const known = options.find((option) => option.toLowerCase() === text.toLowerCase())
    return known === undefined ? { says: takes } : { value: known }
  })
}

export function atMost(longest: number): Parameter {
  return single('a text', (value) => (value.length > longest ? { says: `at most ${longest} characters, not ${value.length}` } : { value }))
}

export function matching(pattern: RegExp, takes: string): Parameter {
  return single(takes, (value) => (pattern.test(value) ? { value } : { says: takes }))
}

function isRange(text: string): boolean {
  const [from = '', to] = text.split('-')
  if (to !== undefined) return isIP(from) === 4 && isIP(to) === 4
  const [ip = '', bits] = text.split('/')
  const kind = isIP(ip)
  return kind !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128)))
}

/** All of these take the same. */
export function all(names: string, parameter: Parameter): Parameters {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, parameter]))
}
