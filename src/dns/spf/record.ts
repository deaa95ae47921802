import { isIP } from 'node:net'

export type SpfKind = 'all' | 'include' | 'a' | 'mx' | 'ptr' | 'ip4' | 'ip6' | 'exists' | 'redirect' | 'exp' | 'modifier' | 'unknown'

/** One word of a record, with the text as it was written: what is not understood must be passed on unchanged. */
export type SpfTerm = {
  readonly text: string
  readonly kind: SpfKind
  readonly qualifier: '+' | '-' | '~' | '?'
  /** What stands behind `:` or `=`, without prefix lengths (those of ip4 and ip6 stay); '' where there is nothing. */
  readonly value: string
  /** Prefix lengths of `a` and `mx` as written: "/24//64". */
  readonly prefix: string
}

/** `wrong`: terms for which every receiver answers permerror, whoever sends (RFC 7208 §4.6). */
export type SpfRecord = { readonly text: string; readonly terms: readonly SpfTerm[]; readonly wrong: readonly SpfTerm[] }

const MECHANISMS: ReadonlySet<string> = new Set<SpfKind>(['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists'])
const MODIFIERS: ReadonlySet<string> = new Set<SpfKind>(['redirect', 'exp'])
/** Each costs one of the ten look-ups that a receiver makes (RFC 7208 §4.6.4). */
export const LOOKING_UP: ReadonlySet<SpfKind> = new Set<SpfKind>(['include', 'a', 'mx', 'ptr', 'exists', 'redirect'])
export const MOST_LOOKUPS = 10
/** Look-ups that find nothing. */
export const MOST_VOIDS = 2

/** Whether a TXT value is an SPF record: the version and then a blank or the end (RFC 7208 §4.5). */
export function isSpf(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text)
}

/** The terms in their order. Never throws: what cannot be read is `unknown`. */
export function parseSpf(text: string): SpfRecord {
  const words = text.split(' ').filter((word) => word !== '')
  const terms = words.slice(1).map(termOf)
  return { text, terms, wrong: terms.filter(isWrong) }
}

export function termOf(text: string): SpfTerm {
  const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/i.exec(text)
  if (modifier !== null) {
    const name = (modifier[1] ?? '').toLowerCase()
    return { text, kind: MODIFIERS.has(name) ? kindOf(name) : 'modifier', qualifier: '+', value: modifier[2] ?? '', prefix: '' }
  }
  const [, sign = '', name = '', , value = '', rest = ''] =
    /^([+\-~?]?)([a-z0-9]+)(:((?:%\{[^}]*\}|[^/%]|%(?!\{))*))?(\/.*)?$/is.exec(text) ?? []
  const kind = MECHANISMS.has(name.toLowerCase()) ? kindOf(name.toLowerCase()) : 'unknown'
  const keeps = kind === 'ip4' || kind === 'ip6'
  const qualifier = sign === '-' || sign === '~' || sign === '?' ? sign : '+'
  return { text, kind, qualifier, value: keeps ? `${value}${rest}` : value, prefix: keeps ? '' : rest }
}

function kindOf(name: string): SpfKind {
  return MECHANISMS.has(name) || MODIFIERS.has(name) ? (name as SpfKind) : 'unknown'
}

function isWrong({ kind, value, prefix, text }: SpfTerm): boolean {
  if (kind === 'unknown') return true
  if (kind === 'include' || kind === 'exists' || kind === 'redirect') return value === '' || prefix !== ''
  if (kind === 'all') return value !== '' || prefix !== '' || text.includes(':')
  if (kind === 'ip4' || kind === 'ip6') return !isNetwork(value, kind === 'ip4' ? 4 : 6)
  if (kind === 'a' || kind === 'mx') return !/^(?:\/\d{1,2})?(?:\/\/\d{1,3})?$/.test(prefix) || text.endsWith(':')
  return false
}

function isNetwork(value: string, family: 4 | 6): boolean {
  const [address = '', length, more] = value.split('/')
  if (isIP(address) !== family || more !== undefined) return false
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128))
}
