import { domainToASCII } from 'node:url'
import { Failure } from '../model/failure.ts'

export const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'SRV', 'CAA', 'NS', 'TLSA'] as const
export type RecordType = (typeof RECORD_TYPES)[number]

/**
 * All records of one name and type: what DNS answers, caches and changes as a whole. Names are absolute, in lower case, as A-labels,
 * without the last dot. Each record is one text: `10 mx.example.org` (MX), `0 5 443 host.example.org` (SRV), `0 issue "ca.example"`
 * (CAA), an address, a name; for TXT the value itself, its strings joined, one character for each byte.
 */
export type RecordSet = {
  readonly name: string
  readonly type: RecordType
  readonly ttlSeconds: number
  readonly data: readonly string[]
  /** The host answers with addresses of its own instead. */
  readonly proxied?: true
  /** What only the host knows of it (comments, tags, automatic times), in its own words, so that it can be put back with the set. */
  readonly held?: string
}

/** The same however it was written; throws `bad-input` for what no name can be. */
export function canonicalName(name: string): string {
  const bare = name.trim().replace(/\.$/, '')
  // URLs know no underscores in front of labels that are not ASCII, so that each label is taken by itself.
  const labels = bare.split('.').map((label) => {
    const lower = label.toLowerCase()
    return /^[\u0000-\u007f]*$/.test(lower) ? lower : domainToASCII(lower)
  })
  if (bare === '' || labels.join('.').length > 253 || labels.some((label) => label === '' || label.length > 63 || /[\s"]/.test(label)))
    throw new Failure('bad-input', `"${name}" is no name that DNS can hold.`)
  return labels.join('.')
}

/** One record as every provider's way of writing it comes to be the same text. */
export function canonicalData(type: RecordType, text: string): string {
  const words = text.trim().split(/\s+/)
  const lastName = (numbers: number): string =>
    [...words.slice(0, numbers).map(Number), words[numbers] === '.' ? '.' : canonicalName(words[numbers] ?? '')].join(' ')
  if (type === 'TXT') return text
  if (type === 'CNAME' || type === 'NS') return canonicalName(text)
  if (type === 'MX') return lastName(1)
  if (type === 'SRV') return lastName(3)
  if (type === 'AAAA') return canonicalV6(text.trim())
  if (type === 'TLSA') return `${words.slice(0, 3).join(' ')} ${words.slice(3).join('').toLowerCase()}`
  if (type === 'CAA') return `${words[0] ?? ''} ${(words[1] ?? '').toLowerCase()} "${words.slice(2).join(' ').replaceAll('"', '')}"`
  return text.trim()
}

export function canonicalSet(set: RecordSet): RecordSet {
  const each = set.data.map((one) => canonicalData(set.type, one))
  return { ...set, name: canonicalName(set.name), data: [...new Set(each)].toSorted(byText) }
}

/** Whether both answer the same; `ttl: 'counts'` asks for the same time to live, and for the same host of the answer, too. Order never counts. */
export function sameSet(a: RecordSet | null, b: RecordSet | null, ttl: 'counts' | 'free' = 'free'): boolean {
  if (a === null || b === null) return a === b
  const [left, right] = [canonicalSet(a), canonicalSet(b)]
  return (
    left.name === right.name &&
    left.type === right.type &&
    left.data.length === right.data.length &&
    left.data.every((one, at) => one === right.data[at]) &&
    (ttl === 'free' || (left.ttlSeconds === right.ttlSeconds && left.proxied === right.proxied))
  )
}

/** The value as strings of at most 255 bytes, which is how TXT is carried (RFC 1035 §3.3.14). */
export function txtStrings(value: string): readonly string[] {
  return value === '' ? [''] : (value.match(/[\s\S]{1,255}/g) ?? [])
}

/** One line for each record, as a zone file has them (RFC 1035 §5.1). Names are written with their last dot. */
export function zoneLines({ name, type, ttlSeconds, data }: RecordSet): readonly string[] {
  return data.map((one) => `${name}. ${ttlSeconds} IN ${type} ${presented(type, one)}`)
}

/** The record as zone files and most panels want it. */
export function presented(type: RecordType, text: string): string {
  if (type === 'TXT') return txtStrings(text).map(quotedString).join(' ')
  if (type === 'CNAME' || type === 'NS') return `${text}.`
  if ((type === 'MX' || type === 'SRV') && !text.endsWith(' .')) return `${text}.`
  return text
}

function quotedString(text: string): string {
  const escaped = text.replaceAll(/["\\]/g, (char) => `\\${char}`)
  return `"${escaped.replaceAll(/[^\u0020-\u007e]/g, (char) => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`)}"`
}

function canonicalV6(text: string): string {
  if (!URL.canParse(`http://[${text}]/`)) throw new Failure('bad-input', `"${text}" is no IPv6 address.`)
  return new URL(`http://[${text}]/`).hostname.slice(1, -1)
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
